package mining_test

import (
	"fmt"
	"slices"
	"testing"
)

const rankOf = `select e.native_id, r.rank, r.similar_people, r.similar_holders, r.recent_grants
	from marts.grant_rank as r join core.identity as i using (identity_key) join core.entitlement as e using (entitlement_key)
	where i.identity_id = ? order by r.rank`

// crew adds n clerks who hold every app.
func (c *tenant) crew(n int, apps ...string) {
	for k := range n {
		id := fmt.Sprintf("m%02d", k)
		c.person(id, "Finance", "Clerk")
		for _, app := range apps {
			c.hold(id, app, "2020-01-01")
		}
	}
}

// What those alike hold comes first; what is held, privileged, given by nobody
// or out of the person's reach does not come at all.
func TestRankingNamesWhatThoseAlikeHold(t *testing.T) {
	c := newTenant(30)
	for _, app := range []string{"crm", "wiki", "rare", "unheld"} {
		c.app(app)
	}
	c.add("legacy/entitlements", `{"entitlement_id":"root","kind":"group","name":"Root","privileged":true}`)
	c.crew(8, "crm", "wiki", "root")
	c.person("other", "Sales", "Seller")
	c.hold("other", "rare", "2020-01-01")
	c.person("lacks", "Finance", "Clerk")
	c.hold("lacks", "crm", "2020-01-01")
	c.person("svc-robot", "Finance", "Clerk")
	c.person("gone", "Finance", "Clerk")
	c.add("hr/terminations", `{"id":"gone","on":%q}`, day(30))
	c.add("hr/workers", `{"id":"pending","dept":"Finance","title":"Clerk","hired":"2015-01-01","status":"active"}`)
	db := c.mine(t)
	got := ask(t, db, rankOf, "hr:lacks")
	if want := []string{"wiki|1|8|8|0", "rare|2|8|0|0"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, id := range []string{"hr:svc-robot", "hr:gone", "hr:pending"} {
		if got := ask(t, db, rankOf, id); len(got) > 0 {
			t.Errorf("%s: got %q", id, got)
		}
	}
	wantRow(t, ask(t, db, "select method, fitted_on from marts.grant_method where chosen"), "even|0")
	wantRow(t, ask(t, db, `select round(peer_share, 2), implied_share, e.native_id from marts.grant_rank as r
		join core.entitlement as e on e.entitlement_key = r.implied_by join core.identity as i using (identity_key)
		where i.identity_id = 'hr:lacks' and r.rank = 1`), "0.77|0.571429|crm")
}

// Two accounts of one person are one person: who holds it by either lacks
// nothing, and counts once.
func TestRankingCountsPeople(t *testing.T) {
	c := newTenant(30)
	c.app("crm")
	c.app("wiki")
	c.crew(6, "crm", "wiki")
	c.person("twice", "Finance", "Clerk")
	c.add("legacy/accounts", `{"account_id":"twice2","login":"twice2","employee_number":"twice"}`)
	c.hold("twice", "crm", "2020-01-01")
	c.hold("twice2", "crm", "2021-01-01")
	c.hold("twice2", "wiki", "2021-01-01")
	c.person("lacks", "Finance", "Clerk")
	c.hold("lacks", "crm", "2020-01-01")
	c.app("rare")
	c.person("other", "Sales", "Seller") // without whom everybody would have the tool, and be alike by nothing
	c.hold("other", "rare", "2020-01-01")
	db := c.mine(t)
	wantRow(t, ask(t, db, rankOf, "hr:twice"), "rare|1|7|0|0")
	wantRow(t, ask(t, db, rankOf+" limit 1", "hr:lacks"), "wiki|1|7|7|0")
}

// Equal scores go by key, a lone person and a person without anything get what
// is popular, and nobody gets anything where nothing is held.
func TestRankingOfTiesAndEmpties(t *testing.T) {
	c := newTenant(30)
	for _, app := range []string{"a", "b", "c"} {
		c.app(app)
	}
	c.person("holder", "Sales", "")
	for _, app := range []string{"a", "b", "c"} {
		c.hold("holder", app, day(10))
	}
	c.person("bare", "", "")
	db := c.mine(t)
	if got, want := ask(t, db, rankOf, "hr:bare"), []string{"a|1|0|0|1", "b|2|0|0|1", "c|3|0|0|1"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	empty := newTenant(30)
	empty.person("bare", "", "")
	empty.app("a")
	if got := ask(t, empty.mine(t), "select * from marts.grant_rank"); len(got) > 0 {
		t.Errorf("got %q", got)
	}
}

// What a person held and lost is a stretch that ended.
func TestEndedHoldings(t *testing.T) {
	c := newTenant(30)
	c.app("crm")
	c.person("p", "Finance", "Clerk")
	for n, change := range []string{"grant", "revoke", "grant", "revoke"} {
		c.add("legacy/events", `{"_id":"e%d","at":"%sT10:00:00Z","action":%q,"account_id":"p","entitlement_id":"crm"}`, n, day(400-90*n), change)
	}
	got := ask(t, c.mine(t), `select spell, began, ended from marts.grant_past`)
	if want := []string{"1|" + day(400) + "|" + day(310), "2|" + day(220) + "|" + day(130)}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
