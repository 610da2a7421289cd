package mining

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

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
	Pool  *sql.DB                      // the same database, for workers beside DB; nil for none
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
	err = e.share(ctx, groups(stale), func(ctx context.Context, e *Encoder, g []Part) error {
		encode := e.encodeEvents
		if g[0].Day == "" {
			encode = e.encodeInventory
		}
		if err := encode(ctx, g); err != nil {
			return fmt.Errorf("encode %s %s %s: %w", g[0].Source, g[0].Stream, span(g), err)
		}
		return nil
	})
	return len(stale), err
}

// share hands the groups to as many workers as the engine has threads: a
// compressed segment is read by one thread, so that days are encoded side by
// side. Each worker has a connection, and with it temporary tables, of its own,
// and the engine lends it no further thread meanwhile.
func (e *Encoder) share(ctx context.Context, all [][]Part, do func(context.Context, *Encoder, []Part) error) error {
	var threads int
	if err := e.DB.QueryRowContext(ctx, "select current_setting('threads')").Scan(&threads); err != nil {
		return fmt.Errorf("ask for the engine's threads: %w", err)
	}
	workers := min(threads, len(all))
	if e.Pool == nil || workers < 2 {
		return e.work(ctx, slices.Values(all), do)
	}
	if err := e.exec(ctx, "set threads = 1"); err != nil {
		return err
	}
	err := e.sideBySide(ctx, workers, all, do)
	return errors.Join(err, e.exec(context.WithoutCancel(ctx), fmt.Sprintf("set threads = %d", threads)))
}

// sideBySide lets workers take the groups from one queue.
func (e *Encoder) sideBySide(ctx context.Context, workers int, all [][]Part, do func(context.Context, *Encoder, []Part) error) error {
	queue := make(chan []Part, len(all))
	for _, g := range all {
		queue <- g
	}
	close(queue)
	team, ctx := errgroup.WithContext(ctx)
	for range workers {
		team.Go(func() error {
			conn, err := e.Pool.Conn(ctx)
			if err != nil {
				return fmt.Errorf("connect a worker: %w", err)
			}
			worker := *e
			worker.DB = conn
			return errors.Join(worker.work(ctx, received(queue), do), conn.Close())
		})
	}
	return team.Wait()
}

// received is what is left of a queue.
func received(queue <-chan []Part) iter.Seq[[]Part] {
	return func(yield func([]Part) bool) {
		for g := range queue {
			if !yield(g) {
				return
			}
		}
	}
}

// work does the groups one after the other.
func (e *Encoder) work(ctx context.Context, groups iter.Seq[[]Part], do func(context.Context, *Encoder, []Part) error) error {
	for g := range groups {
		if err := do(ctx, e, g); err != nil {
			return err
		}
	}
	return e.forget(ctx)
}

// span names the parts of a group for an error.
func span(g []Part) string {
	if first, last := g[0], g[len(g)-1]; first.Day != last.Day {
		return string(first.Day) + " to " + string(last.Day)
	}
	return string(g[0].Day) + g[0].Pull
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
const encoding = "6"

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

// encodeInventory writes one generation of an inventory.
func (e *Encoder) encodeInventory(ctx context.Context, parts []Part) error {
	p := parts[0]
	path := p.file(e.Lake)
	for _, s := range p.Segments {
		if err := e.Lake.Verify(s); err != nil {
			return err
		}
	}
	if err := setFiles(ctx, e.DB, e.paths(p)); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("create a folder of the lake: %w", err)
	}
	if err := copyParquet(ctx, e.DB, "select *, 1::bigint as copies from ("+p.Model.SQL+")", path); err != nil {
		return err
	}
	if err := e.compare(ctx, path, p.sealed()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return removeOthers(path)
}

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

// compare fails where the reader saw other rows than the manifests sealed.
func (e *Encoder) compare(ctx context.Context, path string, sealed int64) error {
	var read int64
	q := "select count(*) from read_parquet(" + store.Quote(path) + ", hive_partitioning = false)"
	if err := e.DB.QueryRowContext(ctx, q).Scan(&read); err != nil {
		return fmt.Errorf("count what was read: %w", err)
	}
	if read != sealed {
		return fmt.Errorf("compare rows: read %d where the manifests seal %d", read, sealed)
	}
	return nil
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

// parquetOptions are measured: a higher level of compression, or dictionaries of
// ids that hardly repeat, cost time and save nothing (docs/decisions/0011).
const parquetOptions = " (format parquet, compression zstd, compression_level 1, dictionary_size_limit 10000, write_bloom_filter false)"

// copyParquet writes a select as a Parquet file that appears whole or not at
// all.
func copyParquet(ctx context.Context, db *sql.Conn, query, path string) error {
	tmp := path + ".tmp"
	stmt := "copy (" + query + ") to " + store.Quote(tmp) + parquetOptions
	if _, err := db.ExecContext(ctx, stmt); err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	if err := os.Chmod(tmp, 0o600); err != nil {
		return fmt.Errorf("narrow the mode of %s: %w", tmp, err)
	}
	return lake.Rename(tmp, path)
}
