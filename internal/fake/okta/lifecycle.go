package okta

import (
	"net/http"
	"slices"
	"strings"

	"winnow/internal/fake/folder"
)

// createUser adds a user: staged, or, when activated at once, active with a
// password and provisioned without.
func (s *Server) createUser(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		Profile     object
		Credentials struct{ Password object }
		GroupIDs    []string `json:"groupIds"`
	}
	if !read(w, r, &ask, false) {
		return
	}
	login, _ := ask.Profile["login"].(string)
	for _, field := range []string{"login", "email", "firstName", "lastName"} {
		if text, _ := ask.Profile[field].(string); text == "" {
			invalid(w, field, field+": The field cannot be left blank")
			return
		}
	}
	if slices.ContainsFunc(s.data.streams["users"], func(u item) bool { return strings.EqualFold(u.at("profile.login"), login) }) {
		invalid(w, "login", "login: An object with this field already exists in the current organization")
		return
	}
	groups, ok := s.joined(w, ask.GroupIDs)
	if !ok {
		return
	}
	status := "STAGED"
	if flag(r, "activate", true) {
		status = "PROVISIONED"
		if len(ask.Credentials.Password) > 0 {
			status = statusActive
		}
	}
	u := s.newUser(r, ask.Profile, status, len(ask.Credentials.Password) > 0)
	s.data.put("users", "", u)
	user, _ := s.data.find("users", idOf(u))
	s.tell(r, "user.lifecycle.create", "Create okta user", userParty(user))
	if status != "STAGED" {
		s.tell(r, "user.lifecycle.activate", "Activate Okta user", userParty(user))
	}
	for _, g := range groups {
		s.enter(r, g, user)
	}
	write(w, u)
}

// joined finds the groups that a new user is to belong to.
func (s *Server) joined(w http.ResponseWriter, ids []string) ([]item, bool) {
	if len(ids) > 20 {
		fail(w, http.StatusBadRequest, "E0000093", "Target count limit exceeded", "The number of group targets is too large")
		return nil, false
	}
	var out []item
	for _, id := range ids {
		g, ok := s.known(w, listGroups, id, "UserGroup")
		if !ok {
			return nil, false
		}
		out = append(out, g)
	}
	return out, true
}

// newUser is a user who was not there before.
func (s *Server) newUser(r *http.Request, profile object, status string, password bool) []byte {
	id, now := name("00u", 17), stamp(s.now())
	var activated any
	if status != "STAGED" {
		activated = now
	}
	credentials := object{"provider": object{keyType: "OKTA", "name": "OKTA"}}
	if password {
		credentials["password"] = object{} // which is never told
	}
	return folder.Marshal(object{"id": id, keyStatus: status, keyCreated: now, "activated": activated, "statusChanged": now, "lastLogin": nil,
		keyUpdated: now, "passwordChanged": nil, keyType: object{"id": "oty00000000000000001"}, "profile": profile,
		"credentials": credentials, keyLinks: object{keySelf: self(r, "api/v1/users/"+id)}})
}

// move changes a user's status wherever the user is shown. It answers itself,
// with a refusal, when the user is not in one of the given statuses.
func (s *Server) move(w http.ResponseWriter, r *http.Request, to string, refuse func(), from ...string) (item, bool) {
	user, ok := s.known(w, "users", r.PathValue("id"), "User")
	if !ok {
		return user, false
	}
	if !slices.Contains(from, user.status) {
		refuse()
		return user, false
	}
	s.become(user, to)
	return user, true
}

// become writes a status into the user and into every membership.
func (s *Server) become(user item, status string) {
	now := stamp(s.now())
	change := object{keyStatus: status, "statusChanged": now, keyUpdated: now}
	s.data.put("users", "", folder.With(user.body, change))
	for _, group := range s.data.parents("group_members", user.id) {
		m, _ := s.data.below("group_members", group, user.id)
		s.data.put("group_members", group, folder.With(m.body, change))
	}
}

// activate makes a staged or deprovisioned user one who has yet to choose a
// password. The answer carries the way to do so, unless that goes by mail.
func (s *Server) activate(w http.ResponseWriter, r *http.Request) {
	user, ok := s.move(w, r, "PROVISIONED", func() {
		fail(w, http.StatusForbidden, "E0000016", "Activation failed because the user is already active")
	}, "STAGED", "DEPROVISIONED")
	if !ok {
		return
	}
	s.tell(r, "user.lifecycle.activate", "Activate Okta user", userParty(user))
	if flag(r, "sendEmail", true) {
		write(w, []byte("{}"))
		return
	}
	token := name("", 20)
	write(w, folder.Marshal(object{"activationUrl": self(r, "welcome/"+token)["href"], "activationToken": token}))
}

// deactivate ends a user: every app is taken away, for good. Groups stay.
func (s *Server) deactivate(w http.ResponseWriter, r *http.Request) {
	user, ok := s.known(w, "users", r.PathValue("id"), "User")
	if !ok {
		return
	}
	if user.status == "DEPROVISIONED" {
		fail(w, http.StatusForbidden, "E0000038", "This operation is not allowed in the user's current status.")
		return
	}
	s.end(r, user)
	write(w, []byte("{}"))
}

// end deactivates a user.
func (s *Server) end(r *http.Request, user item) {
	s.become(user, "DEPROVISIONED")
	s.tell(r, "user.lifecycle.deactivate", "Deactivate Okta user", userParty(user))
	for _, id := range s.data.parents("app_users", user.id) {
		if app, ok := s.data.find("apps", id); ok {
			s.unassign(app, user)
		}
	}
}

// suspend stops an active user from signing in; nothing else changes.
func (s *Server) suspend(w http.ResponseWriter, r *http.Request) {
	if user, ok := s.move(w, r, "SUSPENDED", func() {
		invalid(w, "suspendUser", "Cannot suspend a user that is not active")
	}, statusActive); ok {
		s.tell(r, "user.lifecycle.suspend", "Suspend Okta user", userParty(user))
		write(w, []byte("{}"))
	}
}

// unsuspend lets a suspended user sign in again.
func (s *Server) unsuspend(w http.ResponseWriter, r *http.Request) {
	if user, ok := s.move(w, r, statusActive, func() {
		invalid(w, "unsuspendUser", "Cannot unsuspend a user that is not suspended")
	}, "SUSPENDED"); ok {
		s.tell(r, "user.lifecycle.unsuspend", "Unsuspend Okta user", userParty(user))
		write(w, []byte("{}"))
	}
}

// deleteUser deactivates a user first; only the second request deletes.
func (s *Server) deleteUser(w http.ResponseWriter, r *http.Request) {
	user, ok := s.known(w, "users", r.PathValue("id"), "User")
	if !ok {
		return
	}
	if user.status != "DEPROVISIONED" {
		s.end(r, user)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	s.tell(r, "user.lifecycle.delete.initiated", "Delete Okta user initiated", userParty(user))
	for _, list := range []string{"group_members", "app_users"} {
		for _, parent := range s.data.parents(list, user.id) {
			s.data.drop(list, parent, user.id)
		}
	}
	for _, role := range slices.Clone(s.data.children["user_roles"][user.id]) {
		s.data.drop("user_roles", user.id, role.id)
	}
	s.data.drop("users", "", user.id)
	s.follow("user.lifecycle.delete.completed", "Delete Okta user completed", userParty(user))
	w.WriteHeader(http.StatusNoContent)
}
