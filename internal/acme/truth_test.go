package acme

import (
	"encoding/json"
	"strings"
	"testing"
)

// An inventory is who holds what, read back from the written files: source,
// account and entitlement, derived holdings included.
type inventory map[string]bool

type item struct {
	Parent string `json:"parent_id"`
	Item   struct {
		ID                                                string
		Type                                              json.RawMessage // a word for roles, an object for users
		Odata                                             string          `json:"@odata.type"`
		PrincipalID, PrincipalType, AppRoleID, ResourceID string
	}
}

func items(t *testing.T, dir, path string, f func(i *item)) {
	t.Helper()
	lines(t, dir, path, func(line []byte) {
		var i item
		if err := json.Unmarshal(line, &i); err != nil {
			t.Fatal(err)
		}
		f(&i)
	})
}

func held(t *testing.T, dir string) inventory {
	t.Helper()
	out := inventory{}
	items(t, dir, "okta/group_members.ndjson.gz", func(i *item) { out[Okta+"|"+i.Item.ID+"|"+i.Parent] = true })
	items(t, dir, "okta/app_users.ndjson.gz", func(i *item) { out[Okta+"|"+i.Item.ID+"|"+i.Parent] = true })
	items(t, dir, "okta/user_roles.ndjson.gz", func(i *item) {
		out[Okta+"|"+i.Parent+"|"+strings.Trim(string(i.Item.Type), `"`)] = true
	})
	out.addEntra(t, dir)
	for _, row := range table(t, dir, "legacy/assignments.csv") {
		if row[3] == "" {
			out[Legacy+"|"+row[0]+"|"+row[1]] = true
		}
	}
	return out
}

func (out inventory) addEntra(t *testing.T, dir string) {
	t.Helper()
	members, parents := map[string][]string{}, map[string][]string{}
	items(t, dir, "entra/group_members.ndjson.gz", func(i *item) {
		switch i.Item.Odata {
		case "#microsoft.graph.user":
			members[i.Parent] = append(members[i.Parent], i.Item.ID)
			out[Entra+"|"+i.Item.ID+"|"+i.Parent] = true
		case "#microsoft.graph.group":
			parents[i.Item.ID] = append(parents[i.Item.ID], i.Parent)
		}
	})
	for child, above := range parents {
		for _, user := range members[child] {
			for _, p := range above {
				out[Entra+"|"+user+"|"+p] = true
			}
		}
	}
	items(t, dir, "entra/app_role_assignments.ndjson.gz", func(i *item) {
		users := []string{i.Item.PrincipalID}
		if i.Item.PrincipalType == "Group" {
			users = members[i.Item.PrincipalID]
		}
		for _, u := range users {
			out[Entra+"|"+u+"|"+i.Item.ResourceID] = true
			out[Entra+"|"+u+"|"+i.Item.ResourceID+"/"+i.Item.AppRoleID] = true
		}
	})
	lines(t, dir, "entra/role_assignments.ndjson.gz", func(line []byte) {
		var a struct{ PrincipalID, RoleDefinitionID string }
		if err := json.Unmarshal(line, &a); err != nil {
			t.Fatal(err)
		}
		out[Entra+"|"+a.PrincipalID+"|"+a.RoleDefinitionID] = true
	})
}

func TestTruthFitsInventory(t *testing.T) {
	w := theDemo(t)
	have := held(t, w.dir)
	gone := map[string]bool{}
	lines(t, w.dir, "hr/terminations.ndjson", func(line []byte) {
		var r map[string]string
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatal(err)
		}
		gone[r["Employee_ID"]] = true
	})
	once := map[string]bool{}
	for i, r := range w.c.Truth() {
		key := r.Source + "|" + r.AccountID + "|" + r.EntitlementID
		if once[key] {
			t.Errorf("row %d: %s is judged twice", i, key)
		}
		once[key] = true
		lacked := r.Action == actGrant || r.Action == actDue
		switch {
		case lacked && have[key]:
			t.Errorf("row %d: %s should be granted and is held", i, key)
		case lacked && gone[r.EmployeeNumber]:
			t.Errorf("row %d: %s left and should be granted access", i, r.EmployeeNumber)
		case !lacked && !have[key]:
			t.Errorf("row %d: %s (%s, %s) is not in the inventory", i, key, r.Kind, r.Action)
		}
	}
}

// TestEveryKindIsPlanted: the demo holds each kind, and enough of the main
// ones to measure a rate.
func TestEveryKindIsPlanted(t *testing.T) {
	w := theDemo(t)
	count := map[string]int{}
	for _, r := range w.c.Truth() {
		count[r.Kind]++
	}
	for _, name := range kindNames[1:] {
		if count[name] == 0 {
			t.Errorf("nobody is %s", name)
		}
	}
	for _, name := range []string{"stale_app", "never_used", "stale_group", "mover_leftover", "hire_missing", "mover_missing",
		"on_leave", "fresh_grant", "quarterly_in_rhythm", "yearly", "slow_but_alive"} {
		if count[name] < 50 {
			t.Errorf("only %d rows are %s", count[name], name)
		}
	}
	t.Log(count)
}

// TestSmallCompanies: no size is too small for a whole company.
func TestSmallCompanies(t *testing.T) {
	for people := minPeople; people < minPeople+20; people++ {
		c, err := Generate(Options{People: people, Seed: uint64(people)})
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Truth()) == 0 {
			t.Errorf("a company of %d has no truth", people)
		}
	}
}

// TestHostileNames: what strangers write into names is in the files.
func TestHostileNames(t *testing.T) {
	w := theDemo(t)
	var all strings.Builder
	for _, p := range []string{"okta/users.ndjson.gz", "okta/groups.ndjson.gz", "okta/apps.ndjson.gz", "entra/groups.ndjson.gz"} {
		lines(t, w.dir, p, func(line []byte) { all.Write(line) })
	}
	for _, h := range w.c.cat.hostile {
		if !strings.Contains(all.String(), string(quoted(nil, h.text))) && h.what != "group" {
			t.Errorf("%s %q is nowhere", h.what, h.text)
		}
	}
	for _, want := range []string{`\u001b[31m`, "<script>", "ignore all previous instructions", `\n`, "\u202e"} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("no name holds %q", want)
		}
	}
}
