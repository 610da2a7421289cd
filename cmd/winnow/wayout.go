package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"

	"winnow/ingest"
	"winnow/internal/access"
)

// A refusedTold is one reason for which records, or values of them, were not
// read.
type refusedTold struct {
	Source  string `json:"source"`
	Stream  string `json:"stream"`
	What    string `json:"what"` // place, field, value and reason of the first
	Records int64  `json:"records"`
	Hint    string `json:"hint,omitempty"`
}

// refusals tells what a pull refused, a line a reason.
func refusals(s ingest.StreamReport) (out []refusedTold) {
	for _, k := range s.Faults {
		out = append(out, refusedTold{string(s.Source), string(s.Stream), placed(k.First), k.Count, k.First.Hint})
	}
	return out
}

// placed describes a fault with the file's name alone: its folder is in the
// configuration.
func placed(fault *access.Fault) string {
	f := *fault
	if !strings.Contains(f.Origin.Place, "://") {
		f.Origin.Place = filepath.Base(f.Origin.Place)
	}
	return f.Error()
}

// doubtfulSQL lists what the models could not read of what had landed: records
// that they refused, and values that they left out of their rows.
const doubtfulSQL = `select source, stream, reason, sum(records)::bigint,
		'the records of ' || min(place) || case when count(*) > 1 then ' and later' else '' end || ' are left out; ' || any_value(hint)
	from core.quarantine where line = 0 and field = '' and (place = 'inventory' or try_cast(place as date) is not null)
	group by source, stream, reason
	union all
	select source, stream, min(case when native_ref = '' then doubt else native_ref || ': ' || doubt end), count(*),
		'the rows stand without these values: winnow query "from core.doubt"'
	from core.doubt group by source, stream
	order by 1, 2, 4 desc, 3 limit 20`

// unread adds what the models could not read.
func (r *runReport) unread(ctx context.Context, db querier) (err error) {
	r.Unread, err = collect(ctx, db, doubtfulSQL, func(rows *sql.Rows, t *refusedTold) error {
		return rows.Scan(&t.Source, &t.Stream, &t.What, &t.Records, &t.Hint)
	})
	if err != nil {
		return fmt.Errorf("list what could not be read: %w", err)
	}
	return nil
}

// writeWayOut lists what did not arrive or was not read, each with what to do.
func (r *runReport) writeWayOut(b *strings.Builder) {
	var text strings.Builder
	item := func(source, stream, what, hint string) {
		text.WriteString(printableLines("- "+source+" "+stream+": "+what) + "\n")
		if hint != "" {
			text.WriteString("  " + printableLines(hint) + "\n")
		}
	}
	for _, s := range r.Streams {
		if s.Status == statusFailed || s.Status == statusHeld {
			item(s.Source, s.Stream, s.Note, s.Hint)
		}
		for _, f := range s.Refused {
			item(f.Source, f.Stream, f.What+f.times(), f.Hint)
		}
		for _, remark := range s.Remarks {
			item(s.Source, s.Stream, remark, "")
		}
	}
	for _, f := range r.Unread {
		item(f.Source, f.Stream, f.What+f.times(), f.Hint)
	}
	if text.Len() > 0 {
		b.WriteString("\nWhat was not read, and the way out\n" + text.String())
	}
}

// times says how often, where that is more than once.
func (t refusedTold) times() string {
	if t.Records < 2 {
		return ""
	}
	return fmt.Sprintf(" (the first of %s)", thousands(t.Records))
}
