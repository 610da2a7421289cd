package entra

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"

	"winnow/internal/access"

	"winnow/export"
)

// EditName is the name of the sink for edits where none is given.
const EditName = "entra_edit"

// publicCloud is the public cloud's address, which references to objects begin with.
const publicCloud = "https://graph.microsoft.com"

// An EditConfig says for which tenant edits are written.
type EditConfig struct {
	Name     string            // tells two tenants' sinks apart in the plan; empty for "entra_edit"
	Source   access.SourceName // the Entra source whose access is edited
	TenantID string            // its tenant
	GraphURL string            // of the tenant's cloud; empty for https://graph.microsoft.com
}

// An EditSink writes the edits of one tenant: memberships of groups, app roles,
// directory roles and access packages. A member is only ever taken out by
// …/members/{id}/$ref: without the suffix Graph may delete the user, and no plan
// can hold such a request (access.Request.Check).
type EditSink struct{ config EditConfig }

// NewEdit checks the configuration and returns the sink.
func NewEdit(c EditConfig) (*EditSink, error) {
	c.Name = cmp.Or(c.Name, EditName)
	c.GraphURL = strings.TrimRight(cmp.Or(c.GraphURL, publicCloud), "/")
	switch {
	case c.Source == "":
		return nil, errors.New("set up " + c.Name + ": source must name an Entra source")
	case c.TenantID == "":
		return nil, errors.New("set up " + c.Name + ": the tenant's id is missing")
	case !export.IsURL(c.GraphURL):
		return nil, errors.New("set up " + c.Name + ": graph_url must be a URL such as " + publicCloud)
	}
	return &EditSink{c}, nil
}

// Name returns the configured name.
func (s *EditSink) Name() string { return s.config.Name }

// Plan writes the edits of the recommendations; see export.Changes.
func (s *EditSink) Plan(in export.Input) (export.Proposal, error) {
	return export.Changes(in, s.config.Name, s.config.Source, s.write), nil
}

// editID is what may stand in a path: GUIDs, and the ids of assignments.
var editID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$`)

// write writes one edit.
func (s *EditSink) write(c export.Change) (access.Operation, string) {
	writer, known := map[access.EditKind]func(export.Change) (access.Operation, error){
		access.RemoveMember: s.removeMember, access.AddMember: s.addMember, access.RemoveAppRole: removeAppRole, access.AddAppRole: addAppRole,
		access.RemoveRole: removeRole, access.RemoveEligibility: removeRole, access.RemovePackage: removePackage}[c.Edit.Kind]
	if !known {
		return access.Operation{}, "this sink does not know the edit " + string(c.Edit.Kind)
	}
	if !editID.MatchString(c.User) {
		return access.Operation{}, "the account's id is not of the form that Entra gives"
	}
	o, err := writer(c)
	if err != nil {
		return access.Operation{}, err.Error()
	}
	o.Tenant = s.config.TenantID
	return o, ""
}

var errID = errors.New("the entitlement's id, or that of its assignment, is not of the form that Entra gives")

// fits reports errID for an id that may not stand in a path.
func fits(ids ...string) error {
	for _, id := range ids {
		if !editID.MatchString(id) {
			return errID
		}
	}
	return nil
}

// listed is a condition on a list of Graph.
func listed(present, absent, path string, want access.Want, where ...access.Field) access.Condition {
	text := present
	if want == access.Absent {
		text = absent
	}
	return access.Condition{Text: text, Path: path, List: "value", Where: where, Want: want}
}

// member is the condition that the user is a direct member of the group, or is
// not. It is asked of the user: a group may have a hundred thousand members.
func member(group, user string, want access.Want) access.Condition {
	return listed("the user is a direct member of the group", "the user is no direct member of the group",
		"/v1.0/users/"+user+"/memberOf?$select=id&$top=999", want, access.Field{Key: "id", Value: group})
}

// inside is the same, with groups inside groups.
func inside(group, user string, want access.Want) access.Condition {
	return listed("the user is a member of the group, directly or through another", "the user is in the group in no way",
		"/v1.0/users/"+user+"/transitiveMemberOf?$select=id&$top=999", want, access.Field{Key: "id", Value: group})
}

// local are the conditions under which a membership is for us to edit.
func local(group string) []access.Condition {
	path := "/v1.0/groups/" + group + "?$select=id,groupTypes,onPremisesSyncEnabled"
	return []access.Condition{
		{Text: "no rule fills the group", Path: path, Where: []access.Field{{Key: "groupTypes", Value: "DynamicMembership"}}, Want: access.Absent},
		{Text: "the group is not mastered on premises", Path: path, Where: []access.Field{{Key: "onPremisesSyncEnabled", Value: "true"}}, Want: access.Absent}}
}

// reference is the path of a membership, which is a reference to the user and
// not the user.
func reference(group, user string) string {
	return "/v1.0/groups/" + group + "/members/" + user + "/$ref"
}

// references is what adds the membership.
func (s *EditSink) references(group, user string) access.Request {
	body, _ := json.Marshal(map[string]string{"@odata.id": s.config.GraphURL + "/v1.0/directoryObjects/" + user}) // strings marshal
	return access.Request{Method: http.MethodPost, Path: "/v1.0/groups/" + group + "/members/$ref", Body: body}
}

func (s *EditSink) removeMember(c export.Change) (access.Operation, error) {
	o := access.Operation{Request: access.Request{Method: http.MethodDelete, Path: reference(c.Target, c.User)}, Note: c.Note("take %s out of the group %s"),
		Preconditions: append([]access.Condition{member(c.Target, c.User, access.Present)}, local(c.Target)...),
		Verify:        []access.Condition{member(c.Target, c.User, access.Absent)},
		Reversible:    true, Inverse: []access.Request{s.references(c.Target, c.User)}}
	if c.Last && c.Recommendation.EntitlementKind == "group" {
		if err := fits(c.Wanted); err != nil {
			return o, err
		}
		o.Verify = append(o.Verify, inside(c.Wanted, c.User, access.Absent))
	}
	return o, fits(c.Target)
}

func (s *EditSink) addMember(c export.Change) (access.Operation, error) {
	return access.Operation{Request: s.references(c.Target, c.User), Note: c.Note("make %s a member of the group %s"),
		Preconditions: append([]access.Condition{member(c.Target, c.User, access.Absent)}, local(c.Target)...),
		Verify:        []access.Condition{member(c.Target, c.User, access.Present)},
		Reversible:    true, Inverse: []access.Request{{Method: http.MethodDelete, Path: reference(c.Target, c.User)}}}, fits(c.Target)
}
