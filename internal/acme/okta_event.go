package acme

// oktaLog holds what the writer of the System Log needs from event to event.
type oktaLog struct {
	recs   []rec
	active []int    // account → day of its last use
	actor  [][]byte // account → its body as an actor or target
	geo    [][]byte // town → geographicalContext
}

// oktaType is an event type with its texts.
type oktaType struct{ name, legacy, message string }

var oktaTypes = [...]oktaType{
	oktaSSO:         {"user.authentication.sso", "app.auth.sso", "User single sign on to app"},
	oktaCode:        {"app.oauth2.authorize.code", "app.oauth2.authorize.code_success", "OAuth2 authorization code request"},
	oktaPolicy:      {"policy.evaluate_sign_on", "app.oauth2.client.lifecycle.policy", "Evaluation of sign-on policy"},
	oktaPassword:    {"application.user_membership.show_password", "app.generic.show.password", "Show password of app"},
	oktaSession:     {"user.session.start", "core.user_auth.login_success", "User login to Okta"},
	oktaFactor:      {"user.authentication.auth_via_mfa", "core.user.factor.attempt_success", "Authentication of user via MFA"},
	oktaGroupAdd:    {"group.user_membership.add", "core.user_group_member.user_add", "Add user to group membership"},
	oktaGroupRemove: {"group.user_membership.remove", "core.user_group_member.user_remove", "Remove user from group membership"},
	oktaAppAdd:      {"application.user_membership.add", "app.generic.provision.assign_user_to_app", "Add user to application membership"},
	oktaAppRemove:   {"application.user_membership.remove", "app.generic.provision.deactivate_user_from_app", "Remove user's application membership"},
	oktaGroupApp:    {"group.application_assignment.add", "app.generic.group.assign", "Assign application to group"},
	oktaCreate:      {"user.lifecycle.create", "core.user.config.user_creation.success", "Create okta user"},
	oktaDeactivate:  {"user.lifecycle.deactivate", "core.user.config.user_deactivated", "Deactivate Okta user"},
	oktaProfile:     {"user.account.update_profile", "core.user.config.profile_update.success", "Update user profile for Okta"},
	oktaAdminGrant:  {"user.account.privilege.grant", "core.user.admin_privilege.granted", "Grant user privilege"},
	oktaAdminRevoke: {"user.account.privilege.revoke", "core.user.admin_privilege.revoked", "Revoke user privilege"},
	oktaAttempt:     {"app.generic.unauth_app_access_attempt", "app.generic.unauth_app_access_attempt", "User attempted unauthorized access to app"},
	oktaAsk:         {"access.request.create", "access.request.create", "Create an access request"},
	oktaRateLimit:   {"system.org.rate_limit.warning", "core.framework.ratelimit.warning", "Rate limit warning"},
	oktaImport:      {"system.import.complete", "app.user_management.import.complete", "Complete an import from an application"},
	oktaRuleChange:  {"policy.rule.update", "policy.rule.update", "Update a rule of a policy"},
	oktaUnknown:     {"preview.unheard_of.happened", "", "Something that no document names"},
}

// prepare renders what many events share.
func (l *oktaLog) prepare(c *Company) {
	l.active = make([]int, len(c.accounts))
	l.actor = make([][]byte, len(c.accounts))
	for i := range c.accounts {
		if a := &c.accounts[i]; a.source == inOkta {
			l.actor[i] = oktaParty(nil, a.id, "User", a.login, a.display)
		}
	}
	for i := range c.towns {
		t := &c.towns[i]
		b := field(append([]byte(nil), '{'), "city", t.city)
		b = field(append(b, ','), "state", t.state)
		b = field(append(b, ','), "country", t.country)
		b = field(append(b, ','), "postalCode", t.postal)
		b = append(append(b, `,"geolocation":{"lat":`...), t.latitude...)
		b = append(append(b, `,"lon":`...), t.longitude...)
		l.geo = append(l.geo, append(b, "}}"...))
	}
}

