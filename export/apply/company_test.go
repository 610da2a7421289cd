package apply_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const (
	people     = 10
	oktaGroups = 5 // g0 and g3 open a0; g4 is filled by a rule
	oktaApps   = 3
	graphGroup = 4
)

// writeCompany draws who holds what.
func writeCompany(t *testing.T, dir string, rng *rand.Rand) {
	t.Helper()
	files := map[string][]string{}
	add := func(file, format string, args ...any) {
		files[file] = append(files[file], fmt.Sprintf(format, args...))
	}
	for i := range people {
		add("okta/users", `{"id":"u%d","status":"ACTIVE","profile":{"login":"u%d@x.example"}}`, i, i)
		add("entra/users", `{"id":"e%d","displayName":"E%d","userPrincipalName":"e%d@x.example","accountEnabled":true}`, i, i, i)
	}
	opened := map[int]bool{}
	for g := range oktaGroups {
		add("okta/groups", `{"id":"g%d","type":"OKTA_GROUP","profile":{"name":"G%d"}}`, g, g)
		for i := range people {
			if rng.IntN(2) == 0 {
				add("okta/group_members", `{"parent_id":"g%d","item":{"id":"u%d","status":"ACTIVE"}}`, g, i)
				if (g == 0 || g == 3) && !opened[i] {
					opened[i] = true
					add("okta/app_users", `{"parent_id":"a0","item":{"id":"u%d","scope":"GROUP","status":"ACTIVE","profile":{}}}`, i)
				}
			}
		}
	}
	for a := range oktaApps {
		add("okta/apps", `{"id":"a%d","label":"A%d"}`, a, a)
		for i := range people {
			if a > 0 && rng.IntN(2) == 0 {
				add("okta/app_users", `{"parent_id":"a%d","item":{"id":"u%d","scope":"USER","status":"ACTIVE","profile":{}}}`, a, i)
			}
		}
	}
	add("okta/app_groups", `{"parent_id":"a0","item":{"id":"g0","priority":0}}`)
	add("okta/app_groups", `{"parent_id":"a0","item":{"id":"g3","priority":1}}`)
	add("okta/group_rules", `{"id":"r1","status":"ACTIVE","name":"All","conditions":{"expression":{"value":"true"}},"actions":{"assignUserToGroups":{"groupIds":["g4"]}}}`)
	for g := range graphGroup {
		add("entra/groups", `{"id":"h%d","displayName":"H%d","groupTypes":[],"mailEnabled":false}`, g, g)
		for i := range people {
			if rng.IntN(2) == 0 {
				add("entra/group_members", `{"parent_id":"h%d","item":{"@odata.type":"#microsoft.graph.user","id":"e%d"}}`, g, i)
			}
		}
	}
	add("entra/service_principals", `{"id":"s0","displayName":"S0","appRoles":[{"id":"role0"},{"id":"role1"}]}`)
	for i := range people {
		if rng.IntN(2) == 0 {
			add("entra/app_role_assignments", `{"parent_id":"s0","item":{"id":"as%d","principalId":"e%d","principalType":"User","resourceId":"s0","appRoleId":"role0"}}`, i, i)
		}
	}
	writeOthers(add, rng)
	for name, lines := range files {
		path := filepath.Join(dir, name+".ndjson")
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// The others have three groups and a role of SCIM, two groups of PingOne and two
// roles of Auth0.
func writeOthers(add func(file, format string, args ...any), rng *rand.Rand) {
	members := [3][]string{}
	for i := range people {
		role := ""
		if rng.IntN(2) == 0 {
			role = `,"roles":[{"value":"clerk"},{"value":"auditor"}]`
		}
		add("scim/users", `{"id":"m%d","userName":"m%d","active":true%s}`, i, i, role)
		add("ping/users", `{"id":"v%d","username":"v%d","enabled":true}`, i, i)
		add("auth0/users", `{"user_id":"auth0|%d","email":"w%d@x.example","created_at":"2024-02-01T08:00:00.000Z"}`, i, i)
		for k := range 3 {
			if rng.IntN(2) == 0 {
				members[k] = append(members[k], fmt.Sprintf(`{"value":"m%d","type":"User"}`, i))
			}
		}
		for k := range 2 {
			if rng.IntN(2) == 0 {
				add("ping/group_memberships", `{"parent_id":"v%d","item":{"id":"q%d","name":"Q%d","type":"DIRECT"}}`, i, k, k)
			}
			if rng.IntN(2) == 0 {
				add("auth0/role_users", `{"parent_id":"rol_%d","item":{"user_id":"auth0|%d"}}`, k, i)
			}
		}
	}
	for k := range 3 {
		add("scim/groups", `{"id":"k%d","displayName":"K%d","members":[%s]}`, k, k, strings.Join(members[k], ","))
	}
	for k := range 2 {
		add("ping/groups", `{"id":"q%d","name":"Q%d"}`, k, k)
		add("auth0/roles", `{"id":"rol_%d","name":"R%d"}`, k, k)
	}
}
