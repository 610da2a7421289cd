package auth0

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"net/url"
	"strconv"
	"time"

	"winnow/ingest"
	"winnow/ingest/walk"
	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/rest"
)

// A Source is one tenant, read over its API.
type Source struct {
	client  *rest.Client
	overlap time.Duration
	now     func() time.Time
	known   walk.Known
}

// New returns the source of a tenant. It talks to nobody. Errors: the URL is
// none, or there is no credential.
func New(c Config) (*Source, error) {
	client, err := c.client()
	if err != nil {
		return nil, err
	}
	s := &Source{client: client, overlap: c.Overlap, now: c.REST.Now}
	if s.overlap <= 0 {
		s.overlap = 10 * time.Minute
	}
	if s.now == nil {
		s.now = time.Now
	}
	return s, nil
}

// Streams lists what the tenant serves.
func (s *Source) Streams() []ingest.Stream { return Streams() }

// Records yields the items of a stream as the tenant serves them. Users of
// roles carry the role as Parent. A refusal of an optional stream is an
// *ingest.Absent whose hint names the scope.
func (s *Source) Records(ctx context.Context, stream access.StreamName, since access.Cursor, w ingest.Window) iter.Seq2[access.Record, error] {
	switch stream {
	case Logs:
		return s.logs(ctx, since, w)
	case Users:
		return s.users(ctx)
	case Roles:
		return s.roles(ctx)
	case Clients:
		// Only what is read is asked for: with more rights than it needs, the
		// application would be served the secrets of the others.
		fields := url.Values{"fields": {"client_id,name,description,app_type"}, "include_fields": {"true"}}
		return walk.Optional(s.list(stream).Records(ctx, first(stream, fields), nil))
	case RoleUsers:
		return s.roleUsers(ctx)
	}
	return walk.One(&ingest.Absent{Reason: fmt.Sprintf("the auth0 api serves no stream %s", stream)})
}

// first is the path of a list's first page.
func first(stream access.StreamName, q url.Values) string {
	q.Set("per_page", "100")
	q.Set("page", "0")
	return "/api/v2/" + string(stream) + "?" + q.Encode()
}

// list is how a list is read that pages by number: until a page is empty.
func (s *Source) list(stream access.StreamName) walk.List {
	return walk.List{Client: s.client, Hint: hint(stream), Next: nextPage,
		Items: func(body []byte) iter.Seq2[[]byte, error] { return items(stream, body) }}
}

// nextPage counts the page of the address up, unless this one was empty.
func nextPage(p *rest.Page) (string, error) {
	if none(p) {
		return "", nil
	}
	u, err := url.Parse(p.URL)
	if err != nil {
		return "", fmt.Errorf("count the pages: %w", err)
	}
	q := u.Query()
	n, err := strconv.Atoi(q.Get("page"))
	if err != nil {
		return "", fmt.Errorf("count the pages: %w", err)
	}
	q.Set("page", strconv.Itoa(n+1))
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// none reports whether an answer is an empty array.
func none(p *rest.Page) bool {
	body := bytes.TrimSpace(p.Body)
	return len(body) > 1 && body[0] == '[' && len(bytes.TrimSpace(body[1:len(body)-1])) == 0
}

// roles yields the roles, and remembers their ids when the list was read to its
// end.
func (s *Source) roles(ctx context.Context) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		var ids []string
		note := func(item []byte) { ids = append(ids, lake.TextAt(item, "id")) }
		for r, err := range s.list(Roles).Records(ctx, first(Roles, url.Values{}), note) {
			if !yield(r, err) || err != nil {
				return
			}
		}
		s.known.Keep(Roles, ids)
	}
}

// roleUsers yields the users of every role, by checkpoint: an answer names the
// place from which the next one is asked, and the last names none.
func (s *Source) roleUsers(ctx context.Context) iter.Seq2[access.Record, error] {
	ids, err := s.known.IDs(Roles, func() (ids []string, err error) {
		for r, err := range s.roles(ctx) {
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
	l := s.list(RoleUsers)
	l.Next = func(p *rest.Page) (string, error) {
		from := lake.TextAt(p.Body, "next")
		u, err := url.Parse(p.URL)
		if err != nil || from == "" {
			return "", err
		}
		u.RawQuery = url.Values{"from": {from}, "take": {"100"}}.Encode()
		return u.String(), nil
	}
	return l.Children(ctx, ids, func(id string) string { return "/api/v2/roles/" + url.PathEscape(id) + "/users?take=100" })
}
