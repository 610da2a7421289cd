package entra

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"winnow/internal/fake/folder"
)

// editable finds a group whose members the app may edit, or refuses: those of a
// rule, of a directory elsewhere, and of mailing lists are kept elsewhere.
func (s *Server) editable(w http.ResponseWriter, r *http.Request) (item, bool) {
	if !s.may(w, writeMembers, writeGroups, writeDirectory) {
		return item{}, false
	}
	group, ok := s.known(w, listGroups, r.PathValue("id"))
	switch {
	case !ok:
	case dynamic(group):
		bad(w, "Members of a group with a membership rule cannot be changed.")
	case group.text("onPremisesSyncEnabled") == yes:
		bad(w, "Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.")
	case group.text("mailEnabled") == yes && !unified(group):
		bad(w, "Cannot Update a mail-enabled security groups and or distribution list.")
	case group.text("isAssignableToRole") == yes && !s.may(w, writeRoles):
	default:
		return group, true
	}
	return item{}, false
}

// dynamic reports whether a rule fills the group.
func dynamic(group item) bool { return typed(group, "DynamicMembership") }

// unified reports whether the group is a Microsoft 365 group.
func unified(group item) bool { return typed(group, "Unified") }

// typed reports whether a group is of a type.
func typed(group item, kind string) bool {
	var o struct{ GroupTypes []string }
	return json.Unmarshal(group.body, &o) == nil && slices.Contains(o.GroupTypes, kind)
}

// addMember adds a reference to an object of the directory.
func (s *Server) addMember(w http.ResponseWriter, r *http.Request) {
	group, ok := s.editable(w, r)
	var ask struct {
		Ref string `json:"@odata.id"`
	}
	if !ok || !read(w, r, &ask) {
		return
	}
	id, ok := referred(ask.Ref)
	if !ok {
		bad(w, "Invalid URL format specified in @odata.id.")
		return
	}
	member, kind, ok := s.anything(id)
	if !ok {
		s.missing(w, id)
		return
	}
	if slices.ContainsFunc(s.inside("group_members", group.id), func(m item) bool { return m.id == id }) {
		bad(w, "One or more added object references already exist for the following modified properties: 'members'.")
		return
	}
	s.put("group_members", group.id, asMember(member, kind))
	s.audit("Add member to group", "GroupManagement", "Assign",
		target(kind, member, added("Group.ObjectID", group.id), added("Group.DisplayName", group.text(keyName))), target(kindGroup, group))
	done(w)
}

// referred takes the id out of a reference, which is an absolute URL.
func referred(ref string) (string, bool) {
	u, err := url.Parse(ref)
	if err != nil || u.Host == "" {
		return "", false
	}
	parts := strings.Split(strings.Trim(u.Path, "/"), "/")
	lists := []string{"directoryObjects", listUsers, listGroups, "servicePrincipals"}
	if len(parts) < 2 || !slices.Contains(lists, parts[len(parts)-2]) {
		return "", false
	}
	return parts[len(parts)-1], true
}

// anything finds an object of the directory, and what it is.
func (s *Server) anything(id string) (it item, kind string, ok bool) {
	for kind, list := range map[string]string{kindUser: listUsers, kindGroup: listGroups, kindApp: listApps} {
		if it, ok := s.find(list, id); ok {
			return it, kind, true
		}
	}
	return item{}, "", false
}

// asMember is an object as a list of members shows it.
func asMember(it item, kind string) []byte {
	o := object{"@odata.type": "#microsoft.graph." + strings.ToLower(kind[:1]) + kind[1:], "id": it.id}
	for _, field := range []string{keyName, "givenName", "surname", "jobTitle", "mail", "officeLocation", keyLogin} {
		if value := it.text(field); value != "" {
			o[field] = value
		}
	}
	return folder.Marshal(o)
}

// removeMember takes a reference out of a group. The object itself stays.
func (s *Server) removeMember(w http.ResponseWriter, r *http.Request) {
	group, ok := s.editable(w, r)
	if !ok {
		return
	}
	id := r.PathValue("member")
	if !slices.ContainsFunc(s.inside("group_members", group.id), func(m item) bool { return m.id == id }) {
		s.missing(w, id)
		return
	}
	s.leave(group, id)
	done(w)
}

// leave ends a membership.
func (s *Server) leave(group item, id string) {
	s.drop("group_members", func(m item) bool { return m.parent == group.id && m.id == id })
	member, kind, ok := s.anything(id)
	if !ok {
		member, kind = item{id: id, body: []byte("{}")}, "Other"
	}
	s.audit("Remove member from group", "GroupManagement", "Unassign",
		target(kind, member, removed("Group.ObjectID", group.id), removed("Group.DisplayName", group.text(keyName))), target(kindGroup, group))
}

// deleteMember is what a request for removal becomes when it forgets /$ref: the
// member itself is deleted, wherever the app has the right to that.
func (s *Server) deleteMember(w http.ResponseWriter, r *http.Request) {
	group, ok := s.known(w, listGroups, r.PathValue("id"))
	if !ok {
		return
	}
	id := r.PathValue("member")
	if !slices.ContainsFunc(s.inside("group_members", group.id), func(m item) bool { return m.id == id }) {
		s.missing(w, id)
		return
	}
	user, ok := s.find(listUsers, id)
	if !ok { // groups and principals are not deleted by the fake, whatever the app's rights
		s.may(w)
		return
	}
	if s.may(w, writeUsers, deleteUsers) {
		s.erase(user)
		done(w)
	}
}
