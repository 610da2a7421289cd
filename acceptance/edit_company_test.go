package acceptance_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/ingest/entra"
	"winnow/ingest/okta"
	"winnow/ingest/sourcetest"
	fakeentra "winnow/internal/fake/entra"
	fakeokta "winnow/internal/fake/okta"
)

// An estate is an Okta org and an Entra tenant in which every user holds one
// thing in one way, so that what an edit does to others shows.
type estate struct {
	okta, entra map[string][]string // lines by stream
	seen        map[string]bool
}

func newEstate() *estate {
	return &estate{okta: map[string][]string{}, entra: map[string][]string{}, seen: map[string]bool{}}
}

// add adds a line to a list, once.
func (e *estate) add(list map[string][]string, stream, format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	if key := fmt.Sprintf("%p %s %s", list, stream, line); !e.seen[key] {
		e.seen[key] = true
		list[stream] = append(list[stream], line)
	}
}

// The lines of the Okta org.

func (e *estate) oktaUser(id string) {
	e.add(e.okta, "users", `{"id":%q,"status":"ACTIVE","profile":{"login":"%s@acme.example","email":"%s@acme.example"}}`, id, id, id)
}

func (e *estate) oktaGroup(id, kind string) {
	e.add(e.okta, "groups", `{"id":%q,"type":%q,"profile":{"name":%q}}`, id, kind, "Group "+id)
}

func (e *estate) oktaApp(id string) {
	e.add(e.okta, "apps", `{"id":%q,"label":%q,"name":"x","status":"ACTIVE","signOnMode":"SAML_2_0"}`, id, "App "+id)
}

// in makes a user a member, and gives the group's apps, which must be opened before.
func (e *estate) in(user, group string, apps ...string) {
	e.add(e.okta, "group_members", `{"parent_id":%q,"item":{"id":%q,"status":"ACTIVE","profile":{"login":"%s@acme.example"}}}`, group, user, user)
	for _, app := range apps {
		e.oktaApp(app)
		e.add(e.okta, "app_groups", `{"parent_id":%q,"item":{"id":%q,"priority":0}}`, app, group)
		e.appUser(user, app, "GROUP")
	}
}

func (e *estate) appUser(user, app, scope string) {
	e.oktaApp(app)
	if key := "app user " + user + app; !e.seen[key] { // the first way to it decides
		e.seen[key] = true
		e.add(e.okta, "app_users", `{"parent_id":%q,"item":{"id":%q,"scope":%q,"status":"ACTIVE"}}`, app, user, scope)
	}
}

func (e *estate) oktaRule(id, group, status, excluded string) {
	e.add(e.okta, "group_rules", `{"id":%q,"name":"Rule %s","status":%q,"conditions":{"expression":{"value":"user.department==\"Sales\"","type":"urn:okta:expression:1.0"},"people":{"users":{"exclude":[%s]}}},"actions":{"assignUserToGroups":{"groupIds":[%q]}}}`,
		id, id, status, excluded, group)
}

// The lines of the Entra tenant.

func (e *estate) entraUser(id string) {
	e.add(e.entra, "users", `{"id":%q,"userPrincipalName":"%s@tenant.example","accountEnabled":true,"userType":"Member"}`, id, id)
}

func (e *estate) entraGroup(id, more string) {
	if more != "" {
		more = "," + more
	}
	e.add(e.entra, "groups", `{"id":%q,"displayName":%q%s}`, id, "Group "+id, more)
}

func (e *estate) member(of, id, kind string) {
	e.add(e.entra, "group_members", `{"parent_id":%q,"item":{"@odata.type":"#microsoft.graph.%s","id":%q}}`, of, kind, id)
}

func (e *estate) principal(id string, roles ...string) {
	var all []string
	for _, r := range roles {
		all = append(all, fmt.Sprintf(`{"id":%q,"displayName":%q,"allowedMemberTypes":["User"]}`, r, r))
	}
	e.add(e.entra, "service_principals", `{"id":%q,"appId":"app-%s","displayName":"App %s","servicePrincipalType":"Application","appRoles":[%s]}`, id, id, id, strings.Join(all, ","))
}

func (e *estate) appRole(id, app, role, principal, kind string) {
	if role == "" {
		role = "00000000-0000-0000-0000-000000000000"
	}
	e.add(e.entra, "app_role_assignments", `{"parent_id":%q,"item":{"id":%q,"resourceId":%q,"appRoleId":%q,"principalId":%q,"principalType":%q}}`, app, id, app, role, principal, kind)
}

