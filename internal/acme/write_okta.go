package acme

import "strings"

// orgURL is the base of the links in Okta's answers.
const orgURL = "https://acme.okta.example/api/v1/"

// writeOkta saves the inventory of Okta.
func writeOkta(w *writer) error {
	c := w.c
	members, users := c.members(), c.appUsers()
	return all(
		func() error {
			return w.save("okta/users.ndjson.gz", func(s *sink) {
				for a := range c.accounts {
					if c.accounts[a].source == inOkta {
						s.buf = w.oktaUser(s.buf, a)
						s.line()
					}
				}
			})
		},
		func() error {
			return w.saveEach("okta/groups.ndjson.gz", kindGroup, func(s *sink, i int, e *entitlement) {
				s.buf = w.oktaGroup(s.buf, e, members[i])
				s.line()
			})
		},
		func() error {
			return w.saveEach("okta/group_members.ndjson.gz", kindGroup, func(s *sink, i int, e *entitlement) {
				for _, n := range members[i] {
					endOf(s, w.oktaUser(child(s.buf, e.id), c.edges[n].acct))
				}
			})
		},
		w.writeOktaRules,
		func() error { return w.writeOktaApps(users) },
		w.writeOktaAppGroups,
		func() error { return w.writeOktaRoles(members) },
	)
}

// saveEach writes one file of Okta by its entitlements of a kind.
func (w *writer) saveEach(path, kind string, f func(s *sink, i int, e *entitlement)) error {
	return w.save(path, func(s *sink) {
		w.c.each(inOkta, kind, func(i int, e *entitlement) { f(s, i, e) })
	})
}

var oktaStatus = map[string]string{"": "ACTIVE", stateStaged: stateStaged, "LOCKED_OUT": "LOCKED_OUT",
	"PASSWORD_EXPIRED": "PASSWORD_EXPIRED", "RECOVERY": "RECOVERY"}

// oktaUser appends a user as lists and group memberships serve it.
func (w *writer) oktaUser(b []byte, acct int) []byte {
	c, a := w.c, &w.c.accounts[acct]
	status, changed := oktaStatus[a.state], a.created
	if !a.alive() {
		status, changed = "DEPROVISIONED", a.disabled
	}
	b = field(append(b, '{'), "id", a.id)
	b = field(append(b, ','), "status", status)
	b = c.when(append(b, ','), "created", a.created, 6*3600*1000)
	if status == stateStaged {
		b = append(b, `,"activated":null`...)
	} else {
		b = c.when(append(b, ','), "activated", a.created, 6*3600*1000+4000)
	}
	b = c.when(append(b, ','), "statusChanged", changed, 19*3600*1000)
	b = c.whenOrNull(append(b, ','), "lastLogin", w.seen[acct].day, w.seen[acct].ms)
	b = c.when(append(b, ','), "lastUpdated", max(changed, a.created), 19*3600*1000)
	b = c.when(append(b, ','), "passwordChanged", max(a.created, -below(mix(c.opt.Seed, acct), 180)-1), noon)
	b = append(b, `,"type":{"id":"oty4kvcymxqc2A8KT4c7"},"profile":{`...)
	b = w.oktaProfile(b, a)
	b = append(b, `},"credentials":{"password":{},"provider":{"type":"OKTA","name":"OKTA"}},"_links":{"self":{"href":"`...)
	return append(append(append(append(b, orgURL...), "users/"...), a.id...), `"}}}`...)
}

// oktaProfile appends the profile's fields: of a person what HR pushed, of a
// machine a user type at best.
func (w *writer) oktaProfile(b []byte, a *account) []byte {
	c := w.c
	if a.person < 0 {
		first, last, _ := strings.Cut(a.display, " ")
		b = field(b, "firstName", first)
		b = field(append(b, ','), "lastName", last)
		b = field(append(b, `,"mobilePhone":null,"secondEmail":null,`...), "login", a.login)
		b = field(append(b, ','), "email", a.email)
		b = field(append(b, ','), "displayName", a.display)
		return fieldOrNull(append(b, ','), "userType", map[string]string{kindService: "Service", kindShared: "Shared"}[a.kind])
	}
	p := &c.people[a.person]
	pos := p.now()
	b = field(b, "firstName", p.given.native)
	b = field(append(b, ','), "lastName", p.family.native)
	b = field(append(b, `,"mobilePhone":null,"secondEmail":null,`...), "login", a.login)
	b = field(append(b, ','), "email", a.email)
	b = field(append(b, ','), "displayName", a.display)
	b = fieldOrNull(append(b, ','), "employeeNumber", a.number)
	kind := workerEmployee
	if p.external() {
		kind = workerContractor
	}
	b = field(append(b, ','), "userType", kind)
	b = field(append(b, ','), "department", c.depts[pos.dept].name)
	b = field(append(b, ','), "title", c.spellTitle(p, pos))
	b = field(append(b, ','), "city", c.towns[pos.town].city)
	b = field(append(b, ','), "countryCode", c.towns[pos.town].code)
	b = field(append(b, ','), "organization", "Acme")
	manager, managerName := "", ""
	if pos.manager >= 0 {
		manager, managerName = c.people[pos.manager].number, c.people[pos.manager].display()
	}
	b = fieldOrNull(append(b, ','), "managerId", manager)
	return fieldOrNull(append(b, ','), "manager", managerName)
}

func (w *writer) oktaGroup(b []byte, e *entitlement, members []int) []byte {
	c, kind, class := w.c, "OKTA_GROUP", "okta:user_group"
	switch e.via {
	case viaBuiltin:
		kind = "BUILT_IN"
	case viaImported:
		kind, class = "APP_GROUP", "okta:windows_security_principal"
	}
	changed := e.created
	for _, n := range members {
		changed = max(changed, c.edges[n].since)
	}
	b = field(append(b, '{'), "id", e.id)
	b = c.when(append(b, ','), "created", e.created, noon)
	b = c.when(append(b, ','), "lastUpdated", e.created, noon)
	b = c.when(append(b, ','), "lastMembershipUpdated", changed, noon)
	b = append(quoted(append(b, `,"objectClass":[`...), class), ']')
	b = field(append(b, ','), "type", kind)
	if e.via == viaImported {
		b = append(b, `,"source":{"id":"0oadirectory000004ac7"}`...)
	}
	b = field(append(b, `,"profile":{`...), "name", e.name)
	b = fieldOrNull(append(b, ','), "description", e.desc)
	if e.via == viaImported {
		b = field(append(b, ','), "samAccountName", slug(e.name))
		b = field(append(b, ','), "dn", "CN="+slug(e.name)+",OU=Groups,DC=acme,DC=example")
	}
	b = append(append(append(b, `},"_links":{"users":{"href":"`...), orgURL...), "groups/"...)
	b = append(append(b, e.id...), `/users"},"apps":{"href":"`...)
	return append(append(append(append(b, orgURL...), "groups/"...), e.id...), `/apps"}}}`...)
}
