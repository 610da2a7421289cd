package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"winnow/internal/access"
	"winnow/internal/fake/okta"
)

// testOrg starts an Okta org that takes writes, with the group g1 of three people,
// and writes a configuration for it and a plan that takes all three out: org
// CONFIG PLAN. The members are in the file members after each request.
func testOrg(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: org CONFIG PLAN")
	}
	dir := ts.MkAbs("org")
	ts.Check(os.MkdirAll(dir, 0o700))
	for name, text := range map[string]string{
		"users":         `{"id":"u1","status":"ACTIVE","profile":{"login":"u1@x.example"}}` + "\n" + `{"id":"u2","status":"ACTIVE"}` + "\n" + `{"id":"u3","status":"ACTIVE"}`,
		"groups":        `{"id":"g1","type":"OKTA_GROUP","profile":{"name":"Ledger Editors"}}`,
		"group_members": `{"parent_id":"g1","item":{"id":"u1"}}` + "\n" + `{"parent_id":"g1","item":{"id":"u2"}}` + "\n" + `{"parent_id":"g1","item":{"id":"u3"}}`,
	} {
		ts.Check(os.WriteFile(filepath.Join(dir, name+".ndjson"), []byte(text+"\n"), 0o600))
	}
	fake, err := okta.New(dir, okta.Options{APIToken: "t", Writable: true})
	ts.Check(err)
	members := ts.MkAbs("members")
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fake.ServeHTTP(w, r)
		_ = os.WriteFile(members, []byte(membersOf(fake)), 0o600) // a test that reads it fails then
	}))
	ts.Defer(web.Close)
	config := fmt.Sprintf("sources: {okta: {type: okta, org_url: %q, api_token: \"file:token\"}}\n", web.URL)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(config+ts.ReadFile(args[0])), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("token"), []byte("t"), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), orgPlan(ts, web.URL), 0o600))
}

// membersOf lists who is in g1.
func membersOf(fake *okta.Server) string {
	r := httptest.NewRequest(http.MethodGet, "/api/v1/groups/g1/users", nil)
	r.Header.Set("Authorization", "SSWS t")
	rec := httptest.NewRecorder()
	fake.ServeHTTP(rec, r)
	var list []struct{ ID string }
	if json.Unmarshal(rec.Body.Bytes(), &list) != nil {
		return rec.Body.String()
	}
	var ids []string
	for _, m := range list {
		ids = append(ids, m.ID)
	}
	return strings.Join(ids, " ") + "\n"
}

// orgPlan takes the three out of the group: u1 as the canary, u3 with privileged
// access.
func orgPlan(ts *testscript.TestScript, url string) []byte {
	expires := time.Now().Add(time.Hour).UTC().Truncate(time.Second)
	p := access.Plan{RunID: "run-1", AsOf: time.Now().UTC().Truncate(time.Second), DataDigest: "d", Expires: &expires, People: 1000}
	for i := 1; i <= 3; i++ {
		user := fmt.Sprintf("u%d", i)
		path := "/api/v1/groups/g1/users"
		member := func(w access.Want) []access.Condition {
			return []access.Condition{{Text: fmt.Sprintf("%s is %s in “Ledger Editors”", user, w), Path: path + "?limit=200", List: access.WholeAnswer,
				Where: []access.Field{{Key: "id", Value: user}}, Want: w}}
		}
		p.Operations = append(p.Operations, access.Operation{Kind: access.OperationRemove, Wave: min(i, 2), Sink: "test", Source: "okta", Tenant: url,
			Request: access.Request{Method: "DELETE", Path: path + "/" + user}, Inverse: []access.Request{{Method: "PUT", Path: path + "/" + user}},
			Reversible: true, Privileged: i == 3, Note: "take " + user + " out of “Ledger Editors”",
			Subject:       &access.Subject{IdentityID: "hr:" + user, AccountID: "okta:" + user, EntitlementID: "okta:g1"},
			Preconditions: member(access.Present), Verify: member(access.Absent)})
	}
	ts.Check(p.Seal())
	data, err := p.Encode()
	ts.Check(err)
	return data
}

// approver adds the public key that stands in a file to a configuration, under a
// name: approver CONFIG NAME FILE.
func approver(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: approver CONFIG NAME FILE")
	}
	line := fmt.Sprintf("    - {name: %s, public_key: %q}\n", args[1], strings.TrimSpace(ts.ReadFile(args[2])))
	text := strings.Replace(ts.ReadFile(args[0]), "  approvers:\n", "  approvers:\n"+line, 1)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// replaced replaces a text where it stands first in a file: replaced FILE OLD
// NEW.
func replaced(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 || !strings.Contains(ts.ReadFile(args[0]), args[1]) {
		ts.Fatalf("usage: replaced FILE OLD NEW, where OLD is in FILE")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Replace(ts.ReadFile(args[0]), args[1], args[2], 1)), 0o600))
}
