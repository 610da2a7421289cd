package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"winnow/export/apply"
	"winnow/internal/fake/entra"
	"winnow/internal/fake/okta"
)

// command runs one command line at an instant and returns what it printed and
// its exit status.
func command(t *testing.T, at time.Time, args ...string) (string, int) {
	t.Helper()
	var out, errs bytes.Buffer
	a := &app{stdout: &out, stderr: &errs, now: func() time.Time { return at }}
	root := a.root()
	root.SetArgs(args)
	status := a.report(root.ExecuteContextC(t.Context()))
	t.Logf("winnow %s: %d\n%s", strings.Join(args, " "), status, errs.String())
	return out.String(), status
}

// holdings lists the members of every group of the served platforms.
func holdings(t *testing.T, org, tenant http.Handler) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	read := func(h http.Handler, credential, path, key string) []map[string]any {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Authorization", credential)
		rec := httptest.NewRecorder()
		if h.ServeHTTP(rec, r); rec.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", path, rec.Code, rec.Body)
		}
		body := rec.Body.Bytes()
		if key != "" {
			var of map[string]json.RawMessage
			if err := json.Unmarshal(body, &of); err != nil {
				t.Fatal(err)
			}
			body = of[key]
		}
		var list []map[string]any
		if err := json.Unmarshal(body, &list); err != nil {
			t.Fatal(err)
		}
		return list
	}
	for _, g := range read(org, "SSWS t", "/api/v1/groups?limit=10000", "") {
		for _, u := range read(org, "SSWS t", fmt.Sprintf("/api/v1/groups/%v/users?limit=1000", g["id"]), "") {
			out[fmt.Sprint(g["id"], " ", u["id"])] = true
		}
	}
	for _, g := range read(tenant, "Bearer t", "/v1.0/groups?$top=999", "value") {
		for _, u := range read(tenant, "Bearer t", fmt.Sprintf("/v1.0/groups/%v/members?$top=999", g["id"]), "value") {
			out[fmt.Sprint(g["id"], " ", u["id"])] = true
		}
	}
	return out
}

// served serves a demo's Okta and Entra as live platforms and makes its
// configuration name them, with an approver for each key.
func served(t *testing.T, town string, keys ...string) (org, tenant http.Handler) {
	t.Helper()
	o, errOkta := okta.New(filepath.Join(town, "okta"), okta.Options{APIToken: "t", Writable: true})
	e, errEntra := entra.New(filepath.Join(town, "entra"), entra.Options{AccessToken: "t", Writable: true,
		Roles: []string{"GroupMember.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "RoleManagement.ReadWrite.Directory", "EntitlementManagement.ReadWrite.All"}})
	if errOkta != nil || errEntra != nil {
		t.Fatal(errOkta, errEntra)
	}
	orgWeb, tenantWeb := httptest.NewServer(o), httptest.NewServer(e)
	t.Cleanup(orgWeb.Close)
	t.Cleanup(tenantWeb.Close)
	path := filepath.Join(town, "winnow.yaml")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(b), `dir: okta, org_url: "https://acme.okta.example"`, fmt.Sprintf("org_url: %q, api_token: \"file:token\"", orgWeb.URL), 1)
	text = strings.Replace(text, "dir: entra, ", fmt.Sprintf("graph_url: %q, access_token: \"file:token\", ", tenantWeb.URL), 1)
	text += "apply:\n  caps: {share: 0, person: 0, manager: 0, day: 40}\n  canary: 2\n  canary_hours: 24\n  approvers:\n"
	for i, key := range keys {
		public, status := command(t, time.Now(), "approve", "--new-key", key)
		if status != exitDone {
			t.Fatal("no key was made")
		}
		text += fmt.Sprintf("    - {name: p%d, public_key: %q}\n", i, strings.TrimSpace(public))
	}
	for name, text := range map[string]string{path: text, filepath.Join(town, "token"): "t"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return o, e
}

// TestPlanLive takes a company through it all: mined, planned, approved by two,
// applied on its live platforms in two waves, and taken back.
func TestPlanLive(t *testing.T) {
	if testing.Short() {
		t.Skip("mines a company")
	}
	town := filepath.Join(t.TempDir(), "town")
	if _, status := command(t, time.Now(), "demo", "--people", "60", "--keep", town); status != exitDone {
		t.Fatal("there is no company")
	}
	ada, bo := filepath.Join(t.TempDir(), "ada.pem"), filepath.Join(t.TempDir(), "bo.pem")
	org, tenant := served(t, town, ada, bo)
	first := holdings(t, org, tenant)
	at := time.Date(2026, 9, 1, 6, 0, 0, 0, time.UTC)
	config, plan := filepath.Join(town, "winnow.yaml"), filepath.Join(town, "out", "change.json")
	do := func(at time.Time, want int, args ...string) (r apply.Report) {
		t.Helper()
		out, status := command(t, at, append([]string{"-c", config, "--json"}, args...)...)
		if status != want {
			t.Fatalf("%v: status %d, want %d", args, status, want)
		}
		if err := json.Unmarshal([]byte(out), &r); err != nil && args[0] != "plan" && args[0] != "approve" {
			t.Fatalf("%v: %v in %s", args, err, out)
		}
		return r
	}
	do(at, exitDone, "plan")
	do(at, exitDone, "approve", plan, "--key", ada)
	do(at, exitDone, "approve", plan, "--key", bo)
	if r := do(at, exitDone, "apply", plan); len(r.Operations) < 5 || len(first) != len(holdings(t, org, tenant)) {
		t.Fatalf("a look at %d operations", len(r.Operations))
	}
	canary := do(at.Add(time.Hour), exitPart, "apply", plan, "--yes")
	done := do(at.Add(26*time.Hour), exitDone, "apply", plan, "--yes")
	if n := canary.Count(apply.Done); n == 0 || n == len(done.Operations) || done.Count(apply.Done) != len(done.Operations) {
		t.Errorf("the canary: %d done, then %d of %d", n, done.Count(apply.Done), len(done.Operations))
	}
	t.Logf("%d operations, %d of them in the canary", len(done.Operations), canary.Count(apply.Done))
	if then := holdings(t, org, tenant); len(then) >= len(first) {
		t.Errorf("%d memberships before, %d after", len(first), len(then))
	}
	do(at.Add(100*time.Hour), exitDone, "apply", plan, "--yes") // it expired, and there is nothing left of it
	back := do(at.Add(200*time.Hour), exitDone, "rollback", plan, "--yes")
	then := holdings(t, org, tenant)
	for k := range first {
		if !then[k] {
			t.Errorf("not restored: %s", k)
		}
	}
	if len(then) != len(first) || back.Count(apply.Done) != len(back.Operations) {
		t.Errorf("%d memberships before, %d after the rollback of %d of %d", len(first), len(then), back.Count(apply.Done), len(back.Operations))
	}
	if _, status := command(t, at, "-c", config, "audit", "verify"); status != exitDone {
		t.Error("the audit trail is not whole")
	}
}
