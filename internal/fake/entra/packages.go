package entra

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"winnow/internal/fake/folder"
)

// writePackages is the application permission for access packages.
const writePackages = "EntitlementManagement.ReadWrite.All"

// The lists of entitlement management.
const (
	listPackages = "access_packages"
	listContents = "access_package_roles" // parent: package
	listGiven    = "access_package_assignments"
)

// requestPackage takes a request to give somebody an access package or to take
// it away. It is accepted at once and carried out afterwards: here when the
// assignment, or the list of assignments, has been asked for often enough.
func (s *Server) requestPackage(w http.ResponseWriter, r *http.Request) {
	if !s.may(w, writePackages) {
		return
	}
	var ask struct {
		RequestType string
		Assignment  struct{ ID, TargetID, AssignmentPolicyID, AccessPackageID string }
	}
	if !read(w, r, &ask) {
		return
	}
	id := ask.Assignment.ID
	switch ask.RequestType {
	case "adminRemove":
		if it, ok := s.find(listGiven, id); !ok || it.text("state") != "delivered" {
			refuse(w, http.StatusNotFound, "ResourceNotFound", "The assignment does not exist or is not delivered.")
			return
		}
	case "adminAdd":
		var ok bool
		if id, ok = s.assignPackage(w, ask.Assignment.TargetID, ask.Assignment.AssignmentPolicyID, ask.Assignment.AccessPackageID); !ok {
			return
		}
	default:
		bad(w, "This fake knows adminAdd and adminRemove.")
		return
	}
	s.pending[id] = pending{remove: ask.RequestType == "adminRemove", reads: s.opt.PackageDelay}
	writeEntity(w, r, http.StatusCreated, folder.Marshal(object{"id": guid(), "requestType": ask.RequestType, "state": "submitted",
		"status": "Accepted", "createdDateTime": stamp(s.now()), "assignment": object{"id": id}}))
	s.settle(id)
}

// A pending is an assignment on which the platform still works, until it has
// been read so many times more.
type pending struct {
	remove bool
	reads  int
}

// assignPackage writes down an assignment that is to be delivered.
func (s *Server) assignPackage(w http.ResponseWriter, user, policy, pack string) (string, bool) {
	of, ok := s.find(listPackages, pack)
	if !ok || !s.has(listUsers, user) || policy == "" {
		refuse(w, http.StatusNotFound, "ResourceNotFound", "The package, its policy or the target does not exist.")
		return "", false
	}
	if slices.ContainsFunc(s.data[listGiven], func(it item) bool {
		return it.text("target.objectId") == user && it.text("accessPackage.id") == pack && it.text("state") == "delivered"
	}) {
		refuse(w, http.StatusBadRequest, "ExistingOpenRequest", "The target already has an assignment.")
		return "", false
	}
	id := guid()
	s.put(listGiven, "", folder.Marshal(object{"id": id, "state": "delivering", "status": "Delivering",
		"target": object{"objectId": user}, "accessPackage": object{"id": pack, keyName: of.text(keyName)}, "assignmentPolicy": object{"id": policy}}))
	return id, true
}

// settle carries out what is pending on an assignment, once it is due.
func (s *Server) settle(id string) {
	p, waits := s.pending[id]
	if !waits {
		return
	}
	if p.reads > 0 {
		p.reads--
		s.pending[id] = p
		return
	}
	delete(s.pending, id)
	it, _ := s.find(listGiven, id)
	state := "delivered"
	if p.remove {
		state = "expired"
	}
	s.put(listGiven, "", folder.With(it.body, object{"state": state, "status": strings.ToUpper(state[:1]) + state[1:]}))
	for _, content := range s.inside(listContents, it.text("accessPackage.id")) {
		s.deliver(content, it.text("target.objectId"), !p.remove)
	}
}

// deliver gives one thing of a package to a user, or takes it away unless
// another package of the user's holds it too.
func (s *Server) deliver(content item, user string, give bool) {
	resource := content.text("scope.originId")
	if !give && s.otherwise(content, user) {
		return
	}
	if group, ok := s.find(listGroups, resource); ok {
		member := slices.ContainsFunc(s.inside("group_members", group.id), func(m item) bool { return m.id == user })
		switch of, kind, known := s.anything(user); {
		case give && !member && known:
			s.put("group_members", group.id, asMember(of, kind))
			s.audit("Add member to group", "GroupManagement", "Assign",
				target(kind, of, added("Group.ObjectID", group.id), added("Group.DisplayName", group.text(keyName))), target(kindGroup, group))
		case !give && member:
			s.leave(group, user)
		}
		return
	}
	for _, given := range s.inside("app_role_assignments", resource) {
		if !give && given.text(keyPrincipal) == user && given.text("appRoleId") == content.text("role.originId") {
			s.take(given)
		}
	}
	if give {
		s.put("app_role_assignments", resource, folder.Marshal(object{"id": assignmentID(), "appRoleId": content.text("role.originId"),
			keyPrincipal: user, "principalType": kindUser, keyResource: resource, keyCreated: stamp(s.now())}))
	}
}

// otherwise reports whether another delivered package of the user's holds the
// same thing.
func (s *Server) otherwise(content item, user string) bool {
	for _, given := range s.data[listGiven] {
		if given.text("target.objectId") != user || given.text("state") != "delivered" {
			continue
		}
		for _, other := range s.inside(listContents, given.text("accessPackage.id")) {
			if other.text("scope.originId") == content.text("scope.originId") && other.text("role.originId") == content.text("role.originId") {
				return true
			}
		}
	}
	return false
}

// assignedTo is the one filter on assignments of packages that the fake knows.
var assignedTo = regexp.MustCompile(`^target/objectId eq '([^']+)' and accessPackage/id eq '([^']+)'$`)

// assignments serves the list of assignments, of one user and package where the
// filter says so; each reading lets some time pass.
func (s *Server) assignments(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	m := assignedTo.FindStringSubmatch(q.Get("$filter"))
	var items []item
	for _, it := range slices.Clone(s.data[listGiven]) {
		if m == nil || it.text("target.objectId") == m[1] && it.text("accessPackage.id") == m[2] {
			s.settle(it.id)
			now, _ := s.find(listGiven, it.id)
			items = append(items, now)
		}
	}
	k := directory
	if m != nil { // one page: a link would lose the filter
		q.Del("$filter")
		r = r.Clone(r.Context())
		r.URL.RawQuery, k.page = q.Encode(), k.most
	}
	s.list(w, r, k, items)
}

// assignment serves one assignment of a package; each reading lets some time pass.
func (s *Server) assignment(w http.ResponseWriter, r *http.Request) {
	s.settle(r.PathValue("id"))
	s.one(listGiven)(w, r)
}
