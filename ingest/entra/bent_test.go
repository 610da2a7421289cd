package entra

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"winnow/internal/access"
)

// full holds, for each stream, an item with every key that its model reads.
var full = map[access.StreamName]string{
	Users: `{"id":"u1","userPrincipalName":"ada@north.example","mail":"ada@north.example","displayName":"Ada North",
		"accountEnabled":true,"userType":"Member","employeeId":"1001","employeeType":"Employee","department":"Harbour",
		"jobTitle":"Pilot","officeLocation":"Quay 3","createdDateTime":"2024-03-01T08:00:00Z",
		"employeeHireDate":"2024-03-01T00:00:00Z","onPremisesSyncEnabled":null,"manager":{"@odata.type":"#microsoft.graph.user","id":"u9"},
		"signInActivity":{"lastSuccessfulSignInDateTime":"2026-04-30T06:00:00Z"}}`,
	Groups: `{"id":"g1","displayName":"Pilots","description":"All pilots","groupTypes":["DynamicMembership"],
		"membershipRule":"(user.jobTitle -eq \"Pilot\")","membershipRuleProcessingState":"On","isAssignableToRole":false,
		"onPremisesSyncEnabled":null,"securityEnabled":true,"mailEnabled":false,"createdDateTime":"2024-03-01T08:00:00Z",
		"owners":[{"@odata.type":"#microsoft.graph.user","id":"u9"}]}`,
	GroupMembers: `{"parent_id":"g1","item":{"@odata.type":"#microsoft.graph.user","id":"u1"}}`,
	ServicePrincipals: `{"id":"s1","appId":"a1","displayName":"Berths","description":"Berth planning","notes":null,
		"servicePrincipalType":"Application","preferredSingleSignOnMode":"saml","accountEnabled":true,
		"appRoles":[{"id":"r1","displayName":"Planner","value":"plan","description":"Plans berths","allowedMemberTypes":["User"]}]}`,
	AppRoleAssignments: `{"parent_id":"s1","item":{"id":"x1","resourceId":"s1","resourceDisplayName":"Berths","appRoleId":"r1",
		"principalId":"u1","principalType":"User","createdDateTime":"2025-01-02T03:04:05Z","creationTimestamp":null}}`,
	RoleDefinitions: `{"id":"d1","templateId":"d1","displayName":"Reports Reader","description":"Reads reports","isEnabled":true}`,
	RoleAssignments: `{"id":"y1","principalId":"u1","roleDefinitionId":"d1","directoryScopeId":"/"}`,
	RoleEligibilities: `{"id":"z1","principalId":"u1","roleDefinitionId":"d1","directoryScopeId":"/","memberType":"Direct","assignmentType":null,
		"startDateTime":"2026-01-01T00:00:00Z","endDateTime":null,"roleEligibilityScheduleId":"z0","roleAssignmentOriginId":null}`,
	RoleAssignmentInstances: `{"id":"z1","principalId":"u1","roleDefinitionId":"d1","directoryScopeId":"/","memberType":"Direct",
		"assignmentType":"Activated","startDateTime":"2026-01-01T00:00:00Z","endDateTime":"2026-01-01T08:00:00Z","roleAssignmentOriginId":"y1",
		"roleEligibilityScheduleId":null}`,
	AccessPackageAssignments: `{"id":"k1","state":"delivered","target":{"objectId":"u1"},"accessPackage":{"id":"p1","displayName":"Starter"},
		"assignmentPolicy":{"id":"q1"},"schedule":{"expiration":{"endDateTime":"2027-01-01T00:00:00Z"}}}`,
	AccessPackageRoles: `{"parent_id":"p1","item":{"id":"c1","role":{"originId":"Member_g3","originSystem":"AadGroup"},"scope":{"originId":"g3","originSystem":"AadGroup"}}}`,
	AccessReviews:      `{"id":"w1","displayName":"Spring","status":"Completed","createdDateTime":"2026-03-01T00:00:00Z"}`,
	AccessReviewDecisions: `{"parent_id":"w1/i1","item":{"id":"v1","accessReviewId":"i1","decision":"Deny","applyResult":"New",
		"reviewedDateTime":"2026-03-02T00:00:00Z","principal":{"id":"u1"},"resource":{"id":"g1","type":"group"},"reviewedBy":{"id":"u9"}}}`,
	SignInsServicePrincipal: machineSignIn,
	SignInsManagedIdentity:  machineSignIn,
	SignIns: `{"id":"e1","createdDateTime":"2026-05-01T10:00:00Z","userId":"u1","appId":"a1","isInteractive":true,
		"status":{"errorCode":0}}`,
	SignInsNoninteractive: `{"id":"e1","createdDateTime":"2026-05-01T10:00:00Z","userId":"u1","appId":"a1","isInteractive":false,
		"status":{"errorCode":0}}`,
	DirectoryAudits: `{"id":"e1","activityDateTime":"2026-05-01T10:00:00Z","activityDisplayName":"Add member to group",
		"result":"success","initiatedBy":{"user":{"id":"u9"},"app":{"servicePrincipalId":"s9","appId":"a9"}},
		"targetResources":[{"id":"u1","type":"User","Type":"User","modifiedProperties":[
			{"displayName":"Group.ObjectID","oldValue":null,"newValue":"\"g1\""}]}]}`,
	SignInsExport: `{"category":"SignInLogs","time":"2026-05-01T10:00:00Z","resultType":"0","Id":"e1","Operation":"UserLoggedIn",
		"CreationTime":"2026-05-01T10:00:00","ApplicationId":"a1","LogonError":"","Actor":[{"ID":"u1","Type":0}],
		"ExtendedProperties":[{"Name":"RequestType","Value":"Login:login"}],"properties":{"id":"e1",
		"createdDateTime":"2026-05-01T10:00:00Z","userId":"u1","appId":"a1","isInteractive":true,"servicePrincipalId":"","resourceId":"a2",
		"resourceServicePrincipalId":"s2","status":{"errorCode":0}}}`,
	AuditsExport: `{"category":"AuditLogs","time":"2026-05-01T10:00:00Z","Id":"e1","Operation":"Add member to group.",
		"CreationTime":"2026-05-01T10:00:00","ResultStatus":"Success","UserId":"ada@north.example","Target":[{"ID":"User_u1","Type":2}],
		"ModifiedProperties":[{"Name":"Group.ObjectID","OldValue":"","NewValue":"g1"}],"properties":{"id":"e1",
		"activityDateTime":"2026-05-01T10:00:00Z","activityDisplayName":"Add member to group","result":"success",
		"initiatedBy":{"user":{"id":"u9"},"app":{"servicePrincipalId":"s9"}},"targetResources":[{"id":"u1","type":"User",
		"modifiedProperties":[{"displayName":"Group.ObjectID","oldValue":null,"newValue":"\"g1\""}]}]}}`,
}

