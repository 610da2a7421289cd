package entra

import (
	"encoding/json"
	"net/http"
	"slices"

	"winnow/internal/fake/folder"
)

// nobody is the id of the role that stands for access without a role.
const nobody = "00000000-0000-0000-0000-000000000000"

// assign gives an app role, asked of the side, principalId or resourceId, whose
// id stands in the path.
func (s *Server) assign(list, side string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !s.may(w, writeAppRoles) {
			return
		}
		var ask struct{ PrincipalID, ResourceID, AppRoleID string }
		if _, ok := s.known(w, list, r.PathValue("id")); !ok || !read(w, r, &ask) {
			return
		}
		if id := map[string]string{keyPrincipal: ask.PrincipalID, keyResource: ask.ResourceID}[side]; id != r.PathValue("id") {
			bad(w, "Not a valid reference update.")
			return
		}
		principal, kind, ok := s.anything(ask.PrincipalID)
		if !ok {
			s.missing(w, ask.PrincipalID)
			return
		}
		app, ok := s.known(w, listApps, ask.ResourceID)
		if !ok {
			return
		}
		if !offers(app, ask.AppRoleID) {
			bad(w, "Permission being assigned was not found on application '"+app.id+"'.")
			return
		}
		if slices.ContainsFunc(s.inside("app_role_assignments", app.id), func(it item) bool {
			return it.text(keyPrincipal) == principal.id && it.text("appRoleId") == ask.AppRoleID
		}) {
			bad(w, "Permission being assigned already exists on the object")
			return
		}
		s.give(w, r, app, principal, kind, ask.AppRoleID)
	}
}

// give writes the assignment down and answers with it.
func (s *Server) give(w http.ResponseWriter, r *http.Request, app, principal item, kind, role string) {
	body := folder.Marshal(object{"id": assignmentID(), "deletedDateTime": nil, "appRoleId": role, keyCreated: stamp(s.now()),
		"principalDisplayName": orNull(principal.text(keyName)), keyPrincipal: principal.id, "principalType": kind,
		"resourceDisplayName": orNull(app.text(keyName)), keyResource: app.id})
	s.put("app_role_assignments", app.id, body)
	s.auditRole(map[string]string{kindUser: "Add app role assignment grant to user", kindGroup: "Add app role assignment to group",
		kindApp: "Add app role assignment to service principal"}[kind], "Assign", added, app, principal, kind, role)
	writeEntity(w, r, http.StatusCreated, body)
}

// auditRole tells of an assignment: the app first, with the role and its holder
// in the modified properties, then the holder.
func (s *Server) auditRole(activity, operation string, tell func(name, value string) change, app, principal item, kind, role string) {
	category := map[string]string{kindUser: "UserManagement", kindGroup: "GroupManagement", kindApp: "ApplicationManagement"}[kind]
	changes := []change{tell("AppRole.Id", role), tell(kind+".ObjectID", principal.id)}
	if kind == kindUser {
		changes = append(changes, tell("User.UPN", principal.text(keyLogin)))
	}
	s.audit(activity, category, operation, target(kindApp, app, changes...), target(kind, principal))
}

// offers reports whether an app has a role. One without roles of its own is
// given by the empty role.
func offers(app item, role string) bool {
	var o struct{ AppRoles []struct{ ID string } }
	if json.Unmarshal(app.body, &o) != nil {
		return false
	}
	if len(o.AppRoles) == 0 {
		return role == nobody
	}
	return slices.ContainsFunc(o.AppRoles, func(r struct{ ID string }) bool { return r.ID == role })
}

// unassign takes an app role away, asked of one of its sides.
func (s *Server) unassign(list, side string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !s.may(w, writeAppRoles) {
			return
		}
		if _, ok := s.known(w, list, r.PathValue("id")); !ok {
			return
		}
		it, ok := s.find("app_role_assignments", r.PathValue("assignment"))
		of := it.text(side) == r.PathValue("id") || side == keyResource && it.parent == r.PathValue("id")
		if !ok || !of {
			s.missing(w, r.PathValue("assignment"))
			return
		}
		s.take(it)
		done(w)
	}
}

// take ends an assignment.
func (s *Server) take(it item) {
	s.drop("app_role_assignments", func(o item) bool { return o.id == it.id })
	app, _ := s.find(listApps, it.parent)
	principal, kind, ok := s.anything(it.text(keyPrincipal))
	if !ok {
		principal, kind = item{id: it.text(keyPrincipal), body: []byte("{}")}, it.text("principalType")
	}
	s.auditRole(map[string]string{kindUser: "Remove app role assignment from user", kindGroup: "Remove app role assignment from group",
		kindApp: "Remove app role assignment from service principal"}[kind], "Unassign", removed, app, principal, kind, it.text("appRoleId"))
}
