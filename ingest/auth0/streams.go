package auth0

import (
	"bytes"
	"iter"
	"path"
	"strings"

	"winnow/ingest"
	"winnow/ingest/walk"
	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/rest"
)

// The streams of a tenant.
const (
	Logs      access.StreamName = "logs"
	Users     access.StreamName = "users"
	Roles     access.StreamName = "roles"
	RoleUsers access.StreamName = "role_users" // parent: role
	Clients   access.StreamName = "clients"
)

// Streams lists what the API serves. How far back the log reaches depends on the
// tenant's plan; the log itself tells.
func Streams() []ingest.Stream {
	inventory := func(name access.StreamName, shape lake.Shape, optional bool) ingest.Stream {
		return ingest.Stream{Name: name, Kind: ingest.Inventory, Shape: shape, Optional: optional}
	}
	return []ingest.Stream{
		{Name: Logs, Kind: ingest.Events, Shape: logShape, Time: "date|data.date"},
		inventory(Users, userShape, false),
		inventory(Roles, roleShape, false),
		inventory(RoleUsers, roleUserShape, false),
		inventory(Clients, clientShape, true),
	}
}

// Saved returns the source that serves the same streams from a folder of saved
// answers: <stream>.ndjson, where logs may have the API's form or that of log
// streams, {"log_id": …, "data": {…}}, and recorded exchanges in *_http.ndjson.
// All streams are optional there. files names the files of streams that are
// called otherwise; it may be nil.
func Saved(dir string, files map[access.StreamName][]string) *ingest.Dir {
	streams := Streams()
	for i := range streams {
		streams[i].Optional = true
	}
	exchange := func(line []byte) ([]access.Record, error) { return walk.Exchange(line, place, items) }
	return ingest.NewDir(dir, streams, ingest.DirOptions{Files: files, Exchange: exchange})
}

// items yields the items of an answer: an array, or an object that holds it
// where paging by checkpoint or totals were asked for.
func items(stream access.StreamName, body []byte) iter.Seq2[[]byte, error] {
	if bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("[")) {
		return rest.Items(body, "")
	}
	if stream == RoleUsers {
		return rest.Items(body, "users")
	}
	return rest.Items(body, string(stream))
}

// place finds the stream and the role in the path of a list.
func place(p string) walk.Place {
	seg := strings.Split(strings.Trim(path.Clean(p), "/"), "/")
	if len(seg) < 3 || seg[0] != "api" || seg[1] != "v2" {
		return walk.Place{}
	}
	switch seg = seg[2:]; {
	case len(seg) == 1 && (seg[0] == "logs" || seg[0] == "users" || seg[0] == "roles" || seg[0] == "clients"):
		return walk.Place{Stream: access.StreamName(seg[0])}
	case len(seg) == 3 && seg[0] == "roles" && seg[2] == "users":
		return walk.Place{Stream: RoleUsers, Parent: seg[1]}
	}
	return walk.Place{}
}
