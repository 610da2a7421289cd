package acme

import "strings"

// A device is a client that people of Acme use.
type device struct{ agent, os, browser, kind, model, platform string }

var devices = []device{
	{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36", "Windows 11", "CHROME", "Computer", "Latitude 7450", "WINDOWS"},
	{"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36", "Mac OS X", "CHROME", "Computer", "Mac15,6", "OSX"},
	{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0", "Windows 10", "EDGE", "Computer", "ThinkPad T14", "WINDOWS"},
	{"Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0", "Linux", "FIREFOX", "Computer", "Workstation", "LINUX"},
	{"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1", "iOS", "SAFARI", "Mobile", "iPhone16,1", "IOS"},
}

// deviceOf: most act on their own computer, one time in six on a phone.
func (w *writer) deviceOf(acct int, h uint64) *device {
	if below(h, 6) == 0 {
		return &devices[len(devices)-1]
	}
	return &devices[below(mix(w.c.opt.Seed, idDevice, acct), len(devices)-1)]
}

// system is the actor of what the platform does by itself.
const systemID = "00usystem0000000acme"

func (w *writer) oktaActor(b []byte, r *rec) []byte {
	if r.what == oktaCode {
		e := &w.c.ents[r.ent]
		return oktaParty(b, e.clientID(), "PublicClientApp", e.clientID(), e.name)
	}
	if a := w.oktaActing(r); a >= 0 {
		return append(b, w.log.actor[a]...)
	}
	return oktaParty(b, systemID, "SystemPrincipal", "system@okta.example", "Okta System")
}

// clientID is the name of an OpenID Connect app towards the token endpoint,
// mostly the app's own id.
func (e *entitlement) clientID() string {
	if e.appID != "" {
		return e.appID
	}
	return e.id
}

// oktaActing is the account that acts, or -1 for the platform.
func (w *writer) oktaActing(r *rec) int {
	switch r.what {
	case oktaGroupAdd, oktaGroupRemove, oktaAppAdd, oktaAppRemove, oktaGroupApp, oktaCreate, oktaDeactivate, oktaProfile,
		oktaAdminGrant, oktaAdminRevoke:
		return r.by
	default:
		return r.acct
	}
}

func (w *writer) townOf(acct int) int {
	if acct < 0 || w.c.accounts[acct].person < 0 {
		return 0
	}
	return w.c.people[w.c.accounts[acct].person].now().town
}

// ip appends the address of the account's office or home.
func (w *writer) ip(b []byte, acct int, h uint64) []byte {
	b = append(b, w.c.towns[w.townOf(acct)].network...)
	if below(h<<7, 3) > 0 {
		return number(b, 4+below(mix(w.c.opt.Seed, acct), 6)) // one of the office's gateways
	}
	return number(b, 10+below(mix(w.c.opt.Seed, acct, 1), 240))
}

// oktaClient appends client, device and authenticationContext.
func (w *writer) oktaClient(b []byte, r *rec, h uint64) []byte {
	acct := w.oktaActing(r)
	if acct < 0 {
		return append(b, `,"client":{"userAgent":null,"zone":null,"device":null,"id":null,"ipAddress":null,"geographicalContext":null},"device":null,"authenticationContext":{"authenticationProvider":null,"credentialProvider":null,"credentialType":null,"issuer":null,"interface":null,"authenticationStep":0,"rootSessionId":null,"externalSessionId":null}`...)
	}
	d := w.deviceOf(acct, h)
	b = append(b, `,"client":{"userAgent":{"rawUserAgent":"`...)
	b = append(append(b, d.agent...), `","os":"`...)
	b = append(append(b, d.os...), `","browser":"`...)
	b = append(append(b, d.browser...), `"},"zone":"null","device":"`...)
	b = append(append(b, d.kind...), `","id":null,"ipAddress":"`...)
	b = append(w.ip(b, acct, h), `","geographicalContext":`...)
	b = append(b, w.log.geo[w.townOf(acct)]...)
	b = w.oktaDevice(append(b, '}'), d, acct, h)
	b = append(b, `,"authenticationContext":{"authenticationProvider":null,"credentialProvider":null,"credentialType":null,"issuer":null,"interface":null,"authenticationStep":0,"rootSessionId":"idx`...)
	session := mix(w.c.opt.Seed, idSession, acct, r.day)
	b = appendBase62(b, session, 21)
	b = appendBase62(append(b, `","externalSessionId":"idx`...), session, 21)
	return append(b, `"}`...)
}

// oktaDevice appends the registered device, which half of the events carry.
func (w *writer) oktaDevice(b []byte, d *device, acct int, h uint64) []byte {
	if below(h<<3, 2) == 0 {
		return append(b, `,"device":null`...)
	}
	b = append(b, `,"device":{"id":"guo`...)
	b = appendBase62(b, mix(w.c.opt.Seed, idDevice, acct, 1), 13)
	b = append(append(b, `4ac7","name":"`...), d.model...)
	b = append(append(b, `","os_platform":"`...), d.platform...)
	return append(b, `","os_version":"14.6.0","managed":true,"registered":true,"device_integrator":null,"disk_encryption_type":"ALL_INTERNAL_VOLUMES","screen_lock_type":"BIOMETRIC","jailbreak":null,"secure_hardware_present":true}`...)
}

// oktaChain appends request.ipChain.
func (w *writer) oktaChain(b []byte, r *rec, h uint64) []byte {
	acct := w.oktaActing(r)
	if acct < 0 {
		return append(b, `"request":{"ipChain":[]}`...)
	}
	b = append(b, `"request":{"ipChain":[{"ip":"`...)
	b = append(w.ip(b, acct, h), `","geographicalContext":`...)
	b = append(b, w.log.geo[w.townOf(acct)]...)
	return append(b, `,"version":"V4","source":null}]}`...)
}

const calmBehaviors = `"behaviors":"{New Geo-Location=NEGATIVE, New Device=NEGATIVE, New IP=NEGATIVE, New State=NEGATIVE, New Country=NEGATIVE, Velocity=NEGATIVE, New City=NEGATIVE}",`

// oktaDebug appends the fields of debugData, which are no contract but what
// every reader looks at.
func (w *writer) oktaDebug(b []byte, r *rec, h uint64) []byte {
	uri := "/api/internal/" + strings.ReplaceAll(oktaTypes[r.what].name, ".", "/")
	switch r.what {
	case oktaSSO, oktaPolicy, oktaCode:
		b = w.oktaSignOn(b, r, h)
		uri = "/app/" + w.c.ents[r.ent].id + "/sso"
	case oktaSession, oktaFactor:
		b = append(b, calmBehaviors...)
		b = append(b, `"dtHash":"`...)
		b = append(appendHex(appendHex(b, h, 16), mix(h, 2), 16), `","threatSuspected":"false","risk":"{level=LOW}",`...)
		uri = "/idp/idx/challenge/answer"
	case oktaProfile:
		b = append(b, `"changedAttributes":"department,title,managerId",`...)
	case oktaAdminGrant:
		b = append(field(b, "privilegeGranted", w.adminRoles(r)), ',')
	case oktaAsk:
		b = append(field(b, "requestSubject", w.c.ents[r.ent].name), ',')
	case oktaGroupAdd, oktaGroupRemove:
		if e := &w.c.ents[r.ent]; e.rule != "" && r.by < 0 {
			b = append(field(b, "triggeredByGroupRuleId", e.rule), ',')
		}
	case oktaRateLimit:
		b = append(b, `"operationRateLimitScopeType":"Org","threshold":"600","timeSpan":"1","timeUnit":"MINUTES",`...)
	default: // nothing of their own
	}
	b = append(b, `"requestId":"`...)
	b = appendHex(appendHex(b, mix(h, 3), 16), mix(h, 4), 16)
	b = field(append(b, `",`...), "requestUri", uri)
	return field(append(b, ','), "url", uri+"?")
}

func (w *writer) oktaSignOn(b []byte, r *rec, h uint64) []byte {
	e := &w.c.ents[r.ent]
	b = append(b, `"authnRequestId":"`...)
	b = append(appendHex(appendHex(b, h, 16), mix(h, 5), 16), `",`...)
	b = append(b, calmBehaviors...)
	b = append(b, `"dtHash":"`...)
	session := mix(w.c.opt.Seed, idSession, r.acct, r.day)
	b = append(appendHex(appendHex(b, session, 16), mix(session, 2), 16), `","initiationType":"`...)
	b = append(b, [...]string{"IDP_INITIATED", "SP_INITIATED"}[below(h, 2)]...)
	b = append(append(b, `","issuer":"http://www.okta.example/`...), e.id...)
	b = append(append(b, `","signOnMode":"`...), e.mode...)
	return append(b, `","threatSuspected":"false","risk":"{level=LOW}",`...)
}

// adminRoles is the snapshot that Okta logs: all roles that the user now
// holds, by their display names.
func (w *writer) adminRoles(r *rec) string {
	var names []string
	for _, n := range w.c.edgesOf[r.acct] {
		if e := &w.c.edges[n]; w.c.ents[e.ent].kind == kindAdmin && e.since <= r.day && e.until > r.day {
			names = append(names, w.c.ents[e.ent].name)
		}
	}
	return strings.Join(names, ", ")
}
