package acme

import "strings"

// writeOktaApps saves the applications and their users.
func (w *writer) writeOktaApps(users [][]appUser) error {
	return all(
		func() error {
			return w.saveEach("okta/apps.ndjson.gz", kindApp, func(s *sink, _ int, e *entitlement) {
				s.buf = w.oktaApp(s.buf, e)
				s.line()
			})
		},
		func() error {
			return w.saveEach("okta/app_users.ndjson.gz", kindApp, func(s *sink, i int, e *entitlement) {
				for _, u := range users[i] {
					endOf(s, w.oktaAppUser(child(s.buf, e.id), e, u))
				}
			})
		},
	)
}

// oktaApp appends an application. Its name is the integration's, its label
// what people see.
func (w *writer) oktaApp(b []byte, e *entitlement) []byte {
	name, mode := "acme_"+strings.ReplaceAll(slug(e.id), "-", "_"), e.mode
	switch mode {
	case modeBookmark:
		name = "bookmark"
	case modeOIDC:
		name = "oidc_client"
	case modePassword:
		name = "template_sps"
	}
	b = field(append(b, '{'), "id", e.id)
	b = append(append(append(b, `,"orn":"orn:okta:idp:00oacme0000000004ac7:apps:`...), e.id...), `",`...)
	b = field(b, "name", name)
	b = field(append(b, ','), "label", e.name)
	b = append(b, `,"status":"ACTIVE",`...)
	b = w.c.when(b, "lastUpdated", e.created, noon)
	b = w.c.when(append(b, ','), "created", e.created, noon)
	b = append(b, `,"accessibility":{"selfService":false,"errorRedirectUrl":null,"loginRedirectUrl":null},"visibility":{"autoLaunch":false,"autoSubmitToolbar":false,"hide":{"iOS":false,"web":false},"appLinks":{"login":true}},"features":[],`...)
	b = field(b, "signOnMode", mode)
	b = append(b, `,"credentials":{"userNameTemplate":{"template":"${source.login}","type":"BUILT_IN"},"signing":{}`...)
	if mode == modeOIDC {
		b = field(append(b, `,"oauthClient":{`...), "client_id", e.clientID())
		b = append(b, `,"autoKeyRotation":true,"token_endpoint_auth_method":"client_secret_basic","pkce_required":true}`...)
	}
	b = append(oktaAppSettings(append(b, `},"settings":{"app":{`...), mode, name), `},"notifications":{"vpn":{"network":{"connection":"DISABLED"},"message":null,"helpUrl":null}},"notes":{"admin":null,"enduser":null}},"_links":{"users":{"href":"`...)
	b = append(append(append(append(b, orgURL...), "apps/"...), e.id...), `/users"},"groups":{"href":"`...)
	return append(append(append(append(b, orgURL...), "apps/"...), e.id...), `/groups"}}}`...)
}

// oktaAppSettings appends what an application of a mode must say of itself:
// where a bookmark leads, and where a password is typed in.
func oktaAppSettings(b []byte, mode, name string) []byte {
	switch mode {
	case modeBookmark:
		b = field(append(b, `"requestIntegration":false,`...), "url", "https://intranet.acme.example/"+name)
	case modePassword:
		b = field(b, "url", "https://"+name+".acme.example/login")
		b = append(b, `,"usernameField":"#user","passwordField":"#password"`...)
	}
	return b
}

// oktaAppUser appends an app user: by group when no assignment of its own
// exists.
func (w *writer) oktaAppUser(b []byte, e *entitlement, u appUser) []byte {
	a := &w.c.accounts[u.acct]
	scope := "GROUP"
	if u.direct {
		scope = "USER"
	}
	b = field(append(b, '{'), "id", a.id)
	b = w.c.when(append(b, `,"externalId":null,`...), "created", u.since, noon)
	b = w.c.when(append(b, ','), "lastUpdated", u.since, noon+2000)
	b = field(append(b, ','), "scope", scope)
	b = w.c.when(append(b, `,"status":"ACTIVE",`...), "statusChanged", u.since, noon)
	b = append(b, `,"passwordChanged":null,"syncState":"DISABLED","credentials":{`...)
	b = field(b, "userName", a.login)
	b = append(append(append(b, `},"profile":{},"_links":{"app":{"href":"`...), orgURL...), "apps/"...)
	b = append(append(b, e.id...), `"},"user":{"href":"`...)
	return append(append(append(append(b, orgURL...), "users/"...), a.id...), `"}}}`...)
}

