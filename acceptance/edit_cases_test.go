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
	o := &casebook{e: e, platform: "okta", prefix: "00u"}
	o.oktaGroupsAndApps()
	o.oktaDetours()
	o.oktaRules()
	o.oktaElsewhere()
	o.oktaRoles()
	n := &casebook{e: e, platform: "entra", prefix: "u"}
	n.entraNested()
	n.entraElsewhere()
	n.entraAppRoles()
	n.entraRoles()
	n.entraPackages()
	return append(o.all, n.all...)
}

// A casebook gathers the cases of one platform, each with a user of its own.
type casebook struct {
	e                *estate
	platform, prefix string
	n                int
	all              []removalCase
}

// user adds the next user.
func (b *casebook) user() string {
	b.n++
	id := fmt.Sprintf("%s%02d", b.prefix, b.n)
	if b.platform == "okta" {
		b.e.oktaUser(id)
	} else {
		b.e.entraUser(id)
	}
	return id
}

// local adds groups of Okta that are kept there, groups those of Entra.
func (b *casebook) local(ids ...string) {
	for _, id := range ids {
		b.e.oktaGroup(id, "OKTA_GROUP")
	}
}

func (b *casebook) groups(ids ...string) {
	for _, id := range ids {
		b.e.entraGroup(id, "")
	}
}

func (b *casebook) add(name, user, wanted, verdict, edits, effects, naive, becomes string) {
	source := b.platform[:1] + ":"
	b.all = append(b.all, removalCase{b.platform + ": " + name, source + user, source + wanted, verdict, edits, effects, naive, becomes})
}

// The nearest requests.

func leave(group, user string) string { return "DELETE /api/v1/groups/" + group + "/users/" + user }

func unassign(app, user string) string { return "DELETE /api/v1/apps/" + app + "/users/" + user }

func unreference(group, user string) string {
	return "DELETE /v1.0/groups/" + group + "/members/" + user + "/$ref"
}

// dynamic is what makes a group of Entra a dynamic one.
const dynamic = `"groupTypes":["DynamicMembership"],"membershipRule":"(user.department -eq \"Sales\")","membershipRuleProcessingState":"On"`

// oktaGroupsAndApps are what Okta itself gives, in one way or in two.
func (b *casebook) oktaGroupsAndApps() {
	u := b.user()
	b.local("g01")
	b.e.in(u, "g01")
	b.add("a member", u, "g01", "remove", "remove_member g01", "", leave("g01", u), gone)
	u = b.user()
	b.local("g02")
	b.e.in(u, "g02", "a02")
	b.add("a member of a group with an app", u, "g02", "remove", "remove_member g02", "a02", leave("g02", u), more)
	u = b.user()
	b.local("g03", "g03b")
	b.e.in(u, "g03", "a03")
	b.e.in(u, "g03b", "a03")
	b.add("a member, and the app comes twice", u, "g03", "remove", "remove_member g03", "", leave("g03", u), gone)
	u = b.user()
	b.e.appUser(u, "a04", "USER")
	b.add("an app of one's own", u, "a04", "remove", "remove_app_user a04", "", unassign("a04", u), gone)
	u = b.user()
	b.local("g05")
	b.e.in(u, "g05", "a05")
	b.add("an app by a group", u, "a05", "remove", "remove_member g05", "g05", unassign("a05", u), refused)
	u = b.user()
	b.local("g06")
	b.e.in(u, "g06", "a06", "a06b")
	b.add("an app by a group with two", u, "a06", "remove", "remove_member g06", "a06b g06", unassign("a06", u), refused)
}

