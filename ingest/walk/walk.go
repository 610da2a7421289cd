// Package walk holds what sources over HTTP do alike: they read lists page by
// page, lists inside containers, and recorded exchanges, and tell what a
// platform does not offer from what failed.
package walk

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"sync"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/rest"
)

// ahead is how many containers are asked for at once. Rate limits, not
// latency, bound a large tenant, so that more would only meet them sooner.
const ahead = 4

// A List is a kind of list that a platform serves.
type List struct {
	Client *rest.Client

	// Next returns the link to the page after p, and "" at the end.
	Next func(p *rest.Page) (string, error)

	// Items yields the items of an answer, verbatim.
	Items func(body []byte) iter.Seq2[[]byte, error]

	// Hint adds the way out to an error of the platform; nil adds nothing.
	Hint func(error) error
}

// Pages yields the answers from ref to the end of the list. A link that does
// not move on ends it.
func (l List) Pages(ctx context.Context, ref string) iter.Seq2[*rest.Page, error] {
	return func(yield func(*rest.Page, error) bool) {
		p, err := l.get(ctx, ref)
		l.from(ctx, p, err, yield)
	}
}

// from yields the page p and those after it.
func (l List) from(ctx context.Context, p *rest.Page, err error, yield func(*rest.Page, error) bool) {
	for yield(p, err) && err == nil {
		var ref string
		if ref, err = l.Next(p); err != nil {
			yield(nil, fmt.Errorf("read %s: %w", p.URL, err))
			return
		}
		if ref == "" || ref == p.URL {
			return
		}
		p, err = l.get(ctx, ref)
	}
}

// get asks for one page.
func (l List) get(ctx context.Context, ref string) (*rest.Page, error) {
	p, err := l.Client.Get(ctx, ref, nil)
	if err != nil && l.Hint != nil {
		err = l.Hint(err)
	}
	return p, err
}

// Records yields the items of the list from ref on. note, which may be nil,
// sees every item.
func (l List) Records(ctx context.Context, ref string, note func(item []byte)) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		l.records(l.Pages(ctx, ref), "", note, yield)
	}
}

// records yields the items of pages and reports whether to go on.
func (l List) records(pages iter.Seq2[*rest.Page, error], parent string, note func([]byte), yield func(access.Record, error) bool) bool {
	for p, err := range pages {
		if err != nil {
			yield(access.Record{}, err)
			return false
		}
		n := 0
		for item, err := range l.Items(p.Body) {
			if err != nil {
				yield(access.Record{}, fmt.Errorf("read %s: %w", p.URL, err))
				return false
			}
			n++
			if note != nil {
				note(item)
			}
			if !yield(access.Record{Body: item, Parent: parent, Origin: access.Origin{Place: p.URL, Line: n}}, nil) {
				return false
			}
		}
	}
	return true
}

// Children yields the items of the list that every container has, in the order
// of ids, with the container as Parent. ref is the path of a container's first
// page. A container that was deleted since its own list was read has no items.
func (l List) Children(ctx context.Context, ids []string, ref func(id string) string) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		first := func(ctx context.Context, id string) (*rest.Page, error) { return l.get(ctx, ref(id)) }
		i := 0
		for p, err := range InOrder(ctx, ahead, ids, first) {
			id := ids[i]
			i++
			if rest.StatusOf(err) == http.StatusNotFound {
				continue
			}
			pages := func(yield func(*rest.Page, error) bool) { l.from(ctx, p, err, yield) }
			if !l.records(pages, id, nil, yield) {
				return
			}
		}
	}
}

// One is the sequence of a single error.
func One(err error) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) { yield(access.Record{}, err) }
}

// Optional turns a refusal for want of rights into an *ingest.Absent with the
// hint that the error carries.
func Optional(records iter.Seq2[access.Record, error]) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		for r, err := range records {
			var api *rest.APIError
			if errors.As(err, &api) && api.Status == http.StatusForbidden {
				err = &ingest.Absent{Reason: api.Error(), Hint: access.HintOf(err)}
			}
			if !yield(r, err) {
				return
			}
		}
	}
}

// Known remembers the ids of lists that were read to their end, for the streams
// of what they contain. The zero value is ready.
type Known struct {
	mu  sync.Mutex
	ids map[access.StreamName][]string
}

// Keep remembers a list's ids, once each: an item may come twice when the list
// changes between two pages. What would change the path of a request is left
// out: an id comes from an answer, and "..", were it one, would ask for
// something else.
func (k *Known) Keep(stream access.StreamName, ids []string) []string {
	seen := map[string]bool{}
	kept := slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		again := seen[id]
		seen[id] = true
		return again || id == "" || id == "." || id == ".." || url.PathEscape(id) != id
	})
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.ids == nil {
		k.ids = map[access.StreamName][]string{}
	}
	k.ids[stream] = kept
	return kept
}

// IDs returns what was kept of the stream, or what read lists now.
func (k *Known) IDs(stream access.StreamName, read func() ([]string, error)) ([]string, error) {
	k.mu.Lock()
	ids, known := k.ids[stream]
	k.mu.Unlock()
	if known {
		return ids, nil
	}
	ids, err := read()
	if err != nil {
		return nil, err
	}
	return k.Keep(stream, ids), nil
}
