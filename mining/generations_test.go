package mining_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
)

// files is the source of most tests here: two nightly lists.
var files = map[access.SourceName]string{"legacy": "file"}

// A nightly is a source that is pulled night after night.
type nightly struct {
	t      *testing.T
	lake   *lake.Lake
	source access.SourceName
	pulls  map[string]int
}

func newNightly(t *testing.T, source access.SourceName) *nightly {
	return &nightly{t: t, lake: emptyLake(t), source: source, pulls: map[string]int{}}
}

// pull lands one generation of a stream, so many days before the as-of time at
// two o'clock.
func (n *nightly) pull(stream string, ago int, lines ...string) {
	n.pullAs(stream, ago, "", true, lines)
}

func (n *nightly) pullAs(stream string, ago int, held string, complete bool, lines []string) {
	n.t.Helper()
	n.pulls[stream]++
	at := asOf.AddDate(0, 0, -ago).Add(2 * time.Hour)
	seal(n.t, n.lake, lake.Manifest{Source: n.source, Stream: access.StreamName(stream), Pull: fmt.Sprintf("p%06d", n.pulls[stream]),
		Complete: complete, Held: held, At: at}, lines...)
}

// holds writes rows of a file of assignments: account, or account since, or
// account since until, all of crm.
func holds(rows ...string) (out []string) {
	for _, row := range rows {
		f := append(strings.Fields(row), "", "")
		out = append(out, fmt.Sprintf(`{"account_id":%q,"entitlement_id":"crm","since":%q,"until":%q}`, f[0], f[1], f[2]))
	}
	return out
}

// log lands grants and revokes of crm, each "action account days-ago" at noon.
func (n *nightly) log(rows ...string) {
	n.t.Helper()
	var lines []string
	for i, row := range rows {
		var action, who string
		var ago int
		scan(n.t, row, &action, &who, &ago)
		lines = append(lines, fmt.Sprintf(`{"_id":"e%d","at":"%sT12:00:00Z","action":%q,"account_id":%q,"entitlement_id":"crm"}`, i, day(ago), action, who))
	}
	seal(n.t, n.lake, lake.Manifest{Source: n.source, Stream: "events", Pull: "p000001", Events: true, Complete: true}, lines...)
}

// Every generation counts: what was first seen in one, what is gone from one,
// and what the log knows better.
func TestAssignmentHistoryOfGenerations(t *testing.T) {
	n := newNightly(t, "legacy")
	n.pull("assignments", 10, holds("old", "leaves", "returns", "cycled", "again 2026-01-01", "dated 2026-02-01", "renewed 2026-01-01 2026-10-26", "ends 2026-01-01 2026-10-25")...)
	n.pull("assignments", 8, holds("old", "returns", "cycled", "comes", "again 2026-01-01", "dated 2026-02-01", "renewed 2026-01-01 2026-10-26", "ends 2026-01-01 2026-10-25")...)
	n.pullAs("assignments", 7, "assignments shrank from 7 to 1 items", true, holds("old"))
	n.pullAs("assignments", 6, "", false, holds("old"))
	n.pull("assignments", 5, holds("old", "cycled", "comes", "granted", "fresh 2026-10-26", "again 2026-10-26", "dated 2026-02-01", "renewed 2026-01-01 2027-01-01")...)
	n.pull("assignments", 2, holds("old", "returns", "cycled", "comes", "granted", "fresh 2026-10-26", "again 2026-10-26", "dated 2026-02-01", "renewed 2026-01-01 2027-01-01", "kept")...)
	n.log("grant granted 7", "revoke cycled 7", "grant cycled 6", "grant brief 7", "revoke brief 6", "grant refuted 7", "revoke kept 6",
		"grant kept 4", "revoke kept 1")
	db := build(t, n.lake, files, asOf)
	for who, want := range map[string][]string{
		"old":     {"1|direct|<nil>|unknown|<nil>|<nil>"},
		"leaves":  {"1|direct|<nil>|unknown|10-24|inventory"},
		"returns": {"1|direct|<nil>|unknown|10-27|inventory", "2|direct|10-30|inventory|<nil>|<nil>"},
		"cycled":  {"1|direct|<nil>|unknown|10-25|log", "2|direct|10-26|log|<nil>|<nil>"},
		"comes":   {"1|direct|10-24|inventory|<nil>|<nil>"},
		"granted": {"1|direct|10-25|log|<nil>|<nil>"},
		"fresh":   {"1|direct|10-26|platform|<nil>|<nil>"},
		"again":   {"1|direct|01-01|platform|10-26|inventory", "2|direct|10-26|platform|<nil>|<nil>"},
		"dated":   {"1|direct|02-01|platform|<nil>|<nil>"},
		"renewed": {"1|direct|01-01|platform|<nil>|<nil>"},
		"ends":    {"1|direct|01-01|platform|10-25|platform"},
		"brief":   {"1|direct|10-25|log|10-26|log"},
		"refuted": {"1|direct|10-25|log|10-27|inventory"},
		"kept":    {"1|direct|10-28|log|10-31|log", "2|direct|10-31|inventory|<nil>|<nil>"},
	} {
		if got := ask(t, db, spells, who); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", who, got, want)
		}
	}
	open := ask(t, db, `select account_id, entitlement_id, path_kind, via_id from core.assignment_history where valid_to is null order by all`)
	edges := ask(t, db, `select account_id, entitlement_id, path_kind, via_id from core.assignment order by all`)
	if !slices.Equal(open, edges) {
		t.Errorf("open spells %q, today's assignments %q", open, edges)
	}
}

