package mining_test

import (
	"slices"
	"testing"

	"winnow/mining"
)

// bossed lets HR name managers, under the key boss.
func bossed(b *mining.Build) {
	b.Settings["column_map"] = append(slices.Clone(columnMap), map[string]any{"source": "hr", "stream": "workers", "field": "manager_id", "path": "$.boss"})
}

// leaver adds somebody who has left, with a manager or none.
func (c *tenant) leaver(id, boss string) {
	c.add("legacy/accounts", `{"account_id":%q,"login":%q,"employee_number":%q}`, id, id, id)
	c.add("hr/workers", `{"id":%q,"dept":"Sales","title":"Rep","hired":"2015-01-01","status":"terminated","left":%q,"boss":%q}`, id, day(30), boss)
}

// A reviewer is shown the lines that take away the most risk: what gives
// administration first, and a leaver's access although it was used lately.
// Nobody else's lines count for theirs, and what a rule gives is no line.
func TestAReviewersLinesAreCapped(t *testing.T) {
	c := newTenant(100)
	c.app("crm")
	c.add("legacy/entitlements", `{"entitlement_id":"vault","kind":"app","name":"Vault","privileged":true}`)
	c.add("legacy/entitlements", `{"entitlement_id":"seat","kind":"licence","name":"Seat","monthly_cost":50}`)
	c.person("boss", "Sales", "Head")
	c.person("other", "Sales", "Head")
	for _, id := range []string{"a", "b", "d"} {
		c.leaver(id, "boss")
		c.hold(id, "crm", "2020-01-01")
	}
	c.use("a", "crm", every(100, 31, 1)...)
	c.hold("d", "vault", "2020-01-01")
	c.hold("b", "seat", "2020-01-01")
	c.leaver("e", "other")
	c.hold("e", "crm", "2020-01-01")
	c.leaver("f", "")
	c.hold("f", "crm", "2020-01-01")
	c.add("legacy/assignments", `{"account_id":"f","entitlement_id":"seat","path":"rule:r1"}`)
	const lines = `select l.reviewer, l.place, u.identity_id, u.entitlement_name, l.weight, l.kept from marts.reviewer_line as l
		join marts.undrafted as u using (recommendation_id) order by 1, 2`
	const left = `select u.identity_id, u.entitlement_name, l.rank, l.weight, l.last_weight, l.reason from marts.left_out as l
		join marts.undrafted as u using (recommendation_id) order by l.rank`
	wantRow(t, ask(t, c.mineRemoval(t, bossed), "select count(*) from marts.reviewer_line"), "0")
	c.policy["max_lines_per_reviewer"] = 2
	db := c.mineRemoval(t, bossed)
	wantRows(t, ask(t, db, "select reviewer, count(*), count(*) filter (kept) from marts.reviewer_line group by all order by all"),
		"|1|1", "hr:boss|5|2", "hr:other|1|1")
	wantRows(t, ask(t, db, lines)[1:3], "hr:boss|1|hr:d|Vault|4.975|true", "hr:boss|2|hr:b|Seat|1.4925|true")
	wantRows(t, ask(t, db, "select rank, weight, last_weight, reason from marts.left_out order by rank"),
		"3|0.995|1.4925|max_lines_per_reviewer", "4|0.995|1.4925|max_lines_per_reviewer", "5|0.995|1.4925|max_lines_per_reviewer")
	wantRow(t, ask(t, db, "select count(*) from marts.recommendation where action = 'revoke'"), "7")
	if a, b := ask(t, db, left), ask(t, c.mineRemoval(t, bossed), left); !slices.Equal(a, b) {
		t.Errorf("the same inputs leave out %q and %q", a, b)
	}
}
