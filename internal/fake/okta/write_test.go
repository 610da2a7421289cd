package okta

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// small is an org with two people, a group of each kind, and two apps, of which
// the group g1 opens one.
var small = map[string]string{
	"users.ndjson": `{"id":"u1","status":"ACTIVE","profile":{"login":"a@x.example","email":"a@x.example","firstName":"A","lastName":"B"}}
{"id":"u2","status":"STAGED","profile":{"login":"c@x.example"}}`,
	"groups.ndjson": `{"id":"g1","type":"OKTA_GROUP","profile":{"name":"Sales"}}
{"id":"g2","type":"APP_GROUP","profile":{"name":"Imported"}}
{"id":"g3","type":"OKTA_GROUP","profile":{"name":"By rule"}}`,
	"group_members.ndjson": `{"parent_id":"g3","item":{"id":"u1","status":"ACTIVE"}}`,
	"group_rules.ndjson":   `{"id":"r1","status":"ACTIVE","name":"All","conditions":{"expression":{"value":"true"}},"actions":{"assignUserToGroups":{"groupIds":["g3"]}}}`,
	"apps.ndjson":          `{"id":"a1","label":"Ledger","signOnMode":"SAML_2_0"}` + "\n" + `{"id":"a2","label":"Wiki"}`,
	"app_groups.ndjson":    `{"parent_id":"a1","item":{"id":"g1","priority":0}}`,
}

var today = time.Date(2026, 5, 31, 9, 0, 0, 0, time.UTC)

// A desk writes to an org as a client would.
type desk struct {
	t   *testing.T
	s   *Server
	url string
}

