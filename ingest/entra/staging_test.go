package entra

import (
	"testing"

	"winnow/internal/access"
)

func TestInventoryFaults(t *testing.T) {
	db := openDB(t)
	expect(t, land(t, db, Users, "id, manager, enabled, fault", full[Users],
		`{"id":"u2","accountEnabled":"maybe"}`, `{"id":"u3","createdDateTime":"then"}`, `{"id":"u4","employeeHireDate":"then"}`,
		`{"id":"u5","onPremisesSyncEnabled":"perhaps"}`, `{"id":"u6","signInActivity":{"lastSuccessfulSignInDateTime":"never"}}`),
		"u1|u9|true|·", `u2|·|·|accountEnabled "maybe" is not true or false`, `u3|·|·|createdDateTime "then" is not a timestamp`,
		`u4|·|·|employeeHireDate "then" is not a timestamp`, `u5|·|·|onPremisesSyncEnabled "perhaps" is not true or false`,
		`u6|·|·|signInActivity.lastSuccessfulSignInDateTime "never" is not a timestamp`)
	expect(t, land(t, db, Groups, "id, fault", full[Groups], `{"id":"g2","isAssignableToRole":"x"}`, `{"id":"g3","createdDateTime":"x"}`),
		"g1|·", `g2|isAssignableToRole "x" is not true or false`, `g3|createdDateTime "x" is not a timestamp`)
	expect(t, land(t, db, AppRoleAssignments, "id, created_at, fault", full[AppRoleAssignments],
		`{"parent_id":"s1","item":{"id":"x2","principalId":"u1","principalType":"User","createdDateTime":"x"}}`),
		"x1|2025-01-02T03:04:05Z|·", `x2|·|createdDateTime "x" is not a timestamp`)
	expect(t, land(t, db, RoleDefinitions, "id, fault", full[RoleDefinitions], `{"id":"d2","isEnabled":"x"}`),
		"d1|·", `d2|isEnabled "x" is not true or false`)
	expect(t, land(t, db, ServicePrincipals, "id, fault", full[ServicePrincipals], `{"id":"s2","accountEnabled":"x"}`),
		"s1|·", `s2|accountEnabled "x" is not true or false`)
}

