package mining

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"winnow/internal/lake"
	"winnow/internal/store"
)

// A ledgerTable is a table that Go fills from the lake's manifests.
type ledgerTable struct {
	name    string
	columns string // DuckDB's notation of a struct of columns
	rows    func(lake.Manifest) []any
}

// ledgerTables is everything that the manifests know.
var ledgerTables = []ledgerTable{
	{"pull", `{source: 'VARCHAR', stream: 'VARCHAR', pull: 'VARCHAR', batch: 'BIGINT', events: 'BOOLEAN', complete: 'BOOLEAN', held: 'VARCHAR', served: 'BIGINT', landed: 'BIGINT', quarantined: 'BIGINT', note: 'VARCHAR', "at": 'TIMESTAMP', rest: 'VARCHAR'}`,
		func(m lake.Manifest) []any { m.Segments, m.Coverage = nil, nil; return []any{m} }},
	{"segment", "{source: 'VARCHAR', stream: 'VARCHAR', pull: 'VARCHAR', batch: 'BIGINT', path: 'VARCHAR', day: 'DATE', rows: 'BIGINT', bytes: 'BIGINT', raw: 'BIGINT', sha256: 'VARCHAR'}",
		func(m lake.Manifest) []any {
			var out []any
			for _, s := range m.Segments {
				out = append(out, struct {
					Source string `json:"source"`
					Stream string `json:"stream"`
					Pull   string `json:"pull"`
					Batch  int    `json:"batch"`
					lake.Segment
				}{string(m.Source), string(m.Stream), m.Pull, m.Batch, s})
			}
			return out
		}},
	{"covered_day", "{source: 'VARCHAR', stream: 'VARCHAR', pull: 'VARCHAR', batch: 'BIGINT', day: 'DATE', status: 'VARCHAR', reason: 'VARCHAR'}",
		func(m lake.Manifest) []any {
			var out []any
			for _, c := range m.Coverage {
				out = append(out, struct {
					Source string `json:"source"`
					Stream string `json:"stream"`
					Pull   string `json:"pull"`
					Batch  int    `json:"batch"`
					lake.DayCoverage
				}{string(m.Source), string(m.Stream), m.Pull, m.Batch, c})
			}
			return out
		}},
}

// believed is the view of the segments that count: all of a stream of events,
// and of an inventory its newest complete generation that is not held back.
const believed = `create view scratch.lake.believed as
	select s.* from lake.segment as s join lake.pull as p using (source, stream, pull, batch)
	where p.events or (p.complete and p.held is null)
	qualify p.events or dense_rank() over (partition by s.source, s.stream order by s.pull desc) = 1`

// ledger loads what the manifests know into the schema lake.
func (b *Build) ledger(ctx context.Context) error {
	streams, err := b.Lake.Streams()
	if err != nil {
		return err
	}
	bufs := map[string]*bytes.Buffer{}
	for _, t := range ledgerTables {
		bufs[t.name] = &bytes.Buffer{}
	}
	for _, id := range streams {
		if _, ok := b.Types[id.Source]; !ok {
			continue
		}
		manifests, err := b.Lake.Manifests(id)
		if err != nil {
			return err
		}
		for _, m := range manifests {
			for _, t := range ledgerTables {
				if err := encodeRows(bufs[t.name], t.rows(m)); err != nil {
					return err
				}
			}
		}
	}
	for _, t := range ledgerTables {
		if err := b.load(ctx, "lake."+t.name, t.columns, bufs[t.name].Bytes()); err != nil {
			return err
		}
	}
	if err := b.exec(ctx, believed); err != nil {
		return err
	}
	if err := b.faults(ctx); err != nil {
		return err
	}
	return b.sources(ctx)
}

// sources loads the configured sources and their types.
func (b *Build) sources(ctx context.Context) error {
	var buf bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(b.Types)) {
		if err := encodeRows(&buf, []any{map[string]string{"source": string(name), "type": b.Types[name]}}); err != nil {
			return err
		}
	}
	return b.load(ctx, "config.source", "{source: 'VARCHAR', type: 'VARCHAR'}", buf.Bytes())
}

// faults makes lake.encoded: per part, what was read, kept and found at fault
// by the landing models, and lake.fault, the faulty rows' words.
func (b *Build) faults(ctx context.Context) error {
	parts, err := b.enc.parts()
	if err != nil {
		return err
	}
	selects := []string{"select null::varchar as source, null::varchar as stream, null::date as day, null::bigint as copies, null::varchar as fault where false"}
	for _, kind := range []string{"event", "inventory"} {
		var paths []string
		for _, p := range parts {
			if (p.Day != "") == (kind == "event") {
				paths = append(paths, p.file(b.Lake))
			}
		}
		if len(paths) == 0 {
			continue
		}
		day := "null::date"
		if kind == "event" {
			day = "day::date"
		}
		selects = append(selects, "select source::varchar, stream::varchar, "+day+" as day, copies, fault from read_parquet("+
			quoteList(paths)+", hive_partitioning = true, union_by_name = true)")
	}
	return b.exec(ctx, "create view scratch.lake.encoded as "+strings.Join(selects, " union all "))
}

// config loads the run's settings as tables of the schema config.
func (b *Build) config(ctx context.Context) error {
	for _, name := range sortedKeys(configTables) {
		var buf bytes.Buffer
		if rows, ok := b.Settings[name]; ok {
			text, err := json.Marshal(rows)
			if err != nil {
				return fmt.Errorf("encode the settings %s: %w", name, err)
			}
			buf.Write(text)
		}
		if err := b.load(ctx, "config."+name, configTables[name], buf.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// encodeRows appends values as NDJSON.
func encodeRows(buf *bytes.Buffer, rows []any) error {
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	for _, r := range rows {
		if err := enc.Encode(r); err != nil {
			return fmt.Errorf("encode the ledger: %w", err)
		}
	}
	return nil
}

// load creates a scratch table from JSON bytes, NDJSON or one array.
func (b *Build) load(ctx context.Context, table, columns string, rows []byte) error {
	path := filepath.Join(b.WorkDir, table+".json")
	if err := os.WriteFile(path, rows, 0o600); err != nil {
		return fmt.Errorf("write %s: %w", table, err)
	}
	format := "newline_delimited"
	if bytes.HasPrefix(rows, []byte("[")) {
		format = "array"
	}
	return b.exec(ctx, "create table scratch."+table+" as select * from read_json("+store.Quote(path)+
		", columns = "+columns+", format = "+store.Quote(format)+")")
}
