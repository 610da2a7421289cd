package okta

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"winnow/internal/access"

	"winnow/export"
)

// EditName is the name of the sink for edits where none is given.
const EditName = "okta_edit"

// An EditConfig says for which org edits are written.
type EditConfig struct {
	Name   string            // tells two orgs' sinks apart in the plan; empty for "okta_edit"
	Source access.SourceName // the Okta source whose access is edited
	OrgURL string            // its org, for instance https://acme.okta.com
}

// An EditSink writes the edits of one org: memberships of groups, apps of users
// and administrator roles. What a rule gives is never edited: the platform would
// take the member out and exclude the person from the rule for good.
type EditSink struct{ config EditConfig }

// NewEdit checks the configuration and returns the sink.
func NewEdit(c EditConfig) (*EditSink, error) {
	c.Name = cmp.Or(c.Name, EditName)
	c.OrgURL = strings.TrimRight(c.OrgURL, "/")
	switch {
	case c.Source == "":
		return nil, errors.New("set up " + c.Name + ": source must name an Okta source")
	case !export.IsURL(c.OrgURL):
		return nil, errors.New("set up " + c.Name + ": the org's URL must be a URL such as https://acme.okta.com")
	}
	return &EditSink{c}, nil
}

// Name returns the configured name.
func (s *EditSink) Name() string { return s.config.Name }

// Plan writes the edits of the recommendations; see export.Changes.
func (s *EditSink) Plan(in export.Input) (export.Proposal, error) {
	return export.Changes(in, s.config.Name, s.config.Source, s.write), nil
}

var (
	editID     = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	adminRole  = regexp.MustCompile(`^[A-Z][A-Z_]{1,63}$`)
	customRole = regexp.MustCompile(`^([A-Za-z0-9_-]{1,64})/([A-Za-z0-9_-]{1,64})$`)
)

// write writes one edit.
func (s *EditSink) write(c export.Change) (access.Operation, string) {
	if !editID.MatchString(c.User) {
		return access.Operation{}, "the account's id is not of the form that Okta gives"
	}
	writer, known := map[access.EditKind]func(export.Change) (access.Operation, error){
		access.RemoveMember: removeMember, access.AddMember: addMember,
		access.RemoveAppUser: removeAppUser, access.AddAppUser: addAppUser, access.RemoveAdminRole: removeAdminRole}[c.Edit.Kind]
	if !known {
		return access.Operation{}, "this sink does not know the edit " + string(c.Edit.Kind)
	}
	if c.Edit.Kind != access.RemoveAdminRole && !editID.MatchString(c.Target) {
		return access.Operation{}, "the entitlement's id is not of the form that Okta gives"
	}
	o, err := writer(c)
	if err != nil {
		return access.Operation{}, err.Error()
	}
	o.Tenant = s.config.OrgURL
	return o, ""
}

func memberPath(c export.Change) string { return "/api/v1/groups/" + c.Target + "/users/" + c.User }

// member is the condition that the user is in the group, or is not. It is asked
// of the user: a group may have a hundred thousand members.
func member(c export.Change, want access.Want) access.Condition {
	return access.Condition{Text: says("the user is a member of the group", "the user is no member of the group", want),
		Path: "/api/v1/users/" + c.User + "/groups", List: access.WholeAnswer, Where: []access.Field{{Key: "id", Value: c.Target}}, Want: want}
}

// local are the conditions under which a membership is for us to edit.
func local(c export.Change) []access.Condition {
	own := []access.Condition{{Text: "the group's members are given in Okta itself", Path: "/api/v1/groups/" + c.Target,
		Where: []access.Field{{Key: "type", Value: "OKTA_GROUP"}}, Want: access.Present}}
	for _, rule := range c.Edit.PassedOver {
		if id, ok := access.NativeID(c.Recommendation.Source, rule); ok && editID.MatchString(id) {
			own = append(own, access.Condition{Text: "the rule that fills the group passes over the user", Path: "/api/v1/groups/rules/" + id,
				Where: []access.Field{{Key: "conditions.people.users.exclude", Value: c.User}}, Want: access.Present})
		}
	}
	if len(own) > 1 {
		return own
	}
	return append(own, access.Condition{Text: "no active rule fills the group", Path: "/api/v1/groups/rules?limit=200", List: access.WholeAnswer, Want: access.Absent,
		Where: []access.Field{{Key: "actions.assignUserToGroups.groupIds", Value: c.Target}, {Key: "status", Value: "ACTIVE"}}})
}

