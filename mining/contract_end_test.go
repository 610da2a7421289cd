package mining_test

import "testing"

// A contract that ends within the days that are looked ahead is advised on with
// the day after its last; one that ends later, or for which nobody looks, is not,
// and a protected account never.
func TestEndsOfContractsAreLookedAhead(t *testing.T) {
	c := newTenant(60)
	c.app("crm")
	for id, ends := range map[string]int{"today": 0, "soon": -2, "later": -3, "past": 4, "svc-bot": -1, "away": -1} {
		c.add("legacy/accounts", `{"account_id":%q,"login":%q,"employee_number":%q}`, id, id, id)
		c.add("hr/workers", `{"id":%q,"dept":"Sales","title":"Rep","hired":"2015-01-01","status":"active","type":"contractor","ends":%q}`, id, day(ends))
		c.hold(id, "crm", "2020-01-01")
		c.use(id, "crm", every(60, 1, 1)...)
	}
	c.add("hr/leaves", `{"id":"away","from":%q,"to":%q}`, day(5), day(-20))
	const ends = `select split_part(u.identity_id, ':', 2), u.action, u.basis, coalesce(u.bar, '-'), u.confidence, u.export_from, u.reason_codes[1],
		json_extract_string(u.claims, '$[0].values.effective') from marts.undrafted as u where u.basis in ('contract_ends', 'contract_ended') order by 1`
	past := "past|revoke|contract_ended|-|high|" + day(0) + "|contract_ended|" + day(3)
	wantRows(t, ask(t, c.mine(t), ends), past)
	c.policy["contract_end_days"] = 3
	wantRows(t, ask(t, c.mine(t), ends),
		"away|revoke|contract_ends|-|high|"+day(-2)+"|contract_ends|"+day(-1), past,
		"soon|revoke|contract_ends|-|high|"+day(-3)+"|contract_ends|"+day(-2),
		"svc-bot|abstain|contract_ends|protected|low|"+day(-2)+"|protected|<nil>",
		"today|revoke|contract_ends|-|high|"+day(-1)+"|contract_ends|"+day(0))
}
