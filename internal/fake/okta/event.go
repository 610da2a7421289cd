package okta

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"winnow/internal/fake/folder"
)

// A party is an actor or a target of an event.
type party struct {
	ID          string  `json:"id"`
	Type        string  `json:"type"`
	AlternateID string  `json:"alternateId"`
	DisplayName string  `json:"displayName"`
	Detail      *object `json:"detailEntry"`
}

// system is the actor of what the platform does by itself.
var system = party{ID: "sys00000000000000001", Type: "SystemPrincipal", AlternateID: "system@okta.com", DisplayName: "Okta System"}

// tell appends an event of the request's caller to the log.
func (s *Server) tell(r *http.Request, eventType, message string, targets ...party) {
	detail := object{}
	if strings.HasPrefix(r.Header.Get("Authorization"), "SSWS ") {
		detail["requestApiTokenId"] = "00T00000000000000001"
	}
	s.happen(s.actor(r), object{keyType: "WEB", "id": name("", 22), "detail": detail}, eventType, message, targets)
}

// follow appends an event of the platform itself: what a change brings with it.
func (s *Server) follow(eventType, message string, targets ...party) {
	s.happen(system, object{keyType: "JOB", "id": name("", 22), "detail": object{}}, eventType, message, targets)
}

// happen appends an event.
func (s *Server) happen(actor party, transaction object, eventType, message string, targets []party) {
	b := folder.Marshal(object{"actor": actor, "authenticationContext": object{"externalSessionId": "trs" + name("", 17), "authenticationStep": 0},
		"client":         object{"ipAddress": "192.0.2.10", "device": "Unknown", "zone": "null", "userAgent": object{"rawUserAgent": "winnow", "os": "Unknown", "browser": "UNKNOWN"}},
		"displayMessage": message, "eventType": eventType, "outcome": object{"result": "SUCCESS", "reason": nil},
		"published": stamp(s.now()), "securityContext": object{"asNumber": nil, "isp": nil}, "severity": "INFO",
		"debugContext": object{"debugData": object{}}, "legacyEventType": nil, "transaction": transaction,
		"uuid": guid(), "version": "0", "request": object{"ipChain": []any{}}, "target": targets})
	it, err := parse(b, false)
	if err != nil {
		panic(err) // it was marshalled here
	}
	s.data.append(it)
}

// actor is who asked: the app whose token it is, or the administrator to whom
// the API token belongs.
func (s *Server) actor(r *http.Request) party {
	if strings.HasPrefix(r.Header.Get("Authorization"), "Bearer ") {
		return party{ID: s.opt.ClientID, Type: "PublicClientApp", AlternateID: s.opt.ClientID, DisplayName: "winnow"}
	}
	return party{ID: administrator, Type: "User", AlternateID: "administrator@acme.example", DisplayName: "Administrator"}
}

// administrator is the user to whom the API token belongs.
const administrator = "00uadministrator0001"

func userParty(u item) party {
	full := strings.TrimSpace(u.at("profile.firstName") + " " + u.at("profile.lastName"))
	return party{ID: u.id, Type: "User", AlternateID: or(u.at("profile.login"), unnamed), DisplayName: or(full, unnamed)}
}

func groupParty(g item) party {
	return party{ID: g.id, Type: "UserGroup", AlternateID: unnamed, DisplayName: or(g.at("profile.name"), unnamed)}
}

func appParty(a item) party {
	label := or(a.at("label"), unnamed)
	return party{ID: a.id, Type: "AppInstance", AlternateID: label, DisplayName: label, Detail: &object{"signOnModeType": a.at("signOnMode")}}
}

// appUserParty is the account inside an app; its id is not the user's.
func appUserParty(app, user item) party {
	sum := sha256.Sum256([]byte(app.id + "/" + user.id))
	p := userParty(user)
	p.ID, p.Type = "0ua"+strings.NewReplacer("-", "0", "_", "1").Replace(base64.URLEncoding.EncodeToString(sum[:]))[:17], "AppUser"
	return p
}

// or is the first text that is not empty.
func or(text, standard string) string {
	if text == "" {
		return standard
	}
	return text
}

// name makes an identifier: a prefix that says the kind, and letters at random.
func name(prefix string, letters int) string {
	return prefix + (strings.ToLower(rand.Text()) + rand.Text())[:letters]
}

// guid makes a random UUID of version 4.
func guid() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:])
}
