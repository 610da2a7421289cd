//go:build prism

package prism

import (
	"io"
	"net/http"
	"testing"
	"time"

	fakeentra "winnow/internal/fake/entra"
	fakeokta "winnow/internal/fake/okta"
	"winnow/internal/lake"
)

// answer sends a request, checks the status and returns the id in the answer.
func (j *judge) answer(t *testing.T, r *http.Request, status int) string {
	t.Helper()
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	if a.StatusCode != status {
		t.Errorf("%s %s: %d, want %d: %s", r.Method, r.URL.Path, a.StatusCode, status, b)
	}
	return lake.TextAt(b, "id")
}

// TestOktaWrites sends each write of provisioning through prism, and what the
// platform refuses.
func TestOktaWrites(t *testing.T) {
	f, err := fakeokta.New(governedOrg(t), fakeokta.Options{APIToken: "t1", Writable: true, Now: func() time.Time { return asOf }})
	if err != nil {
		t.Fatal(err)
	}
	const users, groups, apps = "/api/v1/users", "/api/v1/groups", "/api/v1/apps"
	j := open(t, f, map[string]string{"/api/v1/": cut(t, management, nil, users, users+"/{id}", users+"/{id}/lifecycle/activate",
		users+"/{id}/lifecycle/deactivate", users+"/{id}/lifecycle/suspend", users+"/{id}/lifecycle/unsuspend",
		groups+"/{groupId}/users/{userId}", groups+"/{groupId}/users", apps+"/{appId}/users", apps+"/{appId}/users/{userId}",
		apps+"/{appId}/groups/{groupId}", apps+"/{appId}/groups", "/api/v1/logs")}, here)
	const group, app = groups + "/00g00000000000000001", apps + "/0oa00000000000000001"
	id := j.send(t, http.MethodPost, users+"?activate=false", `{"profile":{"login":"bo@acme.example","email":"bo@acme.example","firstName":"Bo","lastName":"Lind"}}`, 200)
	j.send(t, http.MethodPost, users+"/"+id+"/lifecycle/activate?sendEmail=false", "", 200)
	j.send(t, http.MethodGet, users+"/"+id, "", 200)
	j.send(t, http.MethodPut, group+"/users/"+id, "", 204)
	j.send(t, http.MethodGet, group+"/users", "", 200)
	j.send(t, http.MethodPut, group+"/users/00unone", "", 404)
	j.send(t, http.MethodPost, app+"/users", `{"id":"`+id+`","scope":"USER"}`, 200)
	j.send(t, http.MethodGet, app+"/users/"+id, "", 200)
	j.send(t, http.MethodDelete, app+"/users/"+id, "", 204)
	j.send(t, http.MethodPut, app+"/groups/00g00000000000000001", `{"priority":0}`, 200)
	j.send(t, http.MethodGet, app+"/groups/00g00000000000000001", "", 200)
	j.send(t, http.MethodGet, app+"/users", "", 200)
	j.send(t, http.MethodDelete, app+"/users/"+id, "", 403)
	j.send(t, http.MethodDelete, app+"/groups/00g00000000000000001", "", 204)
	j.send(t, http.MethodDelete, group+"/users/"+id, "", 204)
	const ada = users + "/00u00000000000000001/lifecycle/"
	j.send(t, http.MethodPost, ada+"suspend", "", 200)
	j.send(t, http.MethodPost, ada+"suspend", "", 400)
	j.send(t, http.MethodPost, ada+"unsuspend", "", 200)
	j.send(t, http.MethodPost, ada+"deactivate", "", 200)
	j.send(t, http.MethodDelete, users+"/"+id, "", 204)
	j.accuse(t, "writes", oktaExcuses)
	j.send(t, http.MethodGet, "/api/v1/logs?since=2026-08-31T00:00:00Z&limit=4", "", 200)
	j.accuse(t, "their events", oktaExcuses)
}

// TestGraphWrites does so for Graph.
func TestGraphWrites(t *testing.T) {
	dir := t.TempDir()
	directory(t, dir)
	f, err := fakeentra.New(dir, fakeentra.Options{AccessToken: "t1", Writable: true, Now: func() time.Time { return asOf },
		Roles: []string{"GroupMember.ReadWrite.All", "User.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "AccessReview.ReadWrite.All"}})
	if err != nil {
		t.Fatal(err)
	}
	const definition, instance = reviewPath + "/{accessReviewScheduleDefinition-id}", "/instances/{accessReviewInstance-id}"
	j := open(t, f, map[string]string{"/v1.0/": cut(t, graph, mendGraph, "/users/{user-id}", "/groups/{group-id}/members/$ref",
		"/groups/{group-id}/members/{directoryObject-id}/$ref", "/servicePrincipals/{servicePrincipal-id}/appRoleAssignedTo",
		"/servicePrincipals/{servicePrincipal-id}/appRoleAssignedTo/{appRoleAssignment-id}", reviewPath, definition, definition+"/instances",
		definition+instance+"/decisions", definition+"/microsoft.graph.stop", "/auditLogs/directoryAudits")}, version)
	const members, given = "/v1.0/groups/" + salesID + "/members/", "/v1.0/servicePrincipals/" + ledgerID + "/appRoleAssignedTo"
	j.send(t, http.MethodPost, members+"$ref", `{"@odata.id":"`+j.url+`/v1.0/directoryObjects/`+adaID+`"}`, 204)
	j.send(t, http.MethodPost, members+"$ref", `{"@odata.id":"`+j.url+`/v1.0/directoryObjects/`+adaID+`"}`, 400)
	review := j.send(t, http.MethodPost, "/v1.0"+reviewPath, `{"displayName":"Spring","scope":{"@odata.type":"#microsoft.graph.accessReviewQueryScope","query":"/groups/`+salesID+`/transitiveMembers","queryType":"MicrosoftGraph"},
		"reviewers":[{"query":"./manager","queryType":"MicrosoftGraph","queryRoot":"decisions"}],"settings":{"instanceDurationInDays":7,"defaultDecision":"None"}}`, 201)
	j.send(t, http.MethodGet, "/v1.0"+reviewPath+"/"+review, "", 200)
	j.send(t, http.MethodGet, "/v1.0"+reviewPath+"/"+review+"/instances", "", 200)
	j.send(t, http.MethodPost, "/v1.0"+reviewPath+"/"+review+"/microsoft.graph.stop", "", 204)
	j.send(t, http.MethodDelete, members+adaID+"/$ref", "", 204)
	j.send(t, http.MethodDelete, members+adaID+"/$ref", "", 404)
	id := j.send(t, http.MethodPost, given, `{"principalId":"`+adaID+`","resourceId":"`+ledgerID+`","appRoleId":"`+roleID+`"}`, 201)
	j.send(t, http.MethodDelete, given+"/"+id, "", 204)
	j.send(t, http.MethodPatch, "/v1.0/users/"+adaID, `{"accountEnabled":false}`, 204)
	j.send(t, http.MethodGet, "/v1.0/users/"+adaID, "", 200)
	j.accuse(t, "writes", graphExcuses)
	j.send(t, http.MethodGet, "/v1.0/auditLogs/directoryAudits", "", 200)
	j.accuse(t, "their audits", graphExcuses)
	j.sees(t, `"appRoleId":"`, `"appRoleId":"no `, graphExcuses, func() {
		j.send(t, http.MethodPost, given, `{"principalId":"`+adaID+`","resourceId":"`+ledgerID+`","appRoleId":"`+roleID+`"}`, 201)
	})
}
