package entra

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"winnow/internal/access"
	"winnow/internal/rest"
)

// parallel is how many containers are read at once. A request takes some tens
// of milliseconds and a tenant has thousands of containers; the platform's
// budget allows far more.
const parallel = 6

// children yields the sub-resource of every container, in the order of the
// containers' list. That is read to its end first: a page link does not live
// for as long as the reading of a thousand sub-resources takes.
//
// A container that the app may not look into, such as a group with hidden
// members, is told as a fault; when that is every one, the stream is refused.
func (s *Source) children(ctx context.Context, e endpoint, yield func(access.Record, error) bool) {
	parents, err := s.containers(ctx, e)
	if err != nil {
		yield(access.Record{}, refused(e, err))
		return
	}
	if e.middle != "" {
		if parents, err = s.between(ctx, e, parents); err != nil {
			yield(access.Record{}, refused(e, err))
			return
		}
	}
	var denied []denial
	for some := range slices.Chunk(parents, parallel) {
		lists, hidden, err := s.below(ctx, e, some)
		denied = append(denied, hidden...)
		if err == nil && len(denied) == len(parents) {
			err = denied[0].err
		}
		if err != nil {
			yield(access.Record{}, refused(e, err))
			return
		}
		for _, r := range slices.Concat(lists...) {
			if !yield(r, nil) {
				return
			}
		}
	}
	for _, d := range denied {
		if !yield(access.Record{}, d.fault(e)) {
			return
		}
	}
}

// containers lists the ids of the containers.
func (s *Source) containers(ctx context.Context, e endpoint) ([]string, error) {
	var ids []string
	for r, err := range s.list(ctx, e.path, e.query) {
		if err != nil {
			return nil, err
		}
		id, err := rest.StringField(r.Body, "id")
		if err != nil {
			return nil, err
		}
		if id != "" && id != "." && id != ".." { // dots would change the path of a request
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// between lists the containers of the containers, as container, a slash, id.
func (s *Source) between(ctx context.Context, e endpoint, outer []string) ([]string, error) {
	var out []string
	for _, id := range outer {
		below := endpoint{path: e.path + "/" + url.PathEscape(id) + "/" + e.middle, query: e.query}
		inner, err := s.containers(ctx, below)
		if isGone(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, i := range inner {
			out = append(out, id+"/"+i)
		}
	}
	return out, nil
}

// below is the path of the sub-resource of a container.
func (e endpoint) below(id string) string {
	if outer, inner, ok := strings.Cut(id, "/"); ok && e.middle != "" {
		return e.path + "/" + url.PathEscape(outer) + "/" + e.middle + "/" + url.PathEscape(inner) + "/" + e.child
	}
	return e.path + "/" + url.PathEscape(id) + "/" + e.child
}

// A denial is a container that the app may not look into.
type denial struct {
	id  string
	err error
}

// fault tells the denial as an item that was refused.
func (d denial) fault(e endpoint) *access.Fault {
	return &access.Fault{
		Origin: access.Origin{Place: e.path + "/" + d.id + "/" + e.child}, Field: "parent_id", Value: d.id,
		Reason: "hides its " + e.child + " from the app: " + d.err.Error(),
		Hint:   "groups with hidden membership need the application permission Member.Read.Hidden; everything else, " + e.permission,
	}
}

// below reads the sub-resources of some containers at once.
func (s *Source) below(ctx context.Context, e endpoint, parents []string) (lists [][]access.Record, denied []denial, err error) {
	lists = make([][]access.Record, len(parents))
	errs := make([]error, len(parents))
	g, ctx := errgroup.WithContext(ctx)
	for i, id := range parents {
		g.Go(func() error {
			lists[i], errs[i] = s.childrenOf(ctx, e, id)
			if rest.StatusOf(errs[i]) == http.StatusForbidden {
				return nil
			}
			return errs[i]
		})
	}
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	for i, err := range errs {
		if err != nil {
			denied = append(denied, denial{parents[i], err})
		}
	}
	return lists, denied, nil
}

// childrenOf reads the sub-resource of one container. One that was deleted
// since it was listed has none.
func (s *Source) childrenOf(ctx context.Context, e endpoint, id string) ([]access.Record, error) {
	var out []access.Record
	for r, err := range s.list(ctx, e.below(id), e.childQuery) {
		if isGone(err) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		r.Parent = id
		out = append(out, r)
	}
	return out, nil
}
