package entra_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	fake "winnow/internal/fake/entra"
)

// TestRolesAndPackages gives and takes roles by schedule, and an access package,
// which is asked for at once and carried out later.
func TestRolesAndPackages(t *testing.T) {
	send := granting(t)
	const roles = "roleManagement/directory/"
	role := func(action string) string {
		return `{"action":"` + action + `","principalId":"u1","roleDefinitionId":"d1","directoryScopeId":"/"}`
	}
	for _, c := range []struct {
		method, path, body string
		status             int
		says               string
	}{
		{"POST", roles + "roleAssignmentScheduleRequests", role("adminRemove"), 400, "RoleAssignmentDoesNotExist"},
		{"POST", roles + "roleAssignmentScheduleRequests", role("adminAssign"), 201, "Provisioned"},
		{"POST", roles + "roleAssignmentScheduleRequests", role("adminAssign"), 400, "RoleAssignmentExists"},
		{"GET", roles + "roleAssignments?$filter=principalId%20eq%20'u1'", "", 200, `"roleDefinitionId":"d1"`},
		{"POST", roles + "roleEligibilityScheduleRequests", role("adminAssign"), 403, "Insufficient privileges"},
		{"POST", roles + "roleAssignmentScheduleRequests", role("adminRemove"), 201, "Revoked"},
		{"GET", roles + "roleAssignments?$filter=principalId%20eq%20'u1'", "", 200, `"value":[]`},
		{"GET", "users/u1/memberOf", "", 200, `"id":"g1"`},
		{"GET", "users/u1/transitiveMemberOf", "", 200, `"id":"g2"`},
		{"POST", "identityGovernance/entitlementManagement/assignmentRequests", `{"requestType":"adminRemove","assignment":{"id":"k9"}}`, 404, "ResourceNotFound"},
		{"POST", "identityGovernance/entitlementManagement/assignmentRequests", `{"requestType":"adminRemove","assignment":{"id":"k1"}}`, 201, "submitted"},
		{"GET", "users/u1/memberOf", "", 200, `"id":"g1"`}, // not yet
		{"GET", "identityGovernance/entitlementManagement/assignments/k1", "", 200, `"state":"expired"`},
		{"GET", "users/u1/memberOf", "", 200, `"value":[]`},
		{"POST", "identityGovernance/entitlementManagement/assignmentRequests", `{"requestType":"adminAdd","assignment":{"targetId":"u1","assignmentPolicyId":"q1","accessPackageId":"p1"}}`, 201, "submitted"},
		{"GET", "identityGovernance/entitlementManagement/assignments?$filter=target/objectId%20eq%20'u1'%20and%20accessPackage/id%20eq%20'p1'", "", 200, `"state":"delivered"`},
		{"GET", "users/u1/memberOf", "", 200, `"id":"g1"`},
	} {
		if status, body := send(c.method, c.path, c.body); status != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%s %s: %d %s, want %d and %s", c.method, c.path, status, body, c.status, c.says)
		}
	}
}

// granting serves a small tenant and returns a function that sends a request.
func granting(t *testing.T) func(method, path, body string) (int, string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"users": `{"id":"u1","userPrincipalName":"u1@x.example"}`, "groups": `{"id":"g1","displayName":"G"}` + "\n" + `{"id":"g2","displayName":"H"}`,
		"role_definitions":           `{"id":"d1","displayName":"Reader"}`,
		"group_members":              `{"parent_id":"g1","item":{"@odata.type":"#microsoft.graph.user","id":"u1"}}` + "\n" + `{"parent_id":"g2","item":{"@odata.type":"#microsoft.graph.group","id":"g1"}}`,
		"access_package_roles":       `{"parent_id":"p1","item":{"id":"c1","role":{"originId":"Member_g1"},"scope":{"originId":"g1"}}}`,
		"access_package_assignments": `{"id":"k1","state":"delivered","target":{"objectId":"u1"},"accessPackage":{"id":"p1"},"assignmentPolicy":{"id":"q1"}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name+".ndjson"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tenant, err := fake.New(dir, fake.Options{AccessToken: "t", Writable: true, PackageDelay: 1,
		Roles: []string{"RoleAssignmentSchedule.ReadWrite.Directory", "EntitlementManagement.ReadWrite.All"}})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(tenant)
	t.Cleanup(web.Close)
	return func(method, path, body string) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), method, web.URL+"/v1.0/"+path, strings.NewReader(body))
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
		if err != nil {
			t.Fatal(err)
		}
		return a.StatusCode, string(b)
	}
}
