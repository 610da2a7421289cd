package acme

import "strconv"

// auditName is what Graph calls a directory change.
type auditName struct{ activity, category, operation string }

const userManagement = "UserManagement" // the category of most entries

var auditNames = map[recKind]auditName{
	entraMemberAdd:    {"Add member to group", "GroupManagement", "Assign"},
	entraMemberRemove: {"Remove member from group", "GroupManagement", "Unassign"},
	entraRoleGrant:    {"Add app role assignment grant to user", userManagement, "Assign"},
	entraRoleRemove:   {"Remove app role assignment from user", userManagement, "Unassign"},
	entraGroupRole:    {"Add app role assignment to group", "GroupManagement", "Assign"},
	entraDirAdd:       {"Add member to role", "RoleManagement", "Assign"},
	entraDirRemove:    {"Remove member from role", "RoleManagement", "Unassign"},
	entraCreate:       {"Add user", userManagement, "Add"},
	entraDisable:      {"Disable account", userManagement, "Update"},
	entraUpdate:       {"Update user", userManagement, "Update"},
	entraNoise:        {"Update device", "Device", "Update"},
}

// auditHappening names a happening in the directory's audit log; what the log
// does not show is noise.
func auditHappening(kind string, h happening) recKind {
	grants := map[string]recKind{kindGroup: entraMemberAdd, kindAppRole: entraRoleGrant, kindDirRole: entraDirAdd}
	removals := map[string]recKind{kindGroup: entraMemberRemove, kindAppRole: entraRoleRemove, kindDirRole: entraDirRemove}
	switch h {
	case granted:
		return grants[kind]
	case revoked:
		return removals[kind]
	case opensMore:
		return entraGroupRole
	case created:
		return entraCreate
	case closed:
		return entraDisable
	case transferred:
		return entraUpdate
	default: // attempts and requests stand in no audit log
		return entraNoise
	}
}

// audit appends one entry of directoryAudits.
func (w *writer) audit(b []byte, r *rec) []byte {
	h := mix(w.c.opt.Seed, idEvent, r.day, r.ms, r.acct, int(r.what), r.ent)
	n := auditNames[r.what]
	b = append(b, `{"id":"Directory_`...)
	b = append(appendGUID(b, h), '_')
	b = field(append(appendBase62(b, h, 6), `",`...), "category", n.category)
	b = append(b, `,"correlationId":"`...)
	b = appendGUID(b, mix(h, 2))
	activity := n.activity
	switch below(h<<11, 25) { // some names end in a space or a period
	case 0:
		activity += " "
	case 1:
		activity += "."
	}
	b = field(append(b, `","result":"success","resultReason":"",`...), "activityDisplayName", activity)
	b = w.c.when(append(b, ','), "activityDateTime", r.day, r.ms)
	b = field(append(b, `,"loggedByService":"Core Directory",`...), "operationType", n.operation)
	b = w.auditActor(append(b, `,"initiatedBy":`...), r, h)
	b = append(b, `,"targetResources":[`...)
	b = w.auditTargets(b, r, h)
	return append(b, `],"additionalDetails":[{"key":"User-Agent","value":"Directory Service"}]}`...)
}

func (w *writer) auditActor(b []byte, r *rec, h uint64) []byte {
	if r.by < 0 {
		b = append(b, `{"user":null,"app":{"appId":null,"displayName":"Directory Sync Service","servicePrincipalId":"`...)
		return append(appendGUID(b, mix(w.c.opt.Seed, idPolicy, 2)), `","servicePrincipalName":null}}`...)
	}
	a := &w.c.accounts[r.by]
	b = field(append(b, `{"app":null,"user":{`...), "id", a.id)
	b = field(append(b, `,"displayName":null,`...), "userPrincipalName", a.login)
	b = append(w.ip(append(b, `,"ipAddress":"`...), r.by, h), `","userType":null,"homeTenantId":null,"homeTenantName":null}}`...)
	return b
}

// auditTargets: a membership names the member first, and the container both as
// the second target and in the member's modified properties, as JSON text.
func (w *writer) auditTargets(b []byte, r *rec, h uint64) []byte {
	switch r.what {
	case entraMemberAdd, entraMemberRemove:
		return w.memberTargets(b, r, "Group")
	case entraDirAdd, entraDirRemove:
		return w.memberTargets(b, r, "Role")
	case entraRoleGrant, entraRoleRemove, entraGroupRole:
		return w.appRoleTargets(b, r)
	case entraUpdate:
		return w.moveTarget(b, r)
	case entraNoise:
		b = append(b, `{"id":"`...)
		b = appendGUID(b, mix(h, 4))
		return append(b, `","displayName":"LAPTOP","type":"Device","userPrincipalName":null,"groupType":null,"modifiedProperties":[]}`...)
	default: // an account is created or disabled
	}
	b = w.userTarget(b, r.acct)
	if r.what == entraDisable {
		b = modified(b, "AccountEnabled", "[true]", "[false]")
	}
	return append(b, "]}"...)
}

