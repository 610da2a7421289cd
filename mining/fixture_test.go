package mining_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/mining"
)

// asOf is the instant at which every fixture stands.
var asOf = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// A tenant is a small company: the lines that its sources served.
type tenant struct {
	lines   map[string][]string // "source/stream" → NDJSON lines
	covered int                 // days before as-of that the usage log covers
	gaps    []access.Day
	policy  map[string]any
	ignored []any // rows of config.ignore_actor
}

func newTenant(covered int) *tenant {
	return &tenant{lines: map[string][]string{}, covered: covered, policy: map[string]any{
		"revoke_precision": 0.95, "grant_precision": 0.9, "grant_grace_days": 90, "change_grace_days": 14,
		"hire_grace_days": 90, "max_input_age_days": 5, "wait_days": 7, "horizon_days": 90, "idle_method": "hazard",
		"min_peers": 5, "min_covered_days": 45, "hysteresis": 0.02}}
}

func (c *tenant) add(stream, format string, args ...any) {
	c.lines[stream] = append(c.lines[stream], fmt.Sprintf(format, args...))
}

// day is the day n days before the as-of time.
func day(n int) string { return asOf.AddDate(0, 0, -n).Format(time.DateOnly) }

// person adds an account with an HR row.
func (c *tenant) person(id, department, title string) {
	c.add("legacy/accounts", `{"account_id":%q,"login":%q,"employee_number":%q,"department":%q,"title":%q}`, id, id, id, department, title)
	c.add("hr/workers", `{"id":%q,"dept":%q,"title":%q,"hired":"2015-01-01","status":"active"}`, id, department, title)
}

func (c *tenant) app(id string) {
	c.add("legacy/entitlements", `{"entitlement_id":%q,"kind":"app","name":%q}`, id, id)
}

func (c *tenant) hold(account, entitlement, since string) {
	c.add("legacy/assignments", `{"account_id":%q,"entitlement_id":%q,"since":%q}`, account, entitlement, since)
}

// use adds successful uses, each so many days before the as-of time.
func (c *tenant) use(account, entitlement string, ago ...int) {
	for _, n := range ago {
		c.add("legacy/usage", `{"_id":"%s-%s-%d","day":%q,"account_id":%q,"entitlement_id":%q}`, account, entitlement, n, day(n), account, entitlement)
	}
}

// every returns the days from first down to last in steps.
func every(first, last, step int) (out []int) {
	for n := first; n >= last; n -= step {
		out = append(out, n)
	}
	return out
}

var columnMap = []map[string]any{}

func init() {
	paths := map[string]map[string]string{
		"workers":      {"employee_id": "$.id", "department": "$.dept", "title": "$.title", "hire_date": "$.hired", "status": "$.status", "termination_date": "$.left", "contract_end": "$.ends", "worker_type": "$.type", "email": "$.mail"},
		"leaves":       {"employee_id": "$.id", "first_day": "$.from", "last_day": "$.to"},
		"transfers":    {"employee_id": "$.id", "effective": "$.on", "department": "$.to", "old_department": "$.from"},
		"terminations": {"employee_id": "$.id", "effective": "$.on"},
	}
	for stream, fields := range paths {
		for field, path := range fields {
			columnMap = append(columnMap, map[string]any{"source": "hr", "stream": stream, "field": field, "path": path})
		}
	}
	slices.SortFunc(columnMap, func(a, b map[string]any) int {
		return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
	})
}

// land seals the tenant's lines in a lake.
func (c *tenant) land(t *testing.T, dir string) *lake.Lake {
	t.Helper()
	lk, err := lake.Open(filepath.Join(dir, "lake"))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range sortedKeys(c.lines) {
		source, stream, _ := strings.Cut(key, "/")
		events := stream == "usage" || stream == "events"
		b, err := lk.Begin(lake.Manifest{Source: access.SourceName(source), Stream: access.StreamName(stream), Pull: "p000001", Events: events})
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range c.lines[key] {
			at := access.Day("")
			if events {
				text := lake.TextAt([]byte(line), "day") + lake.TextAt([]byte(line), "at")
				when, err := lake.ParseTime(text)
				if err != nil {
					t.Fatal(err)
				}
				at = access.DayOf(when)
			}
			if err := b.Append(at, []byte(line), ""); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := b.Seal(func(m *lake.Manifest) { m.Complete = true; m.Coverage = c.coverage(stream) }); err != nil {
			t.Fatal(err)
		}
	}
	return lk
}

// coverage claims the covered days of the usage log, without the gaps.
func (c *tenant) coverage(stream string) (out []lake.DayCoverage) {
	if stream != "usage" {
		return nil
	}
	for n := c.covered; n >= 1; n-- {
		if d := access.Day(day(n)); !slices.Contains(c.gaps, d) {
			out = append(out, lake.DayCoverage{Day: d, Status: lake.Complete})
		}
	}
	return out
}

// mine builds the tenant's tables and returns a connection on which they
// resolve.
func (c *tenant) mine(t *testing.T) *sql.Conn {
	t.Helper()
	dir := t.TempDir()
	b := &mining.Build{Lake: c.land(t, dir), Types: map[access.SourceName]string{"legacy": "file", "hr": "hris"},
		WorkDir: filepath.Join(dir, "work"), Out: filepath.Join(dir, "winnow.duckdb"), AsOf: asOf, RunID: "r1",
		Settings: map[string]any{"policy": []any{c.policy}, "column_map": columnMap,
			"ignore_actor": c.ignored,
			"protect":      []any{map[string]any{"pattern": "svc-*"}},
			"peer_level":   []any{map[string]any{"level": 1, "attribute": "department"}, map[string]any{"level": 2, "attribute": "title"}}}}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	if testing.Verbose() {
		last, name := time.Now(), "start"
		b.Progress = func(step string, _, _ int) {
			if d := time.Since(last); d > 50*time.Millisecond {
				t.Logf("%s took %v", name, d.Round(time.Millisecond))
			}
			last, name = time.Now(), step
		}
	}
	if err := b.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	return b.Conn()
}

// ask returns the rows of a query as texts joined by bars.
func ask(t *testing.T, db *sql.Conn, query string, args ...any) (out []string) {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		cells, dest := make([]any, len(cols)), make([]any, len(cols))
		for i := range cells {
			dest[i] = &cells[i]
		}
		if err := rows.Scan(dest...); err != nil {
			t.Fatal(err)
		}
		texts := make([]string, len(cells))
		for i, v := range cells {
			if when, ok := v.(time.Time); ok {
				v = when.Format(time.DateOnly)
			}
			texts[i] = fmt.Sprint(v)
		}
		out = append(out, strings.Join(texts, "|"))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func sortedKeys[V any](m map[string]V) (out []string) {
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
