package entra

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"winnow/ingest"
	"winnow/ingest/internal/apispec"
	"winnow/internal/access"
	fake "winnow/internal/fake/entra"
)

// said lists what a pull of a log says of its days.
func said(t *testing.T, src *Source, since access.Cursor, w ingest.Window) string {
	t.Helper()
	var out []string
	for _, err := range src.Records(t.Context(), SignIns, since, w) {
		var again *ingest.Reread
		var gone *ingest.Forgotten
		switch {
		case errors.As(err, &again):
			out = append(out, strings.TrimSpace(string(again.First)[8:]+" "+again.Reason))
		case errors.As(err, &gone):
			out = append(out, "before "+string(gone.Before))
		case err != nil:
			t.Fatal(err)
		}
	}
	return strings.Join(out, ", ")
}

// The overlap is read in whole days, which are said to be read again, and so
// are older days that late events reopened; days that the tenant no longer keeps
// are told.
func TestDaysThatAreReadAgain(t *testing.T) {
	_, src := serve(t, tenant(t), fake.Options{}, newClock())
	at := cursor{asOf.Add(-6 * 60 * 60e9)}.String() // 18:00 of May 2nd: the overlap begins on May 1st
	w := ingest.Window{Since: asOf.AddDate(0, 0, -10), Until: asOf, Open: "2026-05-02", Again: []access.Day{"2026-04-01", "2026-04-30", "2026-05-01"}}
	if got := said(t, src, at, w); got != "30 read again after late events, 01, 02" {
		t.Error(got)
	}
	_, src = serve(t, tenant(t), fake.Options{Retention: 8}, newClock())
	if got := said(t, src, "", ingest.Window{Until: asOf}); got != "before 2026-04-25, 30, 01, 02" {
		t.Error(got)
	}
}

// Every request of every stream is one that the platform's specifications know:
// its path, its parameters and their values. A skip token is the platform's own.
func TestRequestsFollowTheSpecification(t *testing.T) {
	v1, beta := apispec.Load(t, "graph-v1.0-trimmed.yaml.gz"), apispec.Load(t, "graph-beta-auditlogs-trimmed.yaml.gz")
	server, err := fake.New(tenant(t), fake.Options{AccessToken: "x", MaxPage: 2})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	defer web.Close()
	c, rec := newClock(), &apispec.Recorder{Next: http.DefaultTransport}
	src, err := New(Options{GraphURL: web.URL, AccessToken: "x", Transport: rec, Now: c.now, Sleep: c.sleep})
	if err != nil {
		t.Fatal(err)
	}
	for _, stream := range src.Streams() {
		if _, err := collect(src, stream.Name, "", ingest.Window{Since: asOf.AddDate(0, 0, -3), Until: asOf}); err != nil {
			t.Fatal(err)
		}
		asked := rec.Take()
		if len(asked) == 0 {
			t.Errorf("%s asked for nothing", stream.Name)
		}
		for _, q := range asked {
			doc, below := v1, "/v1.0"
			if strings.HasPrefix(q.URL.Path, "/beta/") {
				doc, below = beta, "/beta"
			}
			for _, fault := range apispec.Faults(doc, below, q, "$skiptoken") {
				t.Errorf("%s: %s", stream.Name, fault)
			}
		}
	}
}
