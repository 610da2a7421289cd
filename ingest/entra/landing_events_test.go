package entra

import (
	"testing"

	"winnow/internal/access"
)

const useColumns = `event_id, "at", kind, outcome, account, entitlement, interactive, fault`

func TestSignIns(t *testing.T) {
	db := openDB(t)
	expect(t, land(t, db, SignIns, useColumns,
		`{"id":"1","createdDateTime":"2026-05-01T10:00:00Z","userId":"u1","appId":"a1","status":{"errorCode":0},"isInteractive":true}`,
		`{"id":"2","createdDateTime":"2026-05-01T10:00:00.1234567+02:00","userId":"u1","appId":"a1","status":{"errorCode":50126}}`,
		`{"id":"3","createdDateTime":"2026-05-01T10:00:00Z","userId":"u1","appId":"a1","status":{"errorCode":50140}}`,
		`{"id":"4","createdDateTime":"2026-05-01T10:00:00Z","userId":"u1","appId":"","status":{"errorCode":0}}`,
		`{"id":"5","createdDateTime":"2026-05-01T10:00:00Z","userId":"00000000-0000-0000-0000-000000000000","appId":"a1","status":{"errorCode":50034}}`,
		`{"id":"6","createdDateTime":"2026-05-01T10:00:00Z","userId":"u1","appId":"a1"}`,
		`{"id":"7","createdDateTime":"yesterday","userId":"u1","appId":"a1","status":{"errorCode":0}}`,
		`{"id":"8","createdDateTime":"2026-05-01T23:59:59.9999999Z","userId":"u1","appId":"a1","status":{"errorCode":"none"}}`,
		`{"id":"9","createdDateTime":"2026-05-01T10:00:00Z","userId":"u1","appId":"a1","isInteractive":"perhaps","status":{"errorCode":0}}`,
	),
		"1|2026-05-01T10:00:00Z|use|success|u1|a1|true|·",
		"2|2026-05-01T08:00:00.123456Z|use|failure|u1|a1|true|·",
		"3|2026-05-01T10:00:00Z|use|weak|u1|a1|true|·",
		"4|2026-05-01T10:00:00Z|presence|success|u1|·|true|·",
		"5|2026-05-01T10:00:00Z|other|failure|·|a1|true|·",
		"6|2026-05-01T10:00:00Z|use|weak|u1|a1|true|·",
		`7|·|use|success|u1|a1|true|createdDateTime "yesterday" is not a timestamp`,
		`8|2026-05-01T23:59:59.999999Z|use|failure|u1|a1|true|status.errorCode "none" is not a number`,
		`9|2026-05-01T10:00:00Z|use|success|u1|a1|true|isInteractive "perhaps" is not true or false`)
}

func TestSignInsNoninteractive(t *testing.T) {
	db := openDB(t)
	expect(t, land(t, db, SignInsNoninteractive, useColumns,
		`{"id":"1","createdDateTime":"2026-05-01T10:00:00Z","userId":"u1","appId":"a1","status":{"errorCode":0}}`,
		`{"id":"2","createdDateTime":"2026-05-01T10:00:00Z","userId":"u1","appId":"a1","status":{"errorCode":50097},"isInteractive":false}`,
	),
		"1|2026-05-01T10:00:00Z|use|success|u1|a1|false|·",
		"2|2026-05-01T10:00:00Z|use|weak|u1|a1|false|·")
}

