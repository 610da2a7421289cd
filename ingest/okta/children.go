package okta

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/rest"
)

// administrators is the list of users that hold administrator roles. It is no
// stream: its items say nothing but who they are.
const administrators access.StreamName = "administrators"

// ahead is how many containers are asked for at once. Rate limits, not
// latency, bound a large org, so that more would only meet them sooner.
const ahead = 4

// A sub is a list that every container of a kind has.
type sub struct {
	of    access.StreamName
	path  string // of the first page; %s is the container's id
	scope string
}

// children yields the items of a sub-resource, container by container.
func (s *Source) children(ctx context.Context, c sub) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		ids, err := s.containers(ctx, c)
		if err != nil {
			yield(access.Record{}, err)
			return
		}
		first := func(ctx context.Context, id string) (*rest.Page, error) {
			return s.client.Get(ctx, fmt.Sprintf(c.path, url.PathEscape(id)), nil)
		}
		i := 0
		for p, err := range inOrder(ctx, ahead, ids, first) {
			id := ids[i]
			i++
			if vanished(err) {
				continue // deleted since its list was read
			}
			if err != nil {
				yield(access.Record{}, hint(err, c.scope))
				return
			}
			if !s.members(ctx, id, p, c.scope, yield) {
				return
			}
		}
	}
}

// vanished reports whether the platform itself says that an object is not there.
// A 404 in other words comes from a server that does not know the list at all:
// taken for an empty list, it would say that nobody holds anything.
func vanished(err error) bool {
	return rest.StatusOf(err) == http.StatusNotFound && codeIs(err, codeNotFound)
}

// members yields the items of one container, whose first page is p.
func (s *Source) members(ctx context.Context, parent string, p *rest.Page, scope string, yield func(access.Record, error) bool) bool {
	var trail rest.Trail
	for {
		n := 0
		for item, err := range rest.Items(p.Body, "") {
			if err != nil {
				yield(access.Record{}, fmt.Errorf("read %s: %w", p.URL, err))
				return false
			}
			n++
			if !yield(access.Record{Body: item, Parent: parent, Origin: access.Origin{Place: p.URL, Line: n}}, nil) {
				return false
			}
		}
		ref := next(p)
		more, err := trail.Follow(p, n, ref)
		if err == nil && !more {
			return true
		}
		if err == nil {
			p, err = s.client.Get(ctx, ref, nil)
		}
		if err != nil {
			yield(access.Record{}, hint(err, scope))
			return false
		}
	}
}

// containers returns the ids of the containers: those that their own stream
// has just listed, or a list of its own.
func (s *Source) containers(ctx context.Context, c sub) ([]string, error) {
	s.mu.Lock()
	ids, known := s.ids[c.of]
	s.mu.Unlock()
	if known {
		return ids, nil
	}
	ref, key := map[access.StreamName]string{Groups: groupsPath, Apps: appsPath,
		administrators: "/api/v1/iam/assignees/users?limit=200"}[c.of], ""
	if c.of == administrators {
		key = "value"
	}
	for p, err := range s.pages(ctx, ref) {
		if err != nil {
			return nil, hint(err, c.scope)
		}
		for item, err := range rest.Items(p.Body, key) {
			if err != nil {
				return nil, fmt.Errorf("read %s: %w", p.URL, err)
			}
			ids = append(ids, lake.TextAt(item, "id"))
		}
	}
	return s.remember(c.of, ids), nil
}
