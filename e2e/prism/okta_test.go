//go:build prism

package prism

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"winnow/ingest"
	"winnow/ingest/okta"
	"winnow/internal/access"
	"winnow/internal/acme"
	fake "winnow/internal/fake/okta"
)

// asOf is the end of the company's log, which began logDays before.
var asOf = time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)

const logDays = 2

// company saves the answers of a small company and returns the folder of one
// of its sources.
func company(t *testing.T, source string) string {
	t.Helper()
	c, err := acme.Generate(acme.Options{People: 30, AsOf: asOf, LogDays: logDays, HistoryDays: logDays})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if _, err := c.Write(dir); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, source)
}

const (
	management = "okta-management-2026.06.3.yaml.gz"
	governance = "okta-governance-3.2.0.yaml.gz"
)

var managementPaths = []string{"/api/v1/logs", "/api/v1/users", "/api/v1/users/{userId}/roles", "/api/v1/groups", "/api/v1/groups/rules",
	"/api/v1/groups/{groupId}/users", "/api/v1/groups/{groupId}/roles", "/api/v1/apps", "/api/v1/apps/{appId}/users",
	"/api/v1/apps/{appId}/groups", "/api/v1/iam/assignees/users"}

// here leaves nothing to the server.
func here(string) string { return "" }

// TestOkta pulls every stream of the directory through prism.
func TestOkta(t *testing.T) {
	f, err := fake.New(company(t, acme.Okta), fake.Options{APIToken: "t1", MaxPage: 2})
	if err != nil {
		t.Fatal(err)
	}
	j := open(t, f, map[string]string{"/api/v1/": cut(t, management, mendOkta, managementPaths...)}, here)
	s := client(t, j)
	for _, stream := range s.Streams() {
		if stream.Name != okta.SystemLogFlat && !governed(stream.Name) {
			drain(t, s, stream.Name)
			j.accuse(t, string(stream.Name), oktaExcuses)
		}
	}
	j.sees(t, `"status":"ACTIVE"`, `"status":"AWAKE"`, oktaExcuses, func() { drain(t, s, okta.Users) })
	j.sees(t, `"type":"SUPER_ADMIN"`, `"type":"KING"`, oktaExcuses, func() { drain(t, s, okta.UserRoles) })
	j.sees(t, `"detailEntry":null`, `"detailEntry":"null"`, oktaExcuses, func() { drain(t, s, okta.SystemLog) })
}

// client is winnow's own client for the org behind the judge.
func client(t *testing.T, j *judge) *okta.Source {
	t.Helper()
	c := okta.Config{OrgURL: j.url, APIToken: "t1"}
	c.REST.Now = func() time.Time { return asOf }
	s, err := okta.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// governed reports whether a stream is one of Identity Governance.
func governed(name access.StreamName) bool {
	return strings.Contains("entitlements entitlement_values principal_entitlements principal_entitlement_history campaigns reviews", string(name))
}

// drain reads a stream to its end. One without an item proves nothing.
func drain(t *testing.T, s ingest.Source, name access.StreamName) {
	t.Helper()
	n := 0
	for r, err := range s.Records(t.Context(), name, "", ingest.Window{Since: asOf.AddDate(0, 0, -logDays), Until: asOf}) {
		var again *ingest.Reread
		var gone *ingest.Forgotten
		if errors.As(err, &again) || errors.As(err, &gone) {
			continue // they concern days, not items
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		if len(r.Body) > 0 {
			n++
		}
	}
	if n == 0 {
		t.Errorf("%s: not an item", name)
	}
}