// oktaParty appends an actor or a target without detail.
func oktaParty(b []byte, id, kind, alternate, display string) []byte {
	b = field(append(b, '{'), "id", id)
	b = field(append(b, ','), "type", kind)
	b = field(append(b, ','), "alternateId", alternate)
	b = field(append(b, ','), "displayName", display)
	return append(b, `,"detailEntry":null}`...)
}

func (w *writer) writeOktaDay(_ int) {
	s := w.out[fileSystemLog]
	for _, r := range w.inOrder(w.log.recs) {
		s.buf = w.oktaEvent(s.buf, &r)
		s.line()
	}
	w.log.recs = w.log.recs[:0]
}

// oktaEvent appends one event in the shape and order of the API's answers.
func (w *writer) oktaEvent(b []byte, r *rec) []byte {
	h := mix(w.c.opt.Seed, idEvent, r.day, r.ms, r.acct, int(r.what), r.ent)
	t := &oktaTypes[r.what]
	b = append(b, `{"actor":`...)
	b = w.oktaActor(b, r)
	b = w.oktaClient(b, r, h)
	b = field(append(b, ','), "displayMessage", t.message)
	b = field(append(b, ','), "eventType", t.name)
	b = w.oktaOutcome(b, r)
	b = w.c.when(append(b, ','), "published", r.day, r.ms)
	b = append(b, `,"securityContext":{"asNumber":64500,"asOrg":"acme transit","isp":"example carrier","domain":"carrier.example","isProxy":false},"severity":"`...)
	if r.fail || r.what == oktaRateLimit {
		b = append(b, "WARN"...)
	} else {
		b = append(b, "INFO"...)
	}
	b = append(b, `","debugContext":{"debugData":{`...)
	b = w.oktaDebug(b, r, h)
	b = fieldOrNull(append(b, "}},"...), "legacyEventType", t.legacy)
	b = append(b, `,"transaction":{"type":"`...)
	if w.oktaJob(r) {
		b = append(b, "JOB"...)
	} else {
		b = append(b, "WEB"...)
	}
	b = append(b, `","id":"`...)
	b = appendBase62(b, h, 22)
	b = append(b, `","detail":{}},"uuid":"`...)
	b = appendGUID(b, h)
	b = append(b, `","version":"0",`...)
	b = w.oktaChain(b, r, h)
	b = append(b, `,"target":`...)
	return append(w.oktaTargets(b, r, h), '}')
}

// oktaJob says whether the platform did it by itself.
func (w *writer) oktaJob(r *rec) bool {
	switch r.what {
	case oktaAppAdd, oktaAppRemove:
		return r.over >= 0
	case oktaImport, oktaRateLimit, oktaProfile:
		return true
	case oktaGroupAdd, oktaGroupRemove:
		return r.by < 0
	default:
		return false
	}
}

func (w *writer) oktaOutcome(b []byte, r *rec) []byte {
	result, reason := "SUCCESS", ""
	switch {
	case r.what == oktaPolicy && r.fail:
		result, reason = "DENY", "Sign-on policy evaluation resulted in DENY"
	case r.what == oktaPolicy && w.luck(r.acct, r.ms, 11) < 0.1:
		result, reason = "CHALLENGE", "Sign-on policy evaluation resulted in CHALLENGE"
	case r.what == oktaPolicy:
		result, reason = "ALLOW", "Sign-on policy evaluation resulted in ALLOW"
	case r.what == oktaAttempt:
		result, reason = "FAILURE", "User is not assigned to this application"
	case r.what == oktaRateLimit:
		result, reason = "RATE_LIMIT", ""
	case r.fail && r.what == oktaSession:
		result, reason = "FAILURE", "INVALID_CREDENTIALS"
	case r.fail:
		result, reason = "FAILURE", "User credentials were rejected"
	}
	b = field(append(b, `,"outcome":{`...), "result", result)
	return append(fieldOrNull(append(b, ','), "reason", reason), '}')
}
