package acceptance_test

import "fmt"

// What a naive request turns out to be.
const (
	gone    = "gone"    // it ends the access, and nothing else goes
	more    = "more"    // it ends the access, and does more: others lose, or the person is excluded for good
	stands  = "stands"  // it is accepted, and the access stands
	refused = "refused" // the platform refuses it
)

// A removalCase is one way to hold an access, what the planner must say of it, and
// what the platform does when somebody takes the nearest request instead.
type removalCase struct {
	name    string
	account string // with the source
	wanted  string // entitlement, with the source
	verdict string
	edits   string // kinds and targets, in order
	effects string // what goes besides, sorted
	naive   string // method and path of the nearest request; empty for none
	becomes string // of the naive request
}

// removalCases fills the estate and returns what is asked of it.
func removalCases(e *estate) []removalCase {
	return append(oktaCases(e), entraCases(e)...)
}

func oktaCases(e *estate) []removalCase {
	n := 0
	user := func() string {
		n++
		id := fmt.Sprintf("00u%02d", n)
		e.oktaUser(id)
		return id
	}
	local := func(ids ...string) {
		for _, id := range ids {
			e.oktaGroup(id, "OKTA_GROUP")
		}
	}
	var all []removalCase
	add := func(name, user, wanted, verdict, edits, effects, naive, becomes string) {
		all = append(all, removalCase{"okta: " + name, "o:" + user, "o:" + wanted, verdict, edits, effects, naive, becomes})
	}
	leave := func(group, user string) string { return "DELETE /api/v1/groups/" + group + "/users/" + user }
	unassign := func(app, user string) string { return "DELETE /api/v1/apps/" + app + "/users/" + user }

	u := user()
	local("g01")
	e.in(u, "g01")
	add("a member", u, "g01", "remove", "remove_member g01", "", leave("g01", u), gone)
	u = user()
	local("g02")
	e.in(u, "g02", "a02")
	add("a member of a group with an app", u, "g02", "remove", "remove_member g02", "a02", leave("g02", u), more)
	u = user()
	local("g03", "g03b")
	e.in(u, "g03", "a03")
	e.in(u, "g03b", "a03")
	add("a member, and the app comes twice", u, "g03", "remove", "remove_member g03", "", leave("g03", u), gone)
	u = user()
	e.appUser(u, "a04", "USER")
	add("an app of one's own", u, "a04", "remove", "remove_app_user a04", "", unassign("a04", u), gone)
	u = user()
	local("g05")
	e.in(u, "g05", "a05")
	add("an app by a group", u, "a05", "remove", "remove_member g05", "g05", unassign("a05", u), refused)
	u = user()
	local("g06")
	e.in(u, "g06", "a06", "a06b")
	add("an app by a group with two", u, "a06", "remove", "remove_member g06", "a06b g06", unassign("a06", u), refused)
	u = user()
	local("g07")
	e.in(u, "g07", "a07", "a07used")
	for day := 1; day <= 80; day++ {
		at := editDay.AddDate(0, 0, -day).Format("2006-01-02")
		e.add(e.okta, "system_log", `{"uuid":"e-%s-%s","published":"%sT09:00:00.000Z","eventType":"user.authentication.sso","outcome":{"result":"SUCCESS"},"actor":{"id":%q,"type":"User"},"target":[{"id":"a07used","type":"AppInstance"}]}`, u, at, at, u)
	}
	add("an app by a group whose other app is in use", u, "a07", "entangled", "remove_member g07", "a07used g07", leave("g07", u), more)
	u = user()
	local("g08", "g08b")
	e.in(u, "g08", "a08")
	e.in(u, "g08b", "a08")
	add("an app by two groups", u, "a08", "remove", "remove_member g08, remove_member g08b", "g08 g08b", leave("g08", u), stands)
	u = user()
	local("g09")
	e.appUser(u, "a09", "USER")
	e.in(u, "g09", "a09")
	add("an app of one's own, and by a group", u, "a09", "remove", "remove_member g09, remove_app_user a09", "g09", unassign("a09", u), refused)
	u = user()
	local("g10")
	e.appUser(u, "a10", "USER")
	e.in(u, "g10", "a10")
	add("the same, by the group alone", u, "g10", "remove", "remove_member g10", "", leave("g10", u), gone)
	u = user()
	local("g11")
	e.in(u, "g11")
	e.oktaRule("r11", "g11", "ACTIVE", "")
	add("a member by a rule", u, "g11", "change_rule", "change_rule g11", "", leave("g11", u), more)
	u = user()
	local("g12")
	e.in(u, "g12", "a12")
	e.oktaRule("r12", "g12", "ACTIVE", "")
	add("an app by a group that a rule fills", u, "a12", "change_rule", "change_rule g12", "", unassign("a12", u), refused)
	u = user()
	local("g13")
	e.in(u, "g13")
	e.oktaRule("r13", "g13", "INACTIVE", "")
	add("a member of a group whose rule is off", u, "g13", "remove", "remove_member g13", "", leave("g13", u), gone)
	u = user()
	local("g14")
	e.in(u, "g14")
	e.oktaRule("r14", "g14", "ACTIVE", `"`+u+`"`)
	add("a member whom the rule passes over", u, "g14", "remove", "remove_member g14", "", leave("g14", u), gone)
	u = user()
	e.oktaGroup("g15", "APP_GROUP")
	e.in(u, "g15")
	add("a member of an imported group", u, "g15", "ask_owner", "ask_owner g15", "", leave("g15", u), refused)
	u = user()
	e.oktaGroup("g16", "BUILT_IN")
	e.in(u, "g16")
	add("everyone", u, "g16", "fixed", "fixed g16", "", leave("g16", u), refused)
	u = user()
	e.oktaGroup("g17", "APP_GROUP")
	e.in(u, "g17", "a17")
	add("an app by an imported group", u, "a17", "ask_owner", "ask_owner g17", "", unassign("a17", u), refused)
	u = user()
	local("g18")
	e.oktaGroup("g18i", "APP_GROUP")
	e.in(u, "g18", "a18")
	e.in(u, "g18i", "a18")
	add("an app by a group and by an imported one", u, "a18", "ask_owner", "remove_member g18, ask_owner g18i", "", leave("g18", u), stands)
	u = user()
	local("g19", "g19r")
	e.in(u, "g19", "a19")
	e.in(u, "g19r", "a19")
	e.oktaRule("r19", "g19r", "ACTIVE", "")
	add("an app by a group and by a rule's", u, "a19", "change_rule", "remove_member g19, change_rule g19r", "", leave("g19", u), stands)
	u = user()
	local("g20")
	e.oktaRule("r20", "g20", "ACTIVE", "")
	e.appUser(u, "a20", "USER")
	e.in(u, "g20", "a20")
	add("an app of one's own, and by a rule's group", u, "a20", "change_rule", "change_rule g20, remove_app_user a20", "", unassign("a20", u), refused)
	u = user()
	e.add(e.okta, "user_roles", `{"parent_id":%q,"item":{"id":"ra21","label":"Help Desk","type":"HELP_DESK_ADMIN","status":"ACTIVE","assignmentType":"USER"}}`, u)
	add("an administrator role", u, "HELP_DESK_ADMIN", "remove", "remove_admin_role HELP_DESK_ADMIN", "", "DELETE /api/v1/users/"+u+"/roles/ra21", gone)
	u = user()
	local("g22")
	e.in(u, "g22")
	e.add(e.okta, "group_roles", `{"parent_id":"g22","item":{"id":"gr22","label":"Reports","type":"REPORT_ADMIN","status":"ACTIVE","assignmentType":"GROUP"}}`)
	add("an administrator role by a group", u, "REPORT_ADMIN", "remove", "remove_member g22", "g22", leave("g22", u), more)
	u = user()
	local("g23")
	e.in(u, "g23", "a23")
	e.add(e.okta, "user_roles", `{"parent_id":%q,"item":{"id":"ra23","label":"Apps","type":"APP_ADMIN","status":"ACTIVE","assignmentType":"USER"}}`, u)
	e.add(e.okta, "group_roles", `{"parent_id":"g23","item":{"id":"gr23","label":"Apps","type":"APP_ADMIN","status":"ACTIVE","assignmentType":"GROUP"}}`)
	add("an administrator role of one's own, and by a group", u, "APP_ADMIN", "remove", "remove_admin_role APP_ADMIN, remove_member g23", "a23 g23", "DELETE /api/v1/users/"+u+"/roles/ra23", stands)
	return all
}

