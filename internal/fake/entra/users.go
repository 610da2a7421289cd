package entra

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"

	"winnow/internal/fake/folder"
)

// writable are the properties of a user that the fake lets clients change, with
// their names in the audits.
var writable = map[string]string{"accountEnabled": "AccountEnabled", "department": "Department", "jobTitle": "JobTitle",
	"officeLocation": "PhysicalDeliveryOfficeName", keyName: "DisplayName", "employeeId": "EmployeeId", "employeeType": "EmployeeType"}

// updateUser changes properties of a user.
func (s *Server) updateUser(w http.ResponseWriter, r *http.Request) {
	var ask map[string]json.RawMessage
	if !read(w, r, &ask) {
		return
	}
	delete(ask, "@odata.type") // which SDKs add
	permissions := []string{writeUsers, writeDirectory}
	if _, enables := ask["accountEnabled"]; enables && len(ask) == 1 {
		permissions = append(permissions, enableUsers)
	}
	if !s.may(w, permissions...) {
		return
	}
	user, ok := s.known(w, listUsers, r.PathValue("id"))
	if !ok {
		return
	}
	synced := user.text("onPremisesSyncEnabled") == yes
	for _, name := range slices.Sorted(maps.Keys(ask)) {
		switch {
		case writable[name] == "":
			bad(w, "Resource '"+name+"' does not exist or is not one that this fake lets clients change.")
			return
		case synced && name != "accountEnabled":
			bad(w, "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.")
			return
		case name == "accountEnabled" && string(ask[name]) != yes && string(ask[name]) != "false":
			bad(w, "Invalid value specified for property 'accountEnabled' of resource 'User'.")
			return
		}
	}
	s.update(user, ask)
	done(w)
}

// update writes properties and tells of those that changed.
func (s *Server) update(user item, values map[string]json.RawMessage) {
	var changes []change
	verb := ""
	for _, name := range slices.Sorted(maps.Keys(values)) {
		to := lineOf(values[name])
		var from string
		var old map[string]json.RawMessage
		if json.Unmarshal(user.body, &old) == nil && old[name] != nil {
			from = string(old[name])
		}
		if from == to {
			continue
		}
		changes = append(changes, change{writable[name], "[" + from + "]", "[" + to + "]"})
		if name == "accountEnabled" {
			verb = map[string]string{yes: "Enable account", "false": "Disable account"}[to]
		}
	}
	if len(changes) == 0 {
		return
	}
	set := object{}
	for name, v := range values {
		set[name] = v
	}
	s.put(listUsers, "", folder.With(user.body, set))
	s.audit("Update user", "UserManagement", "Update", target(kindUser, user, changes...))
	if verb != "" {
		s.audit(verb, "UserManagement", "Update", target(kindUser, user, changes...))
	}
}

// lineOf is a JSON value without blanks around it.
func lineOf(v json.RawMessage) string { return strings.TrimSpace(string(v)) }

// deleteUser deletes a user.
func (s *Server) deleteUser(w http.ResponseWriter, r *http.Request) {
	if !s.may(w, writeUsers, deleteUsers) {
		return
	}
	if user, ok := s.known(w, listUsers, r.PathValue("id")); ok {
		s.erase(user)
		done(w)
	}
}

// erase takes a user out of the directory, and so out of everything.
func (s *Server) erase(user item) {
	s.drop(listUsers, func(it item) bool { return it.id == user.id })
	s.drop("group_members", func(it item) bool { return it.id == user.id })
	for _, list := range []string{"app_role_assignments", listHeld, listMay} {
		s.drop(list, func(it item) bool { return it.text(keyPrincipal) == user.id })
	}
	s.audit("Delete user", "UserManagement", "Delete", target(kindUser, user))
}
