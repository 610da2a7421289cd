package mining_test

import (
	"slices"
	"testing"
)

// Every time for which a file says that a group opened an app is kept, not only
// the last one.
func TestOpensHistoryOfFiles(t *testing.T) {
	c := newTenant(100)
	c.app("crm")
	c.app("team")
	c.person("ann", "Sales", "Rep")
	c.hold("ann", "team", "")
	for _, step := range []string{"grant|80|read", "grant|70|write", "revoke|60|read", "revoke|50|write", "grant|40|read", "revoke|40|read", "grant|20|write"} {
		var action, level string
		var ago int
		scan(t, step, &action, &ago, &level)
		c.add("legacy/opens", `{"entitlement_id":"team","opens_id":"crm","action":%q,"at":"%sT12:00:00Z","level":%q}`, action, day(ago), level)
	}
	c.add("legacy/opens", `{"entitlement_id":"club","opens_id":"crm","since":"2026-01-01","until":"2026-02-01"}`)
	c.add("legacy/opens", `{"entitlement_id":"club","opens_id":"crm","since":"2026-03-01"}`)
	c.add("legacy/opens", `{"entitlement_id":"old","opens_id":"crm"}`)
	got := ask(t, c.mine(t), `select entitlement_id, spell, strftime(valid_from, '%m-%d'), from_basis, strftime(valid_to, '%m-%d'), to_basis
		from core.opens_history order by entitlement_id, spell`)
	want := []string{
		"legacy:club|1|01-01|platform|02-01|platform", "legacy:club|2|03-01|platform|<nil>|<nil>",
		"legacy:old|1|<nil>|unknown|<nil>|<nil>",
		"legacy:team|1|08-13|platform|09-12|platform", "legacy:team|2|10-12|platform|<nil>|<nil>",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
