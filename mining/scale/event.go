package scale

import (
	"strconv"
	"time"
)

// kindNames are the platform's event types and their older names.
var kindNames = [...][2]string{
	signOn:      {"user.authentication.sso", "app.auth.sso"},
	policy:      {"policy.evaluate_sign_on", "app.oauth2.client.lifecycle.policy"},
	session:     {"user.session.start", "core.user_auth.login_success"},
	factor:      {"user.authentication.auth_via_mfa", "core.user.factor.attempt_success"},
	groupAdd:    {"group.user_membership.add", "core.user_group_member.user_add"},
	groupRemove: {"group.user_membership.remove", "core.user_group_member.user_remove"},
	appAdd:      {"application.user_membership.add", "app.generic.provision.assign_user_to_app"},
}

// The texts that all events share, so that they have the size, the nesting and
// the ratio of compression of the platform's own.
const (
	client    = `,"client":{"userAgent":{"rawUserAgent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36","os":"Linux","browser":"CHROME"},"zone":"null","device":"Computer","id":null,"ipAddress":"198.51.100.`
	place     = `"geographicalContext":{"city":"Lisbon","state":"Lisboa","country":"Portugal","postalCode":"1000","geolocation":{"lat":38.7,"lon":-9.1}}`
	authentic = `},"device":null,"authenticationContext":{"authenticationProvider":null,"credentialProvider":null,"credentialType":null,"issuer":null,"interface":null,"authenticationStep":0,"externalSessionId":"idx`
	security  = `","securityContext":{"asNumber":64500,"asOrg":"example net","isp":"example isp","domain":"example.net","isProxy":false},"severity":"INFO","debugContext":{"debugData":{"requestId":"`
	calm      = `","initiationType":"SP_INITIATED","signOnMode":"SAML 2.0","threatSuspected":"false","behaviors":"{New Geo-Location=NEGATIVE, New Device=NEGATIVE, New IP=NEGATIVE, New State=NEGATIVE, New Country=NEGATIVE, Velocity=NEGATIVE, New City=NEGATIVE}","risk":"{level=LOW}","logOnlySecurityData":"{\"risk\":{\"level\":\"LOW\"},\"behaviors\":{\"New Geo-Location\":\"NEGATIVE\",\"New Device\":\"NEGATIVE\",\"New IP\":\"NEGATIVE\"}}","requestUri":"/app/acme/`
)

// relayState is the length of what an app sends along and the platform logs. It
// is what makes events hard to compress: with it they shrink to a ninth, like
// the platform's own.
const relayState = 210

// event appends one event as the platform's API serves it. The i-th event of a
// day has the same bytes whenever it is written.
func (c *company) event(b []byte, n, i int, e entry) []byte {
	h := mix(ofEvent, n, i)
	name := kindNames[e.kind]
	b = append(b, `{"actor":`...)
	b = c.userParty(b, int(e.person))
	b = append(strconv.AppendInt(append(b, client...), int64(below(h, 250)), 10), `",`...)
	b = base62(append(append(b, place...), authentic...), mix(int(e.person), n), 21)
	b = append(append(append(b, `"},"displayMessage":"`...), name[1]...), `","eventType":"`...)
	b = append(append(b, name[0]...), `","outcome":{"result":"`...)
	b = append(append(b, outcome(e.kind, h)...), `","reason":null},"published":"`...)
	b = firstDay.AddDate(0, 0, n).Add(time.Duration(e.ms)*time.Millisecond).AppendFormat(b, "2006-01-02T15:04:05.000Z")
	b = hex(append(b, security...), h)
	b = append(hex(hex(append(b, `","dtHash":"`...), mix(int(e.person), n, 1)), mix(int(e.person), n, 2)), calm...)
	b = strconv.AppendInt(b, int64(e.what), 10)
	b = append(b, `/sso/saml","url":"/app/acme/sso/saml?RelayState=`...)
	for k := range relayState / 10 {
		b = base62(b, mix(ofEvent, n, i, 2, k), 10)
	}
	b = append(append(b, `"}},"legacyEventType":"`...), name[1]...)
	b = hex(append(b, `","transaction":{"type":"WEB","id":"`...), mix(ofEvent, n, i, 1))
	b = hex(append(b, `","detail":{}},"uuid":"`...), h)
	b = strconv.AppendInt(append(b, '-'), int64(n), 16)
	b = strconv.AppendInt(append(b, '-'), int64(i), 16)
	b = append(append(b, `","version":"0","request":{"ipChain":[{"ip":"198.51.100.7",`...), place...)
	b = append(b, `,"version":"V4","source":null}]},"target":[`...)
	return append(c.targets(b, e), `]}`...)
}

// outcome is a success; of a policy, that it let somebody in; and now and then a
// failure.
func outcome(k kind, h uint64) string {
	switch {
	case k == policy:
		return "ALLOW"
	case k < groupAdd && below(h<<7, 100) == 0:
		return "FAILURE"
	default:
		return "SUCCESS"
	}
}

// targets appends what the event is about.
func (c *company) targets(b []byte, e entry) []byte {
	switch e.kind {
	case signOn, policy:
		return c.appUser(append(c.appParty(b, int(e.what)), ','), e)
	case groupAdd, groupRemove:
		b = append(c.userParty(b, int(e.person)), `,{"id":"`...)
		return append(append(b, c.groupID[e.what]...), `","type":"UserGroup","alternateId":"unknown","displayName":"a group","detailEntry":null}`...)
	case appAdd:
		b = append(c.appParty(append(c.appUser(b, e), ','), int(e.what)), ',')
		return c.userParty(b, int(e.person))
	default:
		return c.userParty(b, int(e.person))
	}
}

// userParty appends a person as an actor or a target.
func (c *company) userParty(b []byte, p int) []byte {
	b = append(append(append(b, `{"id":"`...), c.userID[p]...), `","type":"User","alternateId":"`...)
	b = append(c.login(b, p), `","displayName":"Person `...)
	return append(strconv.AppendInt(b, int64(p), 10), `","detailEntry":null}`...)
}

// appParty appends an app as a target.
func (c *company) appParty(b []byte, app int) []byte {
	b = append(append(append(b, `{"id":"`...), c.appID[app]...), `","type":"AppInstance","alternateId":"App `...)
	b = append(strconv.AppendInt(b, int64(app), 10), `","displayName":"App `...)
	return append(strconv.AppendInt(b, int64(app), 10), `","detailEntry":{"signOnModeType":"SAML_2_0"}}`...)
}

// appUser appends the account inside the app; its id is not the user's.
func (c *company) appUser(b []byte, e entry) []byte {
	b = base62(append(b, `{"id":"0ua`...), mix(int(e.person), int(e.what)), 13)
	b = append(c.login(append(b, `4ac7","type":"AppUser","alternateId":"`...), int(e.person)), `","displayName":"Person `...)
	return append(strconv.AppendInt(b, int64(e.person), 10), `","detailEntry":null}`...)
}

// login appends a person's login, which is the work address too.
func (c *company) login(b []byte, p int) []byte {
	return append(strconv.AppendInt(append(b, "person"...), int64(p), 10), "@acme.example"...)
}

// hex appends a hash as sixteen digits.
func hex(b []byte, h uint64) []byte {
	const digits = "0123456789abcdef"
	for shift := 60; shift >= 0; shift -= 4 {
		b = append(b, digits[h>>shift&15])
	}
	return b
}
