package ping

import (
	"encoding/json"
	"net/http"
	"slices"

	"winnow/internal/fake/folder"
)

// writeRoutes are the requests that change memberships.
func (s *Server) writeRoutes(env string) {
	s.handle("GET", env+"/users/{id}/memberOfGroups/{group}", s.membership)
	s.handle("POST", env+"/users/{id}/memberOfGroups", s.enter)
	s.handle("DELETE", env+"/users/{id}/memberOfGroups/{group}", s.leave)
}

// text reads a string member of an item.
func text(it folder.Item, key string) string {
	var o map[string]any
	if json.Unmarshal(it.Body, &o) != nil {
		return ""
	}
	v, _ := o[key].(string)
	return v
}

// known finds an object of a list, or answers that it is not there.
func (s *Server) known(w http.ResponseWriter, list, id string) (folder.Item, bool) {
	i := slices.IndexFunc(s.data[list], func(it folder.Item) bool { return text(it, "id") == id })
	if i < 0 {
		fail(w, http.StatusNotFound, "NOT_FOUND", "The requested resource object was not found.")
		return folder.Item{}, false
	}
	return s.data[list][i], true
}

// at is the place of a membership, -1 for none.
func (s *Server) at(user, group string) int {
	return slices.IndexFunc(s.data["group_memberships"], func(it folder.Item) bool { return it.Parent == user && text(it, "id") == group })
}

// membership answers one membership.
func (s *Server) membership(w http.ResponseWriter, r *http.Request) {
	i := s.at(r.PathValue("id"), r.PathValue("group"))
	if i < 0 {
		fail(w, http.StatusNotFound, "NOT_FOUND", "The requested resource object was not found.")
		return
	}
	w.Header().Set("Content-Type", "application/hal+json;charset=UTF-8")
	_, _ = w.Write(s.data["group_memberships"][i].Body)
}

// enter makes a user a member of a group, unless a filter fills it.
func (s *Server) enter(w http.ResponseWriter, r *http.Request) {
	var ask struct{ ID string }
	user, ok := s.known(w, "users", r.PathValue("id"))
	if !ok {
		return
	}
	if json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&ask) != nil {
		fail(w, http.StatusBadRequest, "INVALID_REQUEST", "The request could not be completed.")
		return
	}
	group, ok := s.known(w, "groups", ask.ID)
	switch {
	case !ok:
	case text(group, "userFilter") != "":
		fail(w, http.StatusBadRequest, "INVALID_DATA", "The group has a user filter.")
	case s.at(text(user, "id"), ask.ID) >= 0:
		fail(w, http.StatusBadRequest, "INVALID_DATA", "The user is already a member of the group.")
	default:
		body := folder.Marshal(folder.Object{"id": ask.ID, "name": text(group, "name"), "type": "DIRECT"})
		s.data["group_memberships"] = append(s.data["group_memberships"], folder.Item{Body: body, Parent: text(user, "id")})
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write(body)
	}
}

// leave ends a membership, unless a filter put the user there.
func (s *Server) leave(w http.ResponseWriter, r *http.Request) {
	group, ok := s.known(w, "groups", r.PathValue("group"))
	if !ok {
		return
	}
	i := s.at(r.PathValue("id"), r.PathValue("group"))
	switch {
	case i < 0:
		fail(w, http.StatusNotFound, "NOT_FOUND", "The requested resource object was not found.")
	case text(group, "userFilter") != "" || text(s.data["group_memberships"][i], "type") == "INDIRECT":
		fail(w, http.StatusBadRequest, "INVALID_DATA", "The user is a member by the group's filter or through another group.")
	default:
		s.data["group_memberships"] = slices.Delete(s.data["group_memberships"], i, i+1)
		w.WriteHeader(http.StatusNoContent)
	}
}
