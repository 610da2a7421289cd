package mining

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/store"
)

// A Part is what one landing model reads at once: one day of a stream of
// events, or one generation of an inventory.
type Part struct {
	lake.StreamID
	Model    Model
	Day      access.Day // events
	Pull     string     // inventory
	Segments []lake.Segment
	digest   string
}

// An Encoder keeps the typed Parquet of the lake in step with its landed
// segments. A part's file is named by a digest of the model's text and the
// segments' hashes: what exists under that name is up to date.
type Encoder struct {
	Lake  *lake.Lake
	DB    *sql.Conn
	Types map[access.SourceName]string // source name → type, e.g. okta
	Empty string                       // path of an empty file, read where there are no segments

	landing map[string]Model
}

// Encode brings every part up to date and returns how many it had to write.
func (e *Encoder) Encode(ctx context.Context) (int, error) {
	parts, err := e.parts()
	if err != nil {
		return 0, err
	}
	stale := slices.DeleteFunc(parts, func(p Part) bool { return exists(p.file(e.Lake)) })
	for _, g := range groups(stale) {
		if len(g) < groupLeast {
			for _, p := range g {
				if _, err := e.encode(ctx, p); err != nil {
					return 0, fmt.Errorf("encode %s %s %s%s: %w", p.Source, p.Stream, p.Day, p.Pull, err)
				}
			}
			continue
		}
		if err := e.encodeGroup(ctx, g); err != nil {
			return 0, fmt.Errorf("encode %s %s: %w", g[0].Source, g[0].Stream, err)
		}
	}
	return len(stale), nil
}

// models indexes the landing models by name.
func (e *Encoder) models() (map[string]Model, error) {
	if e.landing != nil {
		return e.landing, nil
	}
	all, err := Models()
	if err != nil {
		return nil, err
	}
	e.landing = map[string]Model{}
	for _, m := range all {
		if m.Schema == "landing" {
			e.landing[m.Name] = m
		}
	}
	return e.landing, nil
}

// parts lists what the lake's believed manifests hold.
func (e *Encoder) parts() ([]Part, error) {
	landing, err := e.models()
	if err != nil {
		return nil, err
	}
	streams, err := e.Lake.Streams()
	if err != nil {
		return nil, err
	}
	var out []Part
	for _, id := range streams {
		model, ok := landing[e.Types[id.Source]+"_"+string(id.Stream)]
		if !ok {
			continue
		}
		manifests, err := e.Lake.Manifests(id)
		if err != nil {
			return nil, err
		}
		out = append(out, partsOf(id, model, manifests)...)
	}
	return out, nil
}

// partsOf groups a stream's segments: events by day, inventory by its newest
// believed generation.
func partsOf(id lake.StreamID, model Model, manifests []lake.Manifest) []Part {
	days := map[access.Day][]lake.Segment{}
	var newest *Part
	for _, m := range manifests {
		if m.Events {
			for _, s := range m.Segments {
				days[s.Day] = append(days[s.Day], s)
			}
			continue
		}
		if m.Complete && m.Held == "" {
			newest = &Part{StreamID: id, Model: model, Pull: m.Pull, Segments: m.Segments}
		}
	}
	var out []Part
	for _, day := range slices.Sorted(maps.Keys(days)) {
		out = append(out, Part{StreamID: id, Model: model, Day: day, Segments: days[day]})
	}
	if newest != nil {
		out = append(out, *newest)
	}
	for i := range out {
		out[i].digest = digestOf(out[i])
	}
	return out
}

// encoding is the version of the wrapping SQL below; a change writes every part
// anew.
const encoding = "2"