func (e *estate) directoryRole(id, scope, role, principal string) {
	e.add(e.entra, "role_definitions", `{"id":%q,"displayName":"Role %s"}`, role, role)
	e.add(e.entra, "role_assignments", `{"id":%q,"principalId":%q,"roleDefinitionId":%q,"directoryScopeId":%q}`, id, principal, role, scope)
}

func (e *estate) mayActivate(id, role, principal string) {
	e.add(e.entra, "role_definitions", `{"id":%q,"displayName":"Role %s"}`, role, role)
	e.add(e.entra, "role_eligibilities", `{"id":%q,"principalId":%q,"roleDefinitionId":%q,"directoryScopeId":"/","memberType":"Direct","startDateTime":"2026-01-01T00:00:00Z"}`, id, principal, role)
}

// pack assigns a package, which holds groups, to a user.
func (e *estate) pack(assignment, pack, user string, groups ...string) {
	e.add(e.entra, "access_package_assignments", `{"id":%q,"state":"delivered","target":{"objectId":%q},"accessPackage":{"id":%q,"displayName":"Package %s"},"assignmentPolicy":{"id":"policy-1"}}`, assignment, user, pack, pack)
	for _, g := range groups {
		e.entraGroup(g, "")
		e.add(e.entra, "access_package_roles", `{"parent_id":%q,"item":{"id":"%s-%s","role":{"originId":"Member_%s","originSystem":"AadGroup"},"scope":{"originId":%q,"originSystem":"AadGroup"}}}`, pack, pack, g, g, g)
		e.member(g, user, "user")
	}
}

// A site is an estate that is served.
type site struct {
	okta, entra       string // base URLs
	scim, ping, auth0 string // likewise; empty where they are not served
	org               *fakeokta.Server
	tenant            *fakeentra.Server
}

var editDay = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// serve starts both fakes on the estate's lines.
func (e *estate) serve(t *testing.T) site {
	t.Helper()
	now := editDay.Add(-time.Hour)
	clock := func() time.Time { now = now.Add(time.Millisecond); return now }
	var s site
	var err error
	if s.org, err = fakeokta.New(written(t, e.okta), fakeokta.Options{APIToken: "t", Writable: true, Now: clock}); err != nil {
		t.Fatal(err)
	}
	if s.tenant, err = fakeentra.New(written(t, e.entra), fakeentra.Options{AccessToken: "t", Writable: true, Now: clock, PackageDelay: 2,
		Roles: []string{"GroupMember.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "User.ReadWrite.All", "RoleManagement.ReadWrite.Directory",
			"RoleAssignmentSchedule.ReadWrite.Directory", "RoleEligibilitySchedule.ReadWrite.Directory", "EntitlementManagement.ReadWrite.All"}}); err != nil {
		t.Fatal(err)
	}
	for url, h := range map[*string]http.Handler{&s.okta: s.org, &s.entra: s.tenant} {
		web := httptest.NewServer(h)
		t.Cleanup(web.Close)
		*url = web.URL
	}
	return s
}

// written writes streams as files.
func written(t *testing.T, lines map[string][]string) string {
	t.Helper()
	dir := t.TempDir()
	for _, stream := range slices.Sorted(maps.Keys(lines)) {
		if err := os.WriteFile(filepath.Join(dir, stream+".ndjson"), []byte(strings.Join(lines[stream], "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// pulled pulls the site into a new lake.
func (s site) pulled(t *testing.T) *tenant {
	t.Helper()
	c := newTenant(t, editDay.Format(time.DateOnly))
	c.settings["policy"] = []any{map[string]any{"revoke_precision": 0.95, "grant_precision": 0.9, "grant_grace_days": 90, "change_grace_days": 14,
		"hire_grace_days": 90, "max_input_age_days": 5, "wait_days": 7, "horizon_days": 90, "idle_method": "hazard", "min_peers": 5,
		"min_covered_days": 45, "hysteresis": 0.02}}
	waits := sourcetest.NewClock(editDay)
	oc := okta.Config{OrgURL: s.okta, APIToken: "t"}
	oc.REST.Now, oc.REST.Sleep = waits.Now, waits.Sleep
	org, err := okta.New(oc)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := entra.New(entra.Options{GraphURL: s.entra, AccessToken: "t", Now: waits.Now, Sleep: waits.Sleep})
	if err != nil {
		t.Fatal(err)
	}
	c.add("o", "okta", org)
	c.add("e", "entra", dir)
	s.addOthers(t, c)
	for stream, r := range c.pull(t) {
		if r.Err != nil || r.Quarantined > 0 {
			t.Fatalf("%s: %v %v", stream, r.Err, r.FirstFault)
		}
	}
	return c
}
