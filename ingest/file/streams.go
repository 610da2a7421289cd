// Package file reads access out of plain files: what an acquired company, an
// old system or a script can export. CSV with a header, NDJSON or Parquet, one
// file a stream, each optionally packed with gzip or Zstandard.
//
// Every row lands as one JSON object: the fields below under their own names,
// further columns under theirs, values of CSV as text, and "_id", the first 16
// hexadecimal digits of the SHA-256 of the row, so that a row that stands
// twice is one event.
//
// Nothing but assignments, or events that grant and revoke, is needed. The
// models derive what is missing: accounts and entitlements from the rows that
// name them, assignments from the events.
package file

import (
	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/lake"
)

// A schema is what a stream's file may hold.
type schema struct {
	name access.StreamName
	kind ingest.Kind
	time string // events: the fields that may hold the time, the first that is filled

	need []string // fields whose column must exist
	fill []string // fields that no row may leave empty
	more []string // fields that may be absent
}

// schemas lists the streams in the order in which they are pulled.
var schemas = []schema{
	{name: "accounts", kind: ingest.Inventory, need: []string{"account_id"}, fill: []string{"account_id"},
		more: []string{"login", "email", "display_name", "kind", "status", "employee_number", "department", "title",
			"location", "manager", "created_at"}},
	{name: "entitlements", kind: ingest.Inventory, need: []string{"entitlement_id"}, fill: []string{"entitlement_id"},
		more: []string{"kind", "name", "description", "owner", "privileged", "monthly_cost", "sign_on"}},
	{name: "assignments", kind: ingest.Inventory, need: []string{"account_id", "entitlement_id"},
		fill: []string{"account_id", "entitlement_id"}, more: []string{"since", "until", "path"}},
	{name: "opens", kind: ingest.Inventory, need: []string{"entitlement_id", "opens_id"},
		fill: []string{"entitlement_id", "opens_id"}, more: []string{"since", "until", "at", "action", "level"}},
	{name: "decisions", kind: ingest.Inventory, need: []string{"at", "account_id", "entitlement_id", "decision"},
		fill: []string{"at", "account_id", "entitlement_id", "decision"}, more: []string{"reviewer", "reason", "review"}},
	{name: "coverage", kind: ingest.Inventory, need: []string{"stream", "first_day", "last_day"},
		fill: []string{"stream", "first_day", "last_day"}},
	{name: "events", kind: ingest.Events, time: "at", need: []string{"at", "action", "account_id", "entitlement_id"},
		fill: []string{"action", "account_id", "entitlement_id"}, more: []string{"actor", "event_type"}},
	{name: "usage", kind: ingest.Events, time: "at|day", need: []string{"at|day", "account_id", "entitlement_id"},
		fill: []string{"account_id"}, more: []string{"count", "outcome", "interactive", "event_type"}},
	{name: "account_changes", kind: ingest.Events, time: "at", need: []string{"at", "account_id", "attribute", "value"},
		fill: []string{"account_id", "attribute"}},
}

// fields returns every field of the stream, in a fixed order.
func (s schema) fields() []string {
	var out []string
	for _, f := range append(append([]string(nil), s.need...), s.more...) {
		if f == "at|day" {
			out = append(out, "at", "day")
			continue
		}
		out = append(out, f)
	}
	return out
}

// stream describes the schema to the pull loop.
func (s schema) stream() ingest.Stream {
	shape := lake.Shape{{Key: "_id", Type: lake.Text, Required: true}}
	for _, f := range s.fields() {
		field := lake.Field{Key: f, Type: lake.Text}
		for _, r := range s.fill {
			field.Required = field.Required || r == f
		}
		shape = append(shape, field)
	}
	return ingest.Stream{Name: s.name, Kind: s.kind, Shape: shape, Time: s.time, Optional: true}
}

// Fields lists the fields of every stream: the names under which columns can
// be mapped.
func Fields() map[access.StreamName][]string {
	out := map[access.StreamName][]string{}
	for _, s := range schemas {
		out[s.name] = s.fields()
	}
	return out
}

// schemaOf finds a stream's schema.
func schemaOf(stream access.StreamName) (schema, bool) {
	for _, s := range schemas {
		if s.name == stream {
			return s, true
		}
	}
	return schema{}, false
}