// directory is a small tenant.
var directory = map[access.StreamName][]string{
	Users: {
		`{"id":"u1","userPrincipalName":"ada@north.example","mail":"ada@north.example","displayName":"Ada","accountEnabled":true,"userType":"Member","employeeId":"1001","department":"Harbour","manager":{"id":"u3"},"createdDateTime":"2024-03-01T08:00:00Z"}`,
		`{"id":"u2","userPrincipalName":"bo_south.example#EXT#@north.example","accountEnabled":true,"userType":"Guest","employeeType":"Contractor"}`,
		`{"id":"u3","userPrincipalName":"cy@north.example","accountEnabled":false,"onPremisesSyncEnabled":true,"signInActivity":{"lastSuccessfulSignInDateTime":"2026-04-30T06:00:00Z"}}`,
		`{"id":"u3","userPrincipalName":"cy@north.example","accountEnabled":false,"onPremisesSyncEnabled":true,"signInActivity":{"lastSuccessfulSignInDateTime":"2026-04-30T06:00:00Z"}}`,
	},
	Groups: {
		`{"id":"g1","displayName":"Pilots","groupTypes":["DynamicMembership"],"membershipRule":"(user.jobTitle -eq \"Pilot\")","membershipRuleProcessingState":"Paused","owners":[{"id":"u9"},{"id":"u3"}]}`,
		`{"id":"g2","displayName":"Admins","groupTypes":[],"isAssignableToRole":true}`,
		`{"id":"g3","displayName":"Crew","onPremisesSyncEnabled":true}`,
	},
	GroupMembers: {
		`{"parent_id":"g1","item":{"@odata.type":"#microsoft.graph.user","id":"u1"}}`,
		`{"parent_id":"g2","item":{"@odata.type":"#microsoft.graph.user","id":"u3"}}`,
		`{"parent_id":"g2","item":{"@odata.type":"#microsoft.graph.user","id":"u3"}}`,
		`{"parent_id":"g3","item":{"@odata.type":"#microsoft.graph.group","id":"g1"}}`,
		`{"parent_id":"g3","item":{"@odata.type":"#microsoft.graph.device","id":"v1"}}`,
		`{"parent_id":"g3","item":{"id":"u2"}}`,
		`{"parent_id":"g3","item":{"id":"g2"}}`,
		`{"parent_id":"g3","item":{"id":"hidden"}}`,
	},
	ServicePrincipals: {
		`{"id":"s1","appId":"a1","displayName":"Berths","servicePrincipalType":"Application","appRoles":[{"id":"r1","displayName":"Planner","description":"Plans berths","allowedMemberTypes":["User","Application"]},{"id":"r2","displayName":"Sync","allowedMemberTypes":["Application"]}]}`,
		`{"id":"s2","appId":"a2","displayName":"Vault","preferredSingleSignOnMode":"password"}`,
		`{"id":"s3","appId":"a3","displayName":"builder","servicePrincipalType":"ManagedIdentity"}`,
	},
	AppRoleAssignments: {
		`{"parent_id":"s1","item":{"id":"x1","resourceId":"s1","resourceDisplayName":"Berths","appRoleId":"r1","principalId":"u1","principalType":"User","createdDateTime":"2025-01-02T03:04:05Z"}}`,
		`{"parent_id":"s1","item":{"id":"x2","resourceId":"s1","appRoleId":"00000000-0000-0000-0000-000000000000","principalId":"u2","principalType":"User"}}`,
		`{"parent_id":"s1","item":{"id":"x3","resourceId":"s1","resourceDisplayName":"Berths","appRoleId":"gone","principalId":"g1","principalType":"Group"}}`,
		`{"parent_id":"s2","item":{"id":"x4","resourceId":"s2","appRoleId":"00000000-0000-0000-0000-000000000000","principalId":"g3","principalType":"Group","createdDateTime":"2025-02-02T00:00:00Z"}}`,
		`{"parent_id":"s1","item":{"id":"x5","resourceId":"s1","appRoleId":"r2","principalId":"s3","principalType":"ServicePrincipal"}}`,
	},
	RoleDefinitions: {
		`{"id":"d1","templateId":"d1","displayName":"Reports Reader","isEnabled":true}`,
		`{"id":"d2","templateId":"t2","displayName":"Berth Admin","isEnabled":true}`,
	},
	RoleAssignments: {
		`{"id":"y2","principalId":"u1","roleDefinitionId":"d1","directoryScopeId":"/administrativeUnits/1"}`,
		`{"id":"y9","principalId":"u1","roleDefinitionId":"d1","directoryScopeId":"/"}`,
		`{"id":"y3","principalId":"g2","roleDefinitionId":"d2","directoryScopeId":"/"}`,
		`{"id":"y4","principalId":"s3","roleDefinitionId":"d2","directoryScopeId":"/"}`,
		`{"id":"y5","principalId":"u2","roleDefinitionId":"d2","directoryScopeId":"/"}`,
		`{"id":"y6","principalId":"u3","roleDefinitionId":"d1","directoryScopeId":"/"}`,
	},
	RoleEligibilities: { // u2 may activate d2 and did; u3 may through g2
		`{"id":"z1","principalId":"u2","roleDefinitionId":"d2","directoryScopeId":"/","memberType":"Direct","startDateTime":"2026-01-01T00:00:00Z","endDateTime":"2027-01-01T00:00:00Z"}`,
		`{"id":"z2","principalId":"g2","roleDefinitionId":"d1","directoryScopeId":"/","memberType":"Direct","startDateTime":"2026-01-01T00:00:00Z"}`,
		`{"id":"z3","principalId":"u3","roleDefinitionId":"d1","directoryScopeId":"/","memberType":"Group","startDateTime":"2026-01-01T00:00:00Z"}`,
	},
	RoleAssignmentInstances: {
		`{"id":"q1","principalId":"u2","roleDefinitionId":"d2","directoryScopeId":"/","assignmentType":"Activated","memberType":"Direct","startDateTime":"2026-04-30T08:00:00Z","endDateTime":"2026-04-30T16:00:00Z"}`,
		`{"id":"q2","principalId":"u3","roleDefinitionId":"d1","directoryScopeId":"/","assignmentType":"Assigned","memberType":"Direct","startDateTime":"2026-02-01T00:00:00Z","endDateTime":"2026-08-01T00:00:00Z"}`,
	},
	AccessPackageAssignments: { // u2 has g2, and s2, by a package; u3 had it
		`{"id":"k1","state":"Delivered","target":{"objectId":"u2"},"accessPackage":{"id":"p1","displayName":"Starter"},"assignmentPolicy":{"id":"q1"},"schedule":{"expiration":{"endDateTime":"2027-01-01T00:00:00Z"}}}`,
		`{"id":"k2","state":"expired","target":{"objectId":"u3"},"accessPackage":{"id":"p1","displayName":"Starter"},"assignmentPolicy":{"id":"q1"}}`,
	},
	AccessPackageRoles: {
		`{"parent_id":"p1","item":{"id":"c1","role":{"originId":"Member_g2","originSystem":"AadGroup"},"scope":{"originId":"g2","originSystem":"AadGroup"}}}`,
		`{"parent_id":"p1","item":{"id":"c2","role":{"originId":"00000000-0000-0000-0000-000000000000","originSystem":"AadApplication"},"scope":{"originId":"s2","originSystem":"AadApplication"}}}`,
		`{"parent_id":"p1","item":{"id":"c3","role":{"originId":"4","originSystem":"SharePointOnline"},"scope":{"originId":"https://x","originSystem":"SharePointOnline"}}}`,
	},
	AccessReviews: {`{"id":"w1","displayName":"Spring","status":"Completed"}`, `{"id":"w2","displayName":"Summer","status":"NotStarted"}`},
	AccessReviewDecisions: {
		`{"parent_id":"w1/i1","item":{"id":"v1","decision":"Approve","reviewedDateTime":"2026-03-02T00:00:00Z","principal":{"id":"u1"},"resource":{"id":"g1","type":"group"},"reviewedBy":{"id":"u3"}}}`,
		`{"parent_id":"w1/i1","item":{"id":"v2","decision":"NotReviewed","principal":{"id":"u2"},"resource":{"id":"g1","type":"group"}}}`,
		`{"parent_id":"w1/i2","item":{"id":"v3","decision":"Deny","reviewedDateTime":"2026-04-02T00:00:00Z","principal":{"id":"u2"},"resource":{"id":"d2","type":"directoryRole"},"reviewedBy":{"id":"u3"}}}`,
	},
}

