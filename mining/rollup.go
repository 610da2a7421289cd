package mining

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"winnow/internal/lake"
	"winnow/internal/store"
)

// A rollup is what is kept of one day of events, for longer than the events.
type rollup struct {
	folder string
	query  string // of events (%[1]s) to rows; %[2]s is the day, and %[3]s groups by it where there are several
}

// The roll-ups: usage_day is the use by account, entitlement and day; change is
// what was granted, revoked or altered.
var rollups = []rollup{
	{"usage_day", `select %[2]s as day, account, coalesce(entitlement, '') as entitlement,
		coalesce(sum(n) filter (outcome = 'success'), 0)::bigint as successes,
		coalesce(sum(n) filter (outcome = 'failure'), 0)::bigint as failures,
		coalesce(sum(n) filter (outcome = 'success' and interactive), 0)::bigint as interactive, %[2]s as part_day
		from (%[1]s) where fault is null and account is not null and kind in ('use', 'presence')
		group by account, coalesce(entitlement, '')%[3]s`},
	{"change", `select event_id, "at", kind, outcome, account, entitlement, other, value, actor, event_type, %[2]s as part_day
		from (%[1]s) where fault is null and kind in ('grant', 'revoke', 'opens_grant', 'opens_revoke', 'account_change')
		order by part_day, "at", event_id`},
}

// of writes the roll-up's query: of one day, which is then a constant, or of
// several, by their column part_day.
func (r rollup) of(events string, parts []Part) string {
	day, by := "part_day", ", part_day"
	if len(parts) == 1 {
		day, by = "date "+store.Quote(string(parts[0].Day)), ""
	}
	query := strings.NewReplacer("%[1]s", events, "%[2]s", day, "%[3]s", by)
	return query.Replace(r.query)
}

// RollUp brings the roll-ups up to date with the encoded events and returns how
// many files it wrote. A day whose events were purged keeps its roll-up.
func (e *Encoder) RollUp(ctx context.Context) (int, error) {
	parts, err := e.parts()
	if err != nil {
		return 0, err
	}
	wrote := 0
	for _, r := range rollups {
		stale := slices.DeleteFunc(slices.Clone(parts), func(p Part) bool { return p.Day == "" || exists(r.file(e.Lake, p)) })
		for _, g := range groups(stale) {
			if err := e.rollUp(ctx, r, g); err != nil {
				return wrote, fmt.Errorf("roll up %s %s: %w", g[0].Source, g[0].Stream, err)
			}
			wrote += len(g)
		}
	}
	return wrote, e.forget(ctx)
}

// file is the place of a part's roll-up.
func (r rollup) file(lk *lake.Lake, p Part) string {
	return filepath.Join(lk.Dir, r.folder, "source="+string(p.Source), "month="+string(p.Day[:7]), r.prefix(p)+p.digest+".parquet")
}

// prefix is what all roll-ups of a part's day share.
func (r rollup) prefix(p Part) string { return string(p.Stream) + "." + string(p.Day) + "." }

// rollUp writes the roll-ups of several encoded days of one stream.
func (e *Encoder) rollUp(ctx context.Context, r rollup, parts []Part) error {
	paths := make([]string, 0, len(parts))
	for _, p := range parts {
		paths = append(paths, p.file(e.Lake))
	}
	return e.rollBatch(ctx, r, "select * exclude (day), day::date as part_day from read_parquet("+quoteList(paths)+
		", hive_partitioning = true, hive_types = {'day': varchar})", parts)
}

// rollAll writes every roll-up of the days of the batch.
func (e *Encoder) rollAll(ctx context.Context, parts []Part) error {
	for _, r := range rollups {
		if err := e.rollBatch(ctx, r, "select * from temp.event_batch", parts); err != nil {
			return err
		}
	}
	return nil
}

// rollBatch writes the roll-ups of the days of a select of events. One day
// needs no table in between.
func (e *Encoder) rollBatch(ctx context.Context, r rollup, events string, parts []Part) error {
	rolled := "(" + r.of(events, parts) + ")"
	if len(parts) > 1 {
		if err := e.exec(ctx, "create or replace temp table rolled as from "+rolled); err != nil {
			return fmt.Errorf("roll up %s: %w", r.folder, err)
		}
		rolled = "temp.rolled"
	}
	for _, p := range parts {
		path := r.file(e.Lake, p)
		if err := e.copyDay(ctx, rolled, p, path); err != nil {
			return fmt.Errorf("roll up %s of day %s: %w", r.folder, p.Day, err)
		}
		if err := removePrefixed(filepath.Dir(path), r.prefix(p), path); err != nil {
			return err
		}
	}
	return nil
}

