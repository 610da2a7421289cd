package okta_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"winnow/ingest"
	"winnow/ingest/okta"
	"winnow/ingest/sourcetest"
	fake "winnow/internal/fake/okta"
)

// TestTheModelsReadWhatWasWritten writes to an org, pulls its log with winnow's
// own client, and lets the models say who got and lost what.
func TestTheModelsReadWhatWasWritten(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"users":      `{"id":"00u1","status":"ACTIVE","profile":{"login":"ada@acme.example"}}`,
		"groups":     `{"id":"00g1","type":"OKTA_GROUP","profile":{"name":"Sales"}}`,
		"apps":       `{"id":"0oa1","label":"Ledger","signOnMode":"SAML_2_0"}` + "\n" + `{"id":"0oa2","label":"Wiki"}`,
		"app_groups": `{"parent_id":"0oa1","item":{"id":"00g1","priority":0}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name+".ndjson"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Date(2026, 5, 31, 9, 0, 0, 0, time.UTC)
	clock := func() time.Time { now = now.Add(time.Millisecond); return now }
	org, err := fake.New(dir, fake.Options{APIToken: "t", Writable: true, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(org)
	defer web.Close()
	for _, x := range []struct{ method, path, body string }{
		{"PUT", "/api/v1/groups/00g1/users/00u1", ""}, {"DELETE", "/api/v1/groups/00g1/users/00u1", ""},
		{"POST", "/api/v1/apps/0oa2/users", `{"id":"00u1"}`}, {"DELETE", "/api/v1/apps/0oa2/users/00u1", ""},
		{"PUT", "/api/v1/apps/0oa2/groups/00g1", ""}, {"DELETE", "/api/v1/apps/0oa2/groups/00g1", ""},
		{"POST", "/api/v1/users/00u1/lifecycle/deactivate", ""},
	} {
		r, err := http.NewRequestWithContext(t.Context(), x.method, web.URL+x.path, strings.NewReader(x.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "SSWS t")
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if _ = a.Body.Close(); a.StatusCode >= 300 {
			t.Fatalf("%s %s: %s", x.method, x.path, a.Status)
		}
	}
	c := okta.Config{OrgURL: web.URL, APIToken: "t"}
	c.REST.Now = func() time.Time { return now }
	own, err := okta.New(c)
	if err != nil {
		t.Fatal(err)
	}
	lines, _, err := sourcetest.Lines(t, own, okta.SystemLog, "", ingest.Window{Since: now.AddDate(0, 0, -1), Until: now.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir("../../../ingest/okta") // where the models are looked for from
	d := sourcetest.Open(t, "okta")
	d.Land(okta.SystemLog, "s", lines...)
	d.Same("events", `select kind, outcome, account, entitlement, other, actor, fault from landed.okta_system_log order by "at"`, `
grant|success|00u1|00g1|-|00uadministrator0001|-
grant|success|00u1|0oa1|-|sys00000000000000001|-
revoke|success|00u1|00g1|-|00uadministrator0001|-
revoke|success|00u1|0oa1|-|sys00000000000000001|-
grant|success|00u1|0oa2|-|00uadministrator0001|-
revoke|success|00u1|0oa2|-|00uadministrator0001|-
opens_grant|success|-|00g1|0oa2|00uadministrator0001|-
opens_revoke|success|-|00g1|0oa2|00uadministrator0001|-
other|success|-|-|-|-|-`)
}
