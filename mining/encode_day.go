package mining

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"winnow/internal/lake"
	"winnow/internal/store"
)

// encodeDay encodes one day, which may be large: it goes from the segments
// straight into its file, without standing in memory. Duplicates are rare, and
// to look for them costs a fiftieth of what removing them would, so that the
// file is written as it was read and written again only where there are any.
func (e *Encoder) encodeDay(ctx context.Context, p Part) error {
	path := p.file(e.Lake)
	raw := path + ".raw"
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("create a folder of the lake: %w", err)
	}
	if err := sweepRaw(filepath.Dir(path)); err != nil {
		return err
	}
	if err := e.verify(ctx, []Part{p}); err != nil {
		return err
	}
	day := "date " + store.Quote(string(p.Day))
	if err := copyParquet(ctx, e.DB, "select * exclude (part_day) from ("+batchOf(p.Model, day)+")", raw); err != nil {
		return err
	}
	if err := e.compare(ctx, raw, p.sealed()); err != nil {
		return err
	}
	if err := e.batchView(ctx, raw, day); err != nil {
		return err
	}
	doubled, err := e.doubled(ctx)
	if err != nil {
		return err
	}
	if doubled {
		if err := copyParquet(ctx, e.DB, "select * exclude (part_day) from ("+deduplicated+")", raw+".once"); err != nil {
			return err
		}
		if err := lake.Rename(raw+".once", raw); err != nil {
			return err
		}
	}
	if err := e.rollAll(ctx, []Part{p}); err != nil {
		return err
	}
	if err := lake.Rename(raw, path); err != nil {
		return err
	}
	return removeOthers(path)
}

// sweepRaw removes what an interrupted night left half done.
func sweepRaw(dir string) error {
	names, err := filepath.Glob(filepath.Join(dir, "*.raw*"))
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := os.Remove(name); err != nil {
			return fmt.Errorf("remove a half-written part: %w", err)
		}
	}
	return nil
}

// batchView lets temp.event_batch be the rows of a file.
func (e *Encoder) batchView(ctx context.Context, file, day string) error {
	return e.exec(ctx, "create or replace temp view event_batch as select *, "+day+
		" as part_day from read_parquet("+store.Quote(file)+", hive_partitioning = false)")
}

// again finds the ids that stand more than once on a day. Ids are first
// compared by their hashes, which costs a third of comparing the texts; the few
// that agree are then compared for good.
const again = `create or replace temp table event_again as
	with twice as materialized (
		select h from (select hash(part_day, event_id) as h from temp.event_batch where event_id is not null)
		group by h having count(*) > 1)
	select part_day, event_id, count(*) as copies from temp.event_batch
	where event_id is not null and hash(part_day, event_id) in (select h from twice)
	group by part_day, event_id having count(*) > 1`

// deduplicated keeps one row of the batch an event id and day and counts how
// many it stands for. Of rows that differ the readable comes before the faulty,
// then the newest, and after that words decide, in an order that names every
// column: kind and outcome count as texts, since a day that is read alone comes
// from a file, which knows no closed lists, and one of a group from a table.
// Only the few ids that stand more than once are sorted.
const deduplicated = `select * from temp.event_batch anti join temp.event_again using (part_day, event_id)
	union all by name
	(select b.* replace (a.copies as copies) from temp.event_batch as b join temp.event_again as a using (part_day, event_id)
	qualify row_number() over (partition by part_day, event_id
		order by fault is not null, "at" desc, kind::varchar, outcome::varchar, account, entitlement, other, value, actor,
			event_type, interactive, fault, n desc) = 1)`

// doubled says whether an event of the batch stands more than once.
func (e *Encoder) doubled(ctx context.Context) (bool, error) {
	if err := e.exec(ctx, again); err != nil {
		return false, err
	}
	var n int64
	if err := e.DB.QueryRowContext(ctx, "select count(*) from temp.event_again").Scan(&n); err != nil {
		return false, fmt.Errorf("look for events that stand twice: %w", err)
	}
	return n > 0, nil
}

// forget drops what the batches left in memory.
func (e *Encoder) forget(ctx context.Context) error {
	return e.exec(ctx, "drop view if exists temp.event_batch", "drop table if exists temp.event_rows",
		"drop table if exists temp.event_once", "drop table if exists temp.event_again", "drop table if exists temp.rolled")
}

// exec runs statements one after the other.
func (e *Encoder) exec(ctx context.Context, statements ...string) error {
	return execute(ctx, e.DB, statements...)
}