func TestSignInsExport(t *testing.T) {
	db := openDB(t)
	expect(t, land(t, db, SignInsExport, useColumns,
		`{"category":"SignInLogs","time":"2026-05-01T10:05:00Z","properties":{"id":"1","createdDateTime":"2026-05-01T10:00:00+00:00","userId":"u1","appId":"a1","status":{"errorCode":0},"isInteractive":true}}`,
		`{"category":"NonInteractiveUserSignInLogs","time":"2026-05-01 10:05:00.5","resultType":"50074","properties":{"id":"2","userId":"u1","appId":"a1"}}`,
		`{"category":"ServicePrincipalSignInLogs","time":"2026-05-01T10:05:00Z","properties":{"id":"3","createdDateTime":"2026-05-01 10:00:00.123456789","userId":null,"appId":"a1","servicePrincipalId":"s9","status":{"errorCode":7000215}}}`,
		`{"category":"ManagedIdentitySignInLogs","time":"2026-05-01T10:05:00Z","properties":{"id":"3b","createdDateTime":"2026-05-01T10:00:00Z","appId":"a1","servicePrincipalId":"s9","resourceId":"a2","resourceServicePrincipalId":"s2","status":{"errorCode":0}}}`,
		`{"category":"SignInLogs","time":"5/1/2026 2:42:35 PM","resultType":"Success","properties":{"id":"4","userId":"u1","appId":"a1"}}`,
		`{"category":"ProvisioningLogs","time":"2026-05-01T10:05:00Z","properties":{"id":"5"}}`,
		`{"Id":"6","CreationTime":"2026-05-01T10:00:00","Operation":"UserLoggedIn","ApplicationId":"a1","Actor":[{"ID":"u1","Type":0},{"ID":"ada@north.example","Type":5}],"ExtendedProperties":[{"Name":"RequestType","Value":"OAuth2:Authorize"}]}`,
		`{"Id":"7","CreationTime":"2026-05-01T10:00:00","Operation":"UserLoggedIn","ApplicationId":"a1","Actor":[{"ID":"u1","Type":0}],"ExtendedProperties":[{"Name":"RequestType","Value":"OAuth2:Logout"}]}`,
		`{"Id":"8","CreationTime":"2026-05-01T10:00:00","Operation":"UserLoginFailed","LogonError":"UserStrongAuthClientAuthNRequiredInterrupt","ApplicationId":"a1","Actor":[{"ID":"u1","Type":0}]}`,
		`{"Id":"9","CreationTime":"2026-05-01T10:00:00","Operation":"UserLoginFailed","LogonError":"InvalidUserNameOrPassword","ApplicationId":"a1","Actor":[{"ID":"Unknown","Type":0}]}`,
		`{"Id":"10","CreationTime":"2026-05-01T10:00:00","Operation":"Update user."}`,
	),
		"1|2026-05-01T10:00:00Z|use|success|u1|a1|true|·",
		"2|2026-05-01T10:05:00.5Z|use|weak|u1|a1|false|·",
		"3|2026-05-01T10:00:00.123456Z|presence|failure|s9|·|false|·",
		"3b|2026-05-01T10:00:00Z|use|success|s9|s2|false|·",
		"4|2026-05-01T14:42:35Z|use|success|u1|a1|true|·",
		`5|2026-05-01T10:05:00Z|other|weak|·|·|·|category "ProvisioningLogs" holds no sign-ins`,
		"6|2026-05-01T10:00:00Z|use|success|u1|a1|·|·",
		"7|2026-05-01T10:00:00Z|other|success|u1|a1|·|·",
		"8|2026-05-01T10:00:00Z|use|weak|u1|a1|·|·",
		"9|2026-05-01T10:00:00Z|other|failure|·|a1|·|·",
		`10|2026-05-01T10:00:00Z|other|failure|·|·|·|Operation "Update user." is not a sign-in`)
}

// TestExportWithoutID shows that rows without an id of their own are told apart,
// and that equal rows are known for duplicates.
func TestExportWithoutID(t *testing.T) {
	db := openDB(t)
	const row = `{"category":"SignInLogs","time":"2026-05-01T10:05:00Z","properties":{"userId":"u1","appId":"a1"}}`
	const other = `{"category":"SignInLogs","time":"2026-05-01T10:05:00Z","properties":{"userId":"u2","appId":"a1"}}`
	expect(t, land(t, db, SignInsExport, "count(distinct event_id), bool_and(starts_with(event_id, 'md5:'))", row, row, other), "2|true")
}

// Machines are accounts of their own: they use the resource that they ask for.
func TestMachineSignIns(t *testing.T) {
	for _, stream := range []access.StreamName{SignInsServicePrincipal, SignInsManagedIdentity} {
		expect(t, land(t, openDB(t), stream, useColumns,
			`{"id":"1","createdDateTime":"2026-05-01T10:00:00Z","appId":"a1","resourceId":"a2","resourceServicePrincipalId":"s2","servicePrincipalId":"s1","status":{"errorCode":0}}`,
			`{"id":"2","createdDateTime":"2026-05-01T10:00:00Z","appId":"a1","resourceId":"a2","servicePrincipalId":"s1","status":{"errorCode":7000215}}`,
			`{"id":"3","createdDateTime":"2026-05-01T10:00:00Z","appId":"a1","resourceId":"","servicePrincipalId":"s1"}`,
			`{"id":"4","createdDateTime":"then","status":{"errorCode":"x"}}`,
		),
			"1|2026-05-01T10:00:00Z|use|success|s1|s2|false|·",
			"2|2026-05-01T10:00:00Z|use|failure|s1|a2|false|·",
			"3|2026-05-01T10:00:00Z|presence|weak|s1|·|false|·",
			`4|·|other|failure|·|·|false|createdDateTime "then" is not a timestamp`)
	}
}

