package acme

// servicePrincipal appends an enterprise application with its app roles.
func (w *writer) servicePrincipal(b []byte, n int, e *entitlement) []byte {
	c := w.c
	b = field(append(b, '{'), "id", e.id)
	b = field(append(b, `,"deletedDateTime":null,"accountEnabled":true,`...), "appId", e.appID)
	b = field(append(b, ','), "appDisplayName", e.name)
	b = field(append(b, ','), "displayName", e.name)
	b = boolean(append(b, ','), "appRoleAssignmentRequired", e.via != viaDefault)
	b = append(append(b, `,"appOwnerOrganizationId":"`...), c.tenant()...)
	b = c.when(append(b, `",`...), "createdDateTime", e.created, noon)
	b = append(b, `,"servicePrincipalType":"Application","signInAudience":"AzureADMyOrg","preferredSingleSignOnMode":"saml","tags":["WindowsAzureActiveDirectoryIntegratedApp"],"servicePrincipalNames":["`...)
	b = append(append(b, e.appID...), `"],"appRoles":[`...)
	if e.mode == modeRoles {
		_, role := c.roleOf(n + 1)
		b = field(append(b, '{'), "id", role)
		b = append(b, `,"allowedMemberTypes":["User"],"displayName":"User","description":"Members may use the application","isEnabled":true,"origin":"Application","value":"User"}`...)
	}
	return append(b, `],"oauth2PermissionScopes":[],"notes":null}`...)
}

// writeAppRoleAssignments saves who was given an app's role: users, and the
// groups that open it.
func (w *writer) writeAppRoleAssignments(members [][]int) error {
	c := w.c
	return w.save("entra/app_role_assignments.ndjson.gz", func(s *sink) {
		c.each(inEntra, kindAppRole, func(i int, _ *entitlement) {
			for _, n := range members[i] {
				a := &c.accounts[c.edges[n].acct]
				w.assignment(s, i, "User", a.id, a.display, c.edges[n].since, n)
			}
		})
		c.each(inEntra, kindGroup, func(g int, e *entitlement) {
			for _, o := range e.opens {
				w.assignment(s, o.ent, "Group", e.id, e.name, max(o.since, e.created), -g-1)
			}
		})
	})
}

func (w *writer) assignment(s *sink, ent int, kind, principal, display string, since, n int) {
	app, role := w.c.roleOf(ent)
	b := append(child(s.buf, app.id), `{"id":"`...)
	b = appendBase62(appendBase62(b, mix(w.c.opt.Seed, idAssignment, n), 21), mix(w.c.opt.Seed, n), 22)
	b = field(append(b, `","deletedDateTime":null,`...), "appRoleId", role)
	b = w.c.when(append(b, ','), "createdDateTime", since, noon)
	b = field(append(b, ','), "principalDisplayName", display)
	b = field(append(b, ','), "principalId", principal)
	b = field(append(b, ','), "principalType", kind)
	b = field(append(b, ','), "resourceDisplayName", app.name)
	endOf(s, append(field(append(b, ','), "resourceId", app.id), '}'))
}

func (w *writer) writeEntraRoles(members [][]int) error {
	c := w.c
	err := w.save("entra/role_definitions.ndjson.gz", func(s *sink) {
		c.each(inEntra, kindDirRole, func(_ int, r *entitlement) {
			b := field(append(s.buf, '{'), "id", r.id)
			b = field(append(b, ','), "description", r.desc)
			b = field(append(b, ','), "displayName", r.name)
			b = field(append(b, `,"isBuiltIn":true,"isEnabled":true,"resourceScopes":["/"],"version":"1",`...), "templateId", r.id)
			b = boolean(append(b, ','), "isPrivileged", r.name != "Directory Readers")
			s.buf = append(b, `,"rolePermissions":[{"allowedResourceActions":["microsoft.directory/allEntities/read"],"condition":null}]}`...)
			s.line()
		})
	})
	if err != nil {
		return err
	}
	return w.save("entra/role_assignments.ndjson.gz", func(s *sink) {
		c.each(inEntra, kindDirRole, func(i int, r *entitlement) {
			for _, n := range members[i] {
				b := append(s.buf, `{"id":"`...)
				b = appendBase62(appendBase62(b, mix(c.opt.Seed, idAssignment, n), 20), mix(c.opt.Seed, n), 20)
				b = field(append(b, `-1",`...), "principalId", c.accounts[c.edges[n].acct].id)
				s.buf = append(field(append(b, `,"directoryScopeId":"/",`...), "roleDefinitionId", r.id), '}')
				s.line()
			}
		})
	})
}
