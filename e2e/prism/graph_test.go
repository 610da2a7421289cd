//go:build prism

package prism

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"winnow/ingest/entra"
	"winnow/internal/acme"
	fake "winnow/internal/fake/entra"
)

const (
	graph = "graph-v1.0-trimmed.yaml.gz"
	beta  = "graph-beta-auditlogs-trimmed.yaml.gz"
)

const reviewPath = "/identityGovernance/accessReviews/definitions"

var (
	graphPaths = []string{"/users", "/groups", "/groups/{group-id}/members", "/servicePrincipals", "/servicePrincipals/{servicePrincipal-id}/appRoleAssignedTo",
		"/roleManagement/directory/roleDefinitions", "/roleManagement/directory/roleAssignments",
		"/roleManagement/directory/roleEligibilityScheduleInstances", "/roleManagement/directory/roleAssignmentScheduleInstances",
		reviewPath, reviewPath + "/{accessReviewScheduleDefinition-id}/instances",
		reviewPath + "/{accessReviewScheduleDefinition-id}/instances/{accessReviewInstance-id}/decisions",
		"/auditLogs/signIns", "/auditLogs/directoryAudits"}
	betaPaths = []string{"/auditLogs/signIns"}
)

// version is the part of a path that Graph's specifications leave to the server.
func version(prefix string) string { return strings.TrimSuffix(prefix, "/") }

// TestGraph pulls every stream of a tenant through prism.
func TestGraph(t *testing.T) {
	dir := company(t, acme.Entra)
	privileged(t, dir)
	f, err := fake.New(dir, fake.Options{AccessToken: "t1", MaxPage: 5})
	if err != nil {
		t.Fatal(err)
	}
	j := open(t, f, map[string]string{"/v1.0/": cut(t, graph, mendGraph, graphPaths...), "/beta/": cut(t, beta, mendGraph, betaPaths...)}, version)
	c := &sleeper{at: asOf}
	s, err := entra.New(entra.Options{GraphURL: j.url, AccessToken: "t1", Now: c.now, Sleep: c.sleep})
	if err != nil {
		t.Fatal(err)
	}
	for _, stream := range s.Streams() {
		drain(t, s, stream.Name)
		j.accuse(t, string(stream.Name), graphExcuses)
	}
	j.sees(t, `"accountEnabled":true`, `"accountEnabled":"yes"`, graphExcuses, func() { drain(t, s, entra.Users) })
	j.sees(t, `"errorCode":0`, `"errorCode":"none"`, graphExcuses, func() { drain(t, s, entra.SignInsNoninteractive) })
}

// privileged adds what the company does not have: roles that may be activated,
// machines that sign in, and an access review.
func privileged(t *testing.T, dir string) {
	t.Helper()
	const user, role, principal = "11111111-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000002", "33333333-0000-4000-8000-000000000003"
	held := `"principalId":"` + user + `","roleDefinitionId":"` + role + `","directoryScopeId":"/","appScopeId":null,"memberType":"Direct","startDateTime":"2026-08-01T00:00:00Z","endDateTime":null`
	machine := `"createdDateTime":"2026-08-31T10:00:00Z","appId":"` + principal + `","servicePrincipalId":"` + principal + `","servicePrincipalName":"backup","userId":"","status":{"errorCode":0,"failureReason":"Other.","additionalDetails":null},"signInEventTypes":["`
	save(t, dir, map[string]string{
		"role_eligibilities":         `{"id":"e1",` + held + `,"roleEligibilityScheduleId":"s1"}`,
		"role_assignment_instances":  `{"id":"a1",` + held + `,"assignmentType":"Activated","roleAssignmentOriginId":"o1","roleAssignmentScheduleId":"s2"}`,
		"sign_ins_service_principal": `{"id":"p1",` + machine + `servicePrincipal"]}`,
		"sign_ins_managed_identity":  `{"id":"m1",` + machine + `managedIdentity"]}`,
		"access_package_assignments": `{"id":"k1","state":"delivered","status":"Delivered","target":{"id":"t1","objectId":"` + user + `"},"accessPackage":{"id":"p1","displayName":"Starter"},"assignmentPolicy":{"id":"q1"}}`,
		"access_packages":            `{"id":"p1","displayName":"Starter"}`,
		"access_package_roles":       `{"parent_id":"p1","item":{"id":"c1","role":{"id":"r1","originId":"Member_g1","originSystem":"AadGroup"},"scope":{"id":"s1","originId":"g1","originSystem":"AadGroup"}}}`,
		"access_reviews":             `{"id":"r1","displayName":"Spring","status":"Completed","createdDateTime":"2026-08-01T00:00:00Z"}`,
		"access_review_decisions":    `{"parent_id":"r1/i1","item":{"id":"d1","accessReviewId":"i1","decision":"Deny","reviewedDateTime":"2026-08-02T00:00:00Z","applyResult":"New"}}`,
	})
}

// The small directory of the writes.
const (
	adaID    = "11111111-0000-4000-8000-000000000001"
	salesID  = "22222222-0000-4000-8000-000000000002"
	ledgerID = "33333333-0000-4000-8000-000000000003"
	roleID   = "44444444-0000-4000-8000-000000000004"
)

// directory saves one user, one group and one app.
func directory(t *testing.T, dir string) {
	t.Helper()
	save(t, dir, map[string]string{
		"users":              `{"id":"` + adaID + `","displayName":"Ada","userPrincipalName":"ada@acme.example","accountEnabled":true}`,
		"groups":             `{"id":"` + salesID + `","displayName":"Sales","groupTypes":[],"mailEnabled":false}`,
		"service_principals": `{"id":"` + ledgerID + `","displayName":"Ledger","appRoles":[{"id":"` + roleID + `","isEnabled":true}]}`,
	})
}

// save writes one line into each file.
func save(t *testing.T, dir string, lines map[string]string) {
	t.Helper()
	for name, line := range lines {
		if err := os.WriteFile(filepath.Join(dir, name+".ndjson"), []byte(line+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A sleeper is a clock that moves when somebody sleeps, so that our client's
// budget for reports costs no time.
type sleeper struct {
	mu sync.Mutex
	at time.Time
}

func (s *sleeper) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

func (s *sleeper) sleep(ctx context.Context, d time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = s.at.Add(d)
	return ctx.Err()
}
