package mining

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"winnow/internal/store"
)

// generationSchemas stand in for the schemas that staging models read, while a
// night's rows are made: only that night, only that source.
const generationSchemas = "generation.staging,generation.landed,generation.lake,generation.config,scratch.main"

// extend writes the links of a chain that are due, oldest first, each whole or
// not at all, so that a run that is killed goes on where it was.
func (b *Build) extend(ctx context.Context, c *chain) error {
	for i, l := range c.links {
		if !l.due {
			continue
		}
		if err := b.merge(ctx, c, l); err != nil {
			return fmt.Errorf("follow %s of %s on %s: %w", c.contract.name, c.source, l.at.Format(time.DateOnly), err)
		}
		b.step("history of "+string(c.source)+": "+c.contract.name, i+1, len(c.links))
	}
	return c.sweep()
}

// merge writes what a night changed: the rows that the nights before do not
// leave listed, and those that they do and it does not list.
func (b *Build) merge(ctx context.Context, c *chain, l *link) error {
	var path string
	if err := b.conn.QueryRowContext(ctx, "select current_setting('search_path')").Scan(&path); err != nil {
		return fmt.Errorf("read the search path: %w", err)
	}
	if err := b.stand(ctx, c, l); err != nil {
		return err
	}
	contract, err := contractModel(c.contract.name)
	if err != nil {
		return err
	}
	before, err := c.contract.view(c.files(l))
	if err != nil {
		return err
	}
	cols, keys := c.contract.list(), strings.Join(c.contract.key, ", ")
	err = b.exec(ctx, "create or replace temp table listed_now as select "+cols+", hash("+cols+") as h from ("+contract.SQL+
		" union all by name select * from staging."+c.lineage.staging[len(c.lineage.staging)-1].Name+") where "+
		strings.Join(c.contract.key, " is not null and ")+" is not null",
		"create or replace temp view stood_before as select "+cols+", hash("+cols+") as h from ("+before+") where closed_at is null")
	if err != nil {
		return err
	}
	if err := b.single(ctx, c.contract); err != nil {
		return err
	}
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return fmt.Errorf("create a folder of the lake: %w", err)
	}
	err = copyParquet(ctx, b.conn, "select "+cols+", listed, "+instant(l.at)+" as seen_at, "+instant(l.before)+" as before_at from ("+
		"select "+cols+", true as listed from temp.listed_now anti join (select h from temp.stood_before) using (h) union all "+
		"select "+cols+", false as listed from temp.stood_before anti join (select h from temp.listed_now) using (h)) order by "+
		keys+", listed, "+cols, l.path)
	if err != nil {
		return err
	}
	return b.exec(ctx, "set search_path = "+store.Quote(path), "set variable as_of = "+instant(b.AsOf), "detach generation",
		"drop table temp.listed_now", "drop view temp.stood_before")
}

// single keeps one row where a source lists the same twice. That is rare, and
// to look for it by a hash costs a fraction of what grouping would.
func (b *Build) single(ctx context.Context, h historyContract) error {
	keys := strings.Join(h.key, ", ")
	var twice bool
	err := b.conn.QueryRowContext(ctx, "select count(*) > 0 from (select hash("+keys+") as k from temp.listed_now group by k having count(*) > 1)").Scan(&twice)
	if err != nil {
		return fmt.Errorf("look for rows that stand twice: %w", err)
	}
	if !twice {
		return nil
	}
	return b.exec(ctx, "delete from temp.listed_now where rowid in (select r from (select rowid as r, row_number() over (partition by "+
		keys+" order by "+h.list()+") as nth from temp.listed_now) where nth > 1)")
}

// instant writes a time, or null where it is not known.
func instant(at time.Time) string {
	if at.IsZero() {
		return "null::timestamp"
	}
	return "timestamp " + store.Quote(at.UTC().Format("2006-01-02 15:04:05.999999"))
}

