package ping

import (
	"iter"
	"path"
	"strings"
	"time"

	"winnow/ingest"
	"winnow/ingest/walk"
	"winnow/internal/access"
	"winnow/internal/lake"
)

// The streams of an environment.
const (
	Activities       access.StreamName = "activities"
	Users            access.StreamName = "users"
	Groups           access.StreamName = "groups"
	GroupMemberships access.StreamName = "group_memberships" // parent: user
	GroupNesting     access.StreamName = "group_nesting"     // parent: group
	Applications     access.StreamName = "applications"
)

// retention is how far back activities are served at once. Older ones need a
// restore of hours that somebody asks for by hand; a pull that comes later
// leaves days without coverage.
const retention = 14 * 24 * time.Hour

// Streams lists what the API serves.
func Streams() []ingest.Stream {
	inventory := func(name access.StreamName, shape lake.Shape, optional bool) ingest.Stream {
		return ingest.Stream{Name: name, Kind: ingest.Inventory, Shape: shape, Optional: optional}
	}
	return []ingest.Stream{
		{Name: Activities, Kind: ingest.Events, Shape: activityShape, Time: "recordedAt", Retention: retention},
		inventory(Users, userShape, false),
		inventory(Groups, groupShape, false),
		inventory(GroupMemberships, membershipShape, false),
		inventory(GroupNesting, membershipShape, true),
		inventory(Applications, applicationShape, true),
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
		return walk.Exchange(line, place, func(s access.StreamName, body []byte) iter.Seq2[[]byte, error] {
			return embedded(body, keys[s])
		})
	}
	return ingest.NewDir(dir, streams, ingest.DirOptions{Files: files, Exchange: exchange})
}

// keys are the members of _embedded that hold a stream's items.
var keys = map[access.StreamName]string{
	Activities: "activities", Users: "users", Groups: "groups", GroupMemberships: "groupMemberships",
	GroupNesting: "groupMemberships", Applications: "applications",
}

// place finds the stream and the container in the path of a list,
// /v1/environments/<id>/….
func place(p string) walk.Place {
	seg := strings.Split(strings.Trim(path.Clean(p), "/"), "/")
	if len(seg) < 4 || seg[0] != "v1" || seg[1] != "environments" {
		return walk.Place{}
	}
	switch seg = seg[3:]; {
	case len(seg) == 1 && (seg[0] == "activities" || seg[0] == "users" || seg[0] == "groups" || seg[0] == "applications"):
		return walk.Place{Stream: access.StreamName(seg[0])}
	case len(seg) == 3 && seg[0] == "users" && seg[2] == "memberOfGroups":
		return walk.Place{Stream: GroupMemberships, Parent: seg[1]}
	case len(seg) == 3 && seg[0] == "groups" && seg[2] == "memberOfGroups":
		return walk.Place{Stream: GroupNesting, Parent: seg[1]}
	}
	return walk.Place{}
}
