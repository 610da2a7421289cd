// Package ping writes edits for a PingOne environment: memberships of groups.
// Members that a group's filter put there cannot be taken out of it by hand; the
// planner proposes another filter instead.
package ping

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"

	"winnow/internal/access"

	"winnow/export"
)

// Name is the sink's key in the configuration, and its name where none is given.
const Name = "ping_edit"

// A Config says for which environment edits are written.
type Config struct {
	Name          string            // tells two environments' sinks apart in the plan; empty for "ping_edit"
	Source        access.SourceName // the PingOne source whose access is edited
	EnvironmentID string
}

// A Sink writes the edits of one environment.
type Sink struct{ config Config }

var id = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// New checks the configuration and returns the sink.
func New(c Config) (*Sink, error) {
	c.Name = cmp.Or(c.Name, Name)
	switch {
	case c.Source == "":
		return nil, errors.New("set up " + c.Name + ": source must name a PingOne source")
	case !id.MatchString(c.EnvironmentID):
		return nil, errors.New("set up " + c.Name + ": the environment's id is missing")
	}
	return &Sink{c}, nil
}

// Name returns the configured name.
func (s *Sink) Name() string { return s.config.Name }

// Plan writes the edits of the recommendations; see export.Changes.
func (s *Sink) Plan(in export.Input) (export.Proposal, error) {
	return export.Changes(in, s.config.Name, s.config.Source, s.write), nil
}

// write writes one edit.
func (s *Sink) write(c export.Change) (access.Operation, string) {
	if c.Edit.Kind != access.RemoveMember && c.Edit.Kind != access.AddMember {
		return access.Operation{}, "this sink does not know the edit " + string(c.Edit.Kind)
	}
	if !id.MatchString(c.User) || !id.MatchString(c.Target) {
		return access.Operation{}, "the id is not of the form that PingOne gives"
	}
	list := "/environments/" + s.config.EnvironmentID + "/users/" + c.User + "/memberOfGroups"
	body, err := json.Marshal(map[string]string{"id": c.Target})
	if err != nil {
		return access.Operation{}, fmt.Sprint("the membership cannot be written: ", err)
	}
	leave := access.Request{Method: "DELETE", Path: list + "/" + c.Target}
	enter := access.Request{Method: "POST", Path: list, Body: body}
	direct := access.Condition{Text: "the user is a direct member of the group", Path: leave.Path, Want: access.Present,
		Where: []access.Field{{Key: "type", Value: "DIRECT"}}}
	outside := access.Condition{Text: "the user is not a member of the group", Path: leave.Path, Want: access.Absent}
	o := access.Operation{Tenant: s.config.EnvironmentID, Request: leave, Note: c.Note("take %s out of the group %s"),
		Preconditions: []access.Condition{direct}, Verify: []access.Condition{outside}, Reversible: true, Inverse: []access.Request{enter}}
	if c.Edit.Kind == access.AddMember {
		o.Request, o.Note, o.Inverse = enter, c.Note("make %s a member of the group %s"), []access.Request{leave}
		o.Preconditions, o.Verify = o.Verify, o.Preconditions
	}
	return o, ""
}
