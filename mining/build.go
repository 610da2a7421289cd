package mining

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/store"
	"winnow/mining/affinity"
)

// A Build makes one snapshot from the lake.
type Build struct {
	Lake     *lake.Lake
	Types    map[access.SourceName]string // source name → type
	WorkDir  string                       // for the scratch database and spills; emptied afterwards
	Out      string                       // the snapshot, written beside its place as Out.next until Publish
	AsOf     time.Time
	RunID    string
	Settings map[string]any // rows of config tables by table name, as JSON values
	Limits   store.Options

	// Fillers fill tables whose rows no statement can compute, such as
	// marts.draft: the model gives the empty table and names what is read.
	Fillers map[string]func(context.Context, *sql.Conn) error

	// Past makes the build stand at an earlier AsOf, with nothing that was not
	// known then, for a backtest. Such a build is never published.
	Past *Past

	// AcceptJump publishes a snapshot although its revokes jumped, see brake.
	AcceptJump bool

	Progress func(step string, done, total int)

	db   *sql.DB
	conn *sql.Conn
	enc  *Encoder
}

// storageVersion is what a DuckDB two minor versions older still reads.
const storageVersion = "v1.0.0"

// Run encodes, rolls up, builds every model and checks it. The snapshot stands
// at Next() afterwards; Publish gives it its name. Close must be called.
func (b *Build) Run(ctx context.Context) error {
	if err := b.open(ctx); err != nil {
		return err
	}
	if _, err := b.enc.Encode(ctx); err != nil {
		return err
	}
	b.step("events encoded", 0, 0)
	if _, err := b.enc.RollUp(ctx); err != nil {
		return err
	}
	b.step("days rolled up", 0, 0)
	if err := b.prepare(ctx); err != nil {
		return err
	}
	return b.models(ctx)
}

// Next is the place of the snapshot until it is published.
func (b *Build) Next() string { return b.Out + ".next" }

// Conn is the connection on which the models were built: core, marts, staging,
// landed, lake and config resolve on it.
func (b *Build) Conn() *sql.Conn { return b.conn }

// open prepares the scratch database and the new snapshot.
func (b *Build) open(ctx context.Context) error {
	if err := b.clean(); err != nil {
		return err
	}
	if err := os.MkdirAll(b.WorkDir, 0o700); err != nil {
		return fmt.Errorf("create the work folder: %w", err)
	}
	empty := filepath.Join(b.WorkDir, "empty.ndjson")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		return fmt.Errorf("create an empty file: %w", err)
	}
	limits := b.Limits
	limits.TempDir = filepath.Join(b.WorkDir, "spill")
	db, err := store.Open(ctx, filepath.Join(b.WorkDir, "scratch.duckdb"), limits)
	if err != nil {
		return err
	}
	b.db = db
	if b.conn, err = db.Conn(ctx); err != nil {
		return fmt.Errorf("connect to the scratch database: %w", err)
	}
	b.enc = &Encoder{Lake: b.Lake, DB: b.conn, Pool: b.db, Types: b.Types, Empty: empty}
	attach := "attach " + store.Quote(b.Next()) + " as snapshot (storage_version " + store.Quote(storageVersion) + ")"
	return b.exec(ctx, append([]string{"set timezone = 'UTC'", attach}, b.schemas()...)...)
}

// schemas are the statements that make the schemas and name the instant.
func (b *Build) schemas() []string {
	return []string{
		"create schema scratch.landed", "create schema scratch.staging", "create schema scratch.lake", "create schema scratch.config",
		"create schema snapshot.core", "create schema snapshot.marts",
		"set search_path = 'snapshot.core,snapshot.marts,scratch.staging,scratch.landed,scratch.lake,scratch.config,scratch.main'",
		"set variable as_of = timestamp " + store.Quote(b.AsOf.UTC().Format("2006-01-02 15:04:05.999999")),
		"set variable run_id = " + store.Quote(b.RunID),
	}
}

// clean removes what an interrupted build left.
func (b *Build) clean() error {
	return errors.Join(os.RemoveAll(b.WorkDir), removeIfThere(b.Next()), removeIfThere(b.Next()+".wal"))
}

// removeIfThere removes a file that may be absent.
func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove %s: %w", path, err)
	}
	return nil
}

// exec runs statements one after the other.
func (b *Build) exec(ctx context.Context, statements ...string) error {
	return b.loader().exec(ctx, statements...)
}

