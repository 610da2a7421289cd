// Package backtest stands at earlier instants of a tenant's own history, says
// what the product would have said, and holds it against what has followed.
//
// Each cut is a build of the models with AsOf set back and a mining.Past; what
// it finds is kept as one Parquet file in the lake, so that a cut that was
// judged once is not judged again while data, settings and models stay as they
// are. The figures are tables made of these files, the same that a nightly run
// publishes.
package backtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/store"
	"winnow/mining"
)

// A Bench judges cuts of one tenant. All fields but Progress are needed.
type Bench struct {
	Lake           *lake.Lake
	Types          map[access.SourceName]string // source name → type
	Present        string                       // the published snapshot that is looked back from
	WorkDir        string                       // emptied afterwards
	Settings       map[string]any               // rows of config tables, see mining.Build
	SettingsDigest string
	Limits         store.Options
	HorizonDays    int
	Progress       func(cut time.Time, step string, done, total int)

	digest string // of the models' text
	data   string // of the snapshot's data
	asOf   time.Time
}

// Open reads what the published snapshot stands on. It fails with a hint where
// there is none.
func (b *Bench) Open(ctx context.Context) (err error) {
	if _, err := os.Stat(b.Present); err != nil {
		return access.WithHint(fmt.Errorf("open the snapshot: %w", err), "winnow run publishes one")
	}
	if b.digest, err = mining.ModelsDigest(); err != nil {
		return err
	}
	return b.read(ctx, func(db *sql.DB) error {
		row := db.QueryRowContext(ctx, "select data_digest, as_of from core.run order by as_of desc limit 1")
		if err := row.Scan(&b.data, &b.asOf); err != nil {
			return fmt.Errorf("read the snapshot's instant: %w", err)
		}
		return nil
	})
}

// AsOf is the instant of the snapshot: what followed is known up to there.
func (b *Bench) AsOf() time.Time { return b.asOf.UTC() }

// read opens the published snapshot for one question.
func (b *Bench) read(ctx context.Context, ask func(*sql.DB) error) (err error) {
	o := b.Limits
	o.ReadOnly = true
	db, err := store.Open(ctx, b.Present, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return ask(db)
}

// Judge makes sure that the cut is judged. It returns false where it was so
// already.
func (b *Bench) Judge(ctx context.Context, cut time.Time) (fresh bool, err error) {
	dir := mining.KeptDir(b.Lake)
	path := filepath.Join(dir, mining.KeptName(b.data, b.SettingsDigest, b.digest, cut, b.HorizonDays))
	if _, err := os.Stat(path); err == nil {
		return false, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return false, fmt.Errorf("create the folder of the backtests: %w", err)
	}
	build := b.build(cut)
	defer func() { err = errors.Join(err, build.Close()) }()
	if err := build.Run(ctx); err != nil {
		return false, fmt.Errorf("stand at %s: %w", cut.Format(time.DateOnly), err)
	}
	return true, build.KeepCut(ctx, b.digest, path)
}

// build describes the build of one cut.
func (b *Bench) build(cut time.Time) *mining.Build {
	out := &mining.Build{
		Lake: b.Lake, Types: b.Types, WorkDir: filepath.Join(b.WorkDir, "scratch"), Out: filepath.Join(b.WorkDir, "cut.duckdb"),
		AsOf: cut, RunID: "backtest-" + cut.Format(time.DateOnly), Settings: b.settings(), Limits: b.Limits,
		Past: &mining.Past{Present: b.Present, HorizonDays: b.HorizonDays},
	}
	if b.Progress != nil {
		out.Progress = func(step string, done, total int) { b.Progress(cut, step, done, total) }
	}
	return out
}

// settings sets the idle model's horizon to the one that is judged.
func (b *Bench) settings() map[string]any {
	out := map[string]any{}
	for name, rows := range b.Settings {
		out[name] = rows
	}
	policy, ok := out["policy"].([]map[string]any)
	if !ok || len(policy) != 1 {
		return out
	}
	row := map[string]any{}
	for k, v := range policy[0] {
		row[k] = v
	}
	row["horizon_days"] = b.HorizonDays
	out["policy"] = []map[string]any{row}
	return out
}