func (w *writer) writeOktaAppGroups() error {
	c := w.c
	return w.save("okta/app_groups.ndjson.gz", func(s *sink) {
		c.each(inOkta, kindGroup, func(_ int, g *entitlement) {
			for i, o := range g.opens {
				app := &c.ents[o.ent]
				if app.kind != kindApp {
					continue
				}
				b := field(append(child(s.buf, app.id), '{'), "id", g.id)
				b = c.when(append(b, ','), "lastUpdated", max(o.since, g.created, app.created), noon)
				b = number(append(b, `,"priority":`...), i)
				b = append(append(append(b, `,"profile":{},"_links":{"group":{"href":"`...), orgURL...), "groups/"...)
				endOf(s, append(append(b, g.id...), `"}}}`...))
			}
		})
	})
}

func (w *writer) writeOktaRules() error {
	c := w.c
	return w.save("okta/group_rules.ndjson.gz", func(s *sink) {
		c.each(inOkta, kindGroup, func(_ int, g *entitlement) {
			if g.rule == "" {
				return
			}
			b := field(append(s.buf, `{"type":"group_rule",`...), "id", g.rule)
			b = field(append(b, `,"status":"ACTIVE",`...), "name", "Members of "+g.name)
			b = c.when(append(b, ','), "created", g.created, noon)
			b = c.when(append(b, ','), "lastUpdated", g.created, noon)
			b = field(append(b, `,"conditions":{"people":{"users":{"exclude":[]},"groups":{"exclude":[]}},"expression":{`...), "value", g.expr)
			b = quoted(append(b, `,"type":"urn:okta:expression:1.0"}},"actions":{"assignUserToGroups":{"groupIds":[`...), g.id)
			s.buf = append(b, `]}},"allGroupsValid":true}`...)
			s.line()
		})
	})
}

// writeOktaRoles saves the administrator roles: assigned to a user, inherited
// by a user from a group, and assigned to a group.
func (w *writer) writeOktaRoles(members [][]int) error {
	c := w.c
	role := func(s *sink, parent, assignment string, n, since int, r *entitlement) {
		b := append(child(s.buf, parent), `{"id":"ra1`...)
		b = appendBase62(b, mix(c.opt.Seed, idRole, n), 13)
		b = field(append(b, `4ac7",`...), "label", r.name)
		b = field(append(b, ','), "type", r.id)
		b = c.when(append(b, `,"status":"ACTIVE",`...), "created", since, noon)
		b = c.when(append(b, ','), "lastUpdated", since, noon)
		b = field(append(b, ','), "assignmentType", assignment)
		b = append(append(append(b, `,"_links":{"assignee":{"href":"`...), orgURL...), "users/"...)
		endOf(s, append(append(b, parent...), `"}}}`...))
	}
	err := w.save("okta/user_roles.ndjson.gz", func(s *sink) {
		c.each(inOkta, kindAdmin, func(i int, r *entitlement) {
			for _, n := range members[i] {
				role(s, c.accounts[c.edges[n].acct].id, "USER", n, c.edges[n].since, r)
			}
		})
		c.eachRoleGroup(func(g int, r *entitlement) {
			for _, n := range members[g] {
				role(s, c.accounts[c.edges[n].acct].id, "GROUP", -n-1, c.edges[n].since, r)
			}
		})
	})
	if err != nil {
		return err
	}
	return w.save("okta/group_roles.ndjson.gz", func(s *sink) {
		c.eachRoleGroup(func(g int, r *entitlement) {
			role(s, c.ents[g].id, "GROUP", len(c.edges)+g, c.ents[g].created, r)
		})
	})
}

// eachRoleGroup calls f for the groups that give an administrator role.
func (c *Company) eachRoleGroup(f func(group int, role *entitlement)) {
	c.each(inOkta, kindGroup, func(g int, e *entitlement) {
		for _, o := range e.opens {
			if c.ents[o.ent].kind == kindAdmin {
				f(g, &c.ents[o.ent])
			}
		}
	})
}
