package mining_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// spells asks for the history of one account's hold on the entitlement crm.
const spells = `select spell, path_kind, strftime(valid_from, '%m-%d'), from_basis, strftime(valid_to, '%m-%d'), to_basis
	from core.assignment_history where account_id = 'legacy:' || ? and entitlement_id = 'legacy:crm'
	order by path_kind, via_id, spell`

// event adds a grant or a revoke at noon, so many days before the as-of time.
func (c *tenant) event(action, account, entitlement string, ago int) {
	c.add("legacy/events", `{"_id":"%s-%s-%s-%d","at":"%sT12:00:00Z","action":%q,"account_id":%q,"entitlement_id":%q}`,
		action, account, entitlement, ago, day(ago), action, account, entitlement)
}

// The log alone, against today's inventory, gives the spells that a reader of
// both would write down.
func TestAssignmentHistoryFromTheLogBackwards(t *testing.T) {
	c := newTenant(100)
	c.app("crm")
	for _, who := range []string{"plain", "dated", "regranted", "taken", "unlisted", "kept", "moved", "instant", "ended", "between", "ruled"} {
		c.person(who, "Sales", "Rep")
	}
	c.hold("plain", "crm", "")
	c.hold("dated", "crm", "2026-09-01")
	c.hold("regranted", "crm", "")
	for _, ago := range []int{61, 41, 21} {
		c.event("grant", "regranted", "crm", ago)
	}
	c.event("grant", "regranted", "crm", 20) // two in a row are one
	c.event("revoke", "regranted", "crm", 51)
	c.event("revoke", "regranted", "crm", 31)
	c.event("revoke", "taken", "crm", 10)
	c.event("grant", "unlisted", "crm", 10)
	c.hold("kept", "crm", "")
	c.event("revoke", "kept", "crm", 10)
	c.hold("moved", "crm", "2026-09-01")
	c.event("revoke", "moved", "crm", 31)
	c.event("grant", "moved", "crm", 21)
	c.hold("instant", "crm", "")
	c.event("revoke", "instant", "crm", 10)
	c.event("grant", "instant", "crm", 10)
	c.add("legacy/assignments", `{"account_id":"ended","entitlement_id":"crm","since":"2026-01-01","until":"2026-10-22"}`)
	c.add("legacy/assignments", `{"account_id":"between","entitlement_id":"crm","since":"2026-09-01","until":"2027-01-01"}`)
	c.event("grant", "between", "crm", 5)
	c.add("legacy/assignments", `{"account_id":"ruled","entitlement_id":"crm","path":"rule:r1"}`)
	c.event("revoke", "ruled", "crm", 31)
	c.event("grant", "ruled", "crm", 21)
	db := c.mine(t)
	for who, want := range map[string][]string{
		"plain":     {"1|direct|<nil>|unknown|<nil>|<nil>"},
		"dated":     {"1|direct|09-01|platform|<nil>|<nil>"},
		"regranted": {"1|direct|09-01|log|09-11|log", "2|direct|09-21|log|10-01|log", "3|direct|10-11|log|<nil>|<nil>"},
		"taken":     {"1|direct|<nil>|unknown|10-22|log"},
		"unlisted":  {"1|direct|10-22|log|11-01|inventory"},
		"kept":      {"1|direct|<nil>|unknown|10-22|log", "2|direct|10-22|inventory|<nil>|<nil>"},
		"moved":     {"1|direct|09-01|platform|10-01|log", "2|direct|10-11|log|<nil>|<nil>"},
		"instant":   {"1|direct|<nil>|unknown|<nil>|<nil>"},
		"ended":     {"1|direct|01-01|platform|10-22|platform"},
		"between":   {"1|direct|09-01|platform|<nil>|<nil>"},
		"ruled":     {"1|rule|<nil>|unknown|10-01|log", "2|rule|10-11|log|<nil>|<nil>"},
	} {
		if got := ask(t, db, spells, who); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", who, got, want)
		}
	}
	open := ask(t, db, `select account_id, entitlement_id, path_kind, via_id from core.assignment_history where valid_to is null order by all`)
	edges := ask(t, db, `select account_id, entitlement_id, path_kind, via_id from core.assignment order by all`)
	if !slices.Equal(open, edges) {
		t.Errorf("open spells %q, today's assignments %q", open, edges)
	}
}

// scan splits a text at its bars.
func scan(t *testing.T, text string, dest ...any) {
	t.Helper()
	if _, err := fmt.Sscan(strings.ReplaceAll(text, "|", " "), dest...); err != nil {
		t.Fatal(err)
	}
}
