package mining_test

import (
	"fmt"
	"slices"
	"testing"

	"winnow/mining"
)

// wantRows compares rows in their order.
func wantRows(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// separated adds rules of separation of duties as "rule severity side pattern".
func separated(rules ...[4]string) func(*mining.Build) {
	return func(b *mining.Build) {
		var rows []any
		for _, r := range rules {
			rows = append(rows, map[string]any{"rule": r[0], "severity": r[1], "side": r[2], "pattern": r[3]})
		}
		b.Settings["sod"] = rows
	}
}

// Only what stays in another way may go: not the last way, not the way of
// another account, not a way that ends first, and never both of two that give
// each other.
func TestDuplicates(t *testing.T) {
	c := newTenant(100)
	c.app("crm")
	c.add("legacy/entitlements", `{"entitlement_id":"team","kind":"group","name":"Team"}`)
	c.add("legacy/opens", `{"entitlement_id":"team","opens_id":"crm"}`)
	for _, id := range []string{"both", "once", "opened", "twin", "ends"} {
		c.person(id, "Sales", "Rep")
	}
	rule := func(id, until string) {
		c.add("legacy/assignments", `{"account_id":%q,"entitlement_id":"crm","path":"rule:r1","until":%q}`, id, until)
	}
	for _, id := range []string{"both", "once", "opened", "ends"} {
		c.hold(id, "crm", "2020-01-01")
	}
	rule("both", "")
	rule("ends", "2027-01-01")
	c.hold("opened", "team", "2020-01-01")
	c.add("legacy/accounts", `{"account_id":"twin-adm","login":"twin-adm","employee_number":"twin"}`)
	c.hold("twin", "crm", "2020-01-01")
	rule("twin-adm", "")
	db := c.mineRemoval(t)
	wantRows(t, ask(t, db, "select account_id, entitlement_id, kept_kind, kept_via, kept_ways from marts.duplicate"),
		"legacy:both|legacy:crm|rule|legacy:r1|1", "legacy:opened|legacy:crm|group|legacy:team|1")
}

// A conflict counts whatever account or group gives its sides; one thing on
// both sides is none.
func TestSeparationOfDuties(t *testing.T) {
	c := newTenant(100)
	for _, app := range []string{"ap-clerk", "ap-approver", "ap-both", "ap [x]"} {
		c.app(app)
	}
	c.add("legacy/entitlements", `{"entitlement_id":"fin","kind":"group","name":"Finance"}`)
	c.add("legacy/opens", `{"entitlement_id":"fin","opens_id":"ap-approver"}`)
	for _, id := range []string{"alone", "lap", "lap2", "team", "two"} {
		c.person(id, "Sales", "Rep")
		c.hold(id, "ap-clerk", "2020-01-01")
	}
	c.add("legacy/accounts", `{"account_id":"two-adm","login":"two-adm","employee_number":"two"}`)
	c.hold("two-adm", "ap-approver", "2020-01-01")
	c.hold("team", "fin", "2020-01-01")
	c.person("overlap", "Sales", "Rep")
	c.hold("overlap", "ap-both", "2020-01-01")
	c.hold("lap", "ap-both", "2020-01-01")
	c.hold("lap2", "ap [x]", "2020-01-01")
	db := c.mineRemoval(t, separated([4]string{"pay", "high", "left", "AP-CLERK"}, [4]string{"pay", "high", "left", "ap-both"},
		[4]string{"pay", "high", "right", "ap-approver*"}, [4]string{"pay", "high", "right", "ap-b?th"}, [4]string{"x", "low", "left", "ap [x]"},
		[4]string{"x", "low", "right", "legacy:ap-cl*"}))
	wantRows(t, ask(t, db, `select rule, severity, identity_id, status, left_things, right_things from marts.sod_conflict
		where status = 'held' order by 1, 3`),
		"pay|high|hr:lap|held|2|1", "pay|high|hr:team|held|1|1", "pay|high|hr:two|held|1|1", "x|low|hr:lap2|held|1|1")
	wantRow(t, ask(t, db, "select count(*), max(impact) from marts.risk where conflict and impact >= 4"), "7|4")
}

// What peers suggest is barred where it would make a conflict, and only there.
func TestSuggestedConflictsAreBarred(t *testing.T) {
	c := newTenant(100)
	for _, app := range []string{"clerk", "approver", "ledger"} {
		c.app(app)
	}
	for i := range 12 {
		id := fmt.Sprintf("p%02d", i)
		c.person(id, "Finance", "Rep")
		c.hold(id, "approver", "2020-01-01")
		c.hold(id, "ledger", "2020-01-01")
	}
	c.person("holder", "Finance", "Rep")
	c.hold("holder", "clerk", "2020-01-01")
	c.person("free", "Finance", "Rep")
	rules := [][4]string{{"pay", "medium", "left", "clerk"}, {"pay", "medium", "right", "approver"}, {"zero", "high", "left", "approver"}, {"zero", "high", "right", "ledger"}}
	const bars = `select identity_id, e.name, o.name, b.other_held, rule, severity from marts.sod_bar as b join core.identity using (identity_key)
		join core.entitlement as e using (entitlement_key) join core.entitlement as o on o.entitlement_key = b.other_key order by 1, 2`
	db := c.mineRemoval(t, separated(rules[:2]...))
	wantRows(t, ask(t, db, bars), "hr:holder|approver|clerk|true|pay|medium")
	const told = `select entitlement_name, action, bar, json_extract_string(claims, '$[0].values.rule') from marts.undrafted
		where identity_id = 'hr:holder' and entitlement_name = 'approver'`
	wantRows(t, ask(t, db, told), "approver|abstain|sod|pay")
	db = c.mineRemoval(t, separated(rules...))
	wantRows(t, ask(t, db, bars), "hr:free|approver|ledger|false|zero|high", "hr:free|ledger|approver|false|zero|high",
		"hr:holder|approver|ledger|false|zero|high", "hr:holder|ledger|approver|false|zero|high")
	wantRow(t, ask(t, db, "select count(*) from marts.sod_conflict where status = 'held'"), "12")
}

// An account is an orphan where HR is read and knows nobody for it, and it is
// active and no machine's.
func TestOrphans(t *testing.T) {
	c := newTenant(100)
	c.add("legacy/entitlements", `{"entitlement_id":"adm","kind":"app","name":"Admin","privileged":true,"monthly_cost":12.5}`)
	for _, account := range []string{`"stray","login":"stray","email":"s@x.example"`, `"gone","login":"gone","status":"deprovisioned"`,
		`"robot","login":"robot","kind":"service"`, `"visitor","login":"visitor","kind":"guest"`} {
		c.add("legacy/accounts", `{"account_id":%s}`, account)
	}
	c.hold("stray", "adm", "2020-01-01")
	c.use("stray", "adm", 30)
	wantRow(t, ask(t, c.mineRemoval(t), "select count(*) from marts.orphan"), "0")
	c.person("known", "Sales", "Rep")
	wantRows(t, ask(t, c.mineRemoval(t), "select account_id, kind, ambiguous, holdings, privileged, monthly_cost::varchar, last_seen from marts.orphan"),
		"legacy:stray|person|false|1|1|12.50|"+day(30), "legacy:visitor|guest|false|0|0|0.00|<nil>")
}

// What lies idle costs, by department; what no log shows is counted apart.
func TestIdleCostAndRisk(t *testing.T) {
	c := newTenant(200)
	c.add("legacy/entitlements", `{"entitlement_id":"crm","kind":"app","name":"crm","monthly_cost":40,"privileged":true}`)
	c.add("legacy/entitlements", `{"entitlement_id":"disk","kind":"licence","name":"disk","monthly_cost":5}`)
	c.office(30, "crm")
	c.person("idle", "Sales", "Rep")
	c.hold("idle", "crm", "2020-01-01")
	c.use("idle", "crm", 199)
	c.hold("idle", "disk", "2020-01-01")
	db := c.mineRemoval(t)
	wantRows(t, ask(t, db, `select department, name, holders, cost::varchar, idle_holders, idle_cost::varchar, unseen_holders, unseen_cost::varchar
		from marts.idle_cost order by 1, 2`),
		"Finance|crm|30|1200.00|0|0.00|0|0.00", "Sales|crm|1|40.00|1|40.00|0|0.00", "Sales|disk|1|5.00|0|0.00|1|5.00")
	wantRow(t, ask(t, db, `select i.identity_id, r.basis, impact, saving between 32 and 40 from marts.risk as r
		join core.identity as i using (identity_key) order by weight desc limit 1`), "hr:idle|use|5.4|true")
	wantRow(t, ask(t, db, `select basis, doubt = p_removed, conflict from marts.risk join core.entitlement using (entitlement_key) where name = 'disk'`),
		"removal|true|false")
}

// Without anything held every table is empty, and builds.
func TestRiskOfNothing(t *testing.T) {
	c := newTenant(100)
	c.app("crm")
	c.person("a", "Sales", "Rep")
	db := c.mineRemoval(t)
	for _, table := range []string{"duplicate", "orphan", "outlier", "sod_side", "sod_conflict", "sod_bar", "risk", "idle_cost"} {
		wantRow(t, ask(t, db, "select count(*) from marts."+table), "0")
	}
}

// An outlier holds what no peer holds and no log shows; what a log shows, what
// the peers hold, and what a machine or somebody without peers holds is none.
func TestOutliers(t *testing.T) {
	c := newTenant(100)
	c.app("crm")
	for _, group := range []string{"badge", "vault", "attic"} {
		c.add("legacy/entitlements", `{"entitlement_id":%q,"kind":"group","name":%q,"privileged":%t}`, group, group, group == "vault")
	}
	c.office(30, "crm")
	for i := range 30 {
		c.hold("p"+string(rune('a'+i/26))+string(rune('a'+i%26)), "badge", "2020-01-01")
	}
	c.person("odd", "Finance", "Clerk")
	c.person("lone", "Attic", "Keeper")
	for _, group := range []string{"badge", "vault", "attic", "crm"} {
		c.hold("odd", group, "2020-01-01")
	}
	c.hold("lone", "vault", "2020-01-01")
	db := c.mineRemoval(t)
	wantRows(t, ask(t, db, `select identity_id, entitlement.name, peers, peer_holders, place from marts.outlier
		join core.identity using (identity_key) join core.entitlement using (entitlement_key) order by place`),
		"hr:odd|vault|30|0|1", "hr:odd|attic|30|0|2")
}
