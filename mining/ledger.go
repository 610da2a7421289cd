package mining

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"winnow/internal/access"
	"winnow/internal/lake"
)

// A ledgerTable is a table that Go fills from the lake's manifests.
type ledgerTable struct {
	name    string
	columns string // DuckDB's notation of a struct of columns
	rows    func(lake.Manifest) []any
}

// ledgerKey names the batch that a row belongs to.
type ledgerKey struct {
	Source access.SourceName `json:"source"`
	Stream access.StreamName `json:"stream"`
	Pull   string            `json:"pull"`
	Batch  int               `json:"batch"`
}

func keyOf(m lake.Manifest) ledgerKey { return ledgerKey{m.Source, m.Stream, m.Pull, m.Batch} }

// ledgerTables is everything that the manifests know.
var ledgerTables = []ledgerTable{
	{"pull", `{source: 'VARCHAR', stream: 'VARCHAR', pull: 'VARCHAR', batch: 'BIGINT', events: 'BOOLEAN',
		complete: 'BOOLEAN', held: 'VARCHAR', served: 'BIGINT', landed: 'BIGINT', quarantined: 'BIGINT',
		note: 'VARCHAR', "at": 'TIMESTAMP', rest: 'VARCHAR', quarantine_file: 'VARCHAR'}`,
		func(m lake.Manifest) []any { m.Segments, m.Coverage, m.Retried = nil, nil, nil; return []any{m} }},
	{"retried", `{source: 'VARCHAR', stream: 'VARCHAR', pull: 'VARCHAR', batch: 'BIGINT', file: 'VARCHAR', sha256: 'VARCHAR'}`,
		func(m lake.Manifest) (out []any) {
			for _, r := range m.Retried {
				for _, sum := range r.Bodies {
					out = append(out, struct {
						ledgerKey
						File   string `json:"file"`
						SHA256 string `json:"sha256"`
					}{keyOf(m), r.File, sum})
				}
			}
			return out
		}},
	{"segment", `{source: 'VARCHAR', stream: 'VARCHAR', pull: 'VARCHAR', batch: 'BIGINT', path: 'VARCHAR', day: 'DATE',
		rows: 'BIGINT', bytes: 'BIGINT', raw: 'BIGINT', sha256: 'VARCHAR', sum: 'UBIGINT'}`,
		func(m lake.Manifest) (out []any) {
			for _, s := range m.Segments {
				out = append(out, struct {
					ledgerKey
					lake.Segment
				}{keyOf(m), s})
			}
			return out
		}},
	{"covered_day", `{source: 'VARCHAR', stream: 'VARCHAR', pull: 'VARCHAR', batch: 'BIGINT', day: 'DATE', status: 'VARCHAR',
		reason: 'VARCHAR'}`,
		func(m lake.Manifest) (out []any) {
			for _, c := range m.Coverage {
				out = append(out, struct {
					ledgerKey
					lake.DayCoverage
				}{keyOf(m), c})
			}
			return out
		}},
}

// believed is the view of the segments that count: all of a stream of events,
// and of an inventory its newest complete generation that is not held back.
const believed = `create view %[1]s.lake.believed as
	select s.* from %[1]s.lake.segment as s join %[1]s.lake.pull as p using (source, stream, pull, batch)
	where p.events or (p.complete and p.held is null)
	qualify p.events or dense_rank() over (partition by s.source, s.stream order by s.pull desc) = 1`

// counted is the view of the pulls that are reported: of an inventory the newest
// believed generation alone, so that a night that pulls twice counts once.
const counted = `create view %[1]s.lake.counted as
	select * from %[1]s.lake.pull where events or (complete and held is null)
	qualify events or dense_rank() over (partition by source, stream order by pull desc) = 1`

// ledger loads what the manifests know into the schema lake.
func (l loader) ledger(ctx context.Context, lk *lake.Lake, types map[access.SourceName]string) error {
	streams, err := lk.Streams()
	if err != nil {
		return err
	}
	bufs := map[string]*bytes.Buffer{}
	for _, t := range ledgerTables {
		bufs[t.name] = &bytes.Buffer{}
	}
	var refused []string
	for _, id := range streams {
		if _, ok := types[id.Source]; !ok {
			continue
		}
		manifests, err := lk.Manifests(id)
		if err != nil {
			return err
		}
		for _, m := range manifests {
			if m.QuarantineFile != "" {
				refused = append(refused, filepath.Join(lk.Dir, m.QuarantineFile))
			}
			for _, t := range ledgerTables {
				if err := encodeRows(bufs[t.name], t.rows(m)); err != nil {
					return err
				}
			}
		}
	}
	for _, t := range ledgerTables {
		if err := l.load(ctx, "lake."+t.name, t.columns, bufs[t.name].Bytes()); err != nil {
			return err
		}
	}
	if err := l.exec(ctx, fmt.Sprintf(believed, l.catalog), fmt.Sprintf(counted, l.catalog)); err != nil {
		return err
	}
	return l.refused(ctx, refused)
}

// refused makes lake.refused of the quarantine files: what was refused at
// landing and has not landed since, with its bytes in base64.
func (l loader) refused(ctx context.Context, paths []string) error {
	if len(paths) == 0 {
		return l.exec(ctx, "create table "+l.catalog+`.lake.refused as select null::varchar as quarantine_file, null::varchar as place,
			null::bigint as line, null::varchar as field, null::varchar as value, null::varchar as reason, null::varchar as hint,
			null::varchar as body, null::date as day limit 0`)
	}
	return l.exec(ctx, "create table "+l.catalog+".lake.refused as select r.* from (select filename[strpos(filename, 'landed/') :] as quarantine_file, * exclude (filename) from read_json("+
		quoteList(paths)+`, columns = {place: 'VARCHAR', line: 'BIGINT', field: 'VARCHAR', value: 'VARCHAR', reason: 'VARCHAR',
		hint: 'VARCHAR', body: 'VARCHAR', day: 'DATE'}, format = 'newline_delimited', filename = true, maximum_object_size = 67108864)) as r
		anti join `+l.catalog+`.lake.retried as t on t.file = r.quarantine_file and t.sha256 = sha256(from_base64(r.body))`)
}

// sources loads the configured sources and their types.
func (b *Build) sources(ctx context.Context) error {
	var buf bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(b.Types)) {
		if err := encodeRows(&buf, []any{map[string]string{"source": string(name), "type": b.Types[name]}}); err != nil {
			return err
		}
	}
	return b.loader().load(ctx, "config.source", "{source: 'VARCHAR', type: 'VARCHAR'}", buf.Bytes())
}

// encoded makes lake.encoded: per part, what was read, kept and found at fault
// by the landing models.
func (b *Build) encoded(ctx context.Context) error {
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
