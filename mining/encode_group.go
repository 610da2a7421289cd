package mining

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"winnow/internal/access"
	"winnow/internal/store"
)

// The size of a group of parts that one statement reads. Planning a statement
// costs as much as reading thousands of events, so that a first night, or years
// of a small log, go in groups; the bound keeps the memory flat.
const (
	groupParts = 120
	groupBytes = 256 << 20 // raw, before compression
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

// encodeEvents encodes days of one stream: they are read by one statement,
// deduplicated, written and rolled up. A day whose rows do not come out as
// sealed, because the model reads another time than landing did, is read again
// by itself, where every row is of that day by definition.
func (e *Encoder) encodeEvents(ctx context.Context, parts []Part) error {
	if len(parts) == 1 {
		return e.encodeDay(ctx, parts[0])
	}
	if err := e.verify(ctx, parts); err != nil {
		return err
	}
	err := e.exec(ctx, "create or replace temp table event_rows as "+batchOf(parts[0].Model, `"at"::date`),
		"create or replace temp view event_batch as select * from temp.event_rows")
	if err != nil {
		return err
	}
	counts, err := e.countDays(ctx)
	if err != nil {
		return err
	}
	var whole, apart []Part
	for _, p := range parts {
		if counts[p.Day] == p.sealed() {
			whole = append(whole, p)
		} else {
			apart = append(apart, p)
		}
	}
	if err := e.keep(ctx, whole); err != nil {
		return err
	}
	for _, p := range apart {
		if err := e.encodeDay(ctx, p); err != nil {
			return fmt.Errorf("day %s: %w", p.Day, err)
		}
	}
	return nil
}

// closed are the columns of events that hold one of few words: as such they are
// written in a third of the time.
const closed = `kind::enum('use', 'presence', 'grant', 'revoke', 'opens_grant', 'opens_revoke', 'account_change', 'other') as kind,
	outcome::enum('success', 'failure', 'weak') as outcome`

// batchOf reads the rows of the named segments, with the day of the part that
// each belongs to.
func batchOf(m Model, day string) string {
	return "select * replace (" + closed + "), 1::bigint as copies, " + day + " as part_day from (" + m.SQL + ")"
}

// verify checks the segments of the parts and names them to the model.
func (e *Encoder) verify(ctx context.Context, parts []Part) error {
	var paths []string
	for _, p := range parts {
		for _, s := range p.Segments {
			if err := e.Lake.Verify(s); err != nil {
				return err
			}
		}
		paths = append(paths, e.paths(p)...)
	}
	return setFiles(ctx, e.DB, paths)
}

// countDays counts the rows of each day of the batch.
func (e *Encoder) countDays(ctx context.Context) (map[access.Day]int64, error) {
	rows, err := e.DB.QueryContext(ctx, "select part_day::varchar, count(*) from temp.event_batch where part_day is not null group by all")
	if err != nil {
		return nil, fmt.Errorf("count what was read: %w", err)
	}
	defer rows.Close()
	out := map[access.Day]int64{}
	for rows.Next() {
		var day access.Day
		var n int64
		if err := rows.Scan(&day, &n); err != nil {
			return nil, fmt.Errorf("count what was read: %w", err)
		}
		out[day] = n
	}
	return out, rows.Err()
}

// keep deduplicates the days of the batch and writes their files: first what is
// kept for longer than the events, whose own file says that the day is done.
func (e *Encoder) keep(ctx context.Context, parts []Part) error {
	doubled, err := e.doubled(ctx)
	if err != nil || len(parts) == 0 {
		return err
	}
	if doubled {
		err := e.exec(ctx, "create or replace temp table event_once as "+deduplicated,
			"create or replace temp view event_batch as select * from temp.event_once")
		if err != nil {
			return err
		}
	}
	if err := e.rollAll(ctx, parts); err != nil {
		return err
	}
	for _, p := range parts {
		path := p.file(e.Lake)
		if err := e.copyDay(ctx, "temp.event_batch", p, path); err != nil {
			return err
		}
		if err := removeOthers(path); err != nil {
			return err
		}
	}
	return nil
}

// copyDay writes the rows of a part's day.
func (e *Encoder) copyDay(ctx context.Context, table string, p Part, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("create a folder of the lake: %w", err)
	}
	return copyParquet(ctx, e.DB, "select * exclude (part_day) from "+table+" where part_day = date "+store.Quote(string(p.Day)), path)
}
