package entra

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"winnow/internal/fake/folder"
	"winnow/internal/lake"
)

// Application permissions that write.
const (
	writeMembers   = "GroupMember.ReadWrite.All"
	writeGroups    = "Group.ReadWrite.All"
	writeDirectory = "Directory.ReadWrite.All"
	writeUsers     = "User.ReadWrite.All"
	deleteUsers    = "User.DeleteRestore.All"
	enableUsers    = "User.EnableDisableAccount.All"
	writeAppRoles  = "AppRoleAssignment.ReadWrite.All"
	writeRoles     = "RoleManagement.ReadWrite.Directory"
	writeReviews   = "AccessReview.ReadWrite.All"
)

// Words of the platform that are used all over.
const (
	listApps   = "service_principals"
	listGroups = "groups"
	listHeld   = "role_assignments"
	listMay    = "role_eligibilities"
	listUsers  = "users"
	kindUser   = "User"
	kindGroup  = "Group"
	kindApp    = "ServicePrincipal"
	yes        = "true"

	keyCreated   = "createdDateTime"
	keyLogin     = "userPrincipalName"
	keyName      = "displayName"
	keyPrincipal = "principalId"
	keyResource  = "resourceId"
	keyStatus    = "status"
	keyType      = "type"
)

// writeRoutes lists what changes the tenant.
func (s *Server) writeRoutes() {
	s.change("POST", "groups/{id}/members/$ref", s.addMember)
	s.change("DELETE", "groups/{id}/members/{member}/$ref", s.removeMember)
	s.change("DELETE", "groups/{id}/members/{member}", s.deleteMember)
	s.change("PATCH", "users/{id}", s.updateUser)
	s.change("DELETE", "users/{id}", s.deleteUser)
	for holder, list := range map[string]string{listUsers: listUsers, listGroups: listGroups, "servicePrincipals": listApps} {
		s.change("POST", holder+"/{id}/appRoleAssignments", s.assign(list, keyPrincipal))
		s.change("DELETE", holder+"/{id}/appRoleAssignments/{assignment}", s.unassign(list, keyPrincipal))
	}
	s.change("POST", "servicePrincipals/{id}/appRoleAssignedTo", s.assign(listApps, keyResource))
	s.change("DELETE", "servicePrincipals/{id}/appRoleAssignedTo/{assignment}", s.unassign(listApps, keyResource))
	s.change("POST", "roleManagement/directory/roleAssignmentScheduleRequests", s.requestRole(false))
	s.change("POST", "roleManagement/directory/roleEligibilityScheduleRequests", s.requestRole(true))
	s.change("POST", "identityGovernance/entitlementManagement/assignmentRequests", s.requestPackage)
	s.change("GET", "identityGovernance/entitlementManagement/assignments/{id}", s.assignment)
	const review = "identityGovernance/accessReviews/definitions"
	s.change("POST", review, s.createReview)
	s.change("DELETE", review+"/{id}", s.deleteReview)
	for _, prefix := range []string{"", "microsoft.graph."} { // the platform knows both forms
		s.change("POST", review+"/{id}/"+prefix+"stop", s.stopReview)
		s.change("POST", review+"/{id}/instances/{instance}/"+prefix+"stop", s.stopInstance)
		s.change("POST", review+"/{id}/instances/{instance}/"+prefix+"applyDecisions", s.applyDecisions)
		s.change("POST", review+"/{id}/instances/{instance}/"+prefix+"batchRecordDecisions", s.recordDecisions)
	}
}

// change registers a request that writes under both versions of the API.
func (s *Server) change(method, path string, h http.HandlerFunc) {
	for _, version := range []string{"v1.0", "beta"} {
		s.mux.Handle(method+" /"+version+"/"+path, s.guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
			s.state.Lock()
			defer s.state.Unlock()
			h(w, r)
		})))
	}
}

// may reports whether the app has one of the permissions, and refuses the
// request when it has none.
func (s *Server) may(w http.ResponseWriter, permissions ...string) bool {
	for _, p := range permissions {
		if slices.Contains(s.opt.Roles, p) {
			return true
		}
	}
	refuse(w, http.StatusForbidden, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.")
	return false
}

// bad refuses a request for what it holds.
func bad(w http.ResponseWriter, message string) {
	refuse(w, http.StatusBadRequest, "Request_BadRequest", message)
}

// read decodes the body of a request, which the vendor's SDK packs, or refuses it.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	b, err := io.ReadAll(r.Body)
	if err == nil && r.Header.Get("Content-Encoding") == "gzip" {
		b, err = unpack(b, ".gz")
	}
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		refuse(w, http.StatusBadRequest, "BadRequest", "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.")
		return false
	}
	return true
}

// known finds an object that a request is about, or answers that it is not there.
func (s *Server) known(w http.ResponseWriter, list, id string) (item, bool) {
	it, ok := s.find(list, id)
	if !ok {
		s.missing(w, id)
	}
	return it, ok
}

// find returns an object of a list by its id.
func (s *Server) find(list, id string) (item, bool) {
	i := slices.IndexFunc(s.data[list], func(it item) bool { return it.id == id })
	if i < 0 {
		return item{}, false
	}
	return s.data[list][i], true
}

// inside returns the items of a container.
func (s *Server) inside(list, parent string) []item {
	var out []item
	for _, it := range s.data[list] {
		if it.parent == parent {
			out = append(out, it)
		}
	}
	return out
}

// put files an object: in its old place, or at the end of the list.
func (s *Server) put(list, parent string, body []byte) {
	it := item{body: body, id: lake.TextAt(body, "id"), parent: parent}
	i := slices.IndexFunc(s.data[list], func(o item) bool { return o.id == it.id && o.parent == parent })
	if i < 0 {
		s.data[list] = append(s.data[list], it)
		return
	}
	s.data[list][i] = it
}

// drop takes out of a list what fits.
func (s *Server) drop(list string, fits func(item) bool) {
	s.data[list] = slices.DeleteFunc(s.data[list], fits)
}

// text returns the text at a path of an item.
func (it item) text(path string) string { return lake.TextAt(it.body, path) }

// object is short for what is put together all over.
type object = folder.Object

// writeEntity answers with one object.
func writeEntity(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	version, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	body = folder.With(body, object{"@odata.context": origin(r) + "/" + version + "/$metadata#" + path + "/$entity"})
	w.Header().Set("Content-Type", "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may have gone
}

// now is the clock of what is written.
func (s *Server) now() time.Time {
	if s.opt.Now != nil {
		return s.opt.Now().UTC()
	}
	return time.Now().UTC()
}

// stamp writes a time as Graph does.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.0000000Z") }

// guid makes an id.
func guid() string {
	h := randomID()
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-8" + h[17:20] + "-" + h[20:]
}

// assignmentID makes the id of an app role assignment, which is none of the
// directory's GUIDs.
func assignmentID() string {
	return base64.RawURLEncoding.EncodeToString([]byte(randomID()))
}