// digestOf names a part's content: the model and the segments.
func digestOf(p Part) string {
	h := sha256.New()
	fmt.Fprintln(h, encoding, p.Model.SQL)
	for _, s := range p.Segments {
		fmt.Fprintln(h, s.SHA256)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// dir is the folder of the part's typed file.
func (p Part) dir(lk *lake.Lake) string {
	kind, leaf := "inventory", ""
	if p.Day != "" {
		kind, leaf = "event", "day="+string(p.Day)
	}
	return filepath.Join(lk.Dir, kind, "source="+string(p.Source), "stream="+string(p.Stream), leaf)
}

// file is the part's typed file.
func (p Part) file(lk *lake.Lake) string { return filepath.Join(p.dir(lk), p.digest+".parquet") }

// encode writes one part unless it is up to date.
func (e *Encoder) encode(ctx context.Context, p Part) (bool, error) {
	path := p.file(e.Lake)
	if _, err := os.Stat(path); err == nil {
		return false, nil
	}
	for _, s := range p.Segments {
		if err := e.Lake.Verify(s); err != nil {
			return false, err
		}
	}
	if err := setFiles(ctx, e.DB, e.paths(p)); err != nil {
		return false, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return false, fmt.Errorf("create a folder of the lake: %w", err)
	}
	if err := e.write(ctx, p, path, p.sealed()); err != nil {
		return false, err
	}
	return true, removeOthers(path)
}

// write reads the segments into the part's file. Duplicates are rare, and to
// look for them costs a fiftieth of what removing them would, so that the file
// is written as it was read and written again only where there are any.
func (e *Encoder) write(ctx context.Context, p Part, path string, sealed int64) error {
	raw := path + ".raw"
	statement := "select *, 1::bigint as copies from (" + p.Model.SQL + ")"
	if p.Day == "" {
		if err := copyParquet(ctx, e.DB, statement, path); err != nil {
			return err
		}
		_, err := e.compare(ctx, path, "count(*)", sealed)
		return err
	}
	if err := copyParquet(ctx, e.DB, statement, raw); err != nil {
		return err
	}
	distinct, err := e.compare(ctx, raw, "count(distinct event_id)", sealed)
	if err != nil {
		return err
	}
	if distinct == sealed {
		return lake.Rename(raw, path)
	}
	if err := copyParquet(ctx, e.DB, fmt.Sprintf(deduplicate, store.Quote(raw)+", hive_partitioning = false"), path); err != nil {
		return err
	}
	return os.Remove(raw)
}

// deduplicate keeps one row an event id and counts how many it stands for. Of
// rows that differ the readable comes before the faulty, then the newest. Only
// the few ids that stand more than once are sorted.
const deduplicate = `with raw as (select * from read_parquet(%s)),
	again as materialized (select event_id from raw group by event_id having count(*) > 1)
	select * from raw anti join again using (event_id)
	union all
	(select * replace (count(*) over (partition by event_id) as copies) from raw semi join again using (event_id)
	qualify row_number() over (partition by event_id
		order by fault is not null, "at" desc, kind, outcome, account, entitlement, other, value, actor, n desc) = 1)`

// paths lists the segments' files.
func (e *Encoder) paths(p Part) []string {
	out := make([]string, 0, len(p.Segments))
	for _, s := range p.Segments {
		out = append(out, filepath.Join(e.Lake.Dir, s.Path))
	}
	if len(out) == 0 {
		out = append(out, e.Empty)
	}
	return out
}

// compare fails where the reader saw other rows than the manifests sealed, and
// returns what else was asked of the file.
func (e *Encoder) compare(ctx context.Context, path, ask string, sealed int64) (int64, error) {
	var read, answer int64
	q := "select count(*), " + ask + " from read_parquet(" + store.Quote(path) + ", hive_partitioning = false)"
	if err := e.DB.QueryRowContext(ctx, q).Scan(&read, &answer); err != nil {
		return 0, fmt.Errorf("count what was read: %w", err)
	}
	if read != sealed {
		return 0, fmt.Errorf("compare rows: read %d where the manifests seal %d", read, sealed)
	}
	return answer, nil
}

// removeOthers removes the part's outdated files.
func removeOthers(path string) error {
	names, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*.parquet"))
	if err != nil {
		return err
	}
	for _, name := range names {
		if name != path {
			if err := os.Remove(name); err != nil {
				return fmt.Errorf("remove an outdated part: %w", err)
			}
		}
	}
	return nil
}

// setFiles hands the segments to the landing model.
func setFiles(ctx context.Context, db *sql.Conn, paths []string) error {
	quoted := make([]string, len(paths))
	for i, p := range paths {
		quoted[i] = store.Quote(p)
	}
	_, err := db.ExecContext(ctx, "set variable files = ["+strings.Join(quoted, ", ")+"]::varchar[]")
	if err != nil {
		return fmt.Errorf("name the segments: %w", err)
	}
	return nil
}

// copyParquet writes a select as a Parquet file that appears whole or not at
// all.
func copyParquet(ctx context.Context, db *sql.Conn, query, path string) error {
	tmp := path + ".tmp"
	stmt := "copy (" + query + ") to " + store.Quote(tmp) + " (format parquet, compression zstd)"
	if _, err := db.ExecContext(ctx, stmt); err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	if err := os.Chmod(tmp, 0o600); err != nil {
		return fmt.Errorf("narrow the mode of %s: %w", tmp, err)
	}
	return lake.Rename(tmp, path)
}