const machineSignIn = `{"id":"e1","createdDateTime":"2026-05-01T10:00:00Z","appId":"a1","resourceId":"a2",
	"resourceServicePrincipalId":"s2","servicePrincipalId":"s1","status":{"errorCode":0}}`

// bends are what a value is replaced by.
var bends = []any{
	nil, 5.5, true, "text", "", map[string]any{}, map[string]any{"x": 1.0}, []any{}, []any{1.0}, []any{"a", nil},
	[]any{map[string]any{}}, []any{[]any{"a"}},
}

// bent returns the item, and the item with every value in it, one at a time,
// left out or replaced by each bend.
func bent(t *testing.T, item string) []string {
	t.Helper()
	var root any
	if err := json.Unmarshal([]byte(item), &root); err != nil {
		t.Fatal(err)
	}
	var out []string
	write := func() {
		b, err := json.Marshal(root)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(b))
	}
	write()
	bend(root, write)
	return out
}

// bend changes each value below v in turn, calls write, and restores it.
func bend(v any, write func()) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			was := v[k]
			delete(v, k)
			write()
			for _, b := range bends {
				v[k] = b
				write()
			}
			v[k] = was
			bend(was, write)
		}
	case []any:
		for i, was := range v {
			for _, b := range bends {
				v[i] = b
				write()
			}
			v[i] = was
			bend(was, write)
		}
	}
}
