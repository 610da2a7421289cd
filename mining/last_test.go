package mining_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/store"
	"winnow/mining"
)

// night builds and publishes one night's snapshot into dir, and returns the
// rows of a query on it.
func (c *tenant) night(t *testing.T, lk *lake.Lake, dir string, at time.Time, query string, more ...func(*mining.Build)) []string {
	t.Helper()
	ctx := context.Background()
	b := &mining.Build{Lake: lk, Types: map[access.SourceName]string{"legacy": "file", "hr": "hris"},
		WorkDir: filepath.Join(dir, "work"), Out: filepath.Join(dir, "winnow.duckdb"), AsOf: at, RunID: "r1",
		Settings: map[string]any{"policy": []any{c.policy}, "column_map": columnMap}}
	for _, m := range more {
		m(b)
	}
	defer b.Close() //nolint:errcheck // the next night cleans up
	if err := b.Run(ctx); err != nil {
		t.Fatal(err)
	}
	rows := ask(t, b.Conn(), query)
	if err := b.Publish(ctx); err != nil {
		t.Fatal(err)
	}
	return rows
}

// keepVerdicts lets a backtest have judged so many verdicts of a score, all right.
func keepVerdicts(t *testing.T, lk *lake.Lake, basis, fit string, score float64, n int) {
	t.Helper()
	models, err := mining.ModelsDigest()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(mining.KeptDir(lk), 0o700); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(context.Background(), "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_, err = db.ExecContext(context.Background(), fmt.Sprintf(`copy (select timestamp '2026-06-01' as cut, 90 as horizon_days,
		timestamp '2026-09-01' as judged_as_of, '%s' as models, 'verdict' as question, 'revoke' as action, '%s' as basis, '%s' as fit,
		'low' as confidence, 'legacy' as source, %v as score, %d::bigint as n, 0::bigint as hits) to %s (format parquet)`,
		models, basis, fit, score, n, store.Quote(filepath.Join(mining.KeptDir(lk), "2026-06-01-test.parquet"))))
	if err != nil {
		t.Fatal(err)
	}
}

// A level that was given is kept until the score is clearly past its threshold,
// and a night that is repeated stands on the night before, not on itself.
func TestANightStandsOnTheNightBefore(t *testing.T) {
	c := newTenant(200)
	c.app("crm")
	c.office(12, "crm")
	for _, who := range []string{"gone", "lost", "new"} {
		c.person(who, "Finance", "Clerk")
		c.hold(who, "crm", "2020-01-01")
	}
	dir := t.TempDir()
	lk := c.land(t, dir)
	const query = `select p.identity_id, round(p.firm - p.score, 3), round(p.fair - p.score, 3), r.first_as_of
		from marts.proposal as p join marts.recommendation as r using (recommendation_id) where p.basis = 'never_used' order by 1`
	today := day(0)
	keepVerdicts(t, lk, "never_used", "prior", 0.8, 120)
	want := []string{"hr:gone|0|0|" + today, "hr:lost|0|0|" + today, "hr:new|0|0|" + today}
	for range 2 {
		if got := c.night(t, lk, dir, asOf, query); !slices.Equal(got, want) {
			t.Fatalf("the first night, and the first again: %q, want %q", got, want)
		}
	}
	db, err := store.Open(context.Background(), filepath.Join(dir, "winnow.duckdb"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(context.Background(), `update marts.recommendation set confidence = 'high' where identity_id = 'hr:gone';
		update marts.recommendation set confidence = 'medium' where identity_id = 'hr:lost';
		delete from marts.recommendation where identity_id = 'hr:new'`)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	tomorrow := asOf.AddDate(0, 0, 1)
	want = []string{"hr:gone|0.02|0.02|" + today, "hr:lost|-0.02|0.02|" + today, "hr:new|0|0|" + tomorrow.Format(time.DateOnly)}
	for range 2 {
		if got := c.night(t, lk, dir, tomorrow, query); !slices.Equal(got, want) {
			t.Errorf("the second night, and the second again: %q, want %q", got, want)
		}
	}
}
