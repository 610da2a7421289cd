package scim

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"path"
	"strings"

	"winnow/ingest"
	"winnow/ingest/walk"
	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/rest"
)

// The streams of a provider.
const (
	Users  access.StreamName = "users"
	Groups access.StreamName = "groups" // with their members
)

// Streams lists what a provider serves. Groups are optional: some have none.
func Streams() []ingest.Stream {
	return []ingest.Stream{
		{Name: Users, Kind: ingest.Inventory, Shape: userShape},
		{Name: Groups, Kind: ingest.Inventory, Shape: groupShape, Optional: true},
	}
}

// Saved returns the source that serves the same streams from a folder of saved
// answers: <stream>.ndjson, and recorded exchanges in *_http.ndjson. All
// streams are optional there. files names the files of streams that are called
// otherwise; it may be nil.
func Saved(dir string, files map[access.StreamName][]string) *ingest.Dir {
	streams := Streams()
	for i := range streams {
		streams[i].Optional = true
	}
	exchange := func(line []byte) ([]access.Record, error) {
		return walk.Exchange(line, place, func(_ access.StreamName, body []byte) iter.Seq2[[]byte, error] {
			l, err := parse(body)
			if err != nil {
				return func(yield func([]byte, error) bool) { yield(nil, err) }
			}
			return l.items()
		})
	}
	return ingest.NewDir(dir, streams, ingest.DirOptions{Files: files, Exchange: exchange})
}

// place finds the stream in the path of a list: whatever stands before it.
func place(p string) walk.Place {
	switch path.Base(path.Clean(strings.ToLower(p))) {
	case "users":
		return walk.Place{Stream: Users}
	case "groups":
		return walk.Place{Stream: Groups}
	}
	return walk.Place{}
}

// A listResponse is one page of a list (RFC 7644, section 3.4.2).
type listResponse struct {
	Schemas   []string        `json:"schemas"`
	Total     *int            `json:"totalResults"`
	Resources json.RawMessage `json:"Resources"`
}

// parse reads an answer that must be a page of a list. Names of attributes are
// not sensitive to case, here as in the RFC.
func parse(body []byte) (*listResponse, error) {
	var l listResponse
	if err := json.Unmarshal(body, &l); err != nil {
		return nil, fmt.Errorf("read the list: %w", err)
	}
	if len(l.Resources) == 0 && (l.Total == nil || *l.Total != 0) && !l.named() {
		return nil, errors.New("read the list: the answer has neither Resources nor the schema of a list")
	}
	return &l, nil
}

// named reports whether the answer says itself that it is a list: the page
// after the last may leave out Resources.
func (l *listResponse) named() bool {
	for _, s := range l.Schemas {
		if strings.EqualFold(s, "urn:ietf:params:scim:api:messages:2.0:ListResponse") {
			return true
		}
	}
	return false
}

// items yields the resources, verbatim.
func (l *listResponse) items() iter.Seq2[[]byte, error] {
	if len(l.Resources) == 0 || string(l.Resources) == "null" {
		return func(func([]byte, error) bool) {}
	}
	return rest.Items(l.Resources, "")
}

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

// The shapes list what the models of mining/models/landing/scim_*.sql read,
// with the same nesting: a line that passes is a line that they can read.
var (
	metaField = object("meta", texts("created", "lastModified")...)

	// entitlements and roles are complex in the RFC and plain strings with many
	// providers, so that the model reads either.
	userShape = append(texts("externalId", "userName", "displayName", "title", "userType", "active"), must("id"), metaField,
		object("name", texts("formatted", "givenName", "familyName")...),
		objects("emails", "value", "type", "primary"), objects("addresses", "locality", "type", "primary"),
		objects("groups", "value", "display", "type"), lake.Field{Key: "entitlements"}, lake.Field{Key: "roles"},
		object(enterprise, append(texts("employeeNumber", "costCenter", "organization", "division", "department"),
			lake.Field{Key: "manager"})...))

	groupShape = append(texts("externalId", "displayName"), must("id"), metaField, objects("members", "value", "type", "$ref"))
)

func must(key string) lake.Field { return lake.Field{Key: key, Type: lake.Text, Required: true} }

func texts(keys ...string) lake.Shape {
	var out lake.Shape
	for _, k := range keys {
		out = append(out, lake.Field{Key: k, Type: lake.Text})
	}
	return out
}

func object(key string, fields ...lake.Field) lake.Field {
	return lake.Field{Key: key, Type: lake.Object, Fields: fields}
}

func objects(key string, fields ...string) lake.Field {
	return lake.Field{Key: key, Type: lake.Objects, Fields: texts(fields...)}
}
