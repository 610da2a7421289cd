package entra

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"
)

// small is a tenant with two users, groups of each kind, and two apps.
var small = map[string]string{
	"users.ndjson": `{"id":"u1","displayName":"Ada","userPrincipalName":"ada@x.example","accountEnabled":true}
{"id":"u2","displayName":"Bo","userPrincipalName":"bo@x.example","accountEnabled":true,"onPremisesSyncEnabled":true}`,
	"groups.ndjson": `{"id":"g1","displayName":"Sales","groupTypes":[],"mailEnabled":false}
{"id":"dynamic","groupTypes":["DynamicMembership"]}
{"id":"synced","groupTypes":[],"onPremisesSyncEnabled":true}
{"id":"mail","groupTypes":[],"mailEnabled":true}
{"id":"roles","groupTypes":[],"isAssignableToRole":true}`,
	"group_members.ndjson":      `{"parent_id":"g1","item":{"id":"u2"}}` + "\n" + `{"parent_id":"dynamic","item":{"id":"u1"}}`,
	"service_principals.ndjson": `{"id":"s1","displayName":"Ledger","appRoles":[{"id":"r1"}]}` + "\n" + `{"id":"s2","displayName":"Wiki","appRoles":[]}`,
	"directory_audits.ndjson":   `{"id":"old","activityDateTime":"2026-05-01T00:00:00Z","activityDisplayName":"Add user"}`,
}

// every is all permissions.
var every = []string{writeMembers, writeUsers, writeAppRoles, writeReviews}

// A desk writes to a tenant as a client would.
type desk struct {
	t   *testing.T
	s   *Server
	url string
}

// tenant starts a tenant that takes writes, as far as the permissions go.
func tenant(t *testing.T, roles ...string) *desk {
	t.Helper()
	today := time.Date(2026, 5, 3, 9, 0, 0, 0, time.UTC)
	s, err := New(saved(t, small), Options{AccessToken: "token", Writable: true, Roles: roles, Now: func() time.Time { return today }})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	return &desk{t, s, web.URL}
}

// do sends "METHOD path body" and returns the answer as one line.
func (d *desk) do(request string) string {
	d.t.Helper()
	parts := append(strings.SplitN(request, " ", 3), "")
	r, err := http.NewRequestWithContext(d.t.Context(), parts[0], d.url+"/v1.0/"+parts[1], strings.NewReader(parts[2]))
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer token")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return strings.TrimSpace(strconv.Itoa(resp.StatusCode) + " " + string(b))
}

// want checks the status, and a part of the answer where one is given.
func (d *desk) want(request, status, part string) string {
	d.t.Helper()
	got := d.do(request)
	if !strings.HasPrefix(got, status) || !strings.Contains(got, part) {
		d.t.Errorf("%s: got %s, want %s with %s", request, got, status, part)
	}
	return strings.TrimPrefix(got, status+" ")
}

// ids lists the ids of a list.
func (d *desk) ids(path string) string {
	d.t.Helper()
	return idsOf(d.t, d.want("GET "+path, "200", ""))
}