// userTarget appends a user up to the open list of modified properties.
func (w *writer) userTarget(b []byte, acct int) []byte {
	a := &w.c.accounts[acct]
	b = field(append(b, '{'), "id", a.id)
	b = field(append(b, `,"displayName":null,"type":"User",`...), "userPrincipalName", a.login)
	return append(b, `,"groupType":null,"modifiedProperties":[`...)
}

// modified appends one modified property; empty values are null.
func modified(b []byte, name, from, to string) []byte {
	if b[len(b)-1] == '}' {
		b = append(b, ',')
	}
	b = field(append(b, '{'), "displayName", name)
	b = fieldOrNull(append(b, ','), "oldValue", from)
	return append(fieldOrNull(append(b, ','), "newValue", to), '}')
}

func (w *writer) memberTargets(b []byte, r *rec, container string) []byte {
	e := &w.c.ents[r.ent]
	id, name := strconv.Quote(e.id), string(quoted(nil, e.name))
	b = w.userTarget(b, r.acct)
	for _, p := range [][2]string{{container + ".ObjectID", id}, {container + ".DisplayName", name}} {
		if r.what == entraMemberRemove || r.what == entraDirRemove {
			b = modified(b, p[0], p[1], "")
		} else {
			b = modified(b, p[0], "", p[1])
		}
	}
	b = field(append(b, `]},{`...), "id", e.id)
	if container == "Role" {
		b = field(append(b, ','), "displayName", e.name)
		return append(b, `,"type":"Role","userPrincipalName":null,"groupType":null,"modifiedProperties":[]}`...)
	}
	return append(b, `,"displayName":null,"type":"Group","userPrincipalName":null,"groupType":"azureAD","modifiedProperties":[]}`...)
}

// appRoleTargets: the service principal first, with the role in its modified
// properties, then the user or group that was given it.
func (w *writer) appRoleTargets(b []byte, r *rec) []byte {
	given := r.ent
	if r.what == entraGroupRole {
		given = r.over
	}
	app, role := w.c.roleOf(given)
	b = field(append(b, '{'), "id", app.id)
	b = field(append(b, ','), "displayName", app.name)
	b = append(b, `,"type":"ServicePrincipal","userPrincipalName":null,"groupType":null,"modifiedProperties":[`...)
	props := [][2]string{{"AppRole.Id", strconv.Quote(role)}, {"AppRole.DisplayName", string(quoted(nil, w.c.ents[given].name))}}
	if r.what == entraGroupRole {
		props = append(props, [2]string{"Group.ObjectID", strconv.Quote(w.c.ents[r.ent].id)})
	} else {
		a := &w.c.accounts[r.acct]
		props = append(props, [2]string{"User.ObjectID", strconv.Quote(a.id)}, [2]string{"User.UPN", strconv.Quote(a.login)})
	}
	for _, p := range props {
		if r.what == entraRoleRemove {
			b = modified(b, p[0], p[1], "")
		} else {
			b = modified(b, p[0], "", p[1])
		}
	}
	b = append(b, "]},"...)
	if r.what == entraGroupRole {
		g := &w.c.ents[r.ent]
		b = field(append(b, '{'), "id", g.id)
		b = field(append(b, ','), "displayName", g.name)
		return append(b, `,"type":"Group","userPrincipalName":null,"groupType":"azureAD","modifiedProperties":[]}`...)
	}
	return append(w.userTarget(b, r.acct), "]}"...)
}

func (w *writer) moveTarget(b []byte, r *rec) []byte {
	p := &w.c.people[w.c.accounts[r.acct].person]
	from, to := p.at(p.now().from-1), p.now()
	list := func(s string) string { return "[" + string(quoted(nil, s)) + "]" }
	b = w.userTarget(b, r.acct)
	b = modified(b, "Department", list(w.c.depts[from.dept].name), list(w.c.depts[to.dept].name))
	b = modified(b, "JobTitle", list(w.c.spellTitle(p, from)), list(w.c.spellTitle(p, to)))
	return append(b, "]}"...)
}
