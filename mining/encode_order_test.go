package mining_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/store"
	"winnow/mining"
)

// TestDoubledAloneAndGrouped sends rows that differ under one id and at one
// instant: the same one is kept where their day is read alone, as on most
// nights, and where it is read together with others, as when a lake is rebuilt.
func TestDoubledAloneAndGrouped(t *testing.T) {
	const target = `[{"id":"a1","type":"AppInstance"},{"id":"u2","type":"User"}]`
	sso := func(outcome string) string { return doubledEvent("user.authentication.sso", outcome, target) }
	for _, c := range []struct {
		name, kept string
		lines      []string
	}{
		{"outcome", "use failure", []string{sso("SUCCESS"), sso("FAILURE"), sso("ALLOW")}},
		{"kind", "grant success", []string{sso("SUCCESS"), doubledEvent("application.user_membership.add", "SUCCESS", target)}},
		{"type", "presence success", []string{
			doubledEvent("user.session.start", "SUCCESS", target), doubledEvent("user.authentication.verify", "SUCCESS", target)}},
	} {
		alone, grouped := keptOf(t, c.lines, 0), keptOf(t, c.lines, 3)
		if !slices.Equal(alone, grouped) {
			t.Errorf("%s: a day alone keeps %q, in a group %q", c.name, alone, grouped)
		}
		if len(alone) != 1 || !strings.HasPrefix(alone[0], c.kept) || !strings.HasSuffix(alone[0], fmt.Sprint(len(c.lines))) {
			t.Errorf("%s: kept %q, want one row %s for %d", c.name, alone, c.kept, len(c.lines))
		}
	}
}

// doubledEvent is an event of the one id and instant.
func doubledEvent(kind, outcome, target string) string {
	return fmt.Sprintf(`{"uuid":"e1","published":"2026-05-10T08:00:00.000Z","eventType":%q,"actor":{"id":"u1","type":"User"},"outcome":{"result":%q},"target":%s}`,
		kind, outcome, target)
}

// keptOf lands the lines on one day, in either order, and other days after it,
// encodes them, and returns what is kept of the day.
func keptOf(t *testing.T, lines []string, others int) []string {
	t.Helper()
	first := keptInOrder(t, lines, others)
	slices.Reverse(lines)
	if again := keptInOrder(t, lines, others); !slices.Equal(first, again) {
		t.Errorf("%d other days: %q is kept, and %q where the lines come the other way round", others, first, again)
	}
	return first
}

func keptInOrder(t *testing.T, lines []string, others int) []string {
	t.Helper()
	ctx, lk := context.Background(), landDoubled(t, lines, others)
	db, err := store.Open(ctx, "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	e := &mining.Encoder{Lake: lk, DB: conn, Types: map[access.SourceName]string{"okta": "okta"}}
	if n, err := e.Encode(ctx); err != nil || n != others+1 {
		t.Fatal(n, err)
	}
	return ask(t, conn, "select concat_ws(' ', kind, outcome, event_type, copies) from read_parquet("+
		store.Quote(filepath.Join(lk.Dir, "event/source=okta/stream=system_log/day=2026-05-10/*.parquet"))+")")
}

// landDoubled seals the lines, and one event on each of the days after them.
func landDoubled(t *testing.T, lines []string, others int) *lake.Lake {
	t.Helper()
	lk, err := lake.Open(filepath.Join(t.TempDir(), "lake"))
	if err != nil {
		t.Fatal(err)
	}
	batch, err := lk.Begin(lake.Manifest{Source: "okta", Stream: "system_log", Pull: "p000001", Events: true})
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 5, 10, 0, 0, 0, 0, time.UTC)
	add := func(at time.Time, line string) {
		if err := batch.Append(access.DayOf(at), []byte(line), ""); err != nil {
			t.Fatal(err)
		}
	}
	for _, line := range lines {
		add(day, line)
	}
	for n := range others {
		other := day.AddDate(0, 0, n+1)
		add(other, strings.NewReplacer("e1", fmt.Sprint("o", n), "2026-05-10", other.Format(time.DateOnly)).Replace(lines[0]))
	}
	if _, err := batch.Seal(func(m *lake.Manifest) { m.Complete = true }); err != nil {
		t.Fatal(err)
	}
	return lk
}