// stand makes the schemas as which the staging models see one night.
func (b *Build) stand(ctx context.Context, c *chain, l *link) error {
	path := filepath.Join(b.WorkDir, "generation.duckdb")
	if err := errors.Join(removeIfThere(path), removeIfThere(path+".wal"), os.MkdirAll(b.WorkDir, 0o700)); err != nil {
		return err
	}
	err := b.exec(ctx, "attach "+store.Quote(path)+" as generation", "create schema generation.staging", "create schema generation.landed",
		"create schema generation.lake", "create schema generation.config")
	if err != nil {
		return err
	}
	for _, name := range c.lineage.landed {
		if err := b.standLanded(ctx, l, name); err != nil {
			return err
		}
	}
	for _, name := range c.lineage.lake {
		if err := b.exec(ctx, "create table generation.lake."+name+" as from scratch.lake."+name+" limit 0"); err != nil {
			return err
		}
		for _, p := range l.parts {
			if name == "pull" {
				if err := b.exec(ctx, "insert into generation.lake.pull (source, stream, complete) values ("+
					store.Quote(string(p.Source))+", "+store.Quote(string(p.Stream))+", true)"); err != nil {
					return err
				}
			}
		}
	}
	for _, name := range c.lineage.config {
		if err := b.exec(ctx, "create table generation.config."+name+" as "+c.configured(name)); err != nil {
			return err
		}
	}
	return b.standStaging(ctx, c, l)
}

// standStaging makes the staging models over the night's schemas, at its time.
func (b *Build) standStaging(ctx context.Context, c *chain, l *link) error {
	at := "set variable as_of = " + instant(l.at)
	if l.at.IsZero() {
		at = "set variable as_of = " + instant(b.AsOf)
	}
	if err := b.exec(ctx, at, "set search_path = "+store.Quote(generationSchemas)); err != nil {
		return err
	}
	for _, m := range c.lineage.staging {
		if err := b.exec(ctx, "create view generation."+m.Table()+" as "+m.SQL); err != nil {
			return err
		}
	}
	return nil
}

// standLanded makes landed.<type>_<stream> of one night: its typed Parquet
// where it is the newest and has one, otherwise out of its segments.
func (b *Build) standLanded(ctx context.Context, l *link, name string) error {
	landing, err := b.enc.models()
	if err != nil {
		return err
	}
	target := "generation.landed." + name
	for _, p := range l.parts {
		if p.Model.Name != name {
			continue
		}
		if file := p.file(b.Lake); exists(file) {
			return b.exec(ctx, "create view "+target+" as select "+store.Quote(string(p.Source))+
				" as source, * from read_parquet("+store.Quote(file)+", hive_partitioning = false) where fault is null")
		}
		return b.readSegments(ctx, p, target)
	}
	if err := setFiles(ctx, b.conn, []string{b.enc.Empty}); err != nil {
		return err
	}
	return b.exec(ctx, "create table "+target+" as select null::varchar as source, *, 1::bigint as copies from ("+landing[name].SQL+") limit 0")
}

// readSegments makes the landed table of a generation that is not the newest.
func (b *Build) readSegments(ctx context.Context, p Part, target string) error {
	for _, s := range p.Segments {
		if err := b.Lake.Verify(s); err != nil {
			return err
		}
	}
	if err := setFiles(ctx, b.conn, b.enc.paths(p)); err != nil {
		return err
	}
	err := b.exec(ctx, "create table "+target+" as select "+store.Quote(string(p.Source))+" as source, *, 1::bigint as copies from ("+p.Model.SQL+")")
	if err != nil {
		return err
	}
	var read int64
	if err := b.conn.QueryRowContext(ctx, "select count(*) from "+target).Scan(&read); err != nil {
		return fmt.Errorf("count what was read: %w", err)
	}
	if read != p.sealed() {
		return fmt.Errorf("compare rows: read %d where the manifests seal %d", read, p.sealed())
	}
	return b.exec(ctx, "delete from "+target+" where fault is not null")
}

// configured selects what the source's configuration says to the models.
func (c *chain) configured(table string) string {
	return "select * from scratch.config." + table + " where source = " + store.Quote(string(c.source))
}

// told reads that as text, for the digest.
func (b *Build) told(ctx context.Context, c *chain) (string, error) {
	var out strings.Builder
	for _, name := range c.lineage.config {
		var text string
		err := b.conn.QueryRowContext(ctx, "select coalesce(string_agg(row, chr(10) order by row), '') from (select to_json(t)::varchar as row from ("+
			c.configured(name)+") as t)").Scan(&text)
		if err != nil {
			return "", fmt.Errorf("read the configuration of %s: %w", c.source, err)
		}
		out.WriteString(text)
	}
	return out.String(), nil
}