// loader writes rows into the scratch database.
func (b *Build) loader() loader { return loader{conn: b.conn, catalog: "scratch", dir: b.WorkDir} }

// prepare makes everything that the staging models read.
func (b *Build) prepare(ctx context.Context) error {
	if err := b.macros(ctx); err != nil {
		return err
	}
	if err := b.landed(ctx); err != nil {
		return err
	}
	for _, v := range lakeViews {
		query, err := b.enc.viewOf(v.folder, v.columns, v.empty)
		if err != nil {
			return err
		}
		if err := b.exec(ctx, v.tables(b.cut(v.name, query))...); err != nil {
			return err
		}
	}
	if err := b.loader().ledger(ctx, b.Lake, b.Types); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{b.encoded, b.sources, b.last, b.config, b.kept, b.generations, b.present} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// macros makes the functions that the models share.
func (b *Build) macros(ctx context.Context) error {
	text, err := files.ReadFile("models/macros.sql")
	if err != nil {
		return fmt.Errorf("read the macros: %w", err)
	}
	for block := range strings.SplitSeq(string(text), "\n\n") {
		if strings.Contains(block, "create macro") {
			if err := b.exec(ctx, block); err != nil {
				return err
			}
		}
	}
	return nil
}

// landed makes landed.<type>_<stream> for every landing model that a staging
// model reads.
func (b *Build) landed(ctx context.Context) error {
	landing, err := b.enc.models()
	if err != nil {
		return err
	}
	wanted, err := b.wanted(ctx)
	if err != nil {
		return err
	}
	parts, err := b.enc.parts()
	if err != nil {
		return err
	}
	if err := setFiles(ctx, b.conn, []string{b.enc.Empty}); err != nil {
		return err
	}
	for _, name := range wanted {
		if _, ok := landing[name]; !ok {
			return fmt.Errorf("read landed.%s: no landing model of that name", name)
		}
		query := b.enc.inventoryView(parts, landing[name])
		kind := "view"
		if query == "" {
			kind = "table"
			query = "select null::varchar as source, *, 1::bigint as copies from (" + landing[name].SQL + ") limit 0"
		}
		if err := b.exec(ctx, "create "+kind+" scratch.landed."+name+" as "+query); err != nil {
			return fmt.Errorf("%s: %w", landing[name].Path, err)
		}
	}
	return nil
}

// wanted lists the landed tables that the staging models read.
func (b *Build) wanted(ctx context.Context) ([]string, error) {
	all, err := Models()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, m := range all {
		if m.Schema != "staging" {
			continue
		}
		tables, err := reads(ctx, b.conn, m.SQL)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Path, err)
		}
		for _, t := range tables {
			if name, ok := strings.CutPrefix(t, "landed."); ok {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// large is how long a model takes after which memory is worth giving back.
const large = time.Second

// models builds staging, core and marts in order.
func (b *Build) models(ctx context.Context) error {
	ordered, err := b.chosen(ctx)
	if err != nil {
		return err
	}
	for i, m := range ordered {
		b.step(m.Table(), i+1, len(ordered))
		began := time.Now()
		if err := b.build(ctx, m); err != nil {
			return fmt.Errorf("build %s (%s): %w", m.Table(), m.Path, err)
		}
		if time.Since(began) > large {
			store.Trim()
		}
	}
	return nil
}

// filler returns what fills a table after its model made it, or nil.
func (b *Build) filler(table string) func(context.Context, *sql.Conn) error {
	switch table {
	case "marts.model_fit":
		return b.fillModelFit
	case "marts.removal_fit":
		return b.fillRemovalFit
	case "marts.grant_rank":
		most := affinity.NightRanks
		if b.Past != nil {
			most = affinity.PastRanks
		}
		return func(ctx context.Context, conn *sql.Conn) error { return affinity.Fill(ctx, conn, b.WorkDir, most) }
	}
	return b.Fillers[table]
}

// unionOf writes a contract's view: its typed columns and every model that
// fulfils it.
func unionOf(contract Model, all []Model) (string, []string) {
	query := contract.SQL
	var deps []string
	for _, m := range all {
		if m.Contract == contract.Contract && m.Name != contract.Name {
			query += "\nunion all by name select * from staging." + m.Name
			deps = append(deps, m.Table())
		}
	}
	return query, deps
}

// build makes one model and runs its checks.
func (b *Build) build(ctx context.Context, m Model) error {
	if m.Schema == "staging" && !m.past && m.Materialized == "" {
		return b.exec(ctx, "create view scratch."+m.Table()+" as "+m.SQL)
	}
	if m.Schema == "staging" {
		return b.exec(ctx, "create table scratch."+m.Table()+" as "+m.SQL)
	}
	if err := b.exec(ctx, "create table snapshot."+m.Table()+" as "+m.SQL); err != nil {
		return err
	}
	if fill := b.filler(m.Table()); fill != nil {
		if err := fill(ctx, b.conn); err != nil {
			return err
		}
	}
	for _, c := range m.checks() {
		if err := b.check(ctx, c); err != nil {
			return err
		}
	}
	return b.comment(ctx, m)
}

// checks adds the grain to the header's own checks. Rows are first compared by
// the hash of their grain, which costs a third of comparing the texts.
func (m Model) checks() []Check {
	checks := m.Checks
	if len(m.Grain) == 0 {
		return checks
	}
	cols := strings.Join(m.Grain, ", ")
	var nulls []string
	for _, g := range m.Grain {
		nulls = append(nulls, g+" is null")
	}
	return append([]Check{
		{"grain is unique", "select " + cols + " from " + m.Table() + " where hash(" + cols + ") in (select h from (select hash(" + cols +
			") as h from " + m.Table() + ") group by h having count(*) > 1) group by all having count(*) > 1"},
		{"grain is not null", "select " + cols + " from " + m.Table() + " where " + strings.Join(nulls, " or ")},
	}, checks...)
}

// check fails with the first row at fault.
func (b *Build) check(ctx context.Context, c Check) error {
	rows, err := b.conn.QueryContext(ctx, "select to_json(t)::varchar from ("+c.SQL+") t limit 1")
	if err != nil {
		return fmt.Errorf("check %q: %w", c.Name, err)
	}
	defer rows.Close()
	if !rows.Next() {
		return rows.Err()
	}
	var row string
	if err := rows.Scan(&row); err != nil {
		return fmt.Errorf("check %q: %w", c.Name, err)
	}
	return access.WithHint(fmt.Errorf("check %q: a row is at fault: %s", c.Name, access.Printable(row)),
		"nothing was published; the last good snapshot stands. Please report the row's shape, without its values")
}

// comment writes the header's documentation into the catalogue, in one
// transaction: each by itself would wait for the disk.
func (b *Build) comment(ctx context.Context, m Model) error {
	doc := m.Doc
	if len(m.Grain) > 0 {
		doc += " Grain: " + strings.Join(m.Grain, ", ") + "."
	}
	statements := []string{"begin transaction", "comment on table snapshot." + m.Table() + " is " + store.Quote(doc)}
	for _, c := range m.Columns {
		statements = append(statements, "comment on column snapshot."+m.Table()+"."+store.Ident(c.Name)+" is "+store.Quote(c.Doc))
	}
	if err := b.exec(ctx, append(statements, "commit")...); err != nil {
		return errors.Join(err, b.exec(context.WithoutCancel(ctx), "rollback"))
	}
	return nil
}

// step tells the observer.
func (b *Build) step(name string, done, total int) {
	if b.Progress != nil {
		b.Progress(name, done, total)
	}
}

// Close ends the build and removes the scratch database.
func (b *Build) Close() error {
	var errs []error
	if b.conn != nil {
		errs = append(errs, b.conn.Close())
	}
	if b.db != nil {
		errs = append(errs, b.db.Close())
	}
	b.conn, b.db = nil, nil
	return errors.Join(append(errs, b.clean())...)
}

// Publish checkpoints the snapshot and renames it into its place. Readers of
// the old file keep reading it. A snapshot whose revokes jumped is refused, with
// a hint.
func (b *Build) Publish(ctx context.Context) error {
	if err := b.brake(ctx); err != nil {
		return err
	}
	err := b.exec(ctx, "set search_path = 'scratch.main'", "checkpoint snapshot", "detach snapshot")
	if err != nil {
		return err
	}
	if err := store.Private(b.Next()); err != nil {
		return err
	}
	f, err := os.Open(b.Next())
	if err != nil {
		return fmt.Errorf("open the new snapshot: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("sync the new snapshot: %w", err)
	}
	return lake.Rename(b.Next(), b.Out)
}
