// Package auth0 writes edits for an Auth0 tenant: the roles of users.
package auth0

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"winnow/internal/access"

	"winnow/export"
)

// Name is the sink's key in the configuration, and its name where none is given.
const Name = "auth0_edit"

// A Config says for which tenant edits are written.
type Config struct {
	Name   string            // tells two tenants' sinks apart in the plan; empty for "auth0_edit"
	Source access.SourceName // the Auth0 source whose access is edited
	URL    string            // of the tenant, for instance https://acme.eu.auth0.com
}

// A Sink writes the edits of one tenant.
type Sink struct{ config Config }

// New checks the configuration and returns the sink.
func New(c Config) (*Sink, error) {
	c.Name = cmp.Or(c.Name, Name)
	c.URL = strings.TrimRight(c.URL, "/")
	switch {
	case c.Source == "":
		return nil, errors.New("set up " + c.Name + ": source must name an Auth0 source")
	case !export.IsURL(c.URL):
		return nil, errors.New("set up " + c.Name + ": the tenant's URL must be a URL such as https://acme.eu.auth0.com")
	}
	return &Sink{c}, nil
}

// Name returns the configured name.
func (s *Sink) Name() string { return s.config.Name }

// Plan writes the edits of the recommendations; see export.Changes.
func (s *Sink) Plan(in export.Input) (export.Proposal, error) {
	return export.Changes(in, s.config.Name, s.config.Source, s.write), nil
}

var (
	userID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9|._@+-]{0,127}$`) // connection, a bar, id
	roleID = regexp.MustCompile(`^[A-Za-z0-9_]{1,64}$`)
)

// write writes one edit.
func (s *Sink) write(c export.Change) (access.Operation, string) {
	if c.Edit.Kind != access.RemoveRole && c.Edit.Kind != access.AddRole {
		return access.Operation{}, "this sink does not know the edit " + string(c.Edit.Kind)
	}
	if !userID.MatchString(c.User) || !roleID.MatchString(c.Target) {
		return access.Operation{}, "the id is not of the form that Auth0 gives"
	}
	list := "/api/v2/users/" + url.PathEscape(c.User) + "/roles"
	body, err := json.Marshal(map[string][]string{"roles": {c.Target}})
	if err != nil {
		return access.Operation{}, fmt.Sprint("the role cannot be written: ", err)
	}
	holds := func(text string, want access.Want) access.Condition {
		return access.Condition{Text: text, Path: list + "?per_page=100", List: access.WholeAnswer, Where: []access.Field{{Key: "id", Value: c.Target}}, Want: want}
	}
	take, give := access.Request{Method: "DELETE", Path: list, Body: body}, access.Request{Method: "POST", Path: list, Body: body}
	o := access.Operation{Tenant: s.config.URL, Request: take, Note: c.Note("take the role %[2]s from %[1]s"),
		Preconditions: []access.Condition{holds("the user has the role", access.Present)}, Verify: []access.Condition{holds("the user does not have the role", access.Absent)},
		Reversible: true, Inverse: []access.Request{give}}
	if c.Edit.Kind == access.AddRole {
		o.Request, o.Note, o.Inverse = give, c.Note("give %s the role %s"), []access.Request{take}
		o.Preconditions, o.Verify = o.Verify, o.Preconditions
	}
	return o, ""
}