// oktaDetours are apps with several ways to them.
func (b *casebook) oktaDetours() {
	u := b.user()
	b.local("g07")
	b.e.in(u, "g07", "a07", "a07used")
	for day := 1; day <= 80; day++ {
		at := editDay.AddDate(0, 0, -day).Format("2006-01-02")
		b.e.add(b.e.okta, "system_log", `{"uuid":"e-%s-%s","published":"%sT09:00:00.000Z","eventType":"user.authentication.sso","outcome":{"result":"SUCCESS"},"actor":{"id":%q,"type":"User"},"target":[{"id":"a07used","type":"AppInstance"}]}`, u, at, at, u)
	}
	b.add("an app by a group whose other app is in use", u, "a07", "entangled", "remove_member g07", "a07used g07", leave("g07", u), more)
	u = b.user()
	b.local("g08", "g08b")
	b.e.in(u, "g08", "a08")
	b.e.in(u, "g08b", "a08")
	b.add("an app by two groups", u, "a08", "remove", "remove_member g08, remove_member g08b", "g08 g08b", leave("g08", u), stands)
	u = b.user()
	b.local("g09")
	b.e.appUser(u, "a09", "USER")
	b.e.in(u, "g09", "a09")
	b.add("an app of one's own, and by a group", u, "a09", "remove", "remove_member g09, remove_app_user a09", "g09", unassign("a09", u), refused)
	u = b.user()
	b.local("g10")
	b.e.appUser(u, "a10", "USER")
	b.e.in(u, "g10", "a10")
	b.add("the same, by the group alone", u, "g10", "remove", "remove_member g10", "", leave("g10", u), gone)
}

// oktaRules are memberships that a rule gives, or might.
func (b *casebook) oktaRules() {
	u := b.user()
	b.local("g11")
	b.e.in(u, "g11")
	b.e.oktaRule("r11", "g11", "ACTIVE", "")
	b.add("a member by a rule", u, "g11", "change_rule", "change_rule g11", "", leave("g11", u), more)
	u = b.user()
	b.local("g12")
	b.e.in(u, "g12", "a12")
	b.e.oktaRule("r12", "g12", "ACTIVE", "")
	b.add("an app by a group that a rule fills", u, "a12", "change_rule", "change_rule g12", "", unassign("a12", u), refused)
	u = b.user()
	b.local("g13")
	b.e.in(u, "g13")
	b.e.oktaRule("r13", "g13", "INACTIVE", "")
	b.add("a member of a group whose rule is off", u, "g13", "remove", "remove_member g13", "", leave("g13", u), gone)
	u = b.user()
	b.local("g14")
	b.e.in(u, "g14")
	b.e.oktaRule("r14", "g14", "ACTIVE", `"`+u+`"`)
	b.add("a member whom the rule passes over", u, "g14", "remove", "remove_member g14", "", leave("g14", u), gone)
}

// oktaElsewhere is decided elsewhere, alone or beside what is not.
func (b *casebook) oktaElsewhere() {
	u := b.user()
	b.e.oktaGroup("g15", "APP_GROUP")
	b.e.in(u, "g15")
	b.add("a member of an imported group", u, "g15", "ask_owner", "ask_owner g15", "", leave("g15", u), refused)
	u = b.user()
	b.e.oktaGroup("g16", "BUILT_IN")
	b.e.in(u, "g16")
	b.add("everyone", u, "g16", "fixed", "fixed g16", "", leave("g16", u), refused)
	u = b.user()
	b.e.oktaGroup("g17", "APP_GROUP")
	b.e.in(u, "g17", "a17")
	b.add("an app by an imported group", u, "a17", "ask_owner", "ask_owner g17", "", unassign("a17", u), refused)
	u = b.user()
	b.local("g18")
	b.e.oktaGroup("g18i", "APP_GROUP")
	b.e.in(u, "g18", "a18")
	b.e.in(u, "g18i", "a18")
	b.add("an app by a group and by an imported one", u, "a18", "ask_owner", "remove_member g18, ask_owner g18i", "", leave("g18", u), stands)
	u = b.user()
	b.local("g19", "g19r")
	b.e.in(u, "g19", "a19")
	b.e.in(u, "g19r", "a19")
	b.e.oktaRule("r19", "g19r", "ACTIVE", "")
	b.add("an app by a group and by a rule's", u, "a19", "change_rule", "remove_member g19, change_rule g19r", "", leave("g19", u), stands)
	u = b.user()
	b.local("g20")
	b.e.oktaRule("r20", "g20", "ACTIVE", "")
	b.e.appUser(u, "a20", "USER")
	b.e.in(u, "g20", "a20")
	b.add("an app of one's own, and by a rule's group", u, "a20", "change_rule", "change_rule g20, remove_app_user a20", "", unassign("a20", u), refused)
}

