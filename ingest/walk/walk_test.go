package walk

import (
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/rest"
)

// list serves containers whose items come one a page, and opens it.
func list(t *testing.T, h http.HandlerFunc) List {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	c, err := rest.New(srv.URL, nil, rest.Options{MaxAttempts: 1})
	if err != nil {
		t.Fatal(err)
	}
	return List{Client: c, Next: func(p *rest.Page) (string, error) { return lake.TextAt(p.Body, "next"), nil },
		Items: func(body []byte) iter.Seq2[[]byte, error] { return rest.Items(body, "items") }}
}

func read(records iter.Seq2[access.Record, error]) (out []string, err error) {
	for r, err := range records {
		if err != nil {
			return out, err
		}
		out = append(out, r.Parent+string(r.Body))
	}
	return out, nil
}

// Containers come in their own order whoever answers first, those that vanished
// are empty, and any other failure ends the walk at its place.
func TestChildren(t *testing.T) {
	l := list(t, func(w http.ResponseWriter, r *http.Request) {
		id, page, _ := strings.Cut(r.URL.Path[1:], "/")
		switch {
		case id == "gone":
			w.WriteHeader(http.StatusNotFound)
		case id == "bad":
			w.WriteHeader(http.StatusForbidden)
		case page == "":
			fmt.Fprintf(w, `{"items":[1],"next":"/%s/2"}`, id)
		default: // the last page's link leads to itself
			fmt.Fprintf(w, `{"items":[2],"next":"http://%s/%s/2"}`, r.Host, id)
		}
	})
	ref := func(id string) string { return "/" + id }
	got, err := read(l.Children(t.Context(), []string{"a", "gone", "b", "c", "d", "e"}, ref))
	if want := []string{"a1", "a2", "b1", "b2", "c1", "c2", "d1", "d2", "e1", "e2"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
	got, err = read(l.Children(t.Context(), []string{"a", "bad", "b"}, ref))
	if rest.StatusOf(err) != http.StatusForbidden || !slices.Equal(got, []string{"a1", "a2"}) {
		t.Errorf("got %v, %v", got, err)
	}
	var absent *ingest.Absent
	if _, err = read(Optional(l.Children(t.Context(), []string{"bad"}, ref))); !errors.As(err, &absent) {
		t.Errorf("got %v", err)
	}
}

func TestKnownIDsNeverChangeAPath(t *testing.T) {
	var k Known
	k.Keep("s", []string{"a", "..", "a", ".", "", "b/c", "b?c", "d|e", "rol_1"})
	got, err := k.IDs("s", nil)
	if err != nil || !slices.Equal(got, []string{"a", "rol_1"}) {
		t.Errorf("kept %v, %v", got, err)
	}
	if _, err := k.IDs("t", func() ([]string, error) { return nil, errors.New("down") }); err == nil {
		t.Error("a failed list was kept")
	}
	if got, err = k.IDs("t", func() ([]string, error) { return []string{"x"}, nil }); err != nil || len(got) != 1 {
		t.Errorf("got %v, %v", got, err)
	}
}
