package main

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"winnow/export"
	"winnow/internal/access"
)

// endsDir is the folder of the dated plans, below that of the files.
const endsDir = "contract_ends"

// ends writes a plan for each of the coming days after somebody's last: what the
// access that ends with the contract takes to end, not to be sent before that
// day. A contract that is prolonged is in no plan of the next night; those of
// earlier nights are taken away.
func (j *job) ends(ctx context.Context, db *sql.DB, dir string) error {
	recs, err := recommendations(ctx, db, "basis = 'contract_ends' and action in ('revoke', 'change_rule') and confidence = 'high'")
	if err != nil {
		return err
	}
	sinks, err := j.editSinksIfAny()
	if err != nil {
		return err
	}
	dir = filepath.Join(dir, endsDir)
	if len(sinks) == 0 || len(recs) == 0 {
		return dropOthers(dir, ".json", nil)
	}
	h, directory, err := j.basis(ctx, db)
	if err != nil {
		return err
	}
	byDay := map[access.Day][]access.Recommendation{}
	for _, r := range recs {
		day := r.ExportFrom
		r.ExportFrom = access.DayOf(h.AsOf) // the plan waits for the day, not the recommendation
		byDay[day] = append(byDay[day], r)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("create the folder of dated plans: %w", err)
	}
	var kept []string
	for _, day := range slices.Sorted(maps.Keys(byDay)) {
		path := filepath.Join(dir, string(day)+".json")
		if err := j.endsOn(ctx, db, day, path, h, byDay[day], directory, sinks); err != nil {
			return err
		}
		kept = append(kept, path)
	}
	return dropOthers(dir, ".json", kept)
}

// endsOn writes the plan of one day.
func (j *job) endsOn(ctx context.Context, db *sql.DB, day access.Day, path string, h export.Header, recs []access.Recommendation,
	directory export.Directory, sinks []export.Sink) error {
	p, err := export.Build(h, recs, directory, sinks...)
	if err != nil {
		return err
	}
	if err := j.finishPlan(ctx, db, &p); err != nil {
		return err
	}
	from := day.Time()
	expires := from.Add(time.Duration(j.site.Apply.ExpireHours) * time.Hour)
	p.Expires = &expires
	for i := range p.Operations {
		p.Operations[i].NotBefore = &from
	}
	if err := p.Seal(); err != nil {
		return err
	}
	return j.place(p, path)
}

// editSinksIfAny is editSinks, where no source that can be changed is no error.
func (j *job) editSinksIfAny() ([]export.Sink, error) {
	for _, src := range j.site.Sources {
		if s, err := editSink(src); s != nil || err != nil {
			return j.editSinks()
		}
	}
	return nil, nil
}

// dropOthers removes the files of a folder with that ending that are not kept.
func dropOthers(dir, ending string, kept []string) error {
	entries, err := os.ReadDir(dir)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look through %s: %w", dir, err)
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if strings.HasSuffix(e.Name(), ending) && e.Type().IsRegular() && !slices.Contains(kept, path) {
			if err := os.Remove(path); err != nil {
				return fmt.Errorf("take away what an earlier export wrote: %w", err)
			}
		}
	}
	return nil
}
