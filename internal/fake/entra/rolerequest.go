package entra

import (
	"net/http"
	"strings"

	"winnow/internal/fake/folder"
)

// Application permissions for roles by schedule; writeRoles does not suffice.
const (
	writeAssigned = "RoleAssignmentSchedule.ReadWrite.Directory"
	writeEligible = "RoleEligibilitySchedule.ReadWrite.Directory"
)

// requestRole takes a request about a directory role: to give it to a principal
// or to take it away, active or to be activated.
func (s *Server) requestRole(eligible bool) http.HandlerFunc {
	permission := writeAssigned
	if eligible {
		permission = writeEligible
	}
	return func(w http.ResponseWriter, r *http.Request) {
		if !s.may(w, permission) {
			return
		}
		var ask struct {
			Action, PrincipalID, RoleDefinitionID, DirectoryScopeID, Justification string
			IsValidationOnly                                                       bool
		}
		if !read(w, r, &ask) {
			return
		}
		if _, _, ok := s.anything(ask.PrincipalID); !ok || !s.has("role_definitions", ask.RoleDefinitionID) {
			refuse(w, http.StatusNotFound, "SubjectNotFound", "The subject is not found.")
			return
		}
		held := s.roleHeld(eligible, ask.PrincipalID, ask.RoleDefinitionID, ask.DirectoryScopeID)
		switch {
		case ask.DirectoryScopeID == "":
			bad(w, "Exactly one of the scopes must be given: directoryScopeId or appScopeId.")
			return
		case strings.EqualFold(ask.Action, "adminAssign") && held:
			refuse(w, http.StatusBadRequest, "RoleAssignmentExists", "The Role assignment already exists.")
			return
		case strings.EqualFold(ask.Action, "adminRemove") && !held:
			refuse(w, http.StatusBadRequest, "RoleAssignmentDoesNotExist", "The Role assignment does not exist.")
			return
		case !strings.EqualFold(ask.Action, "adminAssign") && !strings.EqualFold(ask.Action, "adminRemove"):
			bad(w, "This fake knows adminAssign and adminRemove.")
			return
		}
		status := map[bool]string{true: "Granted", false: "Provisioned"}[ask.IsValidationOnly]
		if strings.EqualFold(ask.Action, "adminRemove") {
			status = "Revoked"
		}
		if !ask.IsValidationOnly {
			s.changeRole(eligible, strings.EqualFold(ask.Action, "adminAssign"), ask.PrincipalID, ask.RoleDefinitionID, ask.DirectoryScopeID)
		}
		writeEntity(w, r, http.StatusCreated, folder.Marshal(object{"id": guid(), "status": status, "action": ask.Action, keyPrincipal: ask.PrincipalID,
			"roleDefinitionId": ask.RoleDefinitionID, "directoryScopeId": ask.DirectoryScopeID, "justification": orNull(ask.Justification),
			"isValidationOnly": ask.IsValidationOnly, "createdDateTime": stamp(s.now())}))
	}
}

// roleList is where a kind of holding a role stands.
func roleList(eligible bool) string {
	if eligible {
		return listMay
	}
	return listHeld
}

// same fits what a principal holds over one part of the directory.
func same(principal, role, scope string) func(item) bool {
	return func(it item) bool {
		at := it.text("directoryScopeId")
		if at == "" {
			at = "/"
		}
		return it.text(keyPrincipal) == principal && it.text("roleDefinitionId") == role && at == scope
	}
}

func (s *Server) roleHeld(eligible bool, principal, role, scope string) bool {
	for _, it := range s.data[roleList(eligible)] {
		if same(principal, role, scope)(it) {
			return true
		}
	}
	return false
}

// changeRole gives a role or takes it away. What is given outright is listed
// twice: as an assignment, and as an instance of its schedule.
func (s *Server) changeRole(eligible, give bool, principal, role, scope string) {
	lists := []string{listHeld, "role_assignment_instances"}
	activity := "Remove member from role"
	if eligible {
		lists, activity = []string{listMay}, "Remove eligible member from role"
	}
	if give {
		activity = map[bool]string{false: "Add member to role", true: "Add eligible member to role"}[eligible]
	}
	id := guid()
	for _, list := range lists {
		if !give {
			s.drop(list, same(principal, role, scope))
			continue
		}
		o := object{"id": id, keyPrincipal: principal, "roleDefinitionId": role, "directoryScopeId": scope}
		if list != listHeld {
			o["memberType"], o["startDateTime"] = "Direct", stamp(s.now())
		}
		if list == "role_assignment_instances" {
			o["assignmentType"], o["roleAssignmentOriginId"] = "Assigned", id
		}
		s.put(list, "", folder.Marshal(o))
	}
	it, kind, _ := s.anything(principal)
	definition, _ := s.find("role_definitions", role)
	s.audit(activity, "RoleManagement", "Assign", target(kind, it), target("Role", definition))
}
