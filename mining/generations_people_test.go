package mining_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"winnow/internal/access"
	"winnow/internal/lake"
)

// HR's transfers are undone backwards: to the old value where HR says it, to
// the value of the transfer before, and to nothing where nobody says it.
func TestWorkerHistoryFromHREvents(t *testing.T) {
	c := newTenant(10)
	worker := func(id, more string) {
		c.add("hr/workers", `{"id":%q,"dept":"Now","title":"T","hired":"2020-01-01","status":"active"%s}`, id, more)
	}
	worker("still", "")
	worker("told", "")
	c.add("hr/transfers", `{"id":"told","on":"2026-03-01","to":"Now","from":"Old"}`)
	worker("silent", "")
	c.add("hr/transfers", `{"id":"silent","on":"2026-03-01","to":"Mid"}`)
	c.add("hr/transfers", `{"id":"silent","on":"2026-05-01","to":"Now"}`)
	worker("left", `,"left":"2026-06-30"`)
	worker("ended", `,"ends":"2026-06-30","type":"contractor"`)
	worker("future", `,"left":"2027-06-30"`)
	c.add("hr/workers", `{"id":"gone","dept":"Now","title":"T","hired":"2020-01-01","status":"terminated"}`)
	c.add("hr/workers", `{"id":"hire","dept":"Now","title":"T","hired":"2027-01-01","status":"pending"}`)
	c.add("hr/workers", `{"id":"undated","dept":"Now","title":"T","status":"active"}`)
	worker("away", "")
	c.add("hr/leaves", `{"id":"away","from":"2026-04-01","to":"2026-04-30"}`)
	db := c.mine(t)
	for id, want := range map[string][]string{
		"still":   {"1|2020-01-01|<nil>|Now|active|<nil>|hr_event"},
		"told":    {"1|2020-01-01|2026-03-01|Old|active|<nil>|hr_event", "2|2026-03-01|<nil>|Now|active|<nil>|hr_event"},
		"silent":  {"1|2020-01-01|2026-03-01|<nil>|active|<nil>|hr_event", "2|2026-03-01|2026-05-01|Mid|active|<nil>|hr_event", "3|2026-05-01|<nil>|Now|active|<nil>|hr_event"},
		"left":    {"1|2020-01-01|2026-07-01|Now|active|<nil>|hr_event", "2|2026-07-01|<nil>|Now|terminated|2026-06-30|hr_event"},
		"ended":   {"1|2020-01-01|2026-07-01|Now|active|<nil>|hr_event", "2|2026-07-01|<nil>|Now|contract_ended|<nil>|hr_event"},
		"future":  {"1|2020-01-01|<nil>|Now|active|<nil>|hr_event"},
		"gone":    {"1|2020-01-01|2026-11-01|Now|active|<nil>|hr_event", "2|2026-11-01|<nil>|Now|terminated|<nil>|inventory"},
		"hire":    {"1|<nil>|<nil>|Now|pending|<nil>|unknown"},
		"undated": {"1|<nil>|<nil>|Now|active|<nil>|unknown"},
		"away":    {"1|2020-01-01|2026-04-01|Now|active|<nil>|hr_event", "2|2026-04-01|2026-05-01|Now|leave|<nil>|hr_event", "3|2026-05-01|<nil>|Now|active|<nil>|hr_event"},
	} {
		got := ask(t, db, `select spell, valid_from, valid_to, department, status, termination_date, basis from core.worker_history
			where worker_id = ? order by spell`, id)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
}

// An account's past rests on its creation and on the log's changes; what it was
// before the first change is not made up.
func TestAccountHistoryFromTheLog(t *testing.T) {
	lk := emptyLake(t)
	var accounts, changes []string
	for _, id := range []string{"plain", "moved", "paused", "twice", "unlogged"} {
		accounts = append(accounts, fmt.Sprintf(`{"account_id":%q,"department":"Now","title":"T","created_at":"2025-01-01","status":%q}`, id,
			map[bool]string{true: "suspended", false: "active"}[id == "paused"]))
	}
	for i, c := range []string{"moved department Now 2026-03-01", "paused status disabled 2026-04-01", "paused status locked 2026-04-02",
		"twice status suspended 2026-03-29", "twice status active 2026-03-30", "unlogged department Mid 2026-05-01", "nobody status deleted 2026-06-01"} {
		f := strings.Fields(c)
		changes = append(changes, fmt.Sprintf(`{"_id":"c%d","account_id":%q,"attribute":%q,"value":%q,"at":"%sT12:00:00Z"}`, i, f[0], f[1], f[2], f[3]))
	}
	seal(t, lk, lake.Manifest{Source: "legacy", Stream: "accounts", Pull: "p000001", Complete: true}, accounts...)
	seal(t, lk, lake.Manifest{Source: "legacy", Stream: "account_changes", Pull: "p000001", Events: true, Complete: true}, changes...)
	db := build(t, lk, map[access.SourceName]string{"legacy": "file"}, asOf)
	for id, want := range map[string][]string{
		"plain":    {"1|2025-01-01|<nil>|active|Now|platform"},
		"moved":    {"1|2025-01-01|2026-03-01|active|<nil>|platform", "2|2026-03-01|<nil>|active|Now|log"},
		"paused":   {"1|2025-01-01|2026-04-01|active|Now|platform", "2|2026-04-01|2026-04-02|deprovisioned|Now|log", "3|2026-04-02|<nil>|suspended|Now|log"},
		"twice":    {"1|2025-01-01|2026-03-29|active|Now|platform", "2|2026-03-29|2026-03-30|suspended|Now|log", "3|2026-03-30|<nil>|active|Now|log"},
		"unlogged": {"1|2025-01-01|2026-05-01|active|<nil>|platform", "2|2026-05-01|2026-11-01|active|Mid|log", "3|2026-11-01|<nil>|active|Now|inventory"},
		"nobody":   {"1|2026-06-01|<nil>|deprovisioned|<nil>|log"},
	} {
		got := ask(t, db, `select spell, valid_from, valid_to, status, department, basis from core.account_history
			where account_id = 'legacy:' || ? order by spell`, id)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
}

// Nightly lists of HR show what no event tells, date what its events leave open,
// and remember who is no longer listed.
func TestWorkerHistoryOfGenerations(t *testing.T) {
	n := newNightly(t, "hr")
	row := func(id, dept, more string) string {
		return fmt.Sprintf(`{"id":%q,"dept":%q,"title":"T","hired":"2020-01-01","status":"active"%s}`, id, dept, more)
	}
	n.pull("workers", 30, row("still", "A", ""), row("moved", "A", ""), row("told", "A", ""), row("gone", "A", ""), row("back", "A", ""),
		row("ext", "A", `,"type":"contractor","ends":"2026-10-20"`))
	n.pull("workers", 20, row("still", "A", ""), row("moved", "B", ""), row("told", "A", ""), row("gone", "A", ""),
		row("ext", "A", `,"type":"contractor","ends":"2026-12-31"`))
	n.pull("workers", 10, row("still", "A", ""), row("moved", "B", ""), row("told", "B", ""), row("back", "A", ""),
		row("ext", "A", `,"type":"employee"`), row("late", "A", `,"left":"2026-10-15"`), strings.Replace(row("over", "A", ""), "active", "terminated", 1))
	n.pull("transfers", 10, `{"id":"told","on":"2026-10-18","to":"B"}`)
	n.pull("terminations", 10)
	db := build(t, n.lake, map[access.SourceName]string{"hr": "hris"}, asOf)
	for id, want := range map[string][]string{
		"still": {"1|2020-01-01|<nil>|A|active|hr_event"},
		"moved": {"1|2020-01-01|2026-10-12|A|active|hr_event", "2|2026-10-12|<nil>|B|active|inventory"},
		"told":  {"1|2020-01-01|2026-10-18|A|active|hr_event", "2|2026-10-18|<nil>|B|active|hr_event"},
		"gone":  {"1|2020-01-01|2026-10-22|A|active|hr_event"},
		"back":  {"1|2020-01-01|2026-10-12|A|active|hr_event", "2|2026-10-22|<nil>|A|active|inventory"},
		"ext":   {"1|2020-01-01|2026-10-12|A|active|hr_event", "2|2026-10-12|2026-10-22|A|active|inventory", "3|2026-10-22|<nil>|A|active|inventory"},
		"late":  {"1|2020-01-01|2026-10-16|A|active|hr_event", "2|2026-10-16|<nil>|A|terminated|hr_event"},
		"over":  {"1|2020-01-01|2026-10-22|A|active|hr_event", "2|2026-10-22|<nil>|A|terminated|inventory"},
	} {
		got := ask(t, db, `select spell, valid_from, valid_to, department, status, basis from core.worker_history where worker_id = ? order by spell`, id)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
}

// An account that is renamed stays itself; one that is deleted and restored has
// no spell in between.
func TestAccountHistoryOfGenerations(t *testing.T) {
	n := newNightly(t, "legacy")
	row := func(id, login, dept, status string) string {
		return fmt.Sprintf(`{"account_id":%q,"login":%q,"department":%q,"status":%q,"created_at":"2025-01-01"}`, id, login, dept, status)
	}
	n.pull("accounts", 9, row("named", "a", "A", "active"), row("moved", "b", "A", "active"), row("restored", "c", "A", "active"), row("paused", "d", "A", "active"))
	n.pull("accounts", 6, row("named", "z", "A", "active"), row("moved", "b", "B", "active"), row("paused", "d", "A", "suspended"))
	n.pull("accounts", 3, row("named", "z", "A", "active"), row("moved", "b", "B", "active"), row("restored", "c", "A", "active"), row("paused", "d", "A", "active"))
	seal(t, n.lake, lake.Manifest{Source: "legacy", Stream: "account_changes", Pull: "p000001", Events: true, Complete: true},
		`{"_id":"1","account_id":"paused","attribute":"status","value":"suspended","at":"2026-10-24T12:00:00Z"}`,
		`{"_id":"2","account_id":"moved","attribute":"department","value":"B","at":"2026-10-25T01:30:00+02:00"}`) // the hour that Europe repeats
	db := build(t, n.lake, files, asOf)
	for id, want := range map[string][]string{
		"named":    {"1|2025-01-01 00:00|<nil>|active|A|platform"},
		"moved":    {"1|2025-01-01 00:00|2026-10-24 23:30|active|A|platform", "2|2026-10-24 23:30|<nil>|active|B|log"},
		"restored": {"1|2025-01-01 00:00|2026-10-26 02:00|active|A|platform", "2|2026-10-29 02:00|<nil>|active|A|inventory"},
		"paused": {"1|2025-01-01 00:00|2026-10-24 12:00|active|A|platform", "2|2026-10-24 12:00|2026-10-29 02:00|suspended|A|log",
			"3|2026-10-29 02:00|<nil>|active|A|inventory"},
	} {
		got := ask(t, db, `select spell, strftime(valid_from, '%Y-%m-%d %H:%M'), strftime(valid_to, '%Y-%m-%d %H:%M'), status, department, basis
			from core.account_history where account_id = 'legacy:' || ? order by spell`, id)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
}
