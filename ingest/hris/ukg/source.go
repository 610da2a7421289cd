package ukg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"

	"winnow/ingest"
	"winnow/ingest/hris"
	"winnow/internal/access"
	"winnow/internal/rest"
)

// pageSize is how many rows are asked for at once.
const pageSize = 200

// A Source is one tenant. It implements ingest.Source.
type Source struct {
	client  *rest.Client
	columns *hris.Columns
	size    int
}

// New returns the source of a tenant. It talks to nobody. Errors: the URL is
// none, or a mapping names no field.
func New(c Config) (*Source, error) {
	columns, err := hris.NewColumns(Layout(), c.Columns)
	if err != nil {
		return nil, err
	}
	o := c.REST
	o.ParseError = parseError
	client, err := rest.New(c.URL, hris.BasicWithKey(c.Username, c.Password, keyHeader, c.APIKey), o)
	if err != nil {
		return nil, fmt.Errorf("open the ukg pro tenant: %w", err)
	}
	s := &Source{client: client, columns: columns, size: c.PageSize}
	if s.size == 0 {
		s.size = pageSize
	}
	return s, nil
}

// Streams lists what the tenant serves. Only employment details must be there:
// the others need rights that not every account has.
func (s *Source) Streams() []ingest.Stream {
	return s.columns.Streams(hris.Workers, hris.Persons, hris.Positions)
}

// Records yields the rows of a list, page by page. A refusal of an optional
// stream is an *ingest.Absent.
func (s *Source) Records(ctx context.Context, stream access.StreamName, _ access.Cursor, _ ingest.Window) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		if paths[stream] == "" {
			yield(access.Record{}, &ingest.Absent{Reason: fmt.Sprintf("ukg pro serves no stream %s", stream), Hint: "it exists in files only"})
			return
		}
		for page, err := range s.pages(ctx, paths[stream]) {
			if err != nil {
				yield(access.Record{}, optional(stream, err))
				return
			}
			for i, item := range page.items {
				rec := access.Record{Body: item, Origin: access.Origin{Place: page.url, Line: i + 1}}
				if !yield(s.columns.Land(stream, rec)) {
					return
				}
			}
		}
	}
}

// A page is one answer, split.
type page struct {
	url   string
	items [][]byte
}

// pages yields the pages of a list that hold rows.
func (s *Source) pages(ctx context.Context, path string) iter.Seq2[page, error] {
	return func(yield func(page, error) bool) {
		var before page
		for n := 1; ; n++ {
			p, err := s.page(ctx, path, n)
			if n > 1 && rest.StatusOf(err) == http.StatusNotFound {
				return // how some tenants answer beyond the end
			}
			if err == nil && n > 1 && len(p.items) > 0 && repeats(before, p) {
				err = fmt.Errorf("read %s: page %d is page %d again", path, n, n-1)
			}
			if err != nil {
				yield(page{}, err)
				return
			}
			if len(p.items) == 0 || !yield(p, nil) || n > 1 && len(p.items) < len(before.items) {
				return
			}
			before = p
		}
	}
}

// page asks for one page.
func (s *Source) page(ctx context.Context, path string, n int) (page, error) {
	answer, err := s.client.Get(ctx, fmt.Sprintf("%s?page=%d&per_page=%d", path, n, s.size), nil)
	if err != nil {
		return page{}, err
	}
	p := page{url: answer.URL}
	for item, err := range rest.Items(answer.Body, "") {
		if err != nil {
			return page{}, fmt.Errorf("read %s: %w", answer.URL, err)
		}
		p.items = append(p.items, item)
	}
	return p, nil
}

// repeats reports whether two pages hold the same rows.
func repeats(a, b page) bool {
	if len(a.items) != len(b.items) {
		return false
	}
	for i := range a.items {
		if !bytes.Equal(a.items[i], b.items[i]) {
			return false
		}
	}
	return true
}

// optional makes the refusal of a stream that may be absent an *ingest.Absent.
func optional(stream access.StreamName, err error) error {
	told := hint(stream, err)
	var api *rest.APIError
	refused := errors.As(err, &api) && (api.Status == http.StatusForbidden || api.Status == http.StatusNotFound)
	if stream == hris.Workers || !refused {
		return told
	}
	return &ingest.Absent{Reason: err.Error(), Hint: access.HintOf(told)}
}
