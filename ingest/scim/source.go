package scim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"winnow/ingest"
	"winnow/ingest/walk"
	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/rest"
)

// page is how many resources are asked for at once, unless the provider allows
// fewer.
const page = 200

// header asks for the protocol's own media type, and plain JSON from providers
// that know only that.
var header = http.Header{"Accept": {"application/scim+json, application/json;q=0.9"}}

// A Source is one provider, read over its protocol.
type Source struct {
	client *rest.Client
}

// New returns the source of a provider. It talks to nobody. Errors: the URL is
// none, or there is no credential.
func New(c Config) (*Source, error) {
	client, err := c.client()
	if err != nil {
		return nil, err
	}
	return &Source{client: client}, nil
}

// Streams lists what the provider serves.
func (s *Source) Streams() []ingest.Stream { return Streams() }

// Records yields the resources of a stream as the provider serves them. Groups
// that the provider does not know, or refuses, are an *ingest.Absent.
func (s *Source) Records(ctx context.Context, stream access.StreamName, _ access.Cursor, _ ingest.Window) iter.Seq2[access.Record, error] {
	switch stream {
	case Users:
		return s.list(ctx, "/Users")
	case Groups:
		return absent(walk.Optional(s.list(ctx, "/Groups")))
	}
	return walk.One(&ingest.Absent{Reason: fmt.Sprintf("scim serves no stream %s", stream)})
}

// absent turns the answer that a resource is not known, or not implemented, into
// an *ingest.Absent.
func absent(records iter.Seq2[access.Record, error]) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		for r, err := range records {
			if s := rest.StatusOf(err); s == http.StatusNotFound || s == http.StatusNotImplemented {
				err = &ingest.Absent{Reason: err.Error(), Hint: "the provider has no groups; what its users hold is told by their own attributes only"}
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// config is what matters here of the provider's configuration (RFC 7643,
// section 5).
type config struct {
	Filter struct {
		MaxResults int `json:"maxResults"`
	} `json:"filter"`
	Pagination struct { // RFC 9865
		Index       *bool `json:"index"`
		MaxPageSize int   `json:"maxPageSize"`
	} `json:"pagination"`
}

// count returns how many resources may be asked for at once. A provider that
// does not publish its configuration is asked for as many as any.
func (s *Source) count(ctx context.Context) (int, error) {
	p, err := s.client.Get(ctx, "/ServiceProviderConfig", header)
	if st := rest.StatusOf(err); st == http.StatusNotFound || st == http.StatusForbidden || st == http.StatusNotImplemented {
		return page, nil
	}
	if err != nil {
		return 0, hint(err)
	}
	var c config
	if err := json.Unmarshal(p.Body, &c); err != nil {
		return 0, fmt.Errorf("read %s: %w", p.URL, err)
	}
	if c.Pagination.Index != nil && !*c.Pagination.Index {
		return 0, access.WithHint(errors.New("read the provider's configuration: it pages by cursor only, which winnow does not speak"),
			"save its answers and read them from a folder with dir:")
	}
	n := page
	for _, most := range []int{c.Filter.MaxResults, c.Pagination.MaxPageSize} {
		if most > 0 {
			n = min(n, most)
		}
	}
	return n, nil
}

// list yields the resources of a list, page by page. A provider may return
// fewer than it was asked for, so that the next page begins after as many as
// arrived; the list ends when as many arrived as there are, or with an empty
// page.
func (s *Source) list(ctx context.Context, path string) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		count, err := s.count(ctx)
		if err != nil {
			yield(access.Record{}, err)
			return
		}
		w := &walker{start: 1, yield: yield}
		for {
			q := url.Values{"startIndex": {strconv.Itoa(w.start)}, "count": {strconv.Itoa(count)}}
			p, err := s.client.Get(ctx, path+"?"+q.Encode(), header)
			if err != nil {
				yield(access.Record{}, hint(err))
				return
			}
			more, err := w.page(p)
			if err != nil {
				yield(access.Record{}, fmt.Errorf("read %s: %w", p.URL, err))
				return
			}
			if !more {
				return
			}
		}
	}
}

// A walker is a walk over the pages of a list.
type walker struct {
	start int    // index of the next resource, from 1
	head  string // id of the last page's first resource
	yield func(access.Record, error) bool
}

// page yields the resources of a page and reports whether another may follow.
// A page that begins as the last one did was served by a provider that does not
// page: reading on would never end.
func (w *walker) page(p *rest.Page) (more bool, err error) {
	l, err := parse(p.Body)
	if err != nil {
		return false, err
	}
	n := 0
	for item, err := range l.items() {
		if err != nil {
			return false, err
		}
		n++
		if id := lake.TextAt(item, "id"); n == 1 {
			if w.start > 1 && id == w.head {
				return false, access.WithHint(fmt.Errorf("asked to begin at %d, the provider began anew", w.start),
					"the provider ignores startIndex: ask its maker, or save its answers and read them with dir:")
			}
			w.head = id
		}
		if !w.yield(access.Record{Body: item, Origin: access.Origin{Place: p.URL, Line: n}}, nil) {
			return false, nil
		}
	}
	w.start += n
	return n > 0 && (l.Total == nil || w.start <= *l.Total), nil
}
