package acme

// oktaTargets appends the targets of an event. Their order is no contract:
// two targets of a kind that can stand in either order do.
func (w *writer) oktaTargets(b []byte, r *rec, h uint64) []byte {
	switch r.what {
	case oktaSession:
		return append(b, [...]string{"null", "[]", `[{"id":"0oadashboard000004c7","type":"AppInstance","alternateId":"Okta Dashboard","displayName":"Okta Dashboard","detailEntry":null}]`}[below(h, 3)]...)
	case oktaRateLimit, oktaUnknown:
		return append(b, "null"...)
	case oktaImport, oktaRuleChange:
		return append(b, `[{"id":"00pdefaultpolicy04ac7","type":"PolicyEntity","alternateId":"unknown","displayName":"Default Policy","detailEntry":null}]`...)
	default:
		return append(w.oktaParties(append(b, '['), r, h), ']')
	}
}

// oktaParties appends the targets of what concerns an account, a group or an
// application.
func (w *writer) oktaParties(b []byte, r *rec, h uint64) []byte {
	switch r.what {
	case oktaSSO, oktaPassword, oktaAttempt:
		b = w.pair(b, h, func(b []byte) []byte { return w.appTarget(b, r.appOf()) },
			func(b []byte) []byte { return w.appUserTarget(b, r) })
	case oktaPolicy:
		b = w.policyTargets(b, r, h)
	case oktaGroupAdd, oktaGroupRemove, oktaAsk:
		b = w.pair(b, h, func(b []byte) []byte { return append(b, w.log.actor[r.acct]...) },
			func(b []byte) []byte { return w.groupTarget(b, r.ent) })
	case oktaAppAdd, oktaAppRemove:
		b = append(w.appUserTarget(b, r), ',')
		b = append(w.appTarget(b, r.ent), ',')
		b = append(b, w.log.actor[r.acct]...)
	case oktaGroupApp:
		b = append(w.groupTarget(b, r.ent), ',')
		b = w.appTarget(b, r.over)
	case oktaProfile:
		b = w.profileTarget(b, r)
	default:
		b = append(b, w.log.actor[r.acct]...)
	}
	return b
}

// appOf is the application that the event is about.
func (r *rec) appOf() int {
	if r.what == oktaAttempt {
		return r.over
	}
	return r.ent
}

// pair appends two targets in an order that the event's hash decides; one in
// eight is turned round.
func (w *writer) pair(b []byte, h uint64, first, second func([]byte) []byte) []byte {
	if below(h<<5, 8) == 0 {
		first, second = second, first
	}
	return second(append(first(b), ','))
}

func (w *writer) appTarget(b []byte, app int) []byte {
	e := &w.c.ents[app]
	b = field(append(b, '{'), "id", e.id)
	b = field(append(b, `,"type":"AppInstance",`...), "alternateId", e.name)
	b = field(append(b, ','), "displayName", e.name)
	b = field(append(b, `,"detailEntry":{`...), "signOnModeType", e.mode)
	return append(b, "}}"...)
}

// appUserTarget names the account inside the app; its id is not the user's.
func (w *writer) appUserTarget(b []byte, r *rec) []byte {
	a := &w.c.accounts[r.acct]
	b = append(b, `{"id":"0ua`...)
	b = appendBase62(b, mix(w.c.opt.Seed, idAssignment, r.acct, r.appOf()), 13)
	b = field(append(b, `4ac7","type":"AppUser",`...), "alternateId", a.login)
	b = field(append(b, ','), "displayName", a.display)
	return append(b, `,"detailEntry":null}`...)
}

func (w *writer) groupTarget(b []byte, group int) []byte {
	e := &w.c.ents[group]
	kind := "UserGroup"
	if e.kind != kindGroup {
		kind = "AppInstance"
	}
	return oktaParty(b, e.id, kind, "unknown", e.name)
}

// policyTargets: the app is named on one tenant in five only in words of the
// policy, as on the older engine.
func (w *writer) policyTargets(b []byte, r *rec, h uint64) []byte {
	b = append(b, `{"id":"rst`...)
	b = appendBase62(b, mix(w.c.opt.Seed, idPolicy, r.ent), 13)
	b = append(b, `4ac7","type":"PolicyEntity","alternateId":"unknown","displayName":"Any two factors","detailEntry":{"policyType":"Okta:SignOn"}},{"id":"0pr`...)
	b = appendBase62(b, mix(w.c.opt.Seed, idPolicy, r.ent, 1), 13)
	b = append(b, `4ac7","type":"PolicyRule","alternateId":"unknown","displayName":"Catch-all Rule","detailEntry":null}`...)
	if below(h<<9, 5) == 0 {
		return b
	}
	return w.appTarget(append(b, ','), r.ent)
}

// profileTarget carries what changed when HR moved the person.
func (w *writer) profileTarget(b []byte, r *rec) []byte {
	a := &w.c.accounts[r.acct]
	p := &w.c.people[a.person]
	from, to := p.at(p.now().from-1), p.now()
	b = field(append(b, '{'), "id", a.id)
	b = field(append(b, `,"type":"User",`...), "alternateId", a.login)
	b = field(append(b, ','), "displayName", a.display)
	b = append(b, `,"detailEntry":null,"changeDetails":{"from":{`...)
	b = field(b, "department", w.c.depts[from.dept].name)
	b = field(append(b, ','), "title", w.c.spellTitle(p, from))
	b = field(append(b, `},"to":{`...), "department", w.c.depts[to.dept].name)
	b = field(append(b, ','), "title", w.c.spellTitle(p, to))
	return append(b, "}}}"...)
}
