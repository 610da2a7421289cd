package mining_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"winnow/internal/access"
	"winnow/mining"
)

// oktaPerson adds a user of an Okta org, whom HR knows as active or as left.
func (c *tenant) oktaPerson(id, login, department string, left bool) {
	profile, err := json.Marshal(map[string]string{"login": login, "employeeNumber": id, "department": department})
	if err != nil {
		panic(err) // strings marshal
	}
	c.add("org/users", `{"id":%q,"status":"ACTIVE","profile":%s}`, id, profile)
	status, end := "active", ""
	if left {
		status, end = "terminated", `,"left":"2026-09-01"`
	}
	c.add("hr/workers", `{"id":%q,"dept":%q,"title":"Rep","hired":"2015-01-01","status":%q%s}`, id, department, status, end)
}

// group adds a group of the org with its members.
func (c *tenant) group(id string, members ...string) {
	c.add("org/groups", `{"id":%q,"type":"OKTA_GROUP","profile":{"name":%q}}`, id, id)
	for _, m := range members {
		c.add("org/group_members", `{"parent_id":%q,"item":{"id":%q}}`, id, m)
	}
}

// ruled adds a rule that fills a group.
func (c *tenant) ruled(id, group string) {
	c.add("org/group_rules", `{"id":%q,"name":%q,"status":"ACTIVE","conditions":{"expression":{"value":"user.title==\"Rep\""}},"actions":{"assignUserToGroups":{"groupIds":[%q]}}}`, id, id, group)
}

// mineOrg builds the tables of the org.
func (c *tenant) mineOrg(t *testing.T) *sql.Conn {
	t.Helper()
	dir := t.TempDir()
	b := &mining.Build{Lake: c.land(t, dir), Types: map[access.SourceName]string{"org": "okta", "hr": "hris"},
		WorkDir: filepath.Join(dir, "work"), Out: filepath.Join(dir, "winnow.duckdb"), AsOf: asOf, RunID: "r1",
		Settings: map[string]any{"policy": []any{c.policy}, "column_map": columnMap,
			"peer_level": []any{map[string]any{"level": 1, "attribute": "department"}}}}
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

// TestRuleProposals lets rules be rewritten: where whole departments should go,
// by department; where single people should, by login; where everybody should,
// not at all; and where a name would have to be escaped, in words only.
func TestRuleProposals(t *testing.T) {
	c := newTenant(100)
	for i := range 3 {
		c.oktaPerson(fmt.Sprint("s", i), fmt.Sprintf("s%d@x.example", i), "Sales", true)
		c.oktaPerson(fmt.Sprint("l", i), fmt.Sprintf("l%d@x.example", i), "Law", false)
		c.oktaPerson(fmt.Sprint("m", i), fmt.Sprintf("m%d@x.example", i), "Marketing", i < 1)
	}
	c.oktaPerson("q", `q"@x.example`, "Marketing", true)
	c.group("whole", "s0", "s1", "s2", "l0", "l1", "l2")
	c.group("single", "m0", "m1", "m2", "l0", "s0")
	c.group("all", "s0", "s1")
	c.group("quoted", "q", "m1")
	c.group("hand", "s0", "m1")
	for _, g := range []string{"whole", "single", "all", "quoted"} {
		c.ruled("rule-"+g, g)
	}
	db := c.mineOrg(t)
	expectRows(t, db, "select rule_id, holders, flagged, proposal, coalesce(proposed, '-') from marts.edit_rule order by rule_id",
		`org:rule-all|2|2|retire|-`,
		`org:rule-quoted|2|1|exclude|-`,
		`org:rule-single|5|2|exclude|(user.title=="Rep") AND !(user.login=="m0@x.example" OR user.login=="s0@x.example")`,
		`org:rule-whole|6|3|narrow|(user.title=="Rep") AND !(user.department=="Sales")`)
	expectRows(t, db, `select p.entitlement_id, r.verdict, r.edits, r.removability->>'$.edits[0].kind', r.removability->>'$.edits[0].proposal'
		from marts.removability as r join marts.proposal as p using (recommendation_id) where p.account_id = 'org:s0' order by 1`,
		"org:all|change_rule|0|change_rule|retire", "org:hand|remove|1|remove_member|<nil>",
		"org:single|change_rule|0|change_rule|exclude", "org:whole|change_rule|0|change_rule|narrow")
}

// TestEffectsOfSeveralRemovals foretells what goes only when all that is advised
// is done: an app that two groups open, both of which a leaver is to leave.
func TestEffectsOfSeveralRemovals(t *testing.T) {
	c := newTenant(100)
	c.oktaPerson("s0", "s0@x.example", "Sales", true)
	c.oktaPerson("l0", "l0@x.example", "Law", false)
	c.group("one", "s0", "l0")
	c.group("two", "s0")
	c.group("kept", "l0")
	c.add("org/apps", `{"id":"app","label":"App","signOnMode":"SAML_2_0"}`)
	for _, g := range []string{"one", "two"} {
		c.add("org/app_groups", `{"parent_id":"app","item":{"id":%q}}`, g)
	}
	c.add("org/app_users", `{"parent_id":"app","item":{"id":"s0","scope":"GROUP","status":"ACTIVE"}}`)
	db := c.mineOrg(t)
	expectRows(t, db, `select p.entitlement_id, x.entitlement_id, x.follows, x.with_others, x.use, x.advised, x.step
		from marts.edit_effect as x join marts.proposal as p using (recommendation_id) order by 1, 2`,
		"org:one|org:app|true|true|unseen|false|1", "org:two|org:app|true|true|unseen|false|1")
	expectRows(t, db, "select entitlement_id, root_id from marts.path_root where account_id = 'org:s0' order by 1, 2",
		"org:app|direct org:one", "org:app|direct org:two", "org:one|direct org:one", "org:two|direct org:two")
	expectRows(t, db, "select count(*) from marts.edit_pair where account_id <> 'org:s0'", "0")
}

// expectRows compares the rows of a query with those wanted, in their order.
func expectRows(t *testing.T, db *sql.Conn, query string, want ...string) {
	t.Helper()
	if got := ask(t, db, query); !slices.Equal(got, want) {
		t.Errorf("%s\ngot\n%s\nwant\n%s", query, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
