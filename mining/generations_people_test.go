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
