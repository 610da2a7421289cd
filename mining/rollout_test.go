package mining_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"winnow/mining"
)

// scoped confines what is exported, an attribute and a value at a time.
func scoped(pairs ...string) func(*mining.Build) {
	return func(b *mining.Build) {
		var rows []any
		for pair := range slices.Chunk(pairs, 2) {
			rows = append(rows, map[string]any{"attribute": pair[0], "value": pair[1]})
		}
		b.Settings["scope"] = rows
	}
}

// The cohort is who has one of the values of each attribute; without a scope it
// is everybody, and a scope that fits nobody is nobody.
func TestTheCohortIsWhoTheScopeNames(t *testing.T) {
	c := newTenant(60)
	c.app("crm")
	for id, at := range map[string][2]string{"a": {"Sales", "Rep"}, "b": {"SALES ", "Head"}, "c": {"Finance", "Rep"}, "d": {"", ""}} {
		c.person(id, at[0], at[1])
		c.hold(id, "crm", "2020-01-01")
	}
	const cohort = "select coalesce(string_agg(split_part(identity_id, ':', 2), '' order by identity_id), '-') from marts.cohort"
	for want, scope := range map[string][]string{"abcd": {}, "ab": {"department", "sales"}, "abc": {"department", "sales", "department", "Finance"},
		"a": {"department", "sales", "title", "rep"}, "-": {"department", "Legal"}} {
		if got := ask(t, c.mineRemoval(t, scoped(scope...)), cohort); got[0] != want {
			t.Errorf("%v: the cohort is %v, want %s", scope, got, want)
		}
	}
}

// Lines of people outside the scope take no place on a reviewer's list.
func TestLinesOutsideTheScopeTakeNoPlace(t *testing.T) {
	c := newTenant(100)
	c.app("crm")
	c.policy["max_lines_per_reviewer"] = 1
	c.person("boss", "Sales", "Head")
	for _, id := range []string{"a", "b"} {
		c.leaver(id, "boss")
		c.hold(id, "crm", "2020-01-01")
	}
	c.add("legacy/accounts", `{"account_id":"z","login":"z","employee_number":"z"}`)
	c.add("hr/workers", `{"id":"z","dept":"Legal","title":"Rep","hired":"2015-01-01","status":"terminated","left":%q,"boss":"boss"}`, day(30))
	c.hold("z", "crm", "2020-01-01")
	db := c.mineRemoval(t, bossed, scoped("department", "Legal"))
	wantRows(t, ask(t, db, "select u.identity_id, l.kept from marts.reviewer_line as l join marts.undrafted as u using (recommendation_id)"), "hr:z|true")
}

// The measures count what people decided after the advice, what is gone, and
// which grants were advised before they were given.
func TestTheRolloutIsMeasured(t *testing.T) {
	c := newTenant(200)
	c.app("crm")
	c.office(40, "crm")
	for _, who := range []string{"denied", "kept", "open"} {
		c.person(who, "Finance", "Clerk")
		c.hold(who, "crm", "2020-01-01")
	}
	c.person("new", "Finance", "Clerk")
	dir := t.TempDir()
	lk := c.land(t, dir)
	keepVerdicts(t, lk, "never_used", "prior", 0.8, 120)
	const measures = `select phase, scope, revokes_proposed, revokes_approved, revokes_kept, revokes_gone, grants_proposed >= 1, tickets_spared, grants_given from marts.rollout`
	wantRows(t, c.night(t, lk, dir, asOf, measures), "everyone||3|0|0|0|true|0|0")
	next := newTenant(200)
	next.lines = maps.Clone(c.lines)
	next.lines["legacy/assignments"] = slices.DeleteFunc(slices.Clone(c.lines["legacy/assignments"]), func(l string) bool {
		return strings.Contains(l, `"denied"`)
	})
	for who, decision := range map[string]string{"denied": "deny", "kept": "approve"} {
		next.add("legacy/decisions", `{"_id":"d-%s","at":%q,"account_id":%q,"entitlement_id":"crm","decision":%q,"reviewer":"r","reason":"because","review":"T-1"}`,
			who, asOf.Format("2006-01-02")+"T12:00:00Z", who, decision)
	}
	next.add("legacy/assignments", `{"account_id":"new","entitlement_id":"crm","since":%q}`, day(-1))
	next.add("legacy/events", `{"_id":"g","at":"%sT13:00:00Z","action":"grant","account_id":"new","entitlement_id":"crm"}`, day(0))
	lk = next.land(t, t.TempDir())
	keepVerdicts(t, lk, "never_used", "prior", 0.8, 120)
	wantRows(t, c.night(t, lk, dir, asOf.AddDate(0, 0, 2), measures), "everyone||3|1|1|1|true|1|1")
	wantRows(t, c.night(t, lk, dir, asOf.AddDate(0, 0, 2), `select account_id, decision, review, reason, advised, advised_basis, advised_confidence, recommendation_id is not null
		from core.decision order by 1`),
		"legacy:denied|deny|T-1|because|revoke|never_used|medium|true", "legacy:kept|approve|T-1|because|revoke|never_used|medium|true")
	wantRows(t, c.night(t, lk, dir, asOf.AddDate(0, 0, 2), "select identity_id, action, owner, reason, basis, until from core.dismissal semi join marts.cohort using (identity_id) order by 1"),
		"hr:denied|grant|r|because|never_used|"+day(-90), "hr:kept|revoke|r|because|never_used|"+day(-90))
}

// A rule approves only what a backtest bears out, and nothing privileged.
func TestARuleApprovesOnlyWhatIsProven(t *testing.T) {
	ruled := func(precision float64) func(*mining.Build) {
		return func(b *mining.Build) {
			b.Settings["by_rule"] = []any{map[string]any{"rule": "idle groups", "basis": "left", "kind": "group", "precision": precision},
				map[string]any{"rule": "idle groups", "basis": "left", "kind": "app", "precision": precision}}
		}
	}
	c := newTenant(100)
	c.app("crm")
	for _, name := range []string{"plain", "admins", "door"} {
		c.add("legacy/entitlements", `{"entitlement_id":%q,"kind":"group","name":%q,"privileged":%t}`, name, name, name == "admins")
	}
	c.add("legacy/entitlements", `{"entitlement_id":"root","kind":"app","name":"root","privileged":true}`)
	c.add("legacy/opens", `{"entitlement_id":"door","opens_id":"root"}`)
	c.leaver("a", "")
	for _, name := range []string{"plain", "admins", "door", "crm"} {
		c.hold("a", name, "2020-01-01")
	}
	const approved = "select u.entitlement_name, b.rule, b.low >= b.asked from marts.by_rule as b join marts.undrafted as u using (recommendation_id) order by 1"
	if got := ask(t, c.mineRemoval(t, ruled(0.95)), approved); len(got) != 0 {
		t.Errorf("without a backtest a rule approves %v", got)
	}
	for precision, want := range map[float64]string{0.95: "[plain|idle groups|true]", 0.999: "[]"} {
		dir := t.TempDir()
		lk := c.land(t, dir)
		keepVerdicts(t, lk, "left", "", 0.99, 200)
		if got := fmt.Sprint(c.night(t, lk, dir, asOf, approved, ruled(precision))); got != want {
			t.Errorf("asked for %v a rule approves %v, want %s", precision, got, want)
		}
	}
}
