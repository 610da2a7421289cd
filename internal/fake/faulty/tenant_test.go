package faulty_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	days      = 5  // of log
	eventsDay = 36 // events a day and log
	people    = 30
	groups    = 6
	apps      = 4
)

// first is the first day of the logs.
var first = time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)

// tenant writes the folders okta and entra of a small company, from which the
// fakes answer.
func tenant(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string][]string{}
	add := func(name, format string, args ...any) {
		files[name] = append(files[name], fmt.Sprintf(format, args...))
	}
	for i := range people {
		add("okta/users", `{"id":"u%d","status":"ACTIVE","profile":{"login":"p%d@x.test"}}`, i, i)
		add("entra/users", `{"id":"e%d","userPrincipalName":"p%d@x.test"}`, i, i)
		add("okta/group_members", `{"parent_id":"g%d","item":{"id":"u%d"}}`, i%groups, i)
		add("okta/app_users", `{"parent_id":"a%d","item":{"id":"u%d","scope":"USER"}}`, i%apps, i)
		add("entra/group_members", `{"parent_id":"g%d","item":{"id":"e%d"}}`, i%groups, i)
		add("entra/app_role_assignments", `{"parent_id":"s%d","item":{"id":"r%d","principalId":"e%d","principalType":"User"}}`, i%apps, i, i)
	}
	for i := range groups {
		add("okta/groups", `{"id":"g%d","type":"OKTA_GROUP"}`, i)
		add("entra/groups", `{"id":"g%d","displayName":"G%d"}`, i, i)
		add("okta/app_groups", `{"parent_id":"a%d","item":{"id":"g%d"}}`, i%apps, i)
		add("okta/group_rules", `{"id":"rule%d","status":"ACTIVE"}`, i)
	}
	for i := range apps {
		add("okta/apps", `{"id":"a%d","label":"App %d"}`, i, i)
		add("entra/service_principals", `{"id":"s%d","appId":"app%d"}`, i, i)
		add("okta/user_roles", `{"parent_id":"u%d","item":{"id":"ra%d","type":"APP_ADMIN"}}`, i, i)
		add("entra/role_definitions", `{"id":"d%d","displayName":"R%d"}`, i, i)
		add("entra/role_assignments", `{"id":"ra%d","principalId":"e%d","roleDefinitionId":"d%d"}`, i, i, i)
	}
	for i := range days * eventsDay {
		at := first.Add(time.Duration(i) * 24 * time.Hour / eventsDay).Format("2006-01-02T15:04:05.000Z")
		add("okta/system_log", `{"uuid":"o%d","published":%q,"eventType":"user.authentication.sso"}`, i, at)
		add("entra/sign_ins", `{"id":"i%d","createdDateTime":%q,"userId":"e%d","isInteractive":true}`, i, at, i%people)
		add("entra/sign_ins_noninteractive", `{"id":"n%d","createdDateTime":%q,"userId":"e%d","isInteractive":false}`, i, at, i%people)
		add("entra/directory_audits", `{"id":"au%d","activityDateTime":%q,"activityDisplayName":"Add member to group"}`, i, at)
	}
	for name, lines := range files {
		path := filepath.Join(dir, name+".ndjson")
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
