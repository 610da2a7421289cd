package okta

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strings"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/rest"
)

// statuses are all that a user can have. The plain list leaves out users that
// are deprovisioned; a filter shows them, and unlike a search reads the
// directory itself and not an index that lags behind.
var statuses = []string{"STAGED", "PROVISIONED", "ACTIVE", "RECOVERY", "PASSWORD_EXPIRED", "LOCKED_OUT", "SUSPENDED", "DEPROVISIONED"}

// The paths of the lists, with the largest page that the platform recommends.
var (
	usersPath  = "/api/v1/users?limit=200&filter=" + url.QueryEscape(`status eq "`+strings.Join(statuses, `" or status eq "`)+`"`)
	groupsPath = "/api/v1/groups?limit=200"
	appsPath   = "/api/v1/apps?limit=200"

	appUsersPath = "/api/v1/apps/%s/users?limit=500" // of one app
)

// pages yields the answers of a list from ref to its end. An empty page that
// names itself as the next one ends the list, as at the tail of the log.
func (s *Source) pages(ctx context.Context, ref string) iter.Seq2[*rest.Page, error] {
	return func(yield func(*rest.Page, error) bool) {
		var trail rest.Trail
		for more := ref != ""; more; {
			p, err := s.client.Get(ctx, ref, nil)
			if !yield(p, err) || err != nil {
				return
			}
			ref = next(p)
			if more, err = trail.Follow(p, some(p), ref); err != nil {
				yield(nil, err)
				return
			}
		}
	}
}

// some is 1 for a page with items, and 0 for one without.
func some(p *rest.Page) int {
	key := ""
	if bytes.HasPrefix(bytes.TrimSpace(p.Body), []byte("{")) {
		key = "value"
	}
	for _, err := range rest.Items(p.Body, key) {
		if err == nil {
			return 1
		}
	}
	return 0
}

// next returns the link to the page after p: that of the Link header, or the
// one in the body of the newer lists. Of the latter only path and query are
// used: a body may name another host.
func next(p *rest.Page) string {
	if link := rest.NextLink(p.Header); link != "" {
		return link
	}
	u, err := url.Parse(lake.TextAt(p.Body, "_links.next.href"))
	if err != nil || u.Path == "" {
		return ""
	}
	return u.RequestURI()
}

// list yields the items of a list of the org, and remembers their ids for the
// streams of what they contain.
func (s *Source) list(ctx context.Context, stream access.StreamName, ref, scope string) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		var ids []string
		for p, err := range s.pages(ctx, ref) {
			if err != nil {
				yield(access.Record{}, hint(err, scope))
				return
			}
			n := 0
			for item, err := range rest.Items(p.Body, "") {
				if err != nil {
					yield(access.Record{}, fmt.Errorf("read %s: %w", p.URL, err))
					return
				}
				n++
				ids = append(ids, lake.TextAt(item, "id"))
				if !yield(access.Record{Body: item, Origin: access.Origin{Place: p.URL, Line: n}}, nil) {
					return
				}
			}
		}
		s.remember(stream, ids)
	}
}

// remember keeps the ids of a list that was read to its end, once each: an item
// may come twice when the list changes between two pages.
func (s *Source) remember(stream access.StreamName, ids []string) []string {
	seen := map[string]bool{}
	kept := make([]string, 0, len(ids))
	for _, id := range ids {
		if isID(id) && !seen[id] {
			seen[id] = true
			kept = append(kept, id)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ids[stream] = kept
	return kept
}

// isID refuses what would change the path of a request: an id comes from an
// answer, and "..", were it one, would ask for something else.
func isID(s string) bool {
	for _, r := range s {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '-' && r != '_' {
			return false
		}
	}
	return s != ""
}

// optional turns a refusal, or the answer that there is no such list, into an
// *ingest.Absent. A list that has begun exists: when it ends with a 404, that
// is an error.
func optional(records iter.Seq2[access.Record, error], scope string) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		begun := false
		for r, err := range records {
			var api *rest.APIError
			if errors.As(err, &api) && (api.Status == http.StatusForbidden || api.Status == http.StatusNotFound && !begun) {
				err = &ingest.Absent{Reason: api.Error(), Hint: access.HintOf(hint(api, scope))}
			}
			begun = begun || err == nil
			if !yield(r, err) {
				return
			}
		}
	}
}
