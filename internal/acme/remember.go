package acme

// rememberUse writes a day's rows of the roll-up, one an account and
// application, by the ids that the logs use.
func (w *writer) rememberUse(day int, fired []useDay) {
	s := w.out[fileUsageDay]
	for _, f := range fired {
		u := &w.c.uses[f.use]
		a, e := &w.c.accounts[u.acct], &w.c.ents[u.app]
		if a.source == inLegacy {
			w.legacyUse(day, f)
			continue
		}
		ms := w.instant(u.acct, day, f.use)
		w.sighted(u.acct, day, ms, f.present == 0 && f.failures == 0, f.successes == 0)
		b := append(s.buf, '{')
		b = field(b, "source", sourceNames[a.source])
		b = field(append(b, ','), "day", w.c.cal.stampDate(day))
		b = field(append(b, ','), "account", a.id)
		b = field(append(b, ','), "entitlement", e.loggedAs())
		b = number(append(b, `,"successes":`...), f.successes)
		b = number(append(b, `,"failures":`...), f.failures)
		b = number(append(b, `,"interactive":`...), f.present)
		s.buf = append(b, '}')
		s.line()
	}
}

// loggedAs is the id by which most sign-ins name the application.
func (e *entitlement) loggedAs() string {
	if e.source == inEntra {
		return e.appID
	}
	return e.id
}

// legacyUse writes the warehouse system's own count of uses.
func (w *writer) legacyUse(day int, f useDay) {
	u := &w.c.uses[f.use]
	for _, part := range []struct {
		n       int
		outcome string
	}{{f.successes * (1 + below(mix(w.c.opt.Seed, f.use, day), 9)), "success"}, {f.failures, "failure"}} {
		if part.n == 0 {
			continue
		}
		s := w.out[fileUsage]
		b := w.c.cal.stamp(s.buf, day, w.instant(u.acct, day, f.use))
		b = append(append(b, ','), w.c.accounts[u.acct].id...)
		b = append(append(b, ','), w.c.ents[u.app].id...)
		b = number(append(b, ','), part.n)
		s.buf = append(append(b, ','), part.outcome...)
		s.line()
	}
}

// rememberChanges writes the grants and removals of a day before the raw log.
func (w *writer) rememberChanges(day int) {
	for ; w.change < len(w.c.changes) && w.c.changes[w.change].day == day; w.change++ {
		e := &w.c.changes[w.change]
		switch e.what {
		case granted, revoked, opensMore:
			w.rememberChange(e)
		default: // the roll-up keeps grants only
		}
	}
}

func (w *writer) rememberChange(e *event) {
	source := w.c.ents[e.ent].source
	if source == inLegacy {
		return
	}
	s := w.out[fileChange]
	b := append(s.buf, '{')
	b = field(b, "source", sourceNames[source])
	b = append(b, `,"event_id":"`...)
	b = appendGUID(b, mix(w.c.opt.Seed, idEvent, w.change))
	b = w.c.when(append(b, `",`...), "at", e.day, e.ms)
	b = field(append(b, ','), "kind", changeNames[e.what])
	b = append(b, `,"outcome":"success","account":`...)
	if e.acct >= 0 {
		b = quoted(b, w.c.accounts[e.acct].id)
	} else {
		b = append(b, "null"...)
	}
	b = field(append(b, ','), "entitlement", w.c.ents[e.ent].id)
	other := ""
	if e.other >= 0 {
		other = w.c.ents[e.other].id
	}
	b = fieldOrNull(append(b, ','), "other", other)
	b = fieldOrNull(append(b, ','), "actor", w.actorID(e.by))
	b = field(append(b, ','), "event_type", w.c.eventType(e))
	s.buf = append(b, '}')
	s.line()
}

var changeNames = map[happening]string{granted: "grant", revoked: "revoke", opensMore: "opens_grant"}

func (w *writer) actorID(acct int) string {
	if acct < 0 {
		return ""
	}
	return w.c.accounts[acct].id
}

// eventType is the platform's own name of a grant or removal.
func (c *Company) eventType(e *event) string {
	v := &c.ents[e.ent]
	if v.source == inOkta {
		return oktaTypes[oktaHappening(v.kind, e.what)].name
	}
	return auditNames[auditHappening(v.kind, e.what)].activity
}
