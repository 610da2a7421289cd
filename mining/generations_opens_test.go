package mining_test

import (
	"fmt"
	"slices"
	"testing"

	"winnow/internal/lake"
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

// What the log tells of an app that came and went with a group is the group's
// doing; what it tells of one that was given by hand stays.
func TestWhatAGroupBroughtIsNoSpellOfItsOwn(t *testing.T) {
	n := newNightly(t, "legacy")
	n.pull("opens", 10, `{"entitlement_id":"team","opens_id":"crm","since":"2026-01-01"}`)
	n.pull("assignments", 10, `{"account_id":"in","entitlement_id":"team"}`, `{"account_id":"both","entitlement_id":"team"}`, `{"account_id":"both","entitlement_id":"crm"}`)
	var lines []string
	for i, e := range []string{"grant in team 40", "grant in crm 40", "grant out team 40", "grant out crm 40", "revoke out team 30", "revoke out crm 30",
		"grant both crm 40", "grant hand crm 40", "revoke hand crm 30"} {
		var action, who, what string
		var ago int
		scan(t, e, &action, &who, &what, &ago)
		lines = append(lines, fmt.Sprintf(`{"_id":"e%d","at":"%sT12:00:%02dZ","action":%q,"account_id":%q,"entitlement_id":%q}`, i, day(ago), i, action, who, what))
	}
	seal(t, n.lake, lake.Manifest{Source: "legacy", Stream: "events", Pull: "p000001", Events: true, Complete: true}, lines...)
	got := ask(t, build(t, n.lake, files, asOf), `select account_id, entitlement_id, strftime(valid_from, '%m-%d'), from_basis, strftime(valid_to, '%m-%d'), to_basis
		from core.assignment_history order by all`)
	want := []string{
		"legacy:both|legacy:crm|09-22|log|<nil>|<nil>", "legacy:both|legacy:team|<nil>|unknown|<nil>|<nil>",
		"legacy:hand|legacy:crm|09-22|log|10-02|log", "legacy:in|legacy:team|09-22|log|<nil>|<nil>", "legacy:out|legacy:team|09-22|log|10-02|log",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