// everything dumps the four histories and what they rest on.
func everything(t *testing.T, lk *lake.Lake, types map[access.SourceName]string) (out []string) {
	db := build(t, lk, types, asOf)
	for _, table := range []string{"core.assignment_history", "core.opens_history", "core.account_history", "core.worker_history",
		"lake.assignment_edge_generation", "lake.account_generation", "lake.opens_generation", "lake.worker_generation"} {
		out = append(out, ask(t, db, "select '"+table+"', to_json(t)::varchar from "+table+" as t order by all")...)
	}
	return out
}

// Night by night, all at once, or with a file lost on the way: the rows are
// the same.
func TestHistoryIsTheSameHoweverItWasBuilt(t *testing.T) {
	n := newNightly(t, "legacy")
	for ago := 6; ago > 0; ago-- {
		var rows []string
		for who := range 12 {
			if (who*7+ago*5)%4 > 0 {
				rows = append(rows, fmt.Sprintf("a%d", who))
			}
		}
		n.pull("assignments", ago, holds(rows...)...)
		n.pull("accounts", ago, fmt.Sprintf(`{"account_id":"a1","department":"D%d"}`, ago/3))
		if ago%2 == 0 {
			everything(t, n.lake, files)
		}
	}
	want := everything(t, n.lake, files)
	names, err := filepath.Glob(filepath.Join(n.lake.Dir, "history", "*", "*", "*.parquet"))
	if err != nil || len(names) < 8 {
		t.Fatalf("%d files of history, %v", len(names), err)
	}
	for _, lost := range [][]string{names[3:4], names[len(names)-1:], names} {
		for _, name := range lost {
			if err := os.Remove(name); err != nil {
				t.Fatal(err)
			}
		}
		if got := everything(t, n.lake, files); !slices.Equal(got, want) {
			t.Fatalf("after the loss of %d files: %d rows, want %d", len(lost), len(got), len(want))
		}
	}
	again, err := filepath.Glob(filepath.Join(n.lake.Dir, "history", "*", "*", "*.parquet"))
	if err != nil || !slices.Equal(again, names) {
		t.Errorf("rebuilt %q, want %q, %v", again, names, err)
	}
}

