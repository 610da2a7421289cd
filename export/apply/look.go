package apply

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"winnow/internal/access"
	"winnow/internal/rest"
)

// A Client speaks to one tenant. *rest.Client is one.
type Client interface {
	Get(ctx context.Context, ref string, header http.Header) (*rest.Page, error)
	Do(ctx context.Context, method, ref string, header http.Header, body []byte) (*rest.Page, error)
}

// maxPages bounds the pages of one list.
const maxPages = 10000

// A glance is one reading of the state: each list is read once.
type glance struct {
	get   func(ctx context.Context, ref string) (*rest.Page, error)
	lists map[string][]json.RawMessage // by path and key of the list
	gone  map[string]bool              // paths that answered 404
}

func newGlance(get func(ctx context.Context, ref string) (*rest.Page, error)) *glance {
	return &glance{get: get, lists: map[string][]json.RawMessage{}, gone: map[string]bool{}}
}

// holds reports whether a condition holds. An error means that the platform did
// not tell.
func (g *glance) holds(ctx context.Context, c access.Condition) (bool, error) {
	objects, err := g.read(ctx, c.Path, c.List)
	if err != nil {
		return false, err
	}
	found := false
	for _, o := range objects {
		if found = fits(o, c.Where); found {
			break
		}
	}
	return found == (c.Want == access.Present), nil
}

// first returns the first of the conditions that does not hold, or nil.
func (g *glance) first(ctx context.Context, list []access.Condition) (*access.Condition, error) {
	for i := range list {
		ok, err := g.holds(ctx, list[i])
		if err != nil {
			return nil, fmt.Errorf("look whether %s: %w", list[i].Text, err)
		}
		if !ok {
			return &list[i], nil
		}
	}
	return nil, nil
}

// object returns the object that a condition wants and that was found. It stands
// for an answer that was lost: what undoes an operation may need the object's id.
func (g *glance) object(c access.Condition) json.RawMessage {
	if c.Want == access.Present {
		for _, o := range g.lists[c.List+" "+c.Path] {
			if fits(o, c.Where) {
				return o
			}
		}
	}
	return nil
}

// read returns the objects of a list, from all its pages, or the one object of
// an answer; none for what the platform does not know.
func (g *glance) read(ctx context.Context, path, key string) ([]json.RawMessage, error) {
	at := key + " " + path
	if list, ok := g.lists[at]; ok || g.gone[path] {
		return list, nil
	}
	list := []json.RawMessage{}
	seen := map[string]int{}
	for ref, n := path, 1; ref != ""; n++ {
		page, err := g.get(ctx, ref)
		if rest.StatusOf(err) == http.StatusNotFound && n == 1 {
			g.gone[path] = true
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		items, err := itemsOf(page, key)
		if err != nil {
			return nil, err
		}
		list = append(list, items...)
		if ref = next(page, path, len(items), len(list)); key == "" {
			break
		}
		if seen[ref]++; seen[ref] > 3 || n > maxPages {
			return nil, errors.New("the list does not end")
		}
	}
	g.lists[at] = list
	return list, nil
}

// itemsOf are the objects of a page: of its list, or the one object that it is.
func itemsOf(page *rest.Page, key string) (out []json.RawMessage, err error) {
	switch {
	case !json.Valid(page.Body):
		return nil, errors.New("the answer is no json")
	case key == "":
		return []json.RawMessage{page.Body}, nil
	case emptySCIM(page.Body, key):
		return nil, nil
	}
	for item, err := range rest.Items(page.Body, strings.TrimPrefix(key, access.WholeAnswer)) {
		if err != nil {
			return nil, err
		}
		out = append(out, append(json.RawMessage{}, item...))
	}
	return out, nil
}

// emptySCIM reports whether a SCIM answer lacks a list, which is how providers
// write an empty one.
func emptySCIM(body []byte, key string) bool {
	var of map[string]json.RawMessage
	if json.Unmarshal(body, &of) != nil || of["schemas"] == nil {
		return false
	}
	list := strings.TrimSpace(string(of[key]))
	return list == "" || list == "null"
}

// next returns where the next page of a list is: by a Link header, by OData's
// nextLink, or by SCIM's index.
func next(page *rest.Page, path string, got, all int) string {
	if link := rest.NextLink(page.Header); link != "" {
		return link
	}
	var of struct {
		NextLink   string `json:"@odata.nextLink"`
		StartIndex *int   `json:"startIndex"`
		Total      *int   `json:"totalResults"`
	}
	if json.Unmarshal(page.Body, &of) != nil {
		return ""
	}
	if of.NextLink != "" {
		return of.NextLink
	}
	if of.Total == nil || of.StartIndex == nil || got == 0 || all >= *of.Total {
		return ""
	}
	bare, query, _ := strings.Cut(path, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return ""
	}
	values.Set("startIndex", strconv.Itoa(1+all))
	return bare + "?" + values.Encode()
}

// fits reports whether each of the fields is in the object with its value.
func fits(object json.RawMessage, where []access.Field) bool {
	for _, f := range where {
		if !stands(object, strings.Split(f.Key, "."), f.Value) {
			return false
		}
	}
	return true
}

// stands reports whether a value stands at the path. In a list, one element is
// enough. A key that itself holds dots, as a SCIM schema does, is found whole.
func stands(v json.RawMessage, path []string, value string) bool {
	v = json.RawMessage(strings.TrimSpace(string(v)))
	if len(v) == 0 {
		return false
	}
	if v[0] == '[' {
		var list []json.RawMessage
		if json.Unmarshal(v, &list) != nil {
			return false
		}
		for _, e := range list {
			if stands(e, path, value) {
				return true
			}
		}
		return false
	}
	if len(path) == 0 {
		return scalar(v) == value && v[0] != '{'
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(v, &object) != nil {
		return false
	}
	for n := len(path); n > 0; n-- {
		if inner, ok := object[strings.Join(path[:n], ".")]; ok && stands(inner, path[n:], value) {
			return true
		}
	}
	return false
}

// scalar is a JSON scalar as a condition writes it.
func scalar(v json.RawMessage) string {
	var text string
	if v[0] == '"' && json.Unmarshal(v, &text) == nil {
		return text
	}
	return string(v)
}
