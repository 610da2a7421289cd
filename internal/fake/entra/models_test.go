package entra_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"winnow/ingest"
	"winnow/ingest/entra"
	"winnow/ingest/sourcetest"
	fake "winnow/internal/fake/entra"
)

// TestTheModelsReadWhatWasWritten writes to a tenant, pulls its audits with
// winnow's own client, and lets the models say who got and lost what.
func TestTheModelsReadWhatWasWritten(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"users":              `{"id":"u1","userPrincipalName":"ada@acme.example","accountEnabled":true}` + "\n" + `{"id":"u2","userPrincipalName":"bo@acme.example"}`,
		"groups":             `{"id":"g1","displayName":"Sales","groupTypes":[]}`,
		"service_principals": `{"id":"s1","displayName":"Ledger","appRoles":[{"id":"r1"}]}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name+".ndjson"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Date(2026, 5, 31, 9, 0, 0, 0, time.UTC)
	clock := func() time.Time { now = now.Add(time.Millisecond); return now }
	tenant, err := fake.New(dir, fake.Options{AccessToken: "t", Writable: true, Now: clock,
		Roles: []string{"GroupMember.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "User.ReadWrite.All"}})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(tenant)
	defer web.Close()
	send := sender(t, web.URL)
	send("POST", "groups/g1/members/$ref", `{"@odata.id":"https://graph.example/v1.0/directoryObjects/u1"}`)
	send("DELETE", "groups/g1/members/u1/$ref", "")
	id := send("POST", "servicePrincipals/s1/appRoleAssignedTo", `{"principalId":"u1","resourceId":"s1","appRoleId":"r1"}`)
	send("DELETE", "servicePrincipals/s1/appRoleAssignedTo/"+id, "")
	id = send("POST", "groups/g1/appRoleAssignments", `{"principalId":"g1","resourceId":"s1","appRoleId":"r1"}`)
	send("DELETE", "groups/g1/appRoleAssignments/"+id, "")
	send("PATCH", "users/u1", `{"accountEnabled":false}`)
	send("PATCH", "users/u1", `{"department":"Law"}`)
	send("DELETE", "users/u2", "")

	until := now.Add(time.Hour)
	own, err := entra.New(entra.Options{GraphURL: web.URL, AccessToken: "t", Now: func() time.Time { return until }})
	if err != nil {
		t.Fatal(err)
	}
	lines, _, err := sourcetest.Lines(t, own, entra.DirectoryAudits, "", ingest.Window{Since: now.Add(-time.Hour), Until: until})
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir("../../../ingest/entra") // where the models are looked for from
	d := sourcetest.Open(t, "entra")
	d.Land(entra.DirectoryAudits, "s", lines...)
	d.Same("audits", `select kind, outcome, account, entitlement, other, value, fault from landed.entra_directory_audits order by "at"`, `
grant|success|u1|g1|-|-|-
revoke|success|u1|g1|-|-|-
grant|success|u1|s1/r1|-|-|-
revoke|success|u1|s1/r1|-|-|-
opens_grant|success|-|g1|s1/r1|-|-
opens_revoke|success|-|g1|s1/r1|-|-
other|success|u1|-|-|-|-
account_change|success|u1|-|status|suspended|-
account_change|success|u1|-|department|Law|-
account_change|success|u2|-|status|deprovisioned|-`)
}

// sender returns a function that sends a request, which must succeed, and
// returns the id in the answer.
func sender(t *testing.T, base string) func(method, path, body string) string {
	return func(method, path, body string) string {
		r, err := http.NewRequestWithContext(t.Context(), method, base+"/v1.0/"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer t")
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = a.Body.Close() }()
		b, err := io.ReadAll(a.Body)
		if err != nil || a.StatusCode >= 300 {
			t.Fatalf("%s %s: %s %v", method, path, a.Status, err)
		}
		var o struct{ ID string }
		_ = json.Unmarshal(b, &o) // most answer nothing
		return o.ID
	}
}