const changeColumns = "event_id, kind, outcome, account, entitlement, other, value, actor, event_type"

// audit writes a Graph audit; the targets are JSON.
func audit(id, name, result, targets string) string {
	return `{"id":"` + id + `","activityDateTime":"2026-05-01T10:00:00Z","activityDisplayName":"` + name + `","result":"` + result +
		`","initiatedBy":{"user":{"id":"u9"},"app":null},"targetResources":` + targets + `}`
}

// prop writes a modified property with a JSON-quoted value, as Graph does.
func prop(name, old, now string) string {
	quote := func(s string) string {
		if s == "" {
			return "null"
		}
		return `"\"` + s + `\""`
	}
	return `{"displayName":"` + name + `","oldValue":` + quote(old) + `,"newValue":` + quote(now) + `}`
}

func TestDirectoryAudits(t *testing.T) {
	db := openDB(t)
	expect(t, land(t, db, DirectoryAudits, changeColumns,
		audit("1", "Add member to group", "success", `[{"id":"u1","type":"User","modifiedProperties":[`+prop("Group.ObjectID", "", "g1")+`]},{"id":"g1","type":"Group","modifiedProperties":[]}]`),
		audit("2", "Remove member from group. ", "success", `[{"id":"g1","type":"Group"},{"id":"u1","type":null,"modifiedProperties":[`+prop("Group.ObjectID", "g1", "")+`]}]`),
		audit("3", "Add member to group", "success", `[{"id":"dev1","type":"Device","modifiedProperties":[`+prop("Group.ObjectID", "", "g1")+`]},{"id":"g1","type":"Group"}]`),
		audit("4", "Add member to group", "failure", `[{"id":"g1","Type":"Group","modifiedProperties":[]},{"id":"u1","Type":"User","modifiedProperties":[]}]`),
		audit("5", "Add member to role", "success", `[{"id":"u1","type":"User","modifiedProperties":[`+prop("Role.ObjectID", "", "x")+`,`+prop("Role.TemplateId", "", "d1")+`]},{"id":"x","type":"Role"}]`),
		audit("6", "Remove member from role", "success", `[{"id":"u1","type":"User","modifiedProperties":[`+prop("Role.TemplateId", "d1", "")+`]}]`),
		audit("7", "Add eligible member to role in PIM completed (permanent)", "success", `[{"id":"d1","type":"Role"},{"id":"u1","type":"User"}]`),
		audit("8", "Add app role assignment grant to user", "success", `[{"id":"s1","type":"ServicePrincipal","modifiedProperties":[`+prop("AppRole.Id", "", "r1")+`,`+prop("User.ObjectID", "", "u1")+`]},{"id":"u1","type":"User"}]`),
		audit("9", "Remove app role assignment from user", "success", `[{"id":"s1","type":"ServicePrincipal","modifiedProperties":[`+prop("AppRole.Id", "00000000-0000-0000-0000-000000000000", "")+`,`+prop("User.ObjectID", "u1", "")+`]}]`),
		audit("10", "Add app role assignment to group", "success", `[{"id":"s1","type":"ServicePrincipal","modifiedProperties":[`+prop("AppRole.Id", "", "r1")+`,`+prop("Group.ObjectID", "", "g1")+`]}]`),
		audit("11", "Remove app role assignment from group", "success", `[{"id":"s1","type":"ServicePrincipal","modifiedProperties":[`+prop("Group.ObjectID", "", "g1")+`]}]`),
		audit("12", "Add app role assignment to service principal", "success", `[{"id":"s1","type":"ServicePrincipal","modifiedProperties":[`+prop("AppRole.Id", "", "r1")+`]}]`),
		audit("13", "Update user", "success", `[{"id":"u1","type":"User","modifiedProperties":[{"displayName":"JobTitle","oldValue":"[\"Pilot\"]","newValue":"[\"Harbour master\"]"}]}]`),
		audit("14", "Update user", "success", `[{"id":"u1","type":"User","modifiedProperties":[{"displayName":"LastDirSyncTime","newValue":"[]"}]}]`),
		audit("15", "Disable account", "success", `[{"id":"u1","type":"User"}]`),
		audit("16", "Add member to group", "timeout", `[{"id":"u1","type":"User","modifiedProperties":[`+prop("Group.ObjectID", "", "g1")+`]}]`),
		audit("17", "Remove member from group", "success", `[{"id":"g1","type":"Group","modifiedProperties":[]}]`),
		audit("18", "Delete policy", "success", `[]`),
		audit("19", "Delete policy", "success", `null`),
		audit("20", "Add member to role completed (PIM activation)", "success", `[{"id":"d1","type":"Role"},{"id":"q","type":"Request"},{"id":"u1","type":"User"}]`),
	),
		"1|grant|success|u1|g1|·|·|u9|Add member to group",
		"2|revoke|success|u1|g1|·|·|u9|Remove member from group",
		"3|other|success|·|g1|·|·|u9|Add member to group",
		"4|grant|failure|u1|g1|·|·|u9|Add member to group",
		"5|grant|success|u1|d1|·|·|u9|Add member to role",
		"6|revoke|success|u1|d1|·|·|u9|Remove member from role",
		"7|other|success|u1|·|·|·|u9|Add eligible member to role in PIM completed (permanent)",
		"8|grant|success|u1|s1/r1|·|·|u9|Add app role assignment grant to user",
		"9|revoke|success|u1|s1|·|·|u9|Remove app role assignment from user",
		"10|opens_grant|success|·|g1|s1/r1|·|u9|Add app role assignment to group",
		"11|opens_revoke|success|·|g1|s1|·|u9|Remove app role assignment from group",
		"12|other|success|·|s1/r1|·|·|u9|Add app role assignment to service principal",
		"13|account_change|success|u1|·|title|Harbour master|u9|Update user",
		"14|other|success|u1|·|·|·|u9|Update user",
		"15|account_change|success|u1|·|status|suspended|u9|Disable account",
		"16|grant|weak|u1|g1|·|·|u9|Add member to group",
		"17|other|success|·|g1|·|·|u9|Remove member from group",
		"18|other|success|·|·|·|·|u9|Delete policy",
		"19|other|success|·|·|·|·|u9|Delete policy",
		"20|use|success|u1|d1|·|·|u9|Add member to role completed (PIM activation)")
	expect(t, land(t, db, DirectoryAudits, `"at", fault`,
		`{"id":"1","activityDateTime":"soon","activityDisplayName":"Delete user","targetResources":[]}`),
		`·|activityDateTime "soon" is not a timestamp`)
}