func entraCases(e *estate) []removalCase {
	n := 0
	user := func() string {
		n++
		id := fmt.Sprintf("u%02d", n)
		e.entraUser(id)
		return id
	}
	groups := func(ids ...string) {
		for _, id := range ids {
			e.entraGroup(id, "")
		}
	}
	var all []removalCase
	add := func(name, user, wanted, verdict, edits, effects, naive, becomes string) {
		all = append(all, removalCase{"entra: " + name, "e:" + user, "e:" + wanted, verdict, edits, effects, naive, becomes})
	}
	leave := func(group, user string) string { return "DELETE /v1.0/groups/" + group + "/members/" + user + "/$ref" }
	dynamic := `"groupTypes":["DynamicMembership"],"membershipRule":"(user.department -eq \"Sales\")","membershipRuleProcessingState":"On"`

	u := user()
	groups("h01")
	e.member("h01", u, "user")
	add("a member", u, "h01", "remove", "remove_member h01", "", leave("h01", u), gone)
	u = user()
	groups("h02", "h02c")
	e.member("h02c", u, "user")
	e.member("h02", "h02c", "group")
	add("a member of a nested group", u, "h02", "remove", "remove_member h02c", "h02c", leave("h02", u), refused)
	u = user()
	groups("h03", "h03c")
	e.member("h03", u, "user")
	e.member("h03c", u, "user")
	e.member("h03", "h03c", "group")
	add("a member, directly and nested", u, "h03", "remove", "remove_member h03, remove_member h03c", "h03c", leave("h03", u), stands)
	u = user()
	groups("h04", "h04b", "h04c")
	e.member("h04b", u, "user")
	e.member("h04c", u, "user")
	e.member("h04", "h04b", "group")
	e.member("h04", "h04c", "group")
	add("a member by two nested groups", u, "h04", "remove", "remove_member h04b, remove_member h04c", "h04b h04c", leave("h04b", u), stands)
	u = user()
	groups("h05", "h05b", "h05c")
	e.member("h05c", u, "user")
	e.member("h05b", "h05c", "group")
	e.member("h05", "h05b", "group")
	add("a member two levels down", u, "h05", "remove", "remove_member h05c", "h05b h05c", leave("h05b", u), refused)
	u = user()
	groups("h06")
	e.entraGroup("h06d", dynamic)
	e.member("h06d", u, "user")
	e.member("h06", "h06d", "group")
	add("a member by a nested dynamic group", u, "h06", "change_rule", "change_rule h06d", "", leave("h06d", u), refused)
	u = user()
	e.entraGroup("h07", dynamic)
	e.member("h07", u, "user")
	add("a member of a dynamic group", u, "h07", "change_rule", "change_rule h07", "", leave("h07", u), refused)
	u = user()
	e.entraGroup("h08", `"onPremisesSyncEnabled":true`)
	e.member("h08", u, "user")
	add("a member of a synced group", u, "h08", "ask_owner", "ask_owner h08", "", leave("h08", u), refused)
	u = user()
	e.entraGroup("h09", `"mailEnabled":true,"securityEnabled":false`)
	e.member("h09", u, "user")
	add("a member of a mailing list", u, "h09", "ask_owner", "ask_owner h09", "", leave("h09", u), refused)
	u = user()
	groups("h10")
	e.entraGroup("h10s", `"onPremisesSyncEnabled":true`)
	e.member("h10s", u, "user")
	e.member("h10", "h10s", "group")
	add("a member by a nested synced group", u, "h10", "ask_owner", "ask_owner h10s", "", leave("h10s", u), refused)
	u = user()
	groups("h11")
	e.entraGroup("h11s", `"onPremisesSyncEnabled":true`)
	e.member("h11", u, "user")
	e.member("h11s", u, "user")
	e.member("h11", "h11s", "group")
	add("a member, directly and by a synced group", u, "h11", "ask_owner", "remove_member h11, ask_owner h11s", "", leave("h11", u), stands)
	u = user()
	e.principal("s12", "r12")
	e.appRole("x12", "s12", "r12", u, "User")
	add("an app role of one's own", u, "s12/r12", "remove", "remove_app_role s12/r12", "s12", "DELETE /v1.0/servicePrincipals/s12/appRoleAssignedTo/x12", more)
	u = user()
	e.principal("s13")
	e.appRole("x13", "s13", "", u, "User")
	add("an app without roles", u, "s13", "remove", "remove_app_role s13", "", "DELETE /v1.0/servicePrincipals/s13/appRoleAssignedTo/x13", gone)
	u = user()
	groups("h14")
	e.member("h14", u, "user")
	e.principal("s14", "r14")
	e.appRole("x14", "s14", "r14", "h14", "Group")
	add("an app role by a group", u, "s14/r14", "remove", "remove_member h14", "h14 s14", leave("h14", u), more)
	u = user()
	groups("h15")
	e.member("h15", u, "user")
	e.principal("s15", "r15")
	e.appRole("x15g", "s15", "r15", "h15", "Group")
	e.appRole("x15u", "s15", "r15", u, "User")
	add("an app role of one's own, and by a group", u, "s15/r15", "remove", "remove_member h15, remove_app_role s15/r15", "h15 s15", "DELETE /v1.0/servicePrincipals/s15/appRoleAssignedTo/x15u", stands)
	u = user()
	groups("h16", "h16c")
	e.member("h16", u, "user")
	e.member("h16c", u, "user")
	e.member("h16", "h16c", "group")
	e.principal("s16", "r16")
	e.appRole("x16", "s16", "r16", "h16", "Group")
	add("an app role by a group, which nested groups do not pass on", u, "s16/r16", "remove", "remove_member h16", "s16", leave("h16", u), more)
	u = user()
	e.directoryRole("y17", "/", "d17", u)
	add("a directory role", u, "d17", "remove", "remove_role d17", "", "", "")
	u = user()
	e.directoryRole("y18", "/", "d18", u)
	e.directoryRole("y18b", "/administrativeUnits/1", "d18", u)
	add("a directory role over two parts", u, "d18", "remove", "remove_role d18, remove_role d18", "",
		`POST /v1.0/roleManagement/directory/roleAssignmentScheduleRequests {"action":"adminRemove","principalId":"`+u+`","roleDefinitionId":"d18","directoryScopeId":"/"}`, stands)
	u = user()
	e.mayActivate("z19", "d19", u)
	add("the right to activate a directory role", u, "d19", "remove", "remove_eligibility d19", "",
		`POST /v1.0/roleManagement/directory/roleAssignmentScheduleRequests {"action":"adminRemove","principalId":"`+u+`","roleDefinitionId":"d19","directoryScopeId":"/"}`, refused)
	u = user()
	e.directoryRole("y20", "/", "d20", u)
	e.mayActivate("z20", "d20", u)
	add("a directory role, and the right to activate it", u, "d20", "remove", "remove_role d20, remove_eligibility d20", "",
		`POST /v1.0/roleManagement/directory/roleAssignmentScheduleRequests {"action":"adminRemove","principalId":"`+u+`","roleDefinitionId":"d20","directoryScopeId":"/"}`, stands)
	u = user()
	e.entraGroup("h21", `"isAssignableToRole":true`)
	e.member("h21", u, "user")
	e.directoryRole("y21", "/", "d21", "h21")
	add("a directory role by a group", u, "d21", "remove", "remove_member h21", "h21", leave("h21", u), more)
	u = user()
	e.pack("k22", "p22", u, "h22")
	add("a member by a package", u, "h22", "remove", "remove_package h22", "p22", leave("h22", u), stands)
	u = user()
	e.pack("k23", "p23", u, "h23", "h23b")
	add("a member by a package that holds more", u, "h23", "remove", "remove_package h23", "h23b p23", leave("h23", u), stands)
	u = user()
	e.pack("k24", "p24", u, "h24")
	add("a package", u, "p24", "remove", "remove_package p24", "h24", "", "")
	u = user()
	e.pack("k25", "p25", u, "h25")
	e.pack("k25b", "p25b", u, "h25")
	add("a member by two packages", u, "h25", "remove", "remove_package h25, remove_package h25", "p25 p25b",
		`POST /v1.0/identityGovernance/entitlementManagement/assignmentRequests {"requestType":"adminRemove","assignment":{"id":"k25"}}`, stands)
	u = user()
	e.pack("k26", "p26", u, "h26")
	groups("h26c")
	e.member("h26c", u, "user")
	e.member("h26", "h26c", "group")
	add("a member by a package and nested", u, "h26", "remove", "remove_member h26c, remove_package h26", "h26c p26",
		`POST /v1.0/identityGovernance/entitlementManagement/assignmentRequests {"requestType":"adminRemove","assignment":{"id":"k26"}}`, stands)
	u = user()
	e.pack("k27", "p27", u, "h27")
	e.entraGroup("h27d", dynamic)
	e.member("h27d", u, "user")
	e.member("h27", "h27d", "group")
	add("a member by a package and a dynamic group", u, "h27", "change_rule", "remove_package h27, change_rule h27d", "", leave("h27", u), stands)
	return all
}
