package auth0

import (
	"encoding/json"
	"net/http"
	"slices"

	"winnow/internal/fake/folder"
)

// writeRoutes are the requests that read and change the roles of one user.
func (s *Server) writeRoutes() {
	const roles = "/api/v2/users/{id}/roles"
	s.handle("GET", roles, func(w http.ResponseWriter, r *http.Request) {
		var held []folder.Item
		for _, it := range s.data["role_users"] {
			if i := s.role(it.Parent); field(it, "user_id") == r.PathValue("id") && i >= 0 {
				held = append(held, s.data["roles"][i])
			}
		}
		write(w, folder.Array(held))
	})
	s.handle("POST", roles, s.edit(true))
	s.handle("DELETE", roles, s.edit(false))
}

// role is the place of a role, -1 for none.
func (s *Server) role(id string) int {
	return slices.IndexFunc(s.data["roles"], func(it folder.Item) bool { return field(it, "id") == id })
}

// edit gives roles to a user, or takes them away. The platform answers the same
// where nothing changes.
func (s *Server) edit(give bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		user := slices.IndexFunc(s.data["users"], func(it folder.Item) bool { return field(it, "user_id") == r.PathValue("id") })
		var ask struct{ Roles []string }
		switch err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&ask); {
		case user < 0:
			fail(w, http.StatusNotFound, "inexistent_user", "The user does not exist.")
			return
		case err != nil || len(ask.Roles) == 0:
			fail(w, http.StatusBadRequest, "invalid_body", "Payload validation error: 'Missing required property: roles'.")
			return
		case give && slices.ContainsFunc(ask.Roles, func(id string) bool { return s.role(id) < 0 }):
			fail(w, http.StatusNotFound, "inexistent_role", "The role does not exist.")
			return
		}
		s.data["role_users"] = slices.DeleteFunc(s.data["role_users"], func(it folder.Item) bool {
			return field(it, "user_id") == r.PathValue("id") && slices.Contains(ask.Roles, it.Parent)
		})
		for _, id := range ask.Roles {
			if give {
				s.data["role_users"] = append(s.data["role_users"], folder.Item{Parent: id, Body: folder.Marshal(folder.Object{"user_id": r.PathValue("id")})})
			}
		}
		w.WriteHeader(http.StatusNoContent)
	}
}