// A stream that failed leaves what it lists as it was, and is no proof that
// something was not there.
func TestANightOnWhichAStreamFailed(t *testing.T) {
	n := newNightly(t, "okta")
	okta := map[access.SourceName]string{"okta": "okta"}
	member := func(who ...string) (out []string) {
		for _, w := range who {
			out = append(out, fmt.Sprintf(`{"parent_id":"g1","item":{"id":%q,"status":"ACTIVE"}}`, w))
		}
		return out
	}
	admin := func(who string) string {
		return fmt.Sprintf(`{"parent_id":%q,"item":{"id":"r-%s","type":"APP_ADMIN","assignmentType":"USER","status":"ACTIVE"}}`, who, who)
	}
	n.pull("group_members", 9, member("a", "b")...)
	n.pull("user_roles", 9, admin("a"))
	n.pullAs("group_members", 6, "", false, nil)
	n.pull("user_roles", 6, admin("a"), admin("b"))
	n.pull("group_members", 3, member("a", "c")...)
	n.pull("user_roles", 3, admin("a"), admin("b"))
	event := `{"uuid":"u1","published":"%sT12:00:00Z","eventType":"group.user_membership.add","actor":{"id":"x","type":"User"},"outcome":{"result":"SUCCESS"},
		"target":[{"id":"c","type":"User"},{"id":"g1","type":"UserGroup"}]}`
	landLog(t, n.lake, fmt.Sprintf(event, day(8)), asOf.AddDate(0, 0, -8))
	got := ask(t, build(t, n.lake, okta, asOf), `select account_id, entitlement_id, strftime(valid_from, '%m-%d'), from_basis, strftime(valid_to, '%m-%d'), to_basis
		from core.assignment_history order by all`)
	want := []string{
		"okta:a|okta:APP_ADMIN|<nil>|unknown|<nil>|<nil>", "okta:a|okta:g1|<nil>|unknown|<nil>|<nil>", "okta:b|okta:APP_ADMIN|10-26|inventory|<nil>|<nil>",
		"okta:b|okta:g1|<nil>|unknown|10-29|inventory", "okta:c|okta:g1|10-24|log|<nil>|<nil>",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// landLog lands one event of the Okta log.
func landLog(t *testing.T, lk *lake.Lake, line string, at time.Time) {
	t.Helper()
	b, err := lk.Begin(lake.Manifest{Source: "okta", Stream: "system_log", Pull: "p000001", Events: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Append(access.DayOf(at), []byte(line), ""); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Seal(func(m *lake.Manifest) { m.Complete = true }); err != nil {
		t.Fatal(err)
	}
}

// Once a night is followed, its segments may go: the history stands.
func TestHistoryOutlivesTheSegmentsOfOldGenerations(t *testing.T) {
	n := newNightly(t, "legacy")
	n.pull("assignments", 9, holds("old", "left")...)
	n.pull("assignments", 6, holds("old", "new")...)
	want := everything(t, n.lake, files)
	old, err := filepath.Glob(filepath.Join(n.lake.Dir, "landed", "legacy", "assignments", "gen=p000001", "*"))
	if err != nil || len(old) == 0 {
		t.Fatal(old, err)
	}
	for _, gone := range append(old, filepath.Join(n.lake.Dir, "landed", "legacy", "assignments", "manifest", "p000001-00000.json")) {
		if err := os.Remove(gone); err != nil {
			t.Fatal(err)
		}
		if got := everything(t, n.lake, files); !slices.Equal(withoutLooks(got), withoutLooks(want)) {
			t.Fatalf("without %s: %q, want %q", filepath.Base(gone), withoutLooks(got), withoutLooks(want))
		}
	}
}

// withoutLooks leaves out what is told of the generations themselves.
func withoutLooks(rows []string) []string {
	return slices.DeleteFunc(slices.Clone(rows), func(r string) bool { return strings.HasPrefix(r, "lake.") })
}

// Sources are followed each by itself, also where their ids are the same.
func TestTwoSourcesAreFollowedApart(t *testing.T) {
	n := newNightly(t, "legacy")
	n.pull("assignments", 9, holds("ann")...)
	other := &nightly{t: t, lake: n.lake, source: "bought", pulls: map[string]int{}}
	other.pull("assignments", 8, holds("ann", "bob")...)
	n.pull("assignments", 6, holds("ann", "bob")...)
	other.pull("assignments", 5, holds("bob")...)
	got := ask(t, build(t, n.lake, map[access.SourceName]string{"legacy": "file", "bought": "file"}, asOf), `select account_id,
		strftime(valid_from, '%m-%d'), from_basis, strftime(valid_to, '%m-%d'), to_basis from core.assignment_history order by all`)
	want := []string{"bought:ann|<nil>|unknown|10-27|inventory", "bought:bob|<nil>|unknown|<nil>|<nil>",
		"legacy:ann|<nil>|unknown|<nil>|<nil>", "legacy:bob|10-26|inventory|<nil>|<nil>"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
