package ping

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"time"

	"winnow/ingest"
	"winnow/ingest/walk"
	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/rest"
)

// A Source is one environment, read over its API.
type Source struct {
	client  *rest.Client
	env     string // path of the environment
	overlap time.Duration
	now     func() time.Time
	known   walk.Known
}

// New returns the source of an environment. It talks to nobody. Errors: the
// region or a URL is none, or the credential is missing.
func New(c Config) (*Source, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	client, err := c.client()
	if err != nil {
		return nil, err
	}
	s := &Source{client: client, env: "/environments/" + c.EnvironmentID, overlap: c.Overlap, now: c.REST.Now}
	if s.now == nil {
		s.now = time.Now
	}
	return s, nil
}

// Streams lists what the environment serves.
func (s *Source) Streams() []ingest.Stream { return Streams() }

// Records yields the items of a stream as the environment serves them.
// Memberships carry their user or group as Parent. A refusal of an optional
// stream is an *ingest.Absent.
func (s *Source) Records(ctx context.Context, stream access.StreamName, since access.Cursor, w ingest.Window) iter.Seq2[access.Record, error] {
	switch stream {
	case Activities:
		return s.activities(ctx, since, w)
	case Users, Groups:
		return s.containers(ctx, stream)
	case Applications:
		return walk.Optional(s.list(stream).Records(ctx, s.ref(stream), nil))
	case GroupMemberships:
		return s.memberships(ctx, stream, Users)
	case GroupNesting:
		return walk.Optional(s.memberships(ctx, stream, Groups))
	}
	return walk.One(&ingest.Absent{Reason: fmt.Sprintf("the pingone api serves no stream %s", stream)})
}

// list is how the items of a stream are read: HAL, whose links must stay on the
// configured host.
func (s *Source) list(stream access.StreamName) walk.List {
	return walk.List{Client: s.client, Hint: hint,
		Next:  func(p *rest.Page) (string, error) { return lake.TextAt(p.Body, "_links.next.href"), nil },
		Items: func(body []byte) iter.Seq2[[]byte, error] { return embedded(body, keys[stream]) },
	}
}

// ref is the first page of a list of the environment.
func (s *Source) ref(stream access.StreamName) string {
	return s.env + "/" + string(stream) + "?limit=100"
}

// containers yields users or groups, and remembers their ids when the list was
// read to its end.
func (s *Source) containers(ctx context.Context, stream access.StreamName) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		var ids []string
		note := func(item []byte) { ids = append(ids, lake.TextAt(item, "id")) }
		for r, err := range s.list(stream).Records(ctx, s.ref(stream), note) {
			if !yield(r, err) || err != nil {
				return
			}
		}
		s.known.Keep(stream, ids)
	}
}

// memberships yields the groups of every user, or of every group.
func (s *Source) memberships(ctx context.Context, stream, of access.StreamName) iter.Seq2[access.Record, error] {
	ids, err := s.known.IDs(of, func() (ids []string, err error) {
		for r, err := range s.list(of).Records(ctx, s.ref(of), nil) {
			if err != nil {
				return nil, err
			}
			ids = append(ids, lake.TextAt(r.Body, "id"))
		}
		return ids, nil
	})
	if err != nil {
		return walk.One(err)
	}
	return s.list(stream).Children(ctx, ids, func(id string) string {
		return s.env + "/" + string(of) + "/" + url.PathEscape(id) + "/memberOfGroups?limit=100"
	})
}

// embedded yields the items of a HAL answer. An answer without the list is an
// error unless it says itself that it is empty: a mistake must not pass for an
// environment without users.
func embedded(body []byte, key string) iter.Seq2[[]byte, error] {
	var hal struct {
		Embedded map[string]json.RawMessage `json:"_embedded"`
		Size     *int                       `json:"size"`
		Count    *int                       `json:"count"`
	}
	fail := func(err error) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) { yield(nil, err) }
	}
	if err := json.Unmarshal(body, &hal); err != nil {
		return fail(fmt.Errorf("read the answer: %w", err))
	}
	list, ok := hal.Embedded[key]
	switch {
	case ok:
		return rest.Items(list, "")
	case hal.Size != nil && *hal.Size == 0, hal.Count != nil && *hal.Count == 0:
		return func(func([]byte, error) bool) {}
	}
	return fail(fmt.Errorf("read the list: the answer has no member _embedded.%s", key))
}
