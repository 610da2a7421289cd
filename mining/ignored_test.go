package mining_test

import "testing"

// What an ignored client did is no use: neither its own, nor what it did in a
// person's name with nobody present.
func TestIgnoredActorsUseNothing(t *testing.T) {
	c := newTenant(60)
	c.app("crm")
	c.app("fixer")
	c.person("ada", "Finance", "Clerk")
	c.use("ada", "crm", 3)
	c.use("ada", "fixer", 3)
	c.use("fixer", "crm", 2)
	c.ignored = []any{map[string]any{"source": "legacy", "actor": "fixer"}, map[string]any{"source": "elsewhere", "actor": "ada"}}
	db := c.mine(t)
	wantRow(t, ask(t, db, "select account_id, entitlement_id from core.usage_day"), "legacy:ada|legacy:crm")
	wantRow(t, ask(t, db, "select source, native from core.ignored_actor where source = 'legacy'"), "legacy|fixer")
}
