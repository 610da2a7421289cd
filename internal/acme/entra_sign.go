package acme

// entraLog holds what the writers of sign-ins and audits need from event to
// event.
type entraLog struct {
	present, silent, audits []rec
	who                     [][]byte // account → its fields in a sign-in
	place                   [][]byte // town → location
}

func (l *entraLog) prepare(c *Company) {
	l.who = make([][]byte, len(c.accounts))
	for i := range c.accounts {
		if a := &c.accounts[i]; a.source == inEntra {
			b := field(nil, "userDisplayName", a.display)
			b = field(append(b, ','), "userPrincipalName", a.signInName())
			l.who[i] = field(append(b, ','), "userId", a.id)
		}
	}
	for i := range c.towns {
		t := &c.towns[i]
		b := field([]byte(`"location":{`), "city", t.city)
		b = field(append(b, ','), "state", t.state)
		b = field(append(b, ','), "countryOrRegion", t.code)
		b = append(append(b, `,"geoCoordinates":{"altitude":null,"latitude":`...), t.latitude...)
		b = append(append(b, `,"longitude":`...), t.longitude...)
		l.place = append(l.place, append(b, "}}"...))
	}
}

// entraUse: interactive sign-ins and those of the client on the person's
// behalf go to different logs.
func (w *writer) entraUse(day int, f useDay, u *use) {
	for j := range f.successes + f.failures {
		r := rec{day: day, ms: w.instant(u.acct, day, f.use*8+j), what: entraSignIn, acct: u.acct, ent: u.app, by: -1,
			fail: j >= f.successes}
		silent := j >= f.present && !r.fail
		w.sighted(u.acct, day, r.ms, silent, r.fail)
		if silent {
			r.what = entraSilent
			w.sign.silent = append(w.sign.silent, r)
			continue
		}
		w.sign.present = append(w.sign.present, r)
		if w.luck(f.use, day, j, 12) < noiseInterrupt*w.t.noise {
			r.what, r.ms, r.fail = entraInterrupt, max(r.ms-4000, 0), false
			w.sign.present = append(w.sign.present, r)
		}
	}
}

func (w *writer) writeEntraDay(day int) {
	for _, part := range []struct {
		path string
		recs *[]rec
		line func([]byte, *rec) []byte
	}{
		{fileSignIns, &w.sign.present, w.signIn},
		{fileSilent, &w.sign.silent, w.signIn},
		{fileAudits, &w.sign.audits, w.audit},
	} {
		s := w.out[part.path]
		if part.path == fileSilent && day == w.c.lostDay() {
			*part.recs = (*part.recs)[:0]
		}
		for _, r := range w.inOrder(*part.recs) {
			s.buf = part.line(s.buf, &r)
			s.line()
		}
		*part.recs = (*part.recs)[:0]
	}
}

// lostDay is the day whose non-interactive sign-ins nobody has: the export
// stood still, and the coverage says so.
func (c *Company) lostDay() int { return -c.opt.LogDays / 3 }

// signIn appends a sign-in as Graph serves it: v1.0 for interactive ones, beta
// for the others.
func (w *writer) signIn(b []byte, r *rec) []byte {
	h := mix(w.c.opt.Seed, idEvent, r.day, r.ms, r.acct, r.ent)
	e := &w.c.ents[r.ent]
	b = append(b, `{"id":"`...)
	b = appendGUID(b, h)
	b = w.c.when(append(b, `",`...), "createdDateTime", r.day, r.ms)
	b = append(append(b, ','), w.sign.who[r.acct]...)
	b = field(append(b, ','), "appId", e.appID)
	b = field(append(b, ','), "appDisplayName", e.name)
	b = append(w.ip(append(b, `,"ipAddress":"`...), r.acct, h), `","clientAppUsed":"`...)
	b = append(b, [...]string{"Browser", "Mobile Apps and Desktop clients"}[below(h, 2)]...)
	b = appendGUID(append(b, `","correlationId":"`...), mix(h, 2))
	b = append(b, `","conditionalAccessStatus":"success","isInteractive":`...)
	if r.what == entraSilent {
		b = append(b, "false"...)
	} else {
		b = append(b, "true"...)
	}
	b = append(b, `,"riskDetail":"none","riskLevelAggregated":"none","riskLevelDuringSignIn":"none","riskState":"none","riskEventTypes":[],"riskEventTypes_v2":[]`...)
	b = append(b, `,"resourceDisplayName":"Directory Graph","resourceId":"00000003-0000-0000-c000-000000000000"`...)
	b = w.signInStatus(b, r)
	b = w.signInDevice(b, r, h)
	b = append(append(b, ','), w.sign.place[w.townOf(r.acct)]...)
	b = appendGUID(append(b, `,"appliedConditionalAccessPolicies":[{"id":"`...), mix(w.c.opt.Seed, idPolicy))
	b = append(b, `","displayName":"Require a second factor for all users","enforcedGrantControls":["Mfa"],"enforcedSessionControls":[],"result":"success"}]`...)
	if r.what == entraSilent {
		b = w.betaFields(b, h)
	}
	return append(b, '}')
}

