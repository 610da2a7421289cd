package mining

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/store"
)

// The size of a group of parts that one statement encodes. Planning a statement
// costs as much as reading thousands of events, so that a first night, or years
// of a small log, go in groups; the bound keeps the memory flat.
const (
	groupParts = 120
	groupBytes = 256 << 20 // raw, before compression
	groupLeast = 3
)

// groups splits the stale parts of events, which are ordered by stream and day.
func groups(parts []Part) (out [][]Part) {
	var bytes int64
	for _, p := range parts {
		last := len(out) - 1
		raw := p.raw()
		if last < 0 || out[last][0].StreamID != p.StreamID || p.Day == "" || out[last][0].Day == "" ||
			len(out[last]) == groupParts || bytes+raw > groupBytes {
			out, bytes = append(out, nil), 0
			last++
		}
		out[last] = append(out[last], p)
		bytes += raw
	}
	return out
}

// raw is the part's size before compression.
func (p Part) raw() (n int64) {
	for _, s := range p.Segments {
		n += s.Raw
	}
	return n
}

// sealed is the part's number of rows.
func (p Part) sealed() (n int64) {
	for _, s := range p.Segments {
		n += s.Rows
	}
	return n
}

// encodeGroup encodes several days of one stream with one statement. A day
// whose rows do not come out as sealed, because the model reads another time
// than landing did, is encoded by itself.
func (e *Encoder) encodeGroup(ctx context.Context, parts []Part) error {
	var paths []string
	for _, p := range parts {
		for _, s := range p.Segments {
			if err := e.Lake.Verify(s); err != nil {
				return err
			}
		}
		paths = append(paths, e.paths(p)...)
	}
	if err := setFiles(ctx, e.DB, paths); err != nil {
		return err
	}
	tmp, err := e.partition(ctx, `select *, 1::bigint as copies, coalesce(strftime("at", '%Y-%m-%d'), '') as part_day from (`+parts[0].Model.SQL+")")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	counts, err := e.countDays(ctx, tmp)
	if err != nil {
		return err
	}
	for _, p := range parts {
		if err := e.settle(ctx, p, tmp, counts[p.Day]); err != nil {
			return fmt.Errorf("day %s: %w", p.Day, err)
		}
	}
	return nil
}

// partition writes a select as one file for each value of its column part_day.
func (e *Encoder) partition(ctx context.Context, query string) (string, error) {
	tmp := filepath.Join(e.Lake.Dir, "tmp")
	if err := os.RemoveAll(tmp); err != nil {
		return "", fmt.Errorf("empty the temporary folder: %w", err)
	}
	if err := os.MkdirAll(tmp, 0o700); err != nil {
		return "", fmt.Errorf("create the temporary folder: %w", err)
	}
	stmt := "copy (" + query + ") to " + store.Quote(tmp) + " (format parquet, compression zstd, partition_by (part_day), overwrite_or_ignore true)"
	if err := execute(ctx, e.DB, stmt); err != nil {
		return "", fmt.Errorf("write Parquet: %w", err)
	}
	return tmp, nil
}

// A dayCount says how many rows, and how many different ids, a day came out with.
type dayCount struct{ rows, ids int64 }

// countDays counts what partition wrote.
func (e *Encoder) countDays(ctx context.Context, tmp string) (map[access.Day]dayCount, error) {
	rows, err := e.DB.QueryContext(ctx, "select part_day, count(*), count(distinct event_id) from read_parquet("+
		store.Quote(filepath.Join(tmp, "*", "*.parquet"))+", hive_partitioning = true, hive_types = {'part_day': varchar}) group by part_day")
	if err != nil {
		return nil, fmt.Errorf("count what was read: %w", err)
	}
	defer rows.Close()
	out := map[access.Day]dayCount{}
	for rows.Next() {
		var day access.Day
		var c dayCount
		if err := rows.Scan(&day, &c.rows, &c.ids); err != nil {
			return nil, fmt.Errorf("count what was read: %w", err)
		}
		out[day] = c
	}
	return out, rows.Err()
}

// settle gives one day its file.
func (e *Encoder) settle(ctx context.Context, p Part, tmp string, c dayCount) error {
	if c.rows != p.sealed() {
		_, err := e.encode(ctx, p)
		return err
	}
	path := p.file(e.Lake)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("create a folder of the lake: %w", err)
	}
	written := filepath.Join(tmp, "part_day="+string(p.Day))
	if c.ids == c.rows {
		if moved, err := moveOnly(written, path); moved || err != nil {
			return err
		}
	}
	from := store.Quote(filepath.Join(written, "*.parquet")) + ", hive_partitioning = false"
	if err := copyParquet(ctx, e.DB, fmt.Sprintf(deduplicate, from), path); err != nil {
		return err
	}
	return removeOthers(path)
}

// moveOnly moves a folder's file to its place if it is the only one.
func moveOnly(dir, path string) (bool, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.parquet"))
	if err != nil || len(names) != 1 {
		return false, err
	}
	if err := os.Chmod(names[0], 0o600); err != nil {
		return false, fmt.Errorf("narrow the mode of %s: %w", names[0], err)
	}
	if err := lake.Rename(names[0], path); err != nil {
		return false, err
	}
	return true, removeOthers(path)
}
