package mining_test

import (
	"fmt"
	"testing"

	"winnow/mining"
)

// starter adds somebody whom HR expects, without an account.
func (c *tenant) starter(id, department, title string, inDays int) {
	c.add("hr/workers", `{"id":%q,"dept":%q,"title":%q,"hired":%q,"status":"active"}`, id, department, title, day(-inDays))
}

// Who will start gets what the peers to come use: nothing that gives
// administration, nothing that few have, nothing where the group is too small
// or mostly lives elsewhere, and nothing that a rule of separation of duties
// forbids. Who has started, or has an account, gets no package.
func TestAHireGetsThePackageOfThePeersToCome(t *testing.T) {
	c := newTenant(120)
	for _, app := range []string{"crm", "idle", "pay", "approve"} {
		c.app(app)
	}
	c.add("legacy/entitlements", `{"entitlement_id":"root","kind":"app","name":"root","privileged":true}`)
	c.add("legacy/entitlements", `{"entitlement_id":"badge","kind":"group","name":"badge"}`)
	for i := range 12 {
		id := fmt.Sprintf("s%02d", i)
		c.person(id, "Sales", "Rep")
		c.use(id, "crm", every(120, 1, 2)...)
		for _, e := range []string{"crm", "idle", "root", "badge", "pay", "approve"} {
			c.hold(id, e, "2020-01-01")
		}
		c.use(id, "pay", every(120, 1, 2)...)
		c.use(id, "approve", every(120, 1, 2)...)
	}
	c.use("s00", "idle", 100)
	for i := range 4 {
		c.person(fmt.Sprintf("l%02d", i), "Legal", "Clerk")
		c.hold(fmt.Sprintf("l%02d", i), "badge", "2020-01-01")
	}
	for i := range 20 { // most of the plant has no account here
		if i < 6 {
			c.person(fmt.Sprintf("w%02d", i), "Plant", "Worker")
			c.hold(fmt.Sprintf("w%02d", i), "badge", "2020-01-01")
			continue
		}
		id := fmt.Sprintf("w%02d", i)
		c.add("hr/workers", `{"id":%q,"dept":"Plant","title":"Worker","hired":"2015-01-01","status":"active"}`, id)
		c.add("other/accounts", `{"account_id":%q,"login":%q,"employee_number":%q}`, id, id, id)
	}
	c.starter("soon", "Sales", "Rep", 20)
	c.starter("lawyer", "Legal", "Clerk", 20)
	c.starter("fitter", "Plant", "Worker", 20)
	c.starter("here", "Sales", "Rep", -5)
	c.starter("staged", "Sales", "Rep", 20)
	c.add("legacy/accounts", `{"account_id":"staged","login":"staged","employee_number":"staged","status":"staged"}`)
	db := c.mineRemoval(t, separated([4]string{"pay", "high", "left", "pay"}, [4]string{"pay", "high", "right", "approve"}), otherSource)
	wantRows(t, ask(t, db, "select identity_id, entitlement_id, hire_date, peer_label, n, k, coalesce(k_use, -1), reason from marts.hire_package"),
		"hr:soon|legacy:badge|"+day(-20)+"|Sales|12|12|-1|peers_hold", "hr:soon|legacy:crm|"+day(-20)+"|Sales|12|12|12|peers_use")
	wantRows(t, ask(t, db, `select entitlement_id, action, confidence, account_id, reason_codes[:2], json_extract_string(claims, '$[1].values.effective')
		from marts.undrafted where identity_id = 'hr:soon' and bar is null order by 1`),
		"legacy:crm|grant|high|<nil>|[peers_use future_hire]|"+day(-20))
	wantRows(t, ask(t, db, "select entitlement_id, bar from marts.undrafted where identity_id = 'hr:soon' and bar is not null order by 1"),
		"legacy:approve|sod", "legacy:pay|sod")
	wantRow(t, ask(t, db, "select count(*) from marts.undrafted where identity_id in ('hr:lawyer', 'hr:fitter', 'hr:here', 'hr:staged') and action = 'grant'"), "0")
}

// otherSource makes a second folder of files known to the build.
func otherSource(b *mining.Build) { b.Types["other"] = "file" }