func TestAuditsExport(t *testing.T) {
	db := openDB(t)
	inner := audit("1", "Add member to group", "success", `[{"id":"u1","type":"User","modifiedProperties":[`+prop("Group.ObjectID", "", "g1")+`]},{"id":"g1","type":"Group"}]`)
	expect(t, land(t, db, AuditsExport, changeColumns+", fault",
		`{"category":"AuditLogs","time":"2026-05-01T10:00:00Z","properties":`+inner+`}`,
		`{"category":"MicrosoftGraphActivityLogs","time":"2026-05-01T10:00:00Z","properties":{"id":"2"}}`,
		`{"Id":"3","CreationTime":"2026-05-01T10:00:00","Operation":"Add member to group.","ResultStatus":"Success","UserId":"eve@north.example","Target":[{"ID":"User_u1","Type":2},{"ID":"u1","Type":2},{"ID":"Group_trap","Type":1}],"ModifiedProperties":[{"Name":"Group.ObjectID","NewValue":"g1","OldValue":""}]}`,
		`{"Id":"4","CreationTime":"2026-05-01T10:00:00","Operation":"Remove app role assignment from user.","ResultStatus":"Success","UserId":"eve@north.example","Target":[{"ID":"ServicePrincipal_s1","Type":2}],"ModifiedProperties":[{"Name":"User.ObjectID","NewValue":"u1","OldValue":""},{"Name":"AppRole.Id","NewValue":"","OldValue":"r1"}]}`,
		`{"Id":"5","CreationTime":"2026-05-01T10:00:00","Operation":"UserLoggedIn"}`,
		`{"Id":"6","CreationTime":"2026-05-01T10:00:00","Operation":"Update application – Certificates and secrets management ","ResultStatus":"Failure","Target":null}`,
	),
		"1|grant|success|u1|g1|·|·|u9|Add member to group|·",
		`2|other|weak|·|·|·|·|·|·|category "MicrosoftGraphActivityLogs" holds no audited activity`,
		"3|grant|success|u1|g1|·|·|eve@north.example|Add member to group|·",
		"4|revoke|success|u1|s1/r1|·|·|eve@north.example|Remove app role assignment from user|·",
		`5|other|weak|·|·|·|·|·|UserLoggedIn|Operation "UserLoggedIn" is a sign-in`,
		"6|other|failure|·|·|·|·|·|Update application – Certificates and secrets management|·")
}
