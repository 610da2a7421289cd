package acceptance_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"winnow/internal/access"
)

// TestNaiveEdits sends the nearest request for every case instead of what the
// planner found, and looks at what becomes of it: so the fakes are known to bite
// where the planner says that there is something to avoid.
func TestNaiveEdits(t *testing.T) {
	e := newEstate()
	cases := removalCases(e)
	s := e.serve(t)
	before := holdings(t, s.pulled(t).mine(t))
	status := map[string]int{}
	for _, c := range cases {
		if c.naive == "" {
			continue
		}
		part := strings.SplitN(c.naive+"  ", " ", 3)
		base := s.okta
		if c.account[0] == 'e' {
			base = s.entra
		}
		status[c.name], _ = s.send(t, base, access.Request{Method: part[0], Path: part[1], Body: json.RawMessage(strings.TrimSpace(part[2]))})
	}
	for range 4 { // packages take their time
		s.send(t, s.entra, access.Request{Method: "GET", Path: "/v1.0/identityGovernance/entitlementManagement/assignments/k25"})
		s.send(t, s.entra, access.Request{Method: "GET", Path: "/v1.0/identityGovernance/entitlementManagement/assignments/k26"})
	}
	db := s.pulled(t).mine(t)
	after := holdings(t, db)
	excluded := less2(ask(t, db, "select rule_id || ' ' || unnest(excluded) from core.rule"))
	byAccount := map[string][]string{}
	for _, k := range less(before, after) {
		account, entitlement, _ := strings.Cut(k, " ")
		byAccount[account] = append(byAccount[account], entitlement)
	}
	counted := map[string]int{}
	for _, c := range cases {
		if c.naive == "" {
			continue
		}
		lost := byAccount[c.account]
		got := stands
		switch {
		case status[c.name] >= 400 && len(lost) == 0:
			got = refused
		case slices.Equal(lost, []string{c.wanted}):
			got = gone
		case slices.Contains(lost, c.wanted):
			got = more
		}
		if got == gone && slices.ContainsFunc(less(excluded, nil), func(x string) bool { return strings.HasSuffix(x, " "+bare(c.account)) }) && c.verdict == "change_rule" {
			got = more // nothing gives it back, whatever the rule will say
		}
		if got != c.becomes {
			t.Errorf("%s: %s answered %d, %s lost %v: %s, want %s", c.name, c.naive, status[c.name], c.account, lost, got, c.becomes)
		}
		counted[got]++
		if c.verdict != "remove" && got == gone {
			t.Errorf("%s: the nearest request does it, and the planner says %s", c.name, c.verdict)
		}
	}
	t.Log(counted)
}
