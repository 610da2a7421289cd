package mining_test

import "testing"

// Whoever is new, or away, is nobody's yardstick: not for what they lack, and
// not for what they hold. They have peers all the same.
func TestNewcomersAreNoPeers(t *testing.T) {
	c := newTenant(120)
	c.app("crm")
	c.crew(8, "crm")
	c.person("moved", "Finance", "Clerk")
	c.add("hr/transfers", `{"id":"moved","from":"Sales","to":"Finance","on":%q}`, day(60))
	c.person("away", "Finance", "Clerk")
	c.add("hr/leaves", `{"id":"away","from":%q}`, day(20))
	for id, ago := range map[string]int{"hired": 89, "settled": 90} {
		c.add("legacy/accounts", `{"account_id":%q,"login":%q,"employee_number":%q,"department":"Finance","title":"Clerk"}`, id, id, id)
		c.add("hr/workers", `{"id":%q,"dept":"Finance","title":"Clerk","hired":%q,"status":"active"}`, id, day(ago))
	}
	c.hold("hired", "crm", day(80))
	db := c.mine(t)
	wantRow(t, ask(t, db, `select string_agg(i.identity_id, ' ' order by i.identity_id) from marts.peer_group as g
		join core.identity as i using (identity_key) where g.level = 2 and not g.member`), "hr:away hr:hired hr:moved")
	wantRow(t, ask(t, db, "select n, k from marts.peer_share where level = 2"), "9|8")
	wantRow(t, ask(t, db, `select v.n, v.k from marts.peer_view as v join core.identity as i using (identity_key)
		where i.identity_id = 'hr:moved' and not v.held`), "9|8")
}