func removeMember(c export.Change) (access.Operation, error) {
	o := access.Operation{Request: access.Request{Method: http.MethodDelete, Path: memberPath(c)}, Note: c.Note("take %s out of the group %s"),
		Preconditions: append([]access.Condition{member(c, access.Present)}, local(c)...), Verify: []access.Condition{member(c, access.Absent)},
		Reversible: true, Inverse: []access.Request{{Method: http.MethodPut, Path: memberPath(c)}},
		Lost: "what the group's apps kept in the user's profile, where no other group gives them"}
	if c.Last && c.Recommendation.EntitlementKind == "app" && editID.MatchString(c.Wanted) {
		o.Verify = append(o.Verify, appUser(c.Wanted, c.User, access.Absent))
	}
	return o, nil
}

func addMember(c export.Change) (access.Operation, error) {
	return access.Operation{Request: access.Request{Method: http.MethodPut, Path: memberPath(c)}, Note: c.Note("make %s a member of the group %s"),
		Preconditions: append([]access.Condition{member(c, access.Absent)}, local(c)...), Verify: []access.Condition{member(c, access.Present)},
		Reversible: true, Inverse: []access.Request{{Method: http.MethodDelete, Path: memberPath(c)}}}, nil
}

// appUser is the condition that the user has the app, in whatever way, or has not.
func appUser(app, user string, want access.Want, where ...access.Field) access.Condition {
	return access.Condition{Text: says("the user has the app", "the user does not have the app", want),
		Path: "/api/v1/apps/" + app + "/users/" + user, Where: where, Want: want}
}

// removeAppUser takes away an app that was assigned to the user alone. The
// platform refuses while a group gives it, and destroys the profile.
func removeAppUser(c export.Change) (access.Operation, error) {
	own := appUser(c.Target, c.User, access.Present, access.Field{Key: "scope", Value: "USER"})
	own.Text = "the app is assigned to the user, not by a group"
	return access.Operation{Request: access.Request{Method: http.MethodDelete, Path: "/api/v1/apps/" + c.Target + "/users/" + c.User},
		Note: c.Note("take the app %[2]s from %[1]s"), Preconditions: []access.Condition{own}, Verify: []access.Condition{appUser(c.Target, c.User, access.Absent)},
		Lost: "the user's profile in the app is destroyed, and the app may deactivate or delete the account behind it"}, nil
}

func addAppUser(c export.Change) (access.Operation, error) {
	body, err := json.Marshal(map[string]string{"id": c.User, "scope": "USER"})
	if err != nil {
		return access.Operation{}, fmt.Errorf("write the app's user: %w", err)
	}
	return access.Operation{Request: access.Request{Method: http.MethodPost, Path: "/api/v1/apps/" + c.Target + "/users", Body: body},
		Note: c.Note("give %s the app %s"), Preconditions: []access.Condition{appUser(c.Target, c.User, access.Absent)},
		Verify: []access.Condition{appUser(c.Target, c.User, access.Present)}, Reversible: true,
		Inverse: []access.Request{{Method: http.MethodDelete, Path: "/api/v1/apps/" + c.Target + "/users/" + c.User}}}, nil
}

func removeAdminRole(c export.Change) (access.Operation, error) {
	if !editID.MatchString(c.Edit.NativeRef) {
		return access.Operation{}, errors.New("the role's assignment has no id of the form that Okta gives")
	}
	body := map[string]string{"type": c.Target}
	same := []access.Field{{Key: "type", Value: c.Target}} // one that is given back has another id
	if m := customRole.FindStringSubmatch(c.Target); m != nil {
		body = map[string]string{"type": "CUSTOM", "role": m[1], "resource-set": m[2]}
		same = []access.Field{{Key: "type", Value: "CUSTOM"}, {Key: "role", Value: m[1]}, {Key: "resource-set", Value: m[2]}}
	} else if !adminRole.MatchString(c.Target) {
		return access.Operation{}, errors.New("the role is not of a form that Okta gives")
	}
	back, err := json.Marshal(body)
	if err != nil {
		return access.Operation{}, fmt.Errorf("write the role: %w", err)
	}
	list := "/api/v1/users/" + c.User + "/roles"
	holds := func(want access.Want, where ...access.Field) access.Condition {
		return access.Condition{Text: says("the user was given the administrator role", "the user was not given the administrator role", want),
			Path: list, List: access.WholeAnswer, Where: where, Want: want}
	}
	return access.Operation{Request: access.Request{Method: http.MethodDelete, Path: list + "/" + c.Edit.NativeRef}, Privileged: true,
		Note: c.Note("take the administrator role %[2]s from %[1]s"), Preconditions: []access.Condition{holds(access.Present, access.Field{Key: "id", Value: c.Edit.NativeRef})},
		Verify: []access.Condition{holds(access.Absent, same...)}, Reversible: true,
		Inverse: []access.Request{{Method: http.MethodPost, Path: list, Body: back}}, Lost: "the groups and apps to which the role may have been confined"}, nil
}

// says chooses the sentence for what is wanted.
func says(present, absent string, want access.Want) string {
	if want == access.Absent {
		return absent
	}
	return present
}