// told lists the activities of the log in the order in which they happened,
// with their targets.
func (d *desk) told() string {
	d.t.Helper()
	var page struct {
		Value []struct {
			ActivityDisplayName string
			TargetResources     []struct {
				ID, Type           string
				ModifiedProperties []struct{ DisplayName, OldValue, NewValue string }
			}
		}
	}
	if err := json.Unmarshal([]byte(d.want("GET auditLogs/directoryAudits?$filter=activityDateTime%20ge%202026-05-02T00:00:00Z", "200", "")), &page); err != nil {
		d.t.Fatal(err)
	}
	out := []string{}
	for _, e := range page.Value {
		line := e.ActivityDisplayName
		for _, target := range e.TargetResources {
			line += " " + target.Type + ":" + target.ID
			for _, p := range target.ModifiedProperties {
				if p.DisplayName != "Group.DisplayName" && p.DisplayName != "User.UPN" {
					line += " " + p.DisplayName + p.OldValue + ">" + p.NewValue
				}
			}
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func (d *desk) same(what, got, want string) {
	d.t.Helper()
	if got != want {
		d.t.Errorf("%s: got\n%s\nwant\n%s", what, got, want)
	}
}

const reference = `{"@odata.id":"https://graph.example/v1.0/directoryObjects/u1"}`

func TestATenantThatIsNotWritableKnowsNoWrites(t *testing.T) {
	s, err := New(saved(t, small), Options{AccessToken: "token", Roles: every})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s)
	defer web.Close()
	d := &desk{t, s, web.URL}
	d.want("POST groups/g1/members/$ref "+reference, "400", "Resource not found for the segment '$ref'")
	d.want("DELETE users/u1", "400", "BadRequest")
	d.same("members", d.ids("groups/g1/members"), "u2")
}

func TestMembersComeAndGo(t *testing.T) {
	d := tenant(t, every...)
	d.want("POST groups/g1/members/$ref "+reference, "204", "")
	d.want("POST groups/g1/members/$ref "+reference, "400", "One or more added object references already exist for the following modified properties: 'members'.")
	d.same("members", d.ids("groups/g1/members"), "u2 u1")
	d.want("DELETE groups/g1/members/u1/$ref", "204", "")
	d.want("DELETE groups/g1/members/u1/$ref", "404", "Request_ResourceNotFound")
	d.want("GET users/u1", "200", "ada@x.example") // the user is still there
	d.same("told", d.told(), `Add member to group User:u1 Group.ObjectID>"g1" Group:g1
Remove member from group User:u1 Group.ObjectID"g1"> Group:g1`)
	for body, status := range map[string]string{`{"@odata.id":"u1"}`: "400", `{"@odata.id":"https://graph.example/v1.0/me/u1"}`: "400", `{`: "400",
		`{"@odata.id":"https://graph.example/v1.0/users/u9"}`: "404"} {
		d.want("POST groups/g1/members/$ref "+body, status, "")
	}
	d.want("POST groups/g9/members/$ref "+reference, "404", "'g9'")
	for group, message := range map[string]string{"dynamic": "membership rule", "synced": "on-premises mastered", "mail": "mail-enabled"} {
		d.want("POST groups/"+group+"/members/$ref "+reference, "400", message)
	}
	d.want("DELETE groups/dynamic/members/u1/$ref", "400", "membership rule")
	d.want("POST groups/roles/members/$ref "+reference, "403", "Authorization_RequestDenied")
}

// TestBodiesMayBePacked: the vendor's SDK packs them.
func TestBodiesMayBePacked(t *testing.T) {
	d := tenant(t, every...)
	for packed, want := range map[string]int{gzipped(t, reference): 204, reference: 400} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.url+"/v1.0/groups/g1/members/$ref", strings.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer token")
		r.Header.Set("Content-Encoding", "gzip")
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%q: %s", packed, resp.Status)
		}
	}
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b strings.Builder
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestWithoutRefTheMemberItselfGoes is the trap of the platform.
func TestWithoutRefTheMemberItselfGoes(t *testing.T) {
	d := tenant(t, writeMembers)
	d.want("DELETE groups/g1/members/u2", "403", "Authorization_RequestDenied") // no right to delete users
	d = tenant(t, every...)
	d.want("DELETE groups/g1/members/u1", "404", "")
	d.want("DELETE groups/g1/members/u2", "204", "")
	d.want("GET users/u2", "404", "")
	d.same("users", d.ids("users"), "u1")
	d.same("told", d.told(), "Delete user User:u2")
}

func TestAppRolesAreGivenAndTaken(t *testing.T) {
	d := tenant(t, every...)
	const ask = `{"principalId":"u1","resourceId":"s1","appRoleId":"r1"}`
	given := d.want("POST servicePrincipals/s1/appRoleAssignedTo "+ask, "201", `"principalType":"User"`)
	id := item{body: []byte(given)}.text("id")
	d.want("POST users/u1/appRoleAssignments "+ask, "400", "already exists")
	d.same("of the app", d.ids("servicePrincipals/s1/appRoleAssignedTo"), id)
	d.same("of the user", d.ids("users/u1/appRoleAssignments"), id)
	for body, status := range map[string]string{strings.Replace(ask, "r1", "r2", 1): "400", strings.Replace(ask, "r1", nobody, 1): "400",
		strings.Replace(ask, "u1", "u9", 1): "404", strings.Replace(ask, "s1", "s2", 1): "400"} {
		d.want("POST servicePrincipals/s1/appRoleAssignedTo "+body, status, "")
	}
	d.want(`POST groups/g1/appRoleAssignments {"principalId":"g1","resourceId":"s2","appRoleId":"`+nobody+`"}`, "201", `"principalType":"Group"`)
	d.want("DELETE servicePrincipals/s2/appRoleAssignedTo/"+id, "404", "")
	d.want("DELETE users/u1/appRoleAssignments/"+id, "204", "")
	d.want("DELETE servicePrincipals/s1/appRoleAssignedTo/"+id, "404", "")
	d.same("told", d.told(), `Add app role assignment grant to user ServicePrincipal:s1 AppRole.Id>"r1" User.ObjectID>"u1" User:u1
Add app role assignment to group ServicePrincipal:s2 AppRole.Id>"00000000-0000-0000-0000-000000000000" Group.ObjectID>"g1" Group:g1
Remove app role assignment from user ServicePrincipal:s1 AppRole.Id"r1"> User.ObjectID"u1"> User:u1`)
}

func TestAccountsAreDisabledAndEnabled(t *testing.T) {
	d := tenant(t, enableUsers)
	d.want(`PATCH users/u1 {"accountEnabled":false}`, "204", "")
	d.want(`PATCH users/u1 {"accountEnabled":false}`, "204", "") // again: nothing changes
	d.want("GET users/u1", "200", `"accountEnabled":false`)
	d.want(`PATCH users/u1 {"accountEnabled":true,"department":"Law"}`, "403", "")
	d.want(`PATCH users/u2 {"accountEnabled": true}`, "204", "")
	d.want(`PATCH users/u9 {"accountEnabled":true}`, "404", "")
	d.same("told", d.told(), "Update user User:u1 AccountEnabled[true]>[false]\nDisable account User:u1 AccountEnabled[true]>[false]")
	d = tenant(t, writeUsers)
	d.want(`PATCH users/u1 {"department":"Law"}`, "204", "")
	d.want(`PATCH users/u2 {"department":"Law"}`, "400", "on-premises mastered")
	d.want(`PATCH users/u1 {"accountEnabled":"no"}`, "400", "")
	d.want(`PATCH users/u1 {"shoeSize":44}`, "400", "")
	d.same("told", d.told(), `Update user User:u1 Department[]>["Law"]`)
	d.want("DELETE users/u1", "204", "")
	d.want("DELETE users/u1", "404", "")
}

func TestWritesNeedTheirPermission(t *testing.T) {
	d := tenant(t) // opaque tokens carry none
	for _, request := range []string{"POST groups/g1/members/$ref " + reference, "DELETE groups/g1/members/u2/$ref", "DELETE groups/g1/members/u2",
		`PATCH users/u1 {"accountEnabled":false}`, "DELETE users/u1", "POST servicePrincipals/s1/appRoleAssignedTo {}", "DELETE users/u1/appRoleAssignments/x",
		"POST identityGovernance/accessReviews/definitions {}", "POST identityGovernance/accessReviews/definitions/x/stop"} {
		d.want(request, "403", "Authorization_RequestDenied")
	}
	d.same("told", d.told(), "")
}
