package okta

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"winnow/ingest"
	"winnow/internal/lake"
)

// mixed are the pages of a log with all kinds of items, the longer page last.
var mixed = [][]string{
	{`{"uuid":"a","published":"2026-03-01T10:00:00.000Z","eventType":"x"}`, `{"uuid":"b","published":"2026-03-01T10:00:01Z"}`, `5`,
		`{"uuid":"c","published":"never","eventType":"x"}`, "{ \"eventType\" : \"x\",\n\"published\":\"2026-03-02 01:02:03\", \"uuid\":\"d\\u0041\" }"},
	{`{"uuid":"e","published":"2026-03-02T10:00:00.000Z","eventType":"x","target":"none"}`, `"{"`,
		`{"uuid":"f","published":"2026-03-03T10:00:00.000Z","eventType":"y","client":{"more":"` + strings.Repeat("é", 500) + `"}}`,
		`{"uuid":"g","uuid":"g","published":"2026-03-03T10:00:00.000Z","eventType":"y"}`, `[]`},
}

// mixedLog serves the mixed pages as a log.
func mixedLog(t *testing.T) *Source {
	t.Helper()
	var srv *httptest.Server
	srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := 0
		_, _ = fmt.Sscan(r.URL.Query().Get("after"), &n)
		if n < len(mixed) {
			w.Header().Add("Link", fmt.Sprintf(`<%s/api/v1/logs?after=%d>; rel="next"`, srv.URL, n+1))
			_, _ = io.WriteString(w, "["+strings.Join(mixed[n], " ,\n ")+"]")
			return
		}
		_, _ = io.WriteString(w, "[]")
	}))
	t.Cleanup(srv.Close)
	s, err := New(Config{OrgURL: srv.URL, APIToken: "00token"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The walk in which a page is divided finds what each item's own check and a
// look at its time would find.
func TestEventsAreCheckedAndDatedOnTheWay(t *testing.T) {
	items := slices.Concat(mixed...)
	stream := Streams()[0]
	for r, err := range mixedLog(t).Records(t.Context(), SystemLog, "", year) {
		if err != nil {
			t.Fatal(err)
		}
		if len(items) == 0 || string(r.Body) != items[0] {
			t.Fatalf("got %s, want %v", r.Body, items)
		}
		if fits := stream.Shape.Check(r.Body) == nil; r.Checked != fits {
			t.Errorf("%s: checked %v, and it fits: %v", r.Body, r.Checked, fits)
		}
		if at, _ := lake.ParseTime(lake.TextAt(r.Body, stream.Time)); r.At != at {
			t.Errorf("%s: dated %v, want %v", r.Body, r.At, at)
		}
		items = items[1:]
	}
	if len(items) > 0 {
		t.Errorf("not served: %v", items)
	}
}

// Pages are read over each other. What landed, what was refused and what the
// report says of it must not change with the page after.
func TestWhatLandedOutlivesItsPage(t *testing.T) {
	lk, err := lake.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	reports, err := ingest.Pull(t.Context(), lk, "s", logOnly{mixedLog(t)}, ingest.Options{AsOf: year.Until})
	if err != nil {
		t.Fatal(err)
	}
	if r := reports[0]; r.Err != nil || r.Landed != 3 || r.Quarantined != 7 || r.FirstFault.Error() == "" ||
		!strings.HasSuffix(r.FirstFault.Error(), "eventType is missing") {
		t.Fatalf("%+v, %v", r, r.FirstFault)
	}
	manifests, err := lk.Manifests(lake.StreamID{Source: "s", Stream: SystemLog})
	if err != nil || len(manifests) != 1 {
		t.Fatal(len(manifests), err)
	}
	var got []string
	for _, s := range manifests[0].Segments {
		if err := lk.Lines(s, func(line []byte) error { got = append(got, string(line)); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	for r, err := range lk.Refusals(manifests[0].QuarantineFile) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(r.Body))
	}
	var want []string
	for _, item := range slices.Concat(mixed...) {
		if Streams()[0].Shape.Check([]byte(item)) == nil && !strings.Contains(item, "never") {
			item = strings.ReplaceAll(item, "\n", " ") // a line has no breaks
		}
		want = append(want, item)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// logOnly is an org of which nothing but the log is pulled.
type logOnly struct{ *Source }

func (s logOnly) Streams() []ingest.Stream {
	return slices.DeleteFunc(s.Source.Streams(), func(x ingest.Stream) bool { return x.Name != SystemLog })
}
