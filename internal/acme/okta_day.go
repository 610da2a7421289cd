package acme

// recKind is the kind of a log event; the platform's own names are in
// oktaTypes and auditNames.
type recKind uint8

const (
	oktaSSO recKind = iota
	oktaCode
	oktaPolicy
	oktaPassword
	oktaSession
	oktaFactor
	oktaGroupAdd
	oktaGroupRemove
	oktaAppAdd
	oktaAppRemove
	oktaGroupApp
	oktaCreate
	oktaDeactivate
	oktaProfile
	oktaAdminGrant
	oktaAdminRevoke
	oktaAttempt
	oktaAsk
	oktaRateLimit
	oktaImport
	oktaRuleChange
	oktaUnknown
	entraSignIn
	entraSilent
	entraInterrupt // asks whether to stay signed in: neither success nor failure
	entraMemberAdd
	entraMemberRemove
	entraRoleGrant
	entraRoleRemove
	entraGroupRole
	entraDirAdd
	entraDirRemove
	entraCreate
	entraDisable
	entraUpdate
	entraNoise
)

// collectUse turns a day's uses into events of both logs.
func (w *writer) collectUse(day int, fired []useDay) {
	for _, f := range fired {
		u := &w.c.uses[f.use]
		switch w.c.accounts[u.acct].source {
		case inOkta:
			w.oktaUse(day, f, u)
		case inEntra:
			w.entraUse(day, f, u)
		default:
			w.legacyUse(day, f)
		}
	}
}

// oktaUse: the sign-ons, before each failure or success at times the policy's
// answer, and for OpenID apps the code.
func (w *writer) oktaUse(day int, f useDay, u *use) {
	for j := range f.successes + f.failures {
		r := rec{day: day, ms: w.instant(u.acct, day, f.use*8+j), what: oktaSSO, acct: u.acct, ent: u.app, by: -1, fail: j >= f.successes}
		w.log.recs = append(w.log.recs, r)
		if !r.fail {
			w.sighted(u.acct, day, r.ms, false, false)
		}
	}
	first := w.log.recs[len(w.log.recs)-f.successes-f.failures]
	if w.luck(f.use, day, 3) < noisePolicy*w.t.noise {
		r := first
		r.what, r.ms = oktaPolicy, max(r.ms-700, 0)
		w.log.recs = append(w.log.recs, r)
	}
	switch mode := w.c.ents[u.app].mode; {
	case first.fail:
	case mode == modeOIDC && w.luck(f.use, day, 4) < noiseCode*w.t.noise:
		r := first
		r.what, r.ms = oktaCode, min(r.ms+900, dayMillis-1)
		w.log.recs = append(w.log.recs, r)
	case mode == modePassword && w.luck(f.use, day, 5) < 0.1:
		r := first
		r.what, r.ms = oktaPassword, min(r.ms+5000, dayMillis-1)
		w.log.recs = append(w.log.recs, r)
	}
	w.oktaSession(day, u.acct, first.ms)
}

// oktaSession adds the session and the second factor, on an account's first
// use of a day.
func (w *writer) oktaSession(day, acct, ms int) {
	if w.log.active[acct] == day {
		return
	}
	w.log.active[acct] = day
	if w.luck(acct, day, 6) < noiseSession*w.t.noise {
		w.log.recs = append(w.log.recs, rec{day: day, ms: max(ms-3000, 0), what: oktaSession, acct: acct, ent: -1, by: -1,
			fail: w.luck(acct, day, 7) < 0.04})
	}
	if w.luck(acct, day, 8) < noiseFactor*w.t.noise {
		w.log.recs = append(w.log.recs, rec{day: day, ms: max(ms-1500, 0), what: oktaFactor, acct: acct, ent: -1, by: -1,
			fail: w.luck(acct, day, 9) < 0.05})
	}
}

// collectNoise adds what the platform itself logs: limits, imports, changes of
// rules, and types that no document names.
func (w *writer) collectNoise(day int) {
	for j := range systemEvents(len(w.c.people)) {
		for k, what := range []recKind{oktaRateLimit, oktaImport, oktaRuleChange, oktaUnknown} {
			ms := below(mix(w.c.opt.Seed, day, j, k), dayMillis)
			w.log.recs = append(w.log.recs, rec{day: day, ms: ms, what: what, acct: -1, ent: -1, by: -1})
		}
		w.sign.audits = append(w.sign.audits, rec{day: day, ms: below(mix(w.c.opt.Seed, day, j, 9), dayMillis),
			what: entraNoise, acct: -1, ent: -1, by: -1})
	}
}

// collectHappenings adds the day's grants, removals and account changes.
func (w *writer) collectHappenings(day int) {
	for ; w.change < len(w.c.changes) && w.c.changes[w.change].day <= day; w.change++ {
		e := &w.c.changes[w.change]
		r := rec{day: e.day, ms: e.ms, acct: e.acct, ent: e.ent, by: e.by, over: e.other}
		kind := ""
		if e.ent >= 0 {
			kind = w.c.ents[e.ent].kind
		}
		switch w.c.sourceOf(e) {
		case inOkta:
			r.what = oktaHappening(kind, e.what)
			w.log.recs = append(w.log.recs, r)
			w.oktaDerived(r, e)
		case inEntra:
			if r.what = auditHappening(kind, e.what); r.what != entraNoise {
				w.sign.audits = append(w.sign.audits, r)
			}
		}
	}
}

// sourceOf is the source in whose log a happening stands.
func (c *Company) sourceOf(e *event) int {
	if e.acct >= 0 {
		return c.accounts[e.acct].source
	}
	return c.ents[e.ent].source
}

// oktaDerived adds the app memberships that follow from a group's, as jobs of
// the platform.
func (w *writer) oktaDerived(r rec, e *event) {
	if r.what != oktaGroupAdd && r.what != oktaGroupRemove {
		return
	}
	for i, o := range w.c.ents[e.ent].reach {
		d := r
		d.what, d.ent, d.by, d.over = oktaAppAdd, o.ent, -1, e.ent
		if r.what == oktaGroupRemove {
			d.what = oktaAppRemove
		}
		d.ms = min(d.ms+2000*(i+1), dayMillis-1)
		if o.since <= r.day && w.c.ents[o.ent].kind == kindApp {
			w.log.recs = append(w.log.recs, d)
		}
	}
}

// oktaHappening names a happening in the System Log.
func oktaHappening(kind string, h happening) recKind {
	switch {
	case h == granted && kind == kindGroup:
		return oktaGroupAdd
	case h == granted && kind == kindAdmin:
		return oktaAdminGrant
	case h == granted:
		return oktaAppAdd
	case h == revoked && kind == kindGroup:
		return oktaGroupRemove
	case h == revoked && kind == kindAdmin:
		return oktaAdminRevoke
	case h == revoked:
		return oktaAppRemove
	}
	return map[happening]recKind{opensMore: oktaGroupApp, created: oktaCreate, closed: oktaDeactivate,
		transferred: oktaProfile, attempted: oktaAttempt, asked: oktaAsk}[h]
}