// oktaRoles are administrator roles.
func (b *casebook) oktaRoles() {
	u := b.user()
	b.e.add(b.e.okta, "user_roles", `{"parent_id":%q,"item":{"id":"ra21","label":"Help Desk","type":"HELP_DESK_ADMIN","status":"ACTIVE","assignmentType":"USER"}}`, u)
	b.add("an administrator role", u, "HELP_DESK_ADMIN", "remove", "remove_admin_role HELP_DESK_ADMIN", "", "DELETE /api/v1/users/"+u+"/roles/ra21", gone)
	u = b.user()
	b.local("g22")
	b.e.in(u, "g22")
	b.e.add(b.e.okta, "group_roles", `{"parent_id":"g22","item":{"id":"gr22","label":"Reports","type":"REPORT_ADMIN","status":"ACTIVE","assignmentType":"GROUP"}}`)
	b.add("an administrator role by a group", u, "REPORT_ADMIN", "remove", "remove_member g22", "g22", leave("g22", u), more)
	u = b.user()
	b.local("g23")
	b.e.in(u, "g23", "a23")
	b.e.add(b.e.okta, "user_roles", `{"parent_id":%q,"item":{"id":"ra23","label":"Apps","type":"APP_ADMIN","status":"ACTIVE","assignmentType":"USER"}}`, u)
	b.e.add(b.e.okta, "group_roles", `{"parent_id":"g23","item":{"id":"gr23","label":"Apps","type":"APP_ADMIN","status":"ACTIVE","assignmentType":"GROUP"}}`)
	b.add("an administrator role of one's own, and by a group", u, "APP_ADMIN", "remove", "remove_admin_role APP_ADMIN, remove_member g23", "a23 g23", "DELETE /api/v1/users/"+u+"/roles/ra23", stands)
}

// entraNested are members of groups inside groups.
func (b *casebook) entraNested() {
	u := b.user()
	b.groups("h01")
	b.e.member("h01", u, "user")
	b.add("a member", u, "h01", "remove", "remove_member h01", "", unreference("h01", u), gone)
	u = b.user()
	b.groups("h02", "h02c")
	b.e.member("h02c", u, "user")
	b.e.member("h02", "h02c", "group")
	b.add("a member of a nested group", u, "h02", "remove", "remove_member h02c", "h02c", unreference("h02", u), refused)
	u = b.user()
	b.groups("h03", "h03c")
	b.e.member("h03", u, "user")
	b.e.member("h03c", u, "user")
	b.e.member("h03", "h03c", "group")
	b.add("a member, directly and nested", u, "h03", "remove", "remove_member h03, remove_member h03c", "h03c", unreference("h03", u), stands)
	u = b.user()
	b.groups("h04", "h04b", "h04c")
	b.e.member("h04b", u, "user")
	b.e.member("h04c", u, "user")
	b.e.member("h04", "h04b", "group")
	b.e.member("h04", "h04c", "group")
	b.add("a member by two nested groups", u, "h04", "remove", "remove_member h04b, remove_member h04c", "h04b h04c", unreference("h04b", u), stands)
	u = b.user()
	b.groups("h05", "h05b", "h05c")
	b.e.member("h05c", u, "user")
	b.e.member("h05b", "h05c", "group")
	b.e.member("h05", "h05b", "group")
	b.add("a member two levels down", u, "h05", "remove", "remove_member h05c", "h05b h05c", unreference("h05b", u), refused)
}

