package okta

import (
	"net/http"

	"winnow/internal/fake/folder"
)

// groupsOf answers the groups of a user.
func (s *Server) groupsOf(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if !s.data.exists("users", id) {
		missing(w, id, "User")
		return
	}
	var out []item
	for _, group := range s.data.parents("group_members", id) {
		if g, ok := s.data.find(listGroups, group); ok {
			out = append(out, g)
		}
	}
	if p, ok := s.page(w, r, 200, 10000); ok {
		s.send(w, r, p, out)
	}
}

// grantRole gives a user an administrator role.
func (s *Server) grantRole(w http.ResponseWriter, r *http.Request) {
	user, ok := s.known(w, "users", r.PathValue("id"), "User")
	var ask struct {
		Type, Role string
		Set        string `json:"resource-set"`
	}
	if !ok || !read(w, r, &ask, false) {
		return
	}
	if ask.Type == "" || ask.Type == "CUSTOM" && (ask.Role == "" || ask.Set == "") {
		invalid(w, "type", "type: The field cannot be left blank")
		return
	}
	for _, held := range s.data.children["user_roles"][user.id] {
		if held.at(keyType) == ask.Type && held.at("role") == ask.Role && held.at("resource-set") == ask.Set {
			fail(w, http.StatusConflict, "E0000090", "The role specified is already assigned to the user.")
			return
		}
	}
	now := stamp(s.now())
	role := object{"id": name("ra1", 17), "label": ask.Type, keyType: ask.Type, keyStatus: statusActive, keyCreated: now,
		keyUpdated: now, "assignmentType": kindUser}
	if ask.Type == "CUSTOM" {
		role["role"], role["resource-set"] = ask.Role, ask.Set
	}
	s.data.put("user_roles", user.id, folder.Marshal(role))
	s.tell(r, "user.account.privilege.grant", "Grant user privilege", userParty(user))
	respond(w, http.StatusCreated, folder.Marshal(role))
}

// revokeRole takes an administrator role away. One that a group gives cannot be
// taken from the user.
func (s *Server) revokeRole(w http.ResponseWriter, r *http.Request) {
	user, ok := s.known(w, "users", r.PathValue("id"), "User")
	if !ok {
		return
	}
	held, has := s.data.below("user_roles", user.id, r.PathValue("role"))
	switch {
	case !has:
		missing(w, r.PathValue("role"), "RoleAssignment")
	case held.at("assignmentType") == kindGroup:
		fail(w, http.StatusForbidden, "E0000006", "You do not have permission to perform the requested action")
	default:
		s.data.drop("user_roles", user.id, held.id)
		if len(s.data.children["user_roles"][user.id]) == 0 { // told only when no privilege is left
			s.tell(r, "user.account.privilege.revoke", "Revoke user privilege", userParty(user))
		}
		w.WriteHeader(http.StatusNoContent)
	}
}