func TestStaging(t *testing.T) {
	db := staged(t, directory)
	expect(t, stage(t, db, "account", "source, account_id, native_id, login, email, kind, status, employee_number, department, manager, created_at, last_seen_at, attributes::varchar"),
		`e|e:s1|s1|a1|·|service|active|·|·|·|·|·|{"principal_type":"application"}`,
		`e|e:u1|u1|ada@north.example|ada@north.example|user|active|1001|Harbour|u3|2024-03-01T08:00:00Z|·|{"user_type":"member","employee_type":null,"hired_at":null,"on_premises_sync_enabled":null}`,
		`e|e:u2|u2|bo_south.example#EXT#@north.example|·|guest|active|·|·|·|·|·|{"user_type":"guest","employee_type":"Contractor","hired_at":null,"on_premises_sync_enabled":null}`,
		`e|e:u3|u3|cy@north.example|·|·|suspended|·|·|·|·|2026-04-30T06:00:00Z|{"user_type":null,"employee_type":null,"hired_at":null,"on_premises_sync_enabled":true}`)
	expect(t, stage(t, db, "entitlement", "entitlement_id, kind, name, description, owner, privileged, mastering, sign_on"),
		"e:d1|directory_role|Reports Reader|·|·|true|local|·",
		"e:d2|directory_role|Berth Admin|·|·|true|local|·",
		"e:g1|group|Pilots|·|u3|false|dynamic|·",
		"e:g2|group|Admins|·|·|true|local|·",
		"e:g3|group|Crew|·|·|false|synced|·",
		"e:p1|access_package|Starter|·|·|·|local|·",
		"e:s1|app|Berths|·|·|·|local|federated",
		"e:s1/gone|app_role|Berths: gone|·|·|·|local|·",
		"e:s1/r1|app_role|Berths: Planner|Plans berths|·|·|local|·",
		"e:s2|app|Vault|·|·|·|local|password",
		"e:s3|app|builder|·|·|·|local|none")
	expect(t, stage(t, db, "assignment_edge", "account_id, entitlement_id, path_kind, via_id, native_ref, since, until, eligible"),
		"e:u1|e:d1|direct||y9|·|·|false",
		"e:u1|e:g1|rule|e:g1|·|·|·|false",
		"e:u1|e:s1/r1|direct||x1|2025-01-02T03:04:05Z|·|false",
		"e:u2|e:d2|direct||z1|2026-01-01T00:00:00Z|2027-01-01T00:00:00Z|true",
		"e:u2|e:g2|package|e:p1|k1|·|2027-01-01T00:00:00Z|false",
		"e:u2|e:g3|direct||·|·|·|false",
		"e:u2|e:p1|direct||k1|·|2027-01-01T00:00:00Z|false",
		"e:u2|e:s1|direct||x2|·|·|false",
		"e:u2|e:s2|package|e:p1|k1|·|2027-01-01T00:00:00Z|false",
		"e:u3|e:d1|direct||y6|2026-02-01T00:00:00Z|2026-08-01T00:00:00Z|false",
		"e:u3|e:d1|group|e:g2|z3|2026-01-01T00:00:00Z|·|true",
		"e:u3|e:g2|direct||·|·|·|false")
	expect(t, stage(t, db, "decision", `decision_id, "at", account_id, entitlement_id, decision, reviewer`),
		"e:v1|2026-03-02T00:00:00Z|e:u1|e:g1|approve|u3", "e:v3|2026-04-02T00:00:00Z|e:u2|e:d2|deny|u3")
	expect(t, stage(t, db, "opens", "entitlement_id, opens_id, native_ref, since"),
		"e:g1|e:s1/gone|x3|·",
		"e:g2|e:d2|y3|·",
		"e:g3|e:s2|x4|2025-02-02T00:00:00Z",
		"e:s1/gone|e:s1|·|·",
		"e:s1/r1|e:s1|·|·")
	expect(t, stage(t, db, "nesting", "child_id, parent_id"), "e:g1|e:g3", "e:g2|e:g3")
	expect(t, stage(t, db, "rule", "rule_id, entitlement_id, name, expression, status, owner, excluded::varchar"),
		`e:g1|e:g1|Pilots|(user.jobTitle -eq "Pilot")|inactive|u3|[]`)
	expect(t, stage(t, db, "alias", "alias, entitlement_id"), "a1|e:s1", "a2|e:s2", "a3|e:s3", "t2|e:d2")
}