// entraElsewhere is decided by a rule, on premises or by the mail system.
func (b *casebook) entraElsewhere() {
	u := b.user()
	b.groups("h06")
	b.e.entraGroup("h06d", dynamic)
	b.e.member("h06d", u, "user")
	b.e.member("h06", "h06d", "group")
	b.add("a member by a nested dynamic group", u, "h06", "change_rule", "change_rule h06d", "", unreference("h06d", u), refused)
	u = b.user()
	b.e.entraGroup("h07", dynamic)
	b.e.member("h07", u, "user")
	b.add("a member of a dynamic group", u, "h07", "change_rule", "change_rule h07", "", unreference("h07", u), refused)
	u = b.user()
	b.e.entraGroup("h08", `"onPremisesSyncEnabled":true`)
	b.e.member("h08", u, "user")
	b.add("a member of a synced group", u, "h08", "ask_owner", "ask_owner h08", "", unreference("h08", u), refused)
	u = b.user()
	b.e.entraGroup("h09", `"mailEnabled":true,"securityEnabled":false`)
	b.e.member("h09", u, "user")
	b.add("a member of a mailing list", u, "h09", "ask_owner", "ask_owner h09", "", unreference("h09", u), refused)
	u = b.user()
	b.groups("h10")
	b.e.entraGroup("h10s", `"onPremisesSyncEnabled":true`)
	b.e.member("h10s", u, "user")
	b.e.member("h10", "h10s", "group")
	b.add("a member by a nested synced group", u, "h10", "ask_owner", "ask_owner h10s", "", unreference("h10s", u), refused)
	u = b.user()
	b.groups("h11")
	b.e.entraGroup("h11s", `"onPremisesSyncEnabled":true`)
	b.e.member("h11", u, "user")
	b.e.member("h11s", u, "user")
	b.e.member("h11", "h11s", "group")
	b.add("a member, directly and by a synced group", u, "h11", "ask_owner", "remove_member h11, ask_owner h11s", "", unreference("h11", u), stands)
}

// entraAppRoles are apps and their roles.
func (b *casebook) entraAppRoles() {
	u := b.user()
	b.e.principal("s12", "r12")
	b.e.appRole("x12", "s12", "r12", u, "User")
	b.add("an app role of one's own", u, "s12/r12", "remove", "remove_app_role s12/r12", "s12", "DELETE /v1.0/servicePrincipals/s12/appRoleAssignedTo/x12", more)
	u = b.user()
	b.e.principal("s13")
	b.e.appRole("x13", "s13", "", u, "User")
	b.add("an app without roles", u, "s13", "remove", "remove_app_role s13", "", "DELETE /v1.0/servicePrincipals/s13/appRoleAssignedTo/x13", gone)
	u = b.user()
	b.groups("h14")
	b.e.member("h14", u, "user")
	b.e.principal("s14", "r14")
	b.e.appRole("x14", "s14", "r14", "h14", "Group")
	b.add("an app role by a group", u, "s14/r14", "remove", "remove_member h14", "h14 s14", unreference("h14", u), more)
	u = b.user()
	b.groups("h15")
	b.e.member("h15", u, "user")
	b.e.principal("s15", "r15")
	b.e.appRole("x15g", "s15", "r15", "h15", "Group")
	b.e.appRole("x15u", "s15", "r15", u, "User")
	b.add("an app role of one's own, and by a group", u, "s15/r15", "remove", "remove_member h15, remove_app_role s15/r15", "h15 s15", "DELETE /v1.0/servicePrincipals/s15/appRoleAssignedTo/x15u", stands)
	u = b.user()
	b.groups("h16", "h16c")
	b.e.member("h16", u, "user")
	b.e.member("h16c", u, "user")
	b.e.member("h16", "h16c", "group")
	b.e.principal("s16", "r16")
	b.e.appRole("x16", "s16", "r16", "h16", "Group")
	b.add("an app role by a group, which nested groups do not pass on", u, "s16/r16", "remove", "remove_member h16", "s16", unreference("h16", u), more)
}