// writable starts an org, which takes writes when the options say so.
func writable(t *testing.T, o Options) *desk {
	t.Helper()
	dir := t.TempDir()
	for name, text := range small {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o.APIToken, o.Now = "t", func() time.Time { return today }
	s, err := New(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	return &desk{t, s, web.URL}
}

// ask sends a request with a credential and returns the answer as one line.
func (d *desk) ask(credential, method, path, body string) string {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), method, d.url+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Authorization", credential)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return strings.TrimSpace(fmt.Sprint(resp.StatusCode, " ", string(b)))
}

// do asks with the API token: "PUT /path body".
func (d *desk) do(request string) string {
	d.t.Helper()
	parts := strings.SplitN(request, " ", 3)
	return d.ask("SSWS t", parts[0], parts[1], strings.Join(parts[2:], ""))
}

// want checks that an answer begins as it should.
func (d *desk) want(request, answer string) string {
	d.t.Helper()
	got := d.do(request)
	if !strings.HasPrefix(got, answer) {
		d.t.Errorf("%s: got %s, want %s", request, got, answer)
	}
	return got
}

// ids lists the ids of a list.
func (d *desk) ids(path string) string {
	d.t.Helper()
	_, body, _ := strings.Cut(d.do("GET "+path), " ")
	var items []struct{ ID string }
	if err := json.Unmarshal([]byte(body), &items); err != nil {
		d.t.Fatalf("%s: %v in %s", path, err, body)
	}
	out := []string{}
	for _, it := range items {
		out = append(out, it.ID)
	}
	return strings.Join(out, " ")
}

// told lists the types of the events of the log, with their targets, and who
// did it where that was the platform itself.
func (d *desk) told() string {
	d.t.Helper()
	_, body, _ := strings.Cut(d.do("GET /api/v1/logs?since=2026-05-01T00:00:00Z&limit=1000"), " ")
	var events []struct {
		EventType string
		Actor     struct{ Type string }
		Target    []struct{ ID, Type string }
	}
	if err := json.Unmarshal([]byte(body), &events); err != nil {
		d.t.Fatalf("%v in %s", err, body)
	}
	out := []string{}
	for _, e := range events {
		line := e.EventType
		for _, target := range e.Target {
			if target.Type != "AppUser" {
				line += " " + target.Type + ":" + target.ID
			}
		}
		if e.Actor.Type == "SystemPrincipal" {
			line += " (system)"
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// same compares.
func (d *desk) same(what, got, want string) {
	d.t.Helper()
	if got != want {
		d.t.Errorf("%s: got\n%s\nwant\n%s", what, got, want)
	}
}

func TestAnOrgThatIsNotWritableKnowsNoWrites(t *testing.T) {
	d := writable(t, Options{})
	d.want("PUT /api/v1/groups/g1/users/u1", `404 {"errorCode":"E0000022"`)
	d.want("POST /governance/api/v1/campaigns {}", `404 {"errorCode":"E0000022"`)
	d.same("members", d.ids("/api/v1/groups/g1/users"), "")
}

func TestMembersComeAndGoWithTheirApps(t *testing.T) {
	d := writable(t, Options{Writable: true})
	d.want("PUT /api/v1/groups/g1/users/u1", "204")
	d.want("PUT /api/v1/groups/g1/users/u1", "204") // again: nothing changes
	d.same("members", d.ids("/api/v1/groups/g1/users"), "u1")
	d.same("app", d.ids("/api/v1/apps/a1/users"), "u1")
	d.want("GET /api/v1/apps/a1/users/u1", `200 {"_links"`)
	d.want("DELETE /api/v1/apps/a1/users/u1", `403 {"errorCode":"E0000046"`) // a group opens it
	d.want("DELETE /api/v1/groups/g1/users/u1", "204")
	d.want("DELETE /api/v1/groups/g1/users/u1", "204")
	d.same("members", d.ids("/api/v1/groups/g1/users"), "")
	d.same("app", d.ids("/api/v1/apps/a1/users"), "")
	d.same("told", d.told(), `group.user_membership.add User:u1 UserGroup:g1
application.user_membership.add AppInstance:a1 User:u1 (system)
group.user_membership.remove User:u1 UserGroup:g1
application.user_membership.remove AppInstance:a1 User:u1 (system)`)
	d.want("PUT /api/v1/groups/g9/users/u1", `404 {"errorCode":"E0000007","errorSummary":"Not found: Resource not found: g9 (UserGroup)"`)
	d.want("PUT /api/v1/groups/g1/users/u9", `404 {"errorCode":"E0000007","errorSummary":"Not found: Resource not found: u9 (User)"`)
	d.want("PUT /api/v1/groups/g2/users/u1", `403 {"errorCode":"E0000006"`)
}

func TestRemovingARulesMemberExcludesForGood(t *testing.T) {
	d := writable(t, Options{Writable: true})
	d.want("DELETE /api/v1/groups/g3/users/u1", "204")
	d.same("told", d.told(), "group.user_membership.remove User:u1 UserGroup:g3\ngroup.user_membership.rule.add_exclusion User:u1 UserGroup:g3 GroupRule:r1 (system)")
	if rules := d.do("GET /api/v1/groups/rules"); !strings.Contains(rules, `"exclude":["u1"]`) || !strings.Contains(rules, `"value":"true"`) {
		t.Error(rules)
	}
}

func TestAppsAreGivenAndTaken(t *testing.T) {
	d := writable(t, Options{Writable: true})
	d.want(`POST /api/v1/apps/a2/users {"id":"u1","scope":"USER"}`, "200")
	d.want(`POST /api/v1/apps/a2/users {"id":"u9"}`, `404 {"errorCode":"E0000007"`)
	d.want(`POST /api/v1/apps/a2/users {}`, `400 {"errorCode":"E0000001"`)
	d.want(`POST /api/v1/apps/a2/users {`, `400 {"errorCode":"E0000003"`)
	d.want("DELETE /api/v1/apps/a2/users/u1", "204")
	d.want("DELETE /api/v1/apps/a2/users/u1", `404 {"errorCode":"E0000007","errorSummary":"Not found: Resource not found: u1 (AppUser)"`)
	d.want("PUT /api/v1/apps/a2/groups/g3", "200") // no body is no fault
	d.want(`PUT /api/v1/apps/a2/groups/g3 {"priority":4}`, "200")
	d.want("GET /api/v1/apps/a2/groups/g3", `200 {"_links"`)
	d.same("app", d.ids("/api/v1/apps/a2/users"), "u1")
	d.want(`POST /api/v1/apps/a2/users {"id":"u1","scope":"USER"}`, "200") // it becomes the user's own
	d.want("DELETE /api/v1/apps/a2/users/u1", `403 {"errorCode":"E0000046"`)
	d.want("DELETE /api/v1/apps/a2/groups/g3", "204")
	d.want("DELETE /api/v1/apps/a2/groups/g3", `404 {"errorCode":"E0000007"`)
	d.same("app", d.ids("/api/v1/apps/a2/users"), "u1") // and stays
	d.same("told", d.told(), `application.user_membership.add AppInstance:a2 User:u1
application.user_membership.remove AppInstance:a2 User:u1
group.application_assignment.add UserGroup:g3 AppInstance:a2
application.user_membership.add AppInstance:a2 User:u1 (system)
group.application_assignment.remove UserGroup:g3 AppInstance:a2`)
}

func TestALifeOfAUser(t *testing.T) {
	d := writable(t, Options{Writable: true})
	const who = `{"profile":{"login":"n@x.example","email":"n@x.example","firstName":"N","lastName":"O"}`
	made := d.want("POST /api/v1/users?activate=false "+who+`,"groupIds":["g1"]}`, "200")
	id := idOf([]byte(strings.TrimPrefix(made, "200 ")))
	d.want("POST /api/v1/users "+who+"}", `400 {"errorCode":"E0000001","errorSummary":"Api validation failed: login"`)
	d.want(`POST /api/v1/users {"profile":{}}`, `400 {"errorCode":"E0000001"`)
	d.want(`POST /api/v1/users {"profile":{"login":"p","email":"p","firstName":"P","lastName":"Q"},"groupIds":["g9"]}`, "404")
	life := "POST /api/v1/users/" + id + "/lifecycle/"
	d.want(life+"suspend", `400 {"errorCode":"E0000001"`) // staged, not active
	d.want(life+"activate?sendEmail=false", `200 {"activationToken":`)
	d.want(life+"activate", `403 {"errorCode":"E0000016"`)
	d.want(life+"deactivate", "200 {}")
	d.want(life+"deactivate", `403 {"errorCode":"E0000038"`)
	if u := d.do("GET /api/v1/users/" + id); !strings.Contains(u, `"status":"DEPROVISIONED"`) {
		t.Error(u)
	}
	if m := d.do("GET /api/v1/groups/g1/users"); !strings.Contains(m, `"status":"DEPROVISIONED"`) {
		t.Error("the group shows another status:", m)
	}
	d.same("app", d.ids("/api/v1/apps/a1/users"), "")
	d.want("DELETE /api/v1/users/"+id, "204")
	d.want("GET /api/v1/users/"+id, `404 {"errorCode":"E0000007"`)
	d.same("members", d.ids("/api/v1/groups/g1/users"), "")
	d.want("DELETE /api/v1/users/u1", "204") // deactivates only
	d.want("GET /api/v1/users/u1", "200")
	d.want("POST /api/v1/users/u9/lifecycle/suspend", "404")
	told := strings.ReplaceAll(d.told(), id, "new")
	if !strings.HasPrefix(told, "user.lifecycle.create User:new\ngroup.user_membership.add User:new UserGroup:g1\n") ||
		!strings.Contains(told, "user.lifecycle.delete.initiated User:new\nuser.lifecycle.delete.completed User:new (system)\nuser.lifecycle.deactivate User:u1") {
		t.Error(told)
	}
}

func TestSuspensionKeepsWhatIsHeld(t *testing.T) {
	d := writable(t, Options{Writable: true})
	d.want(`POST /api/v1/apps/a2/users {"id":"u1"}`, "200")
	d.want("POST /api/v1/users/u1/lifecycle/suspend", "200 {}")
	d.want("POST /api/v1/users/u1/lifecycle/suspend", "400")
	d.same("app", d.ids("/api/v1/apps/a2/users"), "u1")
	d.want("POST /api/v1/users/u1/lifecycle/unsuspend", "200 {}")
	d.want("POST /api/v1/users/u1/lifecycle/unsuspend", "400")
}

func TestWritesNeedTheirScope(t *testing.T) {
	d := writable(t, Options{Writable: true, ClientID: "app"})
	d.s.tokens["reads"] = token{[]string{"okta.groups.read"}, today.Add(time.Hour)}
	d.s.tokens["writes"] = token{[]string{"okta.groups.manage"}, today.Add(time.Hour)}
	for credential, want := range map[string]string{"Bearer reads": "403", "Bearer none": "401", "Bearer writes": "204"} {
		if got := d.ask(credential, "PUT", "/api/v1/groups/g1/users/u1", ""); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s", credential, got)
		}
	}
	for _, path := range []string{"POST /api/v1/users", "POST /api/v1/apps/a1/users", "POST /governance/api/v1/campaigns"} {
		method, path, _ := strings.Cut(path, " ")
		if got := d.ask("Bearer writes", method, path, "{}"); !strings.HasPrefix(got, "403") {
			t.Errorf("%s: %s", path, got)
		}
	}
	if log := d.do("GET /api/v1/logs?since=2026-05-01T00:00:00Z"); !strings.Contains(log, `"id":"app","type":"PublicClientApp"`) {
		t.Error("the log does not name the app:", log)
	}
}
