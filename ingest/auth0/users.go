package auth0

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/rest"
)

// searchPages is how many pages of a hundred a search shows.
const searchPages = 10

// userFields is what is asked of users. Identities are left out: they can carry
// tokens of other platforms.
const userFields = "user_id,email,username,name,nickname,given_name,family_name,created_at,updated_at,last_login,blocked"

// A userWalk reads all users although a search stops at a thousand: they are
// asked for in the order of their creation, and where a search ends the next
// one begins.
type userWalk struct {
	s     *Source
	since string          // creation time from which the search begins; "" for the start
	at    string          // creation time of the last user
	seen  map[string]bool // ids of the users created at that time, which the next search shows again
	yield func(access.Record, error) bool
}

// users yields all users of the tenant.
func (s *Source) users(ctx context.Context) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		w := &userWalk{s: s, seen: map[string]bool{}, yield: yield}
		for {
			more, err := w.search(ctx)
			if err != nil {
				yield(access.Record{}, err)
				return
			}
			if !more {
				return
			}
		}
	}
}

// search yields the users of one search and reports whether there are more.
func (w *userWalk) search(ctx context.Context) (more bool, err error) {
	q := url.Values{"sort": {"created_at:1"}, "search_engine": {"v3"}, "fields": {userFields}, "include_fields": {"true"}}
	if w.since != "" {
		q.Set("q", "created_at:["+w.since+" TO *]")
	}
	n := 0
	for p, err := range w.s.list(Users).Pages(ctx, first(Users, q)) {
		if err != nil {
			return false, err
		}
		if none(p) {
			return false, nil
		}
		if ok, err := w.page(p); !ok || err != nil {
			return false, err
		}
		if n++; n == searchPages {
			break
		}
	}
	if w.at == "" || w.at == w.since {
		return false, access.WithHint(errors.New("read the users: a thousand were created in the same instant, and a search shows no more"),
			"export the users with a job of the Management API, and read them from a folder with dir:")
	}
	w.since = w.at
	return true, nil
}

// page yields the users of a page that were not shown before.
func (w *userWalk) page(p *rest.Page) (bool, error) {
	n := 0
	for item, err := range items(Users, p.Body) {
		if err != nil {
			return false, fmt.Errorf("read %s: %w", p.URL, err)
		}
		n++
		if at := lake.TextAt(item, "created_at"); at != w.at {
			w.at, w.seen = at, map[string]bool{}
		}
		id := lake.TextAt(item, "user_id")
		if w.seen[id] {
			continue
		}
		w.seen[id] = true
		if !w.yield(access.Record{Body: item, Origin: access.Origin{Place: p.URL, Line: n}}, nil) {
			return false, nil
		}
	}
	return true, nil
}
