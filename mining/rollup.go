package mining

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"winnow/internal/store"
)

// The roll-ups of one day of events. They outlive the events: usage_day is the
// use by account, entitlement and day; change is what was granted, revoked or
// altered.
var rollups = []struct{ folder, query string }{
	{"usage_day", `select "at"::date as day, account, coalesce(entitlement, '') as entitlement,
		coalesce(sum(n) filter (outcome = 'success'), 0)::bigint as successes,
		coalesce(sum(n) filter (outcome = 'failure'), 0)::bigint as failures,
		coalesce(sum(n) filter (outcome = 'success' and interactive), 0)::bigint as interactive
		from read_parquet(%s) where fault is null and account is not null and kind in ('use', 'presence')
		group by all order by entitlement, account`},
	{"change", `select event_id, "at", kind, outcome, account, entitlement, other, value, actor, event_type
		from read_parquet(%s) where fault is null
		and kind in ('grant', 'revoke', 'opens_grant', 'opens_revoke', 'account_change')
		order by "at", event_id`},
}

// RollUp brings the roll-ups up to date with the encoded events and returns how
// many files it wrote. A day whose events were purged keeps its roll-up.
func (e *Encoder) RollUp(ctx context.Context) (int, error) {
	parts, err := e.parts()
	if err != nil {
		return 0, err
	}
	wrote := 0
	for _, p := range parts {
		if p.Day == "" {
			continue
		}
		for _, r := range rollups {
			fresh, err := e.rollUp(ctx, p, r.folder, r.query)
			if err != nil {
				return wrote, fmt.Errorf("roll up %s %s %s: %w", p.Source, p.Stream, p.Day, err)
			}
			if fresh {
				wrote++
			}
		}
	}
	return wrote, nil
}

// rollUp writes one roll-up of one day unless it is up to date.
func (e *Encoder) rollUp(ctx context.Context, p Part, folder, query string) (bool, error) {
	dir := filepath.Join(e.Lake.Dir, folder, "source="+string(p.Source), "month="+string(p.Day[:7]))
	prefix := string(p.Stream) + "." + string(p.Day) + "."
	path := filepath.Join(dir, prefix+p.digest+".parquet")
	if _, err := os.Stat(path); err == nil {
		return false, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return false, fmt.Errorf("create a folder of the lake: %w", err)
	}
	if err := copyParquet(ctx, e.DB, fmt.Sprintf(query, store.Quote(p.file(e.Lake))), path); err != nil {
		return false, err
	}
	return true, removePrefixed(dir, prefix, path)
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

// lakeViews are the typed views of the lake that the core models read, with
// the select that types them where no file exists.
var lakeViews = []struct{ name, folder, columns, empty string }{
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
				store.Quote(p.file(e.Lake))+") where fault is null")
		}
	}
	return strings.Join(selects, " union all by name ")
}