// entraFailures are error codes that mean no entry.
var entraFailures = []struct{ code, reason string }{
	{"50126", "Error validating credentials due to invalid username or password."},
	{"50105", "The signed in user is not assigned to a role for the application."},
	{"53003", "Access has been blocked by conditional access policies."},
}

func (w *writer) signInStatus(b []byte, r *rec) []byte {
	if r.what == entraInterrupt {
		return append(b, `,"status":{"errorCode":50140,"failureReason":"This error occurred due to 'Keep me signed in' interrupt when the user was signing-in.","additionalDetails":null}`...)
	}
	if !r.fail {
		return append(b, `,"status":{"errorCode":0,"failureReason":"Other.","additionalDetails":"MFA requirement satisfied by claim in the token"}`...)
	}
	f := entraFailures[below(mix(w.c.opt.Seed, r.acct, r.ent), len(entraFailures))]
	b = append(append(b, `,"status":{"errorCode":`...), f.code...)
	b = field(append(b, ','), "failureReason", f.reason)
	return append(b, `,"additionalDetails":null}`...)
}

func (w *writer) signInDevice(b []byte, r *rec, h uint64) []byte {
	d := w.deviceOf(r.acct, h)
	b = append(b, `,"deviceDetail":{"deviceId":"`...)
	b = appendGUID(b, mix(w.c.opt.Seed, idDevice, r.acct))
	b = append(append(b, `","displayName":"`...), d.model...)
	b = append(append(b, `","operatingSystem":"`...), d.os...)
	b = append(append(b, `","browser":"`...), d.browser...)
	return append(b, `","isCompliant":true,"isManaged":true,"trustType":"Azure AD joined"}`...)
}

// betaFields are what the beta endpoint adds.
func (w *writer) betaFields(b []byte, h uint64) []byte {
	b = append(b, `,"signInEventTypes":["nonInteractiveUser"],"servicePrincipalId":"","resourceServicePrincipalId":"`...)
	b = appendGUID(b, mix(w.c.opt.Seed, idApp))
	b = append(b, `","incomingTokenType":"primaryRefreshToken","authenticationProtocol":"none","clientCredentialType":"none","tokenIssuerType":"AzureAD","tokenIssuerName":"","userType":"member","crossTenantAccessType":"none","homeTenantId":"`...)
	b = append(append(b, w.c.tenant()...), `","resourceTenantId":"`...)
	b = append(append(b, w.c.tenant()...), `","authenticationRequirement":"singleFactorAuthentication","authenticationDetails":[],"authenticationProcessingDetails":[{"key":"Oauth Scope Info","value":"[\"openid\",\"profile\"]"},{"key":"Is CAE Token","value":"False"}],"networkLocationDetails":[],"processingTimeInMilliseconds":`...)
	b = number(b, 20+below(h, 900))
	b = append(b, `,"flaggedForReview":false,"isTenantRestricted":false,"autonomousSystemNumber":64500,"uniqueTokenIdentifier":"`...)
	b = appendBase62(b, h, 22)
	return append(b, '"')
}

func (c *Company) tenant() string { return c.guid(idPolicy, 1) }
