package acme

// writeEntra saves the inventory of Entra.
func writeEntra(w *writer) error {
	c := w.c
	members := c.members()
	return all(
		func() error {
			return w.save("entra/users.ndjson.gz", func(s *sink) {
				for a := range c.accounts {
					if c.accounts[a].source == inEntra {
						s.buf = w.entraUser(s.buf, a)
						s.line()
					}
				}
			})
		},
		func() error {
			return w.save("entra/groups.ndjson.gz", func(s *sink) {
				c.each(inEntra, kindGroup, func(_ int, e *entitlement) {
					s.buf = w.entraGroup(s.buf, e)
					s.line()
				})
			})
		},
		func() error { return w.writeEntraMembers(members) },
		func() error {
			return w.save("entra/service_principals.ndjson.gz", func(s *sink) {
				c.each(inEntra, kindApp, func(i int, e *entitlement) {
					s.buf = w.servicePrincipal(s.buf, i, e)
					s.line()
				})
			})
		},
		func() error { return w.writeAppRoleAssignments(members) },
		func() error { return w.writeEntraRoles(members) },
	)
}

func (w *writer) entraUser(b []byte, acct int) []byte {
	c, a := w.c, &w.c.accounts[acct]
	b = field(append(b, '{'), "id", a.id)
	b = append(b, `,"deletedDateTime":null,`...)
	b = boolean(b, "accountEnabled", a.alive() && a.state != stateStaged)
	b = field(append(b, ','), "userPrincipalName", a.login)
	b = field(append(b, ','), "displayName", a.display)
	b = fieldOrNull(append(b, ','), "mail", a.email)
	kind := "Member"
	if a.kind == kindGuest {
		kind = "Guest"
	}
	b = field(append(b, ','), "userType", kind)
	b = fieldOrNull(append(b, ','), "employeeId", a.number)
	b = c.when(append(b, ','), "createdDateTime", a.created, 6*3600*1000)
	b = boolean(append(b, ','), "onPremisesSyncEnabled", a.person >= 0)
	b = w.entraPerson(b, a)
	b = w.entraActivity(b, &w.seen[acct])
	return append(b, '}')
}

// entraPerson appends what the directory knows of the person, the manager
// expanded.
func (w *writer) entraPerson(b []byte, a *account) []byte {
	c := w.c
	if a.person < 0 {
		return append(b, `,"givenName":null,"surname":null,"department":null,"jobTitle":null,"officeLocation":null,"employeeType":null,"employeeHireDate":null,"employeeLeaveDateTime":null`...)
	}
	p := &c.people[a.person]
	pos := p.now()
	b = field(append(b, ','), "givenName", p.given.native)
	b = field(append(b, ','), "surname", p.family.native)
	b = field(append(b, ','), "department", c.depts[pos.dept].name)
	b = field(append(b, ','), "jobTitle", c.spellTitle(p, pos))
	b = field(append(b, ','), "officeLocation", c.towns[pos.town].city)
	kind := workerEmployee
	if p.external() {
		kind = workerContractor
	}
	b = field(append(b, ','), "employeeType", kind)
	b = c.when(append(b, ','), "employeeHireDate", p.hire, 0)
	b = c.whenOrNull(append(b, ','), "employeeLeaveDateTime", p.end, 0)
	if pos.manager < 0 || c.people[pos.manager].acct[inEntra] < 0 {
		return b
	}
	m := &c.accounts[c.people[pos.manager].acct[inEntra]]
	b = field(append(b, `,"manager":{"@odata.type":"#microsoft.graph.user",`...), "id", m.id)
	b = field(append(b, ','), "displayName", m.display)
	return append(field(append(b, ','), "userPrincipalName", m.login), '}')
}

// entraActivity appends signInActivity: attempts, and successes apart.
func (w *writer) entraActivity(b []byte, s *seen) []byte {
	if s.day == longAgo && s.silentDay == longAgo && s.triedDay == longAgo {
		return append(b, `,"signInActivity":null`...)
	}
	day, ms := later(s.day, s.ms, s.silentDay, s.silentMs)
	b = w.c.whenOrNull(append(b, `,"signInActivity":{`...), "lastSignInDateTime", s.triedDay, s.triedMs)
	b = w.c.whenOrNull(append(b, ','), "lastNonInteractiveSignInDateTime", s.silentDay, s.silentMs)
	return append(w.c.whenOrNull(append(b, ','), "lastSuccessfulSignInDateTime", day, ms), '}')
}

func (w *writer) entraGroup(b []byte, e *entitlement) []byte {
	unified := e.via == viaManual && len(e.name) > 4 && e.name[:4] == "M365" || e.project != nil
	b = field(append(b, '{'), "id", e.id)
	b = w.c.when(append(b, `,"deletedDateTime":null,"classification":null,`...), "createdDateTime", e.created, noon)
	b = fieldOrNull(append(b, ','), "description", e.desc)
	b = field(append(b, ','), "displayName", e.name)
	switch {
	case e.via == viaDynamic:
		b = field(append(b, `,"groupTypes":["DynamicMembership"],"membershipRuleProcessingState":"On",`...), "membershipRule", e.expr)
	case unified:
		b = append(b, `,"groupTypes":["Unified"],"membershipRuleProcessingState":null,"membershipRule":null`...)
	default:
		b = append(b, `,"groupTypes":[],"membershipRuleProcessingState":null,"membershipRule":null`...)
	}
	b = boolean(append(b, ','), "mailEnabled", unified)
	b = boolean(append(b, ','), "securityEnabled", !unified)
	b = field(append(b, ','), "mailNickname", e.id[:8])
	b = append(b, `,"isAssignableToRole":null,"onPremisesSyncEnabled":`...)
	if e.via == viaSynced {
		b = append(b, "true"...)
	} else {
		b = append(b, "null"...)
	}
	return append(b, `,"visibility":"Private","renewedDateTime":null,"expirationDateTime":null}`...)
}

// writeEntraMembers saves users and child groups; and one device, because
// members are not always people.
func (w *writer) writeEntraMembers(members [][]int) error {
	c := w.c
	return w.save("entra/group_members.ndjson.gz", func(s *sink) {
		c.each(inEntra, kindGroup, func(i int, e *entitlement) {
			for _, n := range members[i] {
				a := &c.accounts[c.edges[n].acct]
				b := field(append(child(s.buf, e.id), `{"@odata.type":"#microsoft.graph.user",`...), "id", a.id)
				b = field(append(b, ','), "displayName", a.display)
				b = fieldOrNull(append(b, ','), "mail", a.email)
				b = field(append(b, ','), "userPrincipalName", a.login)
				endOf(s, append(b, `,"businessPhones":[],"preferredLanguage":null}`...))
			}
			for _, parent := range e.parents {
				b := field(append(child(s.buf, c.ents[parent].id), `{"@odata.type":"#microsoft.graph.group",`...), "id", e.id)
				b = field(append(b, ','), "displayName", e.name)
				endOf(s, append(b, `,"groupTypes":[],"securityEnabled":true}`...))
			}
			if e.via == viaSynced && e.to.kind == forCity {
				b := append(child(s.buf, e.id), `{"@odata.type":"#microsoft.graph.device","id":"`...)
				b = appendGUID(b, mix(c.opt.Seed, idDevice, -i))
				endOf(s, append(b, `","displayName":"GATEWAY","operatingSystem":"Linux"}`...))
			}
		})
	})
}