// entraRoles are directory roles.
func (b *casebook) entraRoles() {
	u := b.user()
	b.e.directoryRole("y17", "/", "d17", u)
	b.add("a directory role", u, "d17", "remove", "remove_role d17", "", "", "")
	u = b.user()
	b.e.directoryRole("y18", "/", "d18", u)
	b.e.directoryRole("y18b", "/administrativeUnits/1", "d18", u)
	b.add("a directory role over two parts", u, "d18", "remove", "remove_role d18, remove_role d18", "",
		`POST /v1.0/roleManagement/directory/roleAssignmentScheduleRequests {"action":"adminRemove","principalId":"`+u+`","roleDefinitionId":"d18","directoryScopeId":"/"}`, stands)
	u = b.user()
	b.e.mayActivate("z19", "d19", u)
	b.add("the right to activate a directory role", u, "d19", "remove", "remove_eligibility d19", "",
		`POST /v1.0/roleManagement/directory/roleAssignmentScheduleRequests {"action":"adminRemove","principalId":"`+u+`","roleDefinitionId":"d19","directoryScopeId":"/"}`, refused)
	u = b.user()
	b.e.directoryRole("y20", "/", "d20", u)
	b.e.mayActivate("z20", "d20", u)
	b.add("a directory role, and the right to activate it", u, "d20", "remove", "remove_role d20, remove_eligibility d20", "",
		`POST /v1.0/roleManagement/directory/roleAssignmentScheduleRequests {"action":"adminRemove","principalId":"`+u+`","roleDefinitionId":"d20","directoryScopeId":"/"}`, stands)
	u = b.user()
	b.e.entraGroup("h21", `"isAssignableToRole":true`)
	b.e.member("h21", u, "user")
	b.e.directoryRole("y21", "/", "d21", "h21")
	b.add("a directory role by a group", u, "d21", "remove", "remove_member h21", "h21", unreference("h21", u), more)
}

// entraPackages are access packages and what they hold.
func (b *casebook) entraPackages() {
	u := b.user()
	b.e.pack("k22", "p22", u, "h22")
	b.add("a member by a package", u, "h22", "remove", "remove_package h22", "p22", unreference("h22", u), stands)
	u = b.user()
	b.e.pack("k23", "p23", u, "h23", "h23b")
	b.add("a member by a package that holds more", u, "h23", "remove", "remove_package h23", "h23b p23", unreference("h23", u), stands)
	u = b.user()
	b.e.pack("k24", "p24", u, "h24")
	b.add("a package", u, "p24", "remove", "remove_package p24", "h24", "", "")
	u = b.user()
	b.e.pack("k25", "p25", u, "h25")
	b.e.pack("k25b", "p25b", u, "h25")
	b.add("a member by two packages", u, "h25", "remove", "remove_package h25, remove_package h25", "p25 p25b",
		`POST /v1.0/identityGovernance/entitlementManagement/assignmentRequests {"requestType":"adminRemove","assignment":{"id":"k25"}}`, stands)
	u = b.user()
	b.e.pack("k26", "p26", u, "h26")
	b.groups("h26c")
	b.e.member("h26c", u, "user")
	b.e.member("h26", "h26c", "group")
	b.add("a member by a package and nested", u, "h26", "remove", "remove_member h26c, remove_package h26", "h26c p26",
		`POST /v1.0/identityGovernance/entitlementManagement/assignmentRequests {"requestType":"adminRemove","assignment":{"id":"k26"}}`, stands)
	u = b.user()
	b.e.pack("k27", "p27", u, "h27")
	b.e.entraGroup("h27d", dynamic)
	b.e.member("h27d", u, "user")
	b.e.member("h27", "h27d", "group")
	b.add("a member by a package and a dynamic group", u, "h27", "change_rule", "remove_package h27, change_rule h27d", "", unreference("h27", u), stands)
}
