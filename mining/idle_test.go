package mining_test

import (
	"slices"
	"testing"

	"winnow/internal/access"
)

// office adds a department in which everybody uses the daily app.
func (c *tenant) office(n int, app string) {
	for i := range n {
		id := "p" + string(rune('a'+i/26)) + string(rune('a'+i%26))
		c.person(id, "Finance", "Clerk")
		c.hold(id, app, "2020-01-01")
		c.use(id, app, every(c.covered, 1, 2)...)
	}
}

const idleOf = `select active_days, last_use, quiet_days, exposure_days, leave_days from marts.idle
	where identity_id = ? and entitlement_id = ?`

func wantRow(t *testing.T, got []string, want string) {
	t.Helper()
	if len(got) != 1 || got[0] != want {
		t.Errorf("got %q, want one row %q", got, want)
	}
}

// Quiet time counts the days on which use would have been seen: no gap of the
// log, no day of leave, no day before the log or the assignment began.
func TestQuietDaysAreCoveredDaysWithoutLeave(t *testing.T) {
	c := newTenant(120)
	c.app("crm")
	c.office(8, "crm")
	c.gaps = []access.Day{access.Day(day(10)), access.Day(day(11)), access.Day(day(12))}
	c.person("quiet", "Finance", "Clerk")
	c.hold("quiet", "crm", "2020-01-01")
	c.use("quiet", "crm", 100, 60)
	c.person("away", "Finance", "Clerk")
	c.hold("away", "crm", "2020-01-01")
	c.use("away", "crm", 60)
	c.add("hr/leaves", `{"id":"away","from":%q,"to":%q}`, day(50), day(31))
	c.person("fresh", "Finance", "Clerk")
	c.hold("fresh", "crm", day(20))
	db := c.mine(t)
	wantRow(t, ask(t, db, idleOf, "hr:quiet", "legacy:crm"), "2|"+day(60)+"|56|117|0")
	wantRow(t, ask(t, db, idleOf, "hr:away", "legacy:crm"), "1|"+day(60)+"|36|117|20")
	wantRow(t, ask(t, db, idleOf, "hr:fresh", "legacy:crm"), "0|<nil>|17|17|0")
}

// What no log can show is never idle, and what is protected, on leave or fresh
// is never accused.
func TestNobodyIsAccusedWithoutEvidence(t *testing.T) {
	c := newTenant(200)
	c.app("crm")
	c.office(30, "crm")
	c.add("legacy/entitlements", `{"entitlement_id":"badge","kind":"group","name":"Badge"}`)
	for _, who := range []string{"svc-robot", "leave", "fresh", "hire", "unseen", "gone"} {
		c.person(who, "Finance", "Clerk")
	}
	c.hold("unseen", "badge", "2018-01-01")
	c.hold("unseen", "crm", "2018-01-01")
	c.use("unseen", "crm", every(199, 1, 3)...)
	c.hold("svc-robot", "crm", "2018-01-01")
	c.hold("leave", "crm", "2018-01-01")
	c.add("hr/leaves", `{"id":"leave","from":%q}`, day(60))
	c.hold("fresh", "crm", day(30))
	c.hold("hire", "crm", "2018-01-01")
	c.lines["hr/workers"] = append(c.lines["hr/workers"], `{"id":"hire","dept":"Finance","title":"Clerk","hired":"`+day(20)+`"}`)
	c.hold("gone", "crm", "2018-01-01")
	c.add("hr/terminations", `{"id":"gone","on":%q}`, day(30))
	db := c.mine(t)
	wantRow(t, ask(t, db, `select identity_id, action, basis from marts.recommendation where action <> 'abstain'`), "hr:gone|revoke|left")
	got := ask(t, db, "select identity_id || ' ' || bar from marts.recommendation where action = 'abstain' order by 1")
	want := []string{"hr:hire grace", "hr:leave on_leave", "hr:svc-robot protected"}
	for _, w := range want {
		if !slices.Contains(got, w) {
			t.Errorf("abstentions %q lack %q", got, w)
		}
	}
}

// A claim's evidence query gives the values of its claims.
func TestEvidenceQueriesAnswerWithTheClaims(t *testing.T) {
	c := newTenant(200)
	c.app("crm")
	c.office(30, "crm")
	c.person("gone", "Finance", "Clerk")
	c.hold("gone", "crm", "2018-01-01")
	c.add("hr/terminations", `{"id":"gone","on":%q}`, day(30))
	db := c.mine(t)
	query := ask(t, db, "select evidence_query from marts.recommendation where action = 'revoke'")
	if len(query) != 1 {
		t.Fatalf("%d revokes", len(query))
	}
	answer := ask(t, db, "select json_extract_string(to_json(q), '$.\"c1.effective\"') from ("+query[0]+") as q")
	claim := ask(t, db, "select claims->>'$[0].values.effective' from marts.recommendation where action = 'revoke'")
	if len(answer) != 1 || answer[0] != claim[0] || answer[0] != day(29) {
		t.Errorf("query says %q, claim says %q, want %q", answer, claim, day(29))
	}
}
