package okta

import (
	"encoding/json"
	"net/http"
	"slices"

	"winnow/internal/fake/folder"
)

// membership finds the group and the user of a request. Only groups that the
// org itself keeps can be edited: not even a super administrator may edit those
// that are imported or built in.
func (s *Server) membership(w http.ResponseWriter, r *http.Request) (group, user item, ok bool) {
	if group, ok = s.known(w, listGroups, r.PathValue("id"), "UserGroup"); !ok {
		return
	}
	if user, ok = s.known(w, "users", r.PathValue("user"), "User"); !ok {
		return
	}
	if group.at(keyType) != "OKTA_GROUP" {
		fail(w, http.StatusForbidden, "E0000006", "You do not have permission to perform the requested action")
		return group, user, false
	}
	return group, user, true
}

// addMember puts a user into a group, and so into the group's apps.
func (s *Server) addMember(w http.ResponseWriter, r *http.Request) {
	group, user, ok := s.membership(w, r)
	if !ok {
		return
	}
	s.enter(r, group, user)
	w.WriteHeader(http.StatusNoContent)
}

// enter makes a user a member.
func (s *Server) enter(r *http.Request, group, user item) {
	if _, member := s.data.below("group_members", group.id, user.id); member {
		return
	}
	s.data.put("group_members", group.id, user.body)
	s.touch(group)
	s.tell(r, "group.user_membership.add", "Add user to group membership", userParty(user), groupParty(group))
	for _, app := range s.opened(group.id) {
		s.reach(r, app, user)
	}
}

// removeMember takes a user out of a group. The platform does so for members
// that a rule put there, too, and excludes them from the rule for good: the
// fake takes every member of a group that an active rule fills for the rule's.
func (s *Server) removeMember(w http.ResponseWriter, r *http.Request) {
	group, user, ok := s.membership(w, r)
	if !ok {
		return
	}
	s.leave(group, user, func() {
		s.tell(r, "group.user_membership.remove", "Remove user from group membership", userParty(user), groupParty(group))
	})
	w.WriteHeader(http.StatusNoContent)
}

// leave ends a membership and tells it by its own event.
func (s *Server) leave(group, user item, tell func()) {
	if _, member := s.data.below("group_members", group.id, user.id); !member {
		return
	}
	s.data.drop("group_members", group.id, user.id)
	s.touch(group)
	tell()
	for _, rule := range s.data.streams["group_rules"] {
		s.exclude(rule, group, user)
	}
	for _, app := range s.opened(group.id) {
		s.loosen(app, user)
	}
}

// touch notes that a group's members changed.
func (s *Server) touch(group item) {
	s.data.put(listGroups, "", folder.With(group.body, object{"lastMembershipUpdated": stamp(s.now())}))
}

// exclude puts a user on the exclusion list of a rule that fills the group.
func (s *Server) exclude(rule, group, user item) {
	var o struct {
		Conditions map[string]json.RawMessage `json:"conditions"`
		Actions    struct {
			Assign struct {
				Groups []string `json:"groupIds"`
			} `json:"assignUserToGroups"`
		} `json:"actions"`
	}
	if json.Unmarshal(rule.body, &o) != nil || rule.status != statusActive || !slices.Contains(o.Actions.Assign.Groups, group.id) {
		return
	}
	var people struct {
		Users  struct{ Exclude []string }
		Groups struct{ Exclude []string }
	}
	_ = json.Unmarshal(o.Conditions["people"], &people) // a rule may exclude nobody yet
	if slices.Contains(people.Users.Exclude, user.id) {
		return
	}
	o.Conditions["people"] = folder.Marshal(object{"users": object{"exclude": append(people.Users.Exclude, user.id)},
		listGroups: object{"exclude": append([]string{}, people.Groups.Exclude...)}})
	s.data.put("group_rules", "", folder.With(rule.body, object{"conditions": o.Conditions}))
	s.follow("group.user_membership.rule.add_exclusion", "Add user to group rule exclusion list", userParty(user), groupParty(group),
		party{ID: rule.id, Type: "GroupRule", AlternateID: unnamed, DisplayName: or(rule.at("name"), unnamed)})
}
