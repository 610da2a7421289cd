package okta

import (
	"net/http"

	"winnow/internal/fake/folder"
)

// What is told of assignments.
const (
	appAdd, appAdded     = "application.user_membership.add", "Add user to application membership"
	appRemove, appGone   = "application.user_membership.remove", "Remove user's application membership"
	openAdd, openAdded   = "group.application_assignment.add", "Assign application to group"
	openRemove, openGone = "group.application_assignment.remove", "Remove application from group"
)

// opened returns the apps that a group opens.
func (s *Server) opened(group string) []item {
	var out []item
	for _, id := range s.data.parents("app_groups", group) {
		if app, ok := s.data.find("apps", id); ok {
			out = append(out, app)
		}
	}
	return out
}

// granted reports whether a group opens the app to the user.
func (s *Server) granted(app, user string) bool {
	for _, g := range s.data.children["app_groups"][app] {
		if _, ok := s.data.below("group_members", g.id, user); ok {
			return true
		}
	}
	return false
}

// reach gives a user the app through a group, unless the user has it.
func (s *Server) reach(r *http.Request, app, user item) {
	if _, has := s.data.below("app_users", app.id, user.id); has {
		return
	}
	s.data.put("app_users", app.id, s.appUser(r, app, user, kindGroup, nil))
	s.follow(appAdd, appAdded, appUserParty(app, user), appParty(app), userParty(user))
}

// loosen takes the app away from a user who had it through groups, when no
// group opens it any longer.
func (s *Server) loosen(app, user item) {
	if held, ok := s.data.below("app_users", app.id, user.id); !ok || held.at("scope") != kindGroup || s.granted(app.id, user.id) {
		return
	}
	s.unassign(app, user)
}

// unassign ends an assignment as a consequence of something else.
func (s *Server) unassign(app, user item) {
	s.data.drop("app_users", app.id, user.id)
	s.follow(appRemove, appGone, appUserParty(app, user), appParty(app), userParty(user))
}

// person is the user whom a member is, as the list of users has it.
func (s *Server) person(member item) item {
	if u, ok := s.data.find("users", member.id); ok {
		return u
	}
	return member
}

// appUser is a user's assignment to an app.
func (s *Server) appUser(r *http.Request, app, user item, scope string, profile object) []byte {
	now := stamp(s.now())
	if profile == nil {
		profile = object{}
	}
	return folder.Marshal(object{"id": user.id, "externalId": nil, keyCreated: now, keyUpdated: now, "scope": scope, keyStatus: statusActive,
		"statusChanged": now, "passwordChanged": nil, "syncState": "DISABLED",
		"credentials": object{"userName": or(user.at("profile.login"), user.id)}, "profile": profile,
		keyLinks: object{"app": self(r, "api/v1/apps/"+app.id), "user": self(r, "api/v1/users/"+user.id)}})
}

// assignUser gives a user an app directly. An assignment that came through a
// group becomes the user's own.
func (s *Server) assignUser(w http.ResponseWriter, r *http.Request) {
	app, ok := s.known(w, "apps", r.PathValue("id"), "AppInstance")
	var ask struct {
		ID      string
		Scope   string
		Profile object
	}
	if !ok || !read(w, r, &ask, false) {
		return
	}
	if ask.ID == "" || ask.Scope != "" && ask.Scope != kindUser && ask.Scope != kindGroup {
		invalid(w, "AppUser", "id: The field cannot be left blank")
		return
	}
	user, ok := s.known(w, "users", ask.ID, "User")
	if !ok {
		return
	}
	held, has := s.data.below("app_users", app.id, user.id)
	body := s.appUser(r, app, user, kindUser, ask.Profile)
	if has {
		body = folder.With(held.body, object{"scope": kindUser, keyUpdated: stamp(s.now())})
	}
	s.data.put("app_users", app.id, body)
	if !has {
		s.tell(r, appAdd, appAdded, appUserParty(app, user), appParty(app), userParty(user))
	}
	write(w, body)
}

// unassignUser takes an app away from a user, which the platform refuses for as
// long as a group of the user's opens it.
func (s *Server) unassignUser(w http.ResponseWriter, r *http.Request) {
	app, ok := s.known(w, "apps", r.PathValue("id"), "AppInstance")
	if !ok {
		return
	}
	id := r.PathValue("user")
	held, has := s.data.below("app_users", app.id, id)
	user, known := s.data.find("users", id)
	switch {
	case !has || !known:
		missing(w, id, "AppUser")
	case held.at("scope") == kindGroup || s.granted(app.id, id):
		fail(w, http.StatusForbidden, "E0000046", "Deactivate application for user forbidden.",
			"The application cannot be unassigned from the user while their group memberships grant them access")
	default:
		s.data.drop("app_users", app.id, id)
		s.tell(r, appRemove, appGone, appUserParty(app, user), appParty(app), userParty(user))
		w.WriteHeader(http.StatusNoContent)
	}
}

// assignGroup opens an app to a group, and so to its members.
func (s *Server) assignGroup(w http.ResponseWriter, r *http.Request) {
	app, ok := s.known(w, "apps", r.PathValue("id"), "AppInstance")
	if !ok {
		return
	}
	group, ok := s.known(w, listGroups, r.PathValue("group"), "UserGroup")
	var ask struct {
		Priority *int
		Profile  object
	}
	if !ok || !read(w, r, &ask, true) {
		return
	}
	priority, profile := len(s.data.children["app_groups"][app.id]), object{}
	if ask.Priority != nil {
		priority = *ask.Priority
	}
	if ask.Profile != nil {
		profile = ask.Profile
	}
	path := "api/v1/apps/" + app.id
	body := folder.Marshal(object{"id": group.id, keyUpdated: stamp(s.now()), "priority": priority, "profile": profile, keyLinks: object{
		"app": self(r, path), keySelf: self(r, path+"/groups/"+group.id), "group": self(r, "api/v1/groups/"+group.id)}})
	_, had := s.data.below("app_groups", app.id, group.id)
	s.data.put("app_groups", app.id, body)
	if !had {
		s.tell(r, openAdd, openAdded, groupParty(group), appParty(app))
		for _, m := range s.data.children["group_members"][group.id] {
			s.reach(r, app, s.person(m))
		}
	}
	write(w, body)
}

// unassignGroup closes an app to a group: to everybody in it who has no other
// way to it.
func (s *Server) unassignGroup(w http.ResponseWriter, r *http.Request) {
	app, ok := s.known(w, "apps", r.PathValue("id"), "AppInstance")
	if !ok {
		return
	}
	id := r.PathValue("group")
	group, known := s.data.find(listGroups, id)
	if _, has := s.data.below("app_groups", app.id, id); !has || !known {
		missing(w, id, "ApplicationGroupAssignment")
		return
	}
	s.data.drop("app_groups", app.id, id)
	s.tell(r, openRemove, openGone, groupParty(group), appParty(app))
	for _, m := range s.data.children["group_members"][id] {
		s.loosen(app, s.person(m))
	}
	w.WriteHeader(http.StatusNoContent)
}