// removePrefixed removes the outdated roll-ups of a day.
func removePrefixed(dir, prefix, keep string) error {
	names, err := filepath.Glob(filepath.Join(dir, prefix+"*.parquet"))
	if err != nil {
		return err
	}
	for _, name := range names {
		if name != keep {
			if err := os.Remove(name); err != nil {
				return fmt.Errorf("remove an outdated roll-up: %w", err)
			}
		}
	}
	return nil
}

// A lakeView is a typed view of the lake that the core models read, with the
// select that types it where no file exists.
type lakeView struct{ name, folder, columns, empty string }

// tables are the statements that make the view's table, given its select. Use
// is by far the largest: accounts and entitlements are numbered in the order of
// their ids, so that their texts are compared once and not by every model.
func (v lakeView) tables(query string) []string {
	if v.name != "usage_day" {
		return []string{"create table scratch.lake." + v.name + " as " + query}
	}
	// An imported roll-up may leave out the entitlement of a mere sign-in.
	query = "select * replace (coalesce(entitlement, '') as entitlement) from (" + query + ")"
	number := func(name string) string {
		return "create table scratch.lake.usage_" + name + " as select source, " + name + ", row_number() over (order by source || ':' || " + name +
			", source)::integer as " + name + "_no from (select distinct source, " + name + " from (" + query + ") where account is not null)"
	}
	return []string{number("account"), number("entitlement"),
		`create table scratch.lake.usage_day as select a.account_no, e.entitlement_no, u.day, u.successes, u.failures, u.interactive
		from (` + query + `) as u join scratch.lake.usage_account as a on a.account = u.account and a.source = u.source
		join scratch.lake.usage_entitlement as e on e.entitlement = u.entitlement and e.source = u.source`}
}

// lakeViews are all of them.
var lakeViews = []lakeView{
	{"usage_day", "usage_day", "source, day, account, entitlement, successes, failures, interactive",
		`select null::varchar as source, null::date as day, null::varchar as account, null::varchar as entitlement,
		null::bigint as successes, null::bigint as failures, null::bigint as interactive where false`},
	{"change", "change", `source, event_id, "at", kind, outcome, account, entitlement, other, value, actor, event_type`,
		`select null::varchar as source, null::varchar as event_id, null::timestamp as "at", null::varchar as kind,
		null::varchar as outcome, null::varchar as account, null::varchar as entitlement, null::varchar as other,
		null::varchar as value, null::varchar as actor, null::varchar as event_type where false`},
}

// viewOf writes the select of a lake view over the sources that are configured.
func (e *Encoder) viewOf(folder, columns, empty string) (string, error) {
	var paths []string
	for source := range e.Types {
		names, err := filepath.Glob(filepath.Join(e.Lake.Dir, folder, "source="+string(source), "month=*", "*.parquet"))
		if err != nil {
			return "", err
		}
		paths = append(paths, names...)
	}
	if len(paths) == 0 {
		return empty, nil
	}
	return "select " + columns + " from read_parquet(" + quoteList(paths) +
		", hive_partitioning = true, hive_types = {'source': varchar, 'month': varchar})", nil
}

// quoteList writes a sorted list of string literals.
func quoteList(paths []string) string {
	sorted := sortedCopy(paths)
	for i, p := range sorted {
		sorted[i] = store.Quote(p)
	}
	return "[" + strings.Join(sorted, ", ") + "]"
}

// inventoryView writes the select of landed.<type>_<stream>: the newest
// generation of every source of the type.
func (e *Encoder) inventoryView(parts []Part, model Model) string {
	var selects []string
	for _, p := range parts {
		if p.Model.Name == model.Name && p.Day == "" {
			selects = append(selects, "select "+store.Quote(string(p.Source))+" as source, * from read_parquet("+
				store.Quote(p.file(e.Lake))+", hive_partitioning = false) where fault is null")
		}
	}
	return strings.Join(selects, " union all by name ")
}
