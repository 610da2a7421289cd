package scim

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"winnow/ingest"
	"winnow/ingest/sourcetest"
	"winnow/internal/access"
	fake "winnow/internal/fake/scim"
	"winnow/internal/rest"
)

const (
	dir   = "testdata/provider"               // the answers of a small provider
	specs = "../../../shared/data/specs/scim" // documents of the RFCs
)

// provider starts a fake provider on the folder and opens it with a token.
func provider(t *testing.T, o fake.Options, r rest.Options) (*Source, *fake.Server) {
	t.Helper()
	o.Token = "t1"
	f, err := fake.New(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	s, err := New(Config{BaseURL: srv.URL + "/scim/v2", AccessToken: "t1", REST: r})
	if err != nil {
		t.Fatal(err)
	}
	return s, f
}

func lines(t *testing.T, s ingest.Source, stream access.StreamName) ([]string, error) {
	t.Helper()
	out, _, err := sourcetest.Lines(t, s, stream, "", ingest.Window{})
	return out, err
}

func TestWhatLandsIsTheFolder(t *testing.T) {
	for name, o := range map[string]fake.Options{
		"whole": {}, "small pages": {MaxPage: 1}, "no totals": {MaxPage: 2, NoTotals: true}, "plain json": {PlainJSON: true},
		"configured": {Config: `{"filter":{"supported":true,"maxResults":2},"pagination":{"index":true,"maxPageSize":0}}`},
	} {
		s, _ := provider(t, o, rest.Options{})
		sourcetest.LandsAsSaved(t, name, s, dir)
	}
	sourcetest.LandsAsSaved(t, "folder", Saved(dir, nil), dir)
}

// spec reads a document of the RFCs.
func spec(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(specs, name))
	if err != nil {
		t.Skipf("no %s in %s", name, specs)
	}
	return string(b)
}

// Requests keep to the configuration that the RFC shows, and ask with nothing
// that the RFC's search does not know.
func TestRequestsKeepToTheRFC(t *testing.T) {
	config := spec(t, "rfc7643-8.5-service_provider_configuration.json")
	var search map[string]any
	if err := json.Unmarshal([]byte(spec(t, "rfc7644-3.4.3-search_request.json")), &search); err != nil {
		t.Fatal(err)
	}
	s, f := provider(t, fake.Options{Config: config, MaxPage: 2}, rest.Options{})
	if _, err := lines(t, s, Users); err != nil {
		t.Fatal(err)
	}
	asked := f.Asked()
	if want := []string{"/scim/v2/ServiceProviderConfig", "/scim/v2/Users?count=200&startIndex=1", "/scim/v2/Users?count=200&startIndex=3"}; fmt.Sprint(asked) != fmt.Sprint(want) {
		t.Errorf("asked for %v, want %v", asked, want)
	}
	for _, ref := range asked {
		u, err := url.Parse(ref)
		if err != nil {
			t.Fatal(err)
		}
		for key := range u.Query() {
			if _, known := search[key]; !known {
				t.Errorf("%s: the RFC's search knows no %s", ref, key)
			}
		}
	}
}

