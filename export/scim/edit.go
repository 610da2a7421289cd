// Package scim writes edits for any SCIM 2.0 service provider (RFC 7644): PATCH
// requests that name the one member or value, and bulk requests where the
// provider takes them. A removal without a filter, which would empty the list,
// cannot be written: no plan holds one (access.Request.Check).
package scim

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"winnow/internal/access"

	"winnow/export"
)

// Name is the sink's key in the configuration, and its name where none is given.
const Name = "scim_edit"

// A Config says for which provider edits are written, and what it can do.
type Config struct {
	Name    string            // tells two providers' sinks apart in the plan; empty for "scim_edit"
	Source  access.SourceName // the SCIM source whose access is edited
	BaseURL string            // of the provider, for instance https://acme.example/scim/v2
	Service *Service          // its answer of /ServiceProviderConfig, see Describe; nil where nobody asked: it is taken to know PATCH
}

// A Sink writes the edits of one provider.
type Sink struct{ config Config }

// New checks the configuration and returns the sink. A provider that does not
// take PATCH has no sink: to replace a group whole would undo what others did
// to it meanwhile.
func New(c Config) (*Sink, error) {
	c.Name = cmp.Or(c.Name, Name)
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	switch {
	case c.Source == "":
		return nil, errors.New("set up " + c.Name + ": source must name a SCIM source")
	case !export.IsURL(c.BaseURL):
		return nil, errors.New("set up " + c.Name + ": the base URL must be a URL such as https://acme.example/scim/v2")
	case c.Service != nil && !c.Service.Patch:
		return nil, access.WithHint(errors.New("set up "+c.Name+": the provider does not take PATCH"),
			"without it a group could only be replaced whole, which would undo what others do to it; make the changes by hand")
	}
	return &Sink{c}, nil
}

// Name returns the configured name.
func (s *Sink) Name() string { return s.config.Name }

// Plan writes the edits of the recommendations, each as a request of its own, so
// that each has its receipt; see export.Changes.
func (s *Sink) Plan(in export.Input) (export.Proposal, error) {
	return export.Changes(in, s.config.Name, s.config.Source, s.write), nil
}

// resourceID is what may stand in a path and in a filter without escapes.
var resourceID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@:+-]{0,127}$`)

// write writes one edit.
func (s *Sink) write(c export.Change) (access.Operation, string) {
	if !resourceID.MatchString(c.User) {
		return access.Operation{}, "the account's id cannot stand in a request without a doubt"
	}
	e := element{path: "/Groups/" + c.Target, list: "members", value: c.User}
	switch c.Edit.Kind {
	case access.RemoveMember, access.AddMember:
		if !resourceID.MatchString(c.Target) {
			return access.Operation{}, "the group's id cannot stand in a request without a doubt"
		}
	case access.RemoveValue, access.AddValue:
		kind, value, ok := strings.Cut(c.Target, "/")
		list, known := map[string]string{"entitlement": "entitlements", "role": "roles"}[kind]
		if !ok || !known || !plain(value) {
			return access.Operation{}, "the value cannot stand in a filter without a doubt"
		}
		e = element{path: "/Users/" + c.User, list: list, value: value}
	default:
		return access.Operation{}, "this sink does not know the edit " + string(c.Edit.Kind)
	}
	o, err := e.operation(c, c.Edit.Kind == access.RemoveMember || c.Edit.Kind == access.RemoveValue)
	if err != nil {
		return access.Operation{}, err.Error()
	}
	o.Tenant = s.config.BaseURL
	return o, ""
}

// plain reports whether a value can be written between the quotes of a filter,
// of whose escapes providers have many readings.
func plain(value string) bool {
	return value != "" && len(value) <= 200 && !strings.ContainsFunc(value, func(r rune) bool {
		return r < ' ' || r == '"' || r == '\\' || r == '[' || r == ']' || r > '~'
	})
}

// An element is one value of a list of a resource.
type element struct{ path, list, value string }

// A patch is the message of RFC 7644, section 3.5.2.
type patch struct {
	Schemas    []string `json:"schemas"`
	Operations []change `json:"Operations"`
}

type change struct {
	Op    string           `json:"op"`
	Path  string           `json:"path"`
	Value []map[string]any `json:"value,omitempty"`
}

// request takes the element out, by a filter that names it alone, or puts it in.
func (e element) request(remove bool) (access.Request, error) {
	c := change{Op: "add", Path: e.list, Value: []map[string]any{{"value": e.value}}}
	if remove {
		c = change{Op: "remove", Path: fmt.Sprintf(`%s[value eq "%s"]`, e.list, e.value)}
	}
	body, err := json.Marshal(patch{[]string{"urn:ietf:params:scim:api:messages:2.0:PatchOp"}, []change{c}})
	if err != nil {
		return access.Request{}, fmt.Errorf("write the patch: %w", err)
	}
	return access.Request{Method: "PATCH", Path: e.path, Body: body}, nil
}

// has is the condition that the element is there, or is not.
func (e element) has(want access.Want) access.Condition {
	text := map[access.Want]string{access.Present: "the resource holds the value", access.Absent: "the resource does not hold the value"}[want]
	return access.Condition{Text: text, Path: e.path, Where: []access.Field{{Key: e.list + ".value", Value: e.value}}, Want: want}
}

// operation writes the edit with what undoes it.
func (e element) operation(c export.Change, remove bool) (access.Operation, error) {
	do, errDo := e.request(remove)
	undo, errUndo := e.request(!remove)
	before, after, verb := access.Present, access.Absent, "take %s out of %s"
	if !remove {
		before, after, verb = access.Absent, access.Present, "put %s into %s"
	}
	return access.Operation{Request: do, Note: c.Note(verb), Preconditions: []access.Condition{e.has(before)}, Verify: []access.Condition{e.has(after)},
		Reversible: true, Inverse: []access.Request{undo}}, errors.Join(errDo, errUndo)
}
