package mining_test

import (
	"testing"

	"winnow/internal/access"
)

// accusedIdle are the verdicts that call something unused, shown or not.
const accusedIdle = `select identity_id, entitlement_id, basis from marts.verdict
	where basis in ('idle', 'never_used') and action <> 'abstain' order by 1, 2`

// Thirty days of log prove no disuse, whoever is silent in them.
func TestThirtyDaysProveNoDisuse(t *testing.T) {
	c := newTenant(30)
	c.app("crm")
	c.office(40, "crm")
	for _, id := range []string{"quiet", "never"} {
		c.person(id, "Finance", "Clerk")
		c.hold(id, "crm", "2020-01-01")
	}
	c.use("quiet", "crm", 29)
	db := c.mine(t)
	if got := ask(t, db, accusedIdle); len(got) > 0 {
		t.Errorf("called unused on 30 days: %q", got)
	}
	wantRow(t, ask(t, db, "select string_agg(distinct method, ',') from marts.model_fit"), "prior")
	wantRow(t, ask(t, db, "select covered_days, min(p_long) > 0.2 from marts.idle where identity_id in ('hr:quiet', 'hr:never') group by covered_days"), "30|true")
}

// Nobody is called unused whose use a missing day hides, comes with nobody
// present, stands under a renamed or a second account, or comes by another
// path; who is silent through it all is, so that the test can fail.
func TestUseInDisguiseIsUse(t *testing.T) {
	c := newTenant(200)
	c.app("crm")
	c.office(40, "crm")
	c.gaps = []access.Day{access.Day(day(3)), access.Day(day(2)), access.Day(day(1))}
	for _, id := range []string{"gap", "robotic", "renamed", "moved", "paths", "gone"} {
		c.person(id, "Finance", "Clerk")
		c.hold(id, "crm", "2020-01-01")
	}
	c.use("gap", "crm", every(199, 4, 1)...)
	for _, n := range every(199, 4, 2) {
		c.add("legacy/usage", `{"_id":"robotic-%d","day":%q,"account_id":"robotic","entitlement_id":"crm","interactive":"no"}`, n, day(n))
	}
	c.use("renamed", "crm", every(199, 4, 2)...)
	c.add("legacy/account_changes", `{"_id":"r1","at":"%sT12:00:00Z","account_id":"renamed","attribute":"login","value":"married"}`, day(100))
	c.add("legacy/accounts", `{"account_id":"moved-2","login":"moved-2","employee_number":"moved","department":"Finance","title":"Clerk"}`)
	c.use("moved", "crm", every(199, 150, 2)...)
	c.use("moved-2", "crm", every(149, 4, 2)...)
	c.add("legacy/entitlements", `{"entitlement_id":"staff","kind":"group","name":"Staff"}`)
	c.hold("paths", "staff", "2020-01-01")
	c.add("legacy/opens", `{"entitlement_id":"staff","opens_id":"crm"}`)
	c.use("paths", "crm", every(199, 5, 4)...)
	c.use("gone", "crm", every(199, 170, 1)...)
	db := c.mine(t)
	if got := ask(t, db, accusedIdle); len(got) != 1 || got[0] != "hr:gone|legacy:crm|idle" {
		t.Errorf("called unused: %q, want only hr:gone", got)
	}
	got := ask(t, db, `select identity_id, entitlement_id, active_days, quiet_days, signal from marts.idle
		where identity_id not like 'hr:p__' order by 1, 2`)
	want := []string{"hr:gap|legacy:crm|196|0|per_use", "hr:gone|legacy:crm|30|166|per_use", "hr:moved|legacy:crm|98|1|per_use",
		"hr:paths|legacy:crm|49|3|per_use", "hr:paths|legacy:staff|49|3|via_app", "hr:renamed|legacy:crm|98|1|per_use", "hr:robotic|legacy:crm|98|1|per_use"}
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			t.Fatalf("got %q, want %q", got, want)
		}
	}
}

// Where HR is read, an account that nothing links to it and that is silent
// altogether may be somebody's on leave: it is listed as an orphan, and not
// accused line by line. One that is alive, or of a tenant without HR, is judged.
func TestSilentStrangersAreOrphans(t *testing.T) {
	for _, hr := range []bool{true, false} {
		c := newTenant(400)
		c.app("crm")
		c.app("wiki")
		c.office(40, "crm")
		for _, id := range []string{"asleep", "awake"} {
			c.add("legacy/accounts", `{"account_id":%q,"login":%q}`, id, id)
			c.hold(id, "crm", "2020-01-01")
			c.use(id, "crm", every(399, 300, 2)...)
			c.hold(id, "wiki", "2020-01-01")
		}
		c.use("awake", "wiki", every(299, 1, 3)...)
		if !hr {
			delete(c.lines, "hr/workers")
		}
		db := c.mine(t)
		want := map[bool]string{true: "asleep|unlinked|true", false: "asleep|·|false"}[hr]
		wantRows(t, ask(t, db, `select a.account_id[8:], coalesce(v.bar, '·'), a.account_id in (select account_id from marts.orphan)
			from marts.verdict as v join core.account as a using (account_id) join core.entitlement as e using (entitlement_id)
			where e.name = 'crm' and a.account_id in ('legacy:asleep', 'legacy:awake') and v.basis = 'idle' order by 1`),
			want, map[bool]string{true: "awake|·|true", false: "awake|·|false"}[hr])
	}
}
