package entra

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"strings"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/rest"
)

// A Source reads one tenant.
type Source struct {
	client *rest.Client
	auth   rest.Authorizer
	opt    Options
}

// Streams lists what Graph serves, and what comes out of exports where there
// are any.
func (s *Source) Streams() []ingest.Stream {
	var out []ingest.Stream
	for _, e := range endpoints {
		if e.path == "" && s.opt.Exports == nil {
			continue
		}
		e.Live = e.path != ""
		if e.Live && e.Kind == ingest.Events {
			e.Retention = s.opt.Retention
		}
		out = append(out, e.Stream)
	}
	return out
}

// Records yields the items of a stream: of a list, of a sub-resource of every
// item of a list, or of a log within the window.
func (s *Source) Records(ctx context.Context, stream access.StreamName, since access.Cursor, w ingest.Window) iter.Seq2[access.Record, error] {
	if s.opt.Exports != nil && isExport(stream) {
		return s.opt.Exports.Records(ctx, stream, since, w)
	}
	return func(yield func(access.Record, error) bool) {
		e, err := endpointOf(stream)
		switch {
		case err != nil:
			yield(access.Record{}, err)
		case e.event != "":
			s.report(ctx, e, since, w, yield)
		case e.child != "":
			s.children(ctx, e, yield)
		default:
			s.whole(ctx, e, yield)
		}
	}
}

// endpointOf finds a stream that Graph serves.
func endpointOf(stream access.StreamName) (endpoint, error) {
	for _, e := range endpoints {
		if e.Name != stream {
			continue
		}
		if e.path == "" {
			return e, &ingest.Absent{Reason: fmt.Sprintf("graph does not serve %s", stream),
				Hint: "exports are read from exports_dir, or from a dir: of saved files"}
		}
		return e, nil
	}
	return endpoint{}, fmt.Errorf("read %s: entra has no such stream", stream)
}

// whole yields every item of a list.
func (s *Source) whole(ctx context.Context, e endpoint, yield func(access.Record, error) bool) {
	for r, err := range s.list(ctx, e.path, e.query) {
		if err != nil {
			yield(access.Record{}, refused(e, err))
			return
		}
		if !yield(r, nil) {
			return
		}
	}
}

// list follows a list from page to page and yields its items verbatim.
func (s *Source) list(ctx context.Context, path string, q query) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		var trail rest.Trail
		for ref, n := path+q.String(), 1; ref != ""; n++ {
			page, err := s.client.Get(ctx, ref, nil)
			if err != nil {
				yield(access.Record{}, err)
				return
			}
			place, i := fmt.Sprintf("%s%s page %d", s.client.Base(), path, n), 0
			for item, err := range rest.Items(page.Body, "value") {
				i++
				if !yield(access.Record{Body: item, Origin: access.Origin{Place: place, Line: i}}, err) || err != nil {
					return
				}
			}
			next, err := rest.StringField(page.Body, "@odata.nextLink")
			more := false
			if err == nil {
				more, err = trail.Follow(page, i, next)
			}
			if err != nil {
				yield(access.Record{}, err)
				return
			}
			if ref = next; !more {
				return
			}
		}
	}
}

// A query is a list of OData options, in the order in which they are written.
type query [][2]string

// String writes the query with its question mark. Blanks become %20: not every
// part of the platform reads a plus sign as one.
func (q query) String() string {
	var b strings.Builder
	for i, kv := range q {
		b.WriteByte("?&"[min(i, 1)])
		b.WriteString(kv[0] + "=" + strings.ReplaceAll(url.QueryEscape(kv[1]), "+", "%20"))
	}
	return b.String()
}
