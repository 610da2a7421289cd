package mining_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"winnow/internal/access"
	"winnow/mining"
)

// mineRemoval builds the tenant's tables, with peers by department alone.
func (c *tenant) mineRemoval(t *testing.T, more ...func(*mining.Build)) *sql.Conn {
	t.Helper()
	dir := t.TempDir()
	b := &mining.Build{Lake: c.land(t, dir), Types: map[access.SourceName]string{"legacy": "file", "hr": "hris"},
		WorkDir: filepath.Join(dir, "work"), Out: filepath.Join(dir, "winnow.duckdb"), AsOf: asOf, RunID: "r1",
		Settings: map[string]any{"policy": []any{c.policy}, "column_map": columnMap,
			"peer_level": []any{map[string]any{"level": 1, "attribute": "department"}}}}
	for _, m := range more {
		m(b)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := b.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	return b.Conn()
}

// given says in the log, and in the inventory where it is not taken again, that
// an account was given something so many days ago; taken 0 means that it is held.
func (c *tenant) given(account, entitlement string, ago, taken int) {
	change := func(action string, ago int) {
		c.add("legacy/events", `{"_id":"%s-%s-%s-%d","at":"%sT%02d:00:00Z","action":%q,"account_id":%q,"entitlement_id":%q}`,
			action, account, entitlement, ago, day(ago), len(account)+len(entitlement), action, account, entitlement)
	}
	change("grant", ago)
	if taken > 0 {
		change("revoke", taken)
		return
	}
	c.hold(account, entitlement, "")
}

// club is a company of 40 people with steady tools, in which working groups of
// three come to an end 200 days after they began.
func club() *tenant {
	c := newTenant(100)
	for _, app := range []string{"crm", "mail", "wiki", "chat"} {
		c.app(app)
	}
	for i := range 40 {
		id := fmt.Sprintf("h%02d", i)
		c.person(id, "Sales", "Rep")
		for _, app := range []string{"crm", "mail", "wiki", "chat"}[:2+i%3] {
			c.given(id, app, 1500-i, 0)
		}
	}
	for k := range 70 {
		group := fmt.Sprintf("wg-%02d", k)
		c.add("legacy/entitlements", `{"entitlement_id":%q,"kind":"group","name":%q}`, group, group)
		for i := range 3 {
			began := 1450 - 20*k
			c.given(fmt.Sprintf("h%02d", (k+7*i)%40), group, began, max(0, began-200))
		}
	}
	return c
}

// What comes to an end again and again is likelier to be withdrawn than what
// everybody keeps, and the fit says that it is the tenant's own.
func TestRemovalLearnsWhatIsWithdrawn(t *testing.T) {
	c := club()
	c.person("solo", "Sales", "Rep")
	c.given("solo", "crm", 700, 0)
	db := c.mineRemoval(t)
	wantRow(t, ask(t, db, `select count(*) = (select count(*) from core.holding where not only_opened), count(distinct method), any_value(method),
		min(p_removed) > 0 and max(p_removed) < 1 from marts.removal`), "true|1|fitted|true")
	wantRow(t, ask(t, db, `select avg(p_removed) filter (e.name like 'wg%') > 3 * avg(p_removed) filter (e.name not like 'wg%')
		from marts.removal join core.entitlement as e using (entitlement_key)`), "true")
	wantRow(t, ask(t, db, `select x_support, x_lost, x_alone, x_holdings from marts.removal join core.identity using (identity_key)
		where identity_id = 'hr:solo'`), "<nil>|<nil>|1|0")
	wantRow(t, ask(t, db, "select sum(n) > 50, count(*) > 1, max(observed) > 0.2 from marts.removal_reliability"), "true|true|true")
	wantRow(t, ask(t, db, `select count(*) from marts.removal_fit where coefficient * prior < 0`), "0")
	first := ask(t, db, "from marts.removal")
	if second := ask(t, c.mineRemoval(t), "from marts.removal"); !slices.Equal(first, second) {
		t.Error("the same inputs give other rows")
	}
}

// Without a history the built-in coefficients serve, and without holdings there
// is nothing to say.
func TestRemovalWithoutHistory(t *testing.T) {
	c := newTenant(100)
	c.app("crm")
	c.person("a", "Sales", "Rep")
	wantRow(t, ask(t, c.mineRemoval(t), "select count(*) from marts.removal"), "0")
	for _, id := range []string{"b", "d", "e"} {
		c.person(id, "Sales", "Rep")
		c.hold(id, "crm", "")
	}
	db := c.mineRemoval(t)
	got := ask(t, db, "select method, p_removed, x_changed from marts.removal")
	if len(got) != 3 || got[0] != got[1] || got[0] != got[2] || !strings.HasPrefix(got[0], "prior|") {
		t.Errorf("equal people get %q", got)
	}
	wantRow(t, ask(t, db, "select count(*) from marts.removal_reliability"), "0")
	wantRow(t, ask(t, db, "select count(*), max(ref) from marts.removal_reference where source = 'legacy'"), "1|0")
}

// A person holds something while any of their accounts does, by any path, and
// what they got back is a spell of its own.
func TestRemovalSpellsAreThePersons(t *testing.T) {
	c := newTenant(100)
	c.app("crm")
	c.person("twin", "Sales", "Rep")
	c.add("legacy/accounts", `{"account_id":"twin-adm","login":"twin-adm","employee_number":"twin"}`)
	c.given("twin", "crm", 900, 500)
	c.given("twin-adm", "crm", 600, 300)
	c.given("twin", "crm", 200, 0)
	db := c.mineRemoval(t)
	got := ask(t, db, "select spell, from_at::date, to_at::date, upheaval from marts.removal_spell order by spell")
	want := []string{"1|" + day(900) + "|" + day(300) + "|false", "2|" + day(200) + "|<nil>|false"}
	if !slices.Equal(got, want) {
		t.Errorf("spells %q, want %q", got, want)
	}
}

// What ends with fifty others at one instant, and what ends because the person
// left, is no withdrawal; what is taken from somebody who stays is one.
func TestRemovalLabels(t *testing.T) {
	c := newTenant(100)
	for _, app := range []string{"crm", "old", "wiki"} {
		c.app(app)
	}
	at := day(300) + "T08:00:00Z"
	for i := range 50 {
		id := fmt.Sprintf("r%02d", i)
		c.person(id, "Sales", "Rep")
		c.given(id, "crm", 900, 0)
		c.add("legacy/events", `{"_id":"g%d","at":"%sT07:00:00Z","action":"grant","account_id":%q,"entitlement_id":"old"}`, i, day(900-i), id)
		c.add("legacy/events", `{"_id":"v%d","at":%q,"action":"revoke","account_id":%q,"entitlement_id":"old"}`, i, at, id)
	}
	for _, id := range []string{"stays", "leaves"} {
		c.person(id, "Sales", "Rep")
		c.given(id, "wiki", 900, 250)
	}
	c.given("stays", "crm", 900, 0)
	c.given("leaves", "crm", 900, 249)
	db := c.mineRemoval(t)
	const label = `select count(*), count(removed), count(*) filter (removed) from marts.removal_pair
		join core.entitlement as e using (entitlement_key) where ref = 2 and name = ?`
	wantRow(t, ask(t, db, label, "old"), "50|0|0")
	wantRow(t, ask(t, db, label, "wiki"), "2|1|1")
	wantRow(t, ask(t, db, label, "crm"), "52|51|0")
}
