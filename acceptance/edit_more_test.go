package acceptance_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"winnow/export"
	exportauth0 "winnow/export/auth0"
	exportping "winnow/export/ping"
	exportscim "winnow/export/scim"
	"winnow/ingest/auth0"
	"winnow/ingest/ping"
	"winnow/ingest/scim"
	"winnow/internal/access"
	fakeauth0 "winnow/internal/fake/auth0"
	fakeping "winnow/internal/fake/ping"
	fakescim "winnow/internal/fake/scim"
)

// serviceConfig is what the SCIM provider says of itself.
const serviceConfig = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],"patch":{"supported":true},` +
	`"bulk":{"supported":true,"maxOperations":3,"maxPayloadSize":100000},"filter":{"supported":true,"maxResults":200}}`

// others serves a SCIM provider, a PingOne environment and an Auth0 tenant.
func (s *site) others(t *testing.T, lines map[string]map[string][]string) {
	t.Helper()
	serve := func(h http.Handler, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		web := httptest.NewServer(h)
		t.Cleanup(web.Close)
		return web.URL
	}
	provider, err := fakescim.New(written(t, lines["scim"]), fakescim.Options{Token: "t", Writable: true, Config: serviceConfig, MaxBulk: 3})
	s.scim = serve(provider, err)
	environment, err := fakeping.New(written(t, lines["ping"]), fakeping.Options{EnvironmentID: "e1", ClientID: "w1", ClientSecret: "s1", Writable: true})
	s.ping = serve(environment, err)
	tenant, err := fakeauth0.New(written(t, lines["auth0"]), fakeauth0.Options{ClientID: "m2m", ClientSecret: "s1", Writable: true})
	s.auth0 = serve(tenant, err)
}

// addOthers registers them as sources.
func (s site) addOthers(t *testing.T, c *tenant) {
	t.Helper()
	if s.scim == "" {
		return
	}
	provider, err := scim.New(scim.Config{BaseURL: s.scim + "/scim/v2", AccessToken: "t"})
	if err != nil {
		t.Fatal(err)
	}
	environment, err := ping.New(ping.Config{EnvironmentID: "e1", ClientID: "w1", ClientSecret: "s1", APIURL: s.ping + "/v1", AuthURL: s.ping})
	if err != nil {
		t.Fatal(err)
	}
	tenant, err := auth0.New(auth0.Config{TenantURL: s.auth0, ClientID: "m2m", ClientSecret: "s1"})
	if err != nil {
		t.Fatal(err)
	}
	c.add("s", "scim", provider)
	c.add("p", "ping", environment)
	c.add("a", "auth0", tenant)
}

// otherSinks are the sinks of those that are served.
func (s site) otherSinks(t *testing.T) []export.Sink {
	t.Helper()
	if s.scim == "" {
		return nil
	}
	service, err := exportscim.Describe([]byte(serviceConfig))
	if err != nil {
		t.Fatal(err)
	}
	provider, err := exportscim.New(exportscim.Config{Source: "s", BaseURL: s.scim + "/scim/v2", Service: &service})
	if err != nil {
		t.Fatal(err)
	}
	environment, err := exportping.New(exportping.Config{Source: "p", EnvironmentID: "e1"})
	if err != nil {
		t.Fatal(err)
	}
	tenant, err := exportauth0.New(exportauth0.Config{Source: "a", URL: s.auth0})
	if err != nil {
		t.Fatal(err)
	}
	return []export.Sink{provider, environment, tenant}
}

// dress gives a request the credential of the platform that it goes to.
func (s site) dress(r *http.Request) {
	for base, credential := range map[string]string{s.ping: "Bearer worker", s.auth0: "Bearer mgmt"} {
		if base != "" && strings.HasSuffix(base, r.URL.Host) {
			r.Header.Set("Authorization", credential)
		}
	}
	r.Header.Set("Accept", "application/scim+json, application/json")
}

// TestPlannerElsewhere takes SCIM, PingOne and Auth0 through the same circle, and
// grants on every platform, whose inverses take them back.
func TestPlannerElsewhere(t *testing.T) {
	e := newEstate()
	e.oktaUser("00u1")
	e.oktaGroup("g1", "OKTA_GROUP")
	e.oktaApp("a1")
	e.oktaRule("r1", "g2", "ACTIVE", "")
	e.oktaGroup("g2", "OKTA_GROUP")
	e.entraUser("u1")
	e.entraGroup("h1", "")
	e.entraGroup("h2", `"isAssignableToRole":true`)
	e.principal("s1", "r1")
	e.principal("s2")
	s := e.serve(t)
	s.others(t, map[string]map[string][]string{
		"scim": {"users": {`{"id":"m1","userName":"m1","active":true,"roles":[{"value":"auditor"},{"value":"clerk"}]}`, `{"id":"m2","userName":"m2","active":true}`},
			"groups": {`{"id":"k1","displayName":"K1","members":[{"value":"m1","type":"User"},{"value":"m2","type":"User"}]}`,
				`{"id":"k2","displayName":"K2","members":[{"value":"k3","type":"Group"}]}`, `{"id":"k3","displayName":"K3","members":[{"value":"m1","type":"User"}]}`}},
		"ping": {"users": {`{"id":"v1","username":"v1","enabled":true}`, `{"id":"v2","username":"v2","enabled":true}`},
			"groups":            {`{"id":"q1","name":"Q1"}`, `{"id":"q2","name":"Q2","userFilter":"population.id eq \"p\""}`, `{"id":"q3","name":"Q3"}`, `{"id":"q4","name":"Q4"}`},
			"group_memberships": {`{"parent_id":"v1","item":{"id":"q1","name":"Q1","type":"DIRECT"}}`, `{"parent_id":"v1","item":{"id":"q2","name":"Q2","type":"DIRECT"}}`, `{"parent_id":"v1","item":{"id":"q4","name":"Q4","type":"DIRECT"}}`},
			"group_nesting":     {`{"parent_id":"q4","item":{"id":"q3","name":"Q3","type":"DIRECT"}}`}},
		"auth0": {"users": {`{"user_id":"auth0|1","email":"w1@elsewhere.example","created_at":"2024-02-01T08:00:00.000Z"}`}, "roles": {`{"id":"rol_1","name":"One"}`, `{"id":"rol_2","name":"Two"}`},
			"role_users": {`{"parent_id":"rol_1","item":{"user_id":"auth0|1"}}`}},
	})
	s.circle(t, []removalCase{
		{name: "scim: a member", account: "s:m1", wanted: "s:k1", verdict: "remove", edits: "remove_member k1"},
		{name: "scim: a member of a nested group", account: "s:m1", wanted: "s:k2", verdict: "remove", edits: "remove_member k3", effects: "k3"},
		{name: "scim: a role", account: "s:m1", wanted: "s:role/auditor", verdict: "remove", edits: "remove_value role/auditor"},
		{name: "scim: a grant", account: "s:m2", wanted: "s:k3", verdict: "give", edits: "add_member k3", effects: "k2"},
		{name: "scim: a role granted", account: "s:m2", wanted: "s:role/clerk", verdict: "give", edits: "add_value role/clerk"},
		{name: "ping: a member", account: "p:v1", wanted: "p:q1", verdict: "remove", edits: "remove_member q1"},
		{name: "ping: a member by a filter", account: "p:v1", wanted: "p:q2", verdict: "change_rule", edits: "change_rule q2"},
		{name: "ping: a member of a nested group", account: "p:v1", wanted: "p:q3", verdict: "remove", edits: "remove_member q4", effects: "q4"},
		{name: "ping: a grant", account: "p:v2", wanted: "p:q1", verdict: "give", edits: "add_member q1"},
		{name: "ping: a grant that a filter decides", account: "p:v2", wanted: "p:q2", verdict: "by_hand", edits: "by_hand q2"},
		{name: "auth0: a role", account: "a:auth0|1", wanted: "a:rol_1", verdict: "remove", edits: "remove_role rol_1"},
		{name: "auth0: a grant", account: "a:auth0|1", wanted: "a:rol_2", verdict: "give", edits: "add_role rol_2"},
		{name: "okta: a grant of a group", account: "o:00u1", wanted: "o:g1", verdict: "give", edits: "add_member g1"},
		{name: "okta: a grant of an app", account: "o:00u1", wanted: "o:a1", verdict: "give", edits: "add_app_user a1"},
		{name: "okta: a grant that a rule decides", account: "o:00u1", wanted: "o:g2", verdict: "by_hand", edits: "by_hand g2"},
		{name: "entra: a grant of a group", account: "e:u1", wanted: "e:h1", verdict: "give", edits: "add_member h1"},
		{name: "entra: a grant that is privileged", account: "e:u1", wanted: "e:h2", verdict: "by_hand", edits: "by_hand h2"},
		{name: "entra: a grant of an app without roles", account: "e:u1", wanted: "e:s2", verdict: "give", edits: "add_app_role s2"},
		{name: "entra: a grant of an app with roles", account: "e:u1", wanted: "e:s1", verdict: "by_hand", edits: "by_hand s1"},
		{name: "entra: a grant of an app role", account: "e:u1", wanted: "e:s1/r1", verdict: "give", edits: "add_app_role s1/r1", effects: "s1"},
	}, "")
	s.bulk(t)
}

// bulk sends several edits of the provider in as few requests as it takes.
func (s site) bulk(t *testing.T) {
	t.Helper()
	service, err := exportscim.Describe([]byte(serviceConfig))
	if err != nil {
		t.Fatal(err)
	}
	leave := func(group, user string) access.Request {
		return access.Request{Method: "PATCH", Path: "/Groups/" + group, Body: []byte(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove","path":"members[value eq \"` + user + `\"]"}]}`)}
	}
	packed, err := service.Pack([]access.Request{leave("k1", "m1"), leave("k1", "m2"), leave("k3", "m1"), leave("k2", "k3")})
	if err != nil || len(packed) != 2 {
		t.Fatalf("%d requests, %v", len(packed), err)
	}
	for _, r := range packed {
		if status, body := s.send(t, s.scim+"/scim/v2", r); status != http.StatusOK || strings.Count(string(body), `"204"`) == 0 {
			t.Errorf("%d %s", status, body)
		}
	}
	for _, group := range []string{"k1", "k2", "k3"} {
		if _, body := s.send(t, s.scim+"/scim/v2", access.Request{Method: "GET", Path: "/Groups/" + group}); strings.Contains(string(body), `"value"`) {
			t.Errorf("%s still has members: %s", group, body)
		}
	}
}