// The RFCs' own lists, users, groups and errors are read.
func TestDocumentsOfTheRFCs(t *testing.T) {
	for name, want := range map[string]int{"rfc7644-3.4.2-list_response-partial_attributes.json": 2, "rfc7644-3.4.3-list_response-post_query.json": 2,
		"rfc7644-3.7.1-list_response-circular_reference.json": 2} {
		body := spec(t, name)
		s, _ := provider(t, fake.Options{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, "/Users") {
				return false
			}
			if r.URL.Query().Get("startIndex") != "1" {
				body = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":100}`
			}
			_, _ = fmt.Fprint(w, body)
			return true
		}}, rest.Options{})
		if got, err := lines(t, s, Users); err != nil || len(got) != want {
			t.Errorf("%s: %d resources, want %d: %v", name, len(got), want, err)
		}
	}
	for _, name := range []string{"rfc7644-3.12-error-bad_request.json", "rfc7644-3.12-error-not_found.json"} {
		body := spec(t, name)
		if e := parseError(400, nil, []byte(body)); e.Summary == "" || strings.Contains(body, "scimType") && e.Code == "" {
			t.Errorf("%s: %+v", name, e)
		}
	}
	d := sourcetest.Open(t, "scim")
	for stream, names := range map[access.StreamName][]string{
		Users:  {"rfc7643-8.1-user-minimal.json", "rfc7643-8.2-user-full.json", "rfc7643-8.3-enterprise_user.json", "rfc7644-3.3-user-post_response.json"},
		Groups: {"rfc7643-8.4-group.json"},
	} {
		at := t.TempDir()
		for _, name := range names {
			if err := os.WriteFile(filepath.Join(at, name), []byte(spec(t, name)), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got, err := lines(t, Saved(at, map[access.StreamName][]string{stream: {"*.json"}}), stream)
		if err != nil || len(got) != len(names) {
			t.Errorf("%s: %d of %d documents, %v", stream, len(got), len(names), err)
		}
		d.Land(stream, "a", got...)
	}
	d.Same("users of the RFCs", `select count(login), count(created_at), count(email), count(location), count(active),
		count(employee_number), count(department), count(manager), count(fault) from landed.scim_users`, "4|4|2|2|2|1|1|1|0")
	d.Same("groups of the RFCs", `select count(name), sum(len(members)), count(members[1].kind), count(fault) from landed.scim_groups`, `1|2|1|0`)
}

func TestRateLimitsAreWaitedFor(t *testing.T) {
	k := sourcetest.NewClock(sourcetest.AsOf)
	var n atomic.Int64
	s, _ := provider(t, fake.Options{Intercept: func(w http.ResponseWriter, _ *http.Request) bool {
		if n.Add(1) > 2 {
			return false
		}
		w.Header().Set("Retry-After", "30")
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	}}, rest.Options{Now: k.Now, Sleep: k.Sleep})
	if got, err := lines(t, s, Users); err != nil || len(got) != 3 || k.Slept() < time.Minute {
		t.Errorf("%d users after %s, %v", len(got), k.Slept(), err)
	}
}

func TestAnswersThatAreNotBelieved(t *testing.T) {
	s, _ := provider(t, fake.Options{MaxPage: 2, IgnoreStart: true}, rest.Options{})
	if got, err := lines(t, s, Users); len(got) != 2 || access.HintOf(err) == "" || !strings.Contains(err.Error(), "began anew") {
		t.Errorf("a provider that does not page: %d users, %v", len(got), err)
	}
	s, _ = provider(t, fake.Options{Config: `{"pagination":{"cursor":true,"index":false}}`}, rest.Options{})
	if _, err := lines(t, s, Users); access.HintOf(err) == "" || !strings.Contains(err.Error(), "cursor") {
		t.Errorf("a provider that pages by cursor: %v", err)
	}
	for _, body := range []string{`{"detail":"maintenance"}`, `{"totalResults":3}`, `[]`, `{"Resources":{}}`, `{"totalResults":1,"Resources":[{"id":`} {
		s, _ = provider(t, fake.Options{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, "/Users") {
				return false // the configuration is read first
			}
			_, _ = fmt.Fprint(w, body)
			return true
		}}, rest.Options{})
		_, reports := sourcetest.Pull(t, s, 0)
		if reports[0].Err == nil {
			t.Errorf("%s was believed", body)
		}
	}
}

func TestGroupsMayBeAbsent(t *testing.T) {
	s, _ := provider(t, fake.Options{NoGroups: true}, rest.Options{})
	_, reports := sourcetest.Pull(t, s, 0)
	if reports[0].Err != nil || reports[0].Landed != 3 || reports[1].Absent == nil || reports[1].Absent.Hint == "" {
		t.Errorf("%+v", reports)
	}
}

func TestCredentials(t *testing.T) {
	f, err := fake.New(dir, fake.Options{Username: "u", Password: "p"})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	for password, want := range map[string]int{"p": 0, "wr0ng": http.StatusUnauthorized} {
		s, err := New(Config{BaseURL: srv.URL + "/scim/v2/", Username: "u", Password: password})
		if err != nil {
			t.Fatal(err)
		}
		_, err = lines(t, s, Users)
		if rest.StatusOf(err) != want || want != 0 && (access.HintOf(err) == "" || strings.Contains(err.Error(), "wr0ng")) {
			t.Errorf("%s: %v", password, err)
		}
	}
	for _, c := range []Config{{}, {BaseURL: "https://a.example"}, {BaseURL: "a", AccessToken: "t"}, {BaseURL: "http://a.example", AccessToken: "t"}, {BaseURL: "https://a.example", Username: "u"}} {
		if _, err := New(c); err == nil || access.HintOf(err) == "" {
			t.Errorf("%+v: %v", c, err)
		}
	}
	s, err := New(Config{BaseURL: srv.URL, Username: "u", Password: "p"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lines(t, s, Users); !strings.Contains(access.HintOf(err), "url") {
		t.Errorf("a wrong path: %v (%s)", err, access.HintOf(err))
	}
	var absent *ingest.Absent
	if _, err := lines(t, s, "logs"); !errors.As(err, &absent) {
		t.Errorf("got %v", err)
	}
}

func TestExchanges(t *testing.T) {
	at := t.TempDir()
	text := `{"method":"GET","url":"https://p.example/scim/v2/Groups?startIndex=1","status":200,"body":{"totalResults":1,"resources":[{"id":"g1"}]}}
{"method":"GET","url":"https://p.example/scim/v2/Schemas","status":200,"body":{}}
{"method":"GET","url":"https://p.example/scim/v2/Users","status":200,"body":{"detail":"x"}}
`
	if err := os.WriteFile(filepath.Join(at, "x_http.ndjson"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, reports := sourcetest.Pull(t, Saved(at, nil), 0)
	if reports[0].Quarantined != 2 || reports[1].Landed != 1 {
		t.Errorf("%+v", reports)
	}
}
