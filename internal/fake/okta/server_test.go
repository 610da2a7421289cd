package okta

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// An answer is what a test looks at.
type answer struct {
	StatusCode int
	Header     http.Header
}

// start serves files from a folder to a client that holds the API token, or
// none where the reference begins with a bang.
func start(t *testing.T, o Options, files map[string]string) func(ref string) (answer, string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o.APIToken = "t"
	s, err := New(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	return func(ref string) (answer, string) {
		t.Helper()
		ref, bare := strings.CutPrefix(ref, "!")
		if !strings.HasPrefix(ref, "http") {
			ref = srv.URL + ref
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, ref, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !bare {
			r.Header.Set("Authorization", "SSWS t")
		}
		resp, err := srv.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer{resp.StatusCode, resp.Header}, string(body)
	}
}

// next returns the target of the next link among several Link headers.
func next(h http.Header) string {
	for _, l := range h.Values("Link") {
		if strings.HasSuffix(l, `rel="next"`) {
			return l[1:strings.Index(l, ">")]
		}
	}
	return ""
}

const users = `{"id":"1","status":"ACTIVE"}
{"id":"2","status":"DEPROVISIONED"}
{"id":"3", "status":"SUSPENDED"}
`

func TestErrorsAreThePlatforms(t *testing.T) {
	get := start(t, Options{}, map[string]string{"users.ndjson": users})
	for ref, want := range map[string]string{
		"/api/v1/users?after=made-up":                         `400 {"errorCode":"E0000029","errorSummary":"Invalid paging request."`,
		"/api/v1/users?filter=" + url.QueryEscape(`x sw "y"`): `400 {"errorCode":"E0000031"`,
		"/api/v1/groups/none/users":                           `404 {"errorCode":"E0000007","errorSummary":"Not found: Resource not found: none (UserGroup)"`,
		"/api/v1/nothing":                                     `404 {"errorCode":"E0000022"`,
		"/api/v1/logs?limit=x":                                `400 {"errorCode":"E0000001"`,
		"/api/v1/logs?since=yesterday":                        `400 {"errorCode":"E0000001"`,
		"/api/v1/users/1/roles":                               `200 []`,
		"/api/v1/groups":                                      `200 []`,
		"/api/v1/iam/assignees/users":                         `200 {"value":[],"_links":{}}`,
		"!/api/v1/users":                                      `401 {"errorCode":"E0000011","errorSummary":"Invalid token provided"`,
	} {
		resp, body := get(ref)
		if got := fmt.Sprint(resp.StatusCode, " ", body); !strings.HasPrefix(got, want) {
			t.Errorf("%s: got %s", ref, got)
		}
	}
}

func TestTheListOfUsersLeavesOutTheDeprovisioned(t *testing.T) {
	get := start(t, Options{}, map[string]string{"users.ndjson": users})
	for ref, want := range map[string]string{
		"/api/v1/users": `[{"id":"1","status":"ACTIVE"},{"id":"3", "status":"SUSPENDED"}]`,
		"/api/v1/users?filter=" + url.QueryEscape(`status eq "ACTIVE" or status eq "DEPROVISIONED"`): `[{"id":"1","status":"ACTIVE"},{"id":"2","status":"DEPROVISIONED"}]`,
		"/api/v1/users?search=" + url.QueryEscape(`(status eq "DEPROVISIONED")`):                     `[{"id":"2","status":"DEPROVISIONED"}]`,
	} {
		if _, body := get(ref); body != want {
			t.Errorf("%s: got %s", ref, body)
		}
	}
}

func TestPagesFollowEachOther(t *testing.T) {
	get := start(t, Options{}, map[string]string{"users.ndjson": users, "user_roles.ndjson": `{"parent_id":"1","item":{"id":"a"}}` + "\n" + `{"parent_id":"2","item":{"id":"b"}}`})
	resp, body := get("/api/v1/users?limit=1")
	link := next(resp.Header)
	if body != `[{"id":"1","status":"ACTIVE"}]` || link == "" || strings.Contains(link, "offset") {
		t.Errorf("got %s, next %s", body, link)
	}
	if resp, body = get(link); body != `[{"id":"3", "status":"SUSPENDED"}]` || next(resp.Header) != "" {
		t.Errorf("got %s, next %s", body, next(resp.Header))
	}
	after, _ := url.Parse(link)
	if resp, _ := get("/api/v1/groups?after=" + after.Query().Get("after")); resp.StatusCode != http.StatusBadRequest {
		t.Errorf("a cursor of another list: %d", resp.StatusCode)
	}
	if _, body := get("/api/v1/iam/assignees/users?limit=1"); !strings.HasPrefix(body, `{"value":[{"id":"1"}],"_links":{"next":{"href":"http`) {
		t.Errorf("administrators: %s", body)
	}
}

const events = `{"uuid":"b","published":"2026-03-02T00:00:00.000Z","eventType":"y"}
{"uuid":"a","published":"2026-03-01T00:00:00.000Z","eventType":"x"}
{"uuid":"c","published":"2026-03-03T00:00:00.000Z","eventType":"x"}
`

func TestTheLogEndsOrDoesNot(t *testing.T) {
	get := start(t, Options{}, map[string]string{"system_log.ndjson": events})
	ids := func(body string) string {
		var out []string
		for _, part := range strings.Split(body, `"uuid":"`)[1:] {
			out = append(out, part[:1])
		}
		return strings.Join(out, "")
	}
	for ref, want := range map[string]string{
		"/api/v1/logs?since=2026-03-01T00:00:00Z&until=2026-03-03T00:00:00Z":                             "ab",
		"/api/v1/logs?since=2026-01-01T00:00:00Z&until=2027-03-03T00:00:00Z&sortOrder=DESCENDING":        "cba",
		"/api/v1/logs?since=2026-01-01T00:00:00Z&until=2027-01-01T00:00:00Z&filter=eventType+eq+%22x%22": "ac",
		"/api/v1/logs?until=2026-03-08T12:00:00Z":                                                        "bc",
		"/api/v1/logs?since=2026-01-01T00:00:00Z":                                                        "bac",
	} {
		resp, body := get(ref)
		if polls := !strings.Contains(ref, "until"); ids(body) != want || (next(resp.Header) != "") != polls {
			t.Errorf("%s: got %s, next %q", ref, ids(body), next(resp.Header))
		}
	}
	resp, _ := get("/api/v1/logs?since=2026-01-01T00:00:00Z&limit=2")
	resp, body := get(next(resp.Header))
	tail := next(resp.Header)
	resp, end := get(tail)
	if ids(body) != "c" || end != "[]" || next(resp.Header) != tail {
		t.Errorf("the tail: %s %s, next %s", body, end, next(resp.Header))
	}
	link, _ := url.Parse(tail)
	for since, want := range map[string]int{"2026-01-01T00:00:00Z": http.StatusOK, "2026-01-02T00:00:00Z": http.StatusBadRequest} {
		if resp, _ := get("/api/v1/logs?since=" + since + "&after=" + link.Query().Get("after")); resp.StatusCode != want {
			t.Errorf("since %s beside a cursor: %d", since, resp.StatusCode)
		}
	}
}

func TestTheLogForgets(t *testing.T) {
	now := time.Date(2026, 5, 31, 0, 0, 0, 0, time.UTC)
	get := start(t, Options{Now: func() time.Time { return now }}, map[string]string{"system_log.ndjson": events})
	if _, body := get("/api/v1/logs?since=2026-01-01T00:00:00Z&until=2026-06-01T00:00:00Z"); strings.Count(body, "uuid") != 2 {
		t.Errorf("got %s", body)
	}
	if resp, body := get("/api/v1/logs?since=2025-11-01T00:00:00Z&until=2026-06-01T00:00:00Z"); resp.StatusCode != http.StatusBadRequest || !strings.Contains(body, "E0000053") {
		t.Errorf("got %d %s", resp.StatusCode, body)
	}
}

func TestLimitsAreTold(t *testing.T) {
	now := time.Date(2026, 5, 31, 0, 0, 0, 0, time.UTC)
	get := start(t, Options{PerMinute: 2, Now: func() time.Time { return now }}, nil)
	for i, want := range []string{"200 1", "200 0", "429 0"} {
		resp, body := get("/api/v1/groups")
		if got := fmt.Sprint(resp.StatusCode, " ", resp.Header.Get("X-Rate-Limit-Remaining")); got != want || resp.Header.Get("X-Rate-Limit-Reset") != "1780185660" || resp.Header.Get("Retry-After") != "" {
			t.Errorf("request %d: %s, %v %s", i, got, resp.Header, body)
		}
	}
	if resp, _ := get("/api/v1/apps"); resp.StatusCode != http.StatusOK {
		t.Errorf("another bucket: %d", resp.StatusCode)
	}
	now = now.Add(time.Minute)
	if resp, _ := get("/api/v1/groups"); resp.StatusCode != http.StatusOK {
		t.Errorf("a minute later: %d", resp.StatusCode)
	}
}

func TestFilesMayBePackedAndMustHold(t *testing.T) {
	var b strings.Builder
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(users))
	_ = z.Close()
	get := start(t, Options{}, map[string]string{"users.ndjson.gz": b.String()})
	if _, body := get("/api/v1/users"); strings.Count(body, "id") != 2 {
		t.Errorf("got %s", body)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"users.ndjson": "{", "app_users.ndjson": `{"id":"1"}`} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := New(dir, Options{}); err == nil || !strings.Contains(err.Error(), "line 1") {
			t.Errorf("%s: %v", name, err)
		}
		_ = os.Remove(path)
	}
	if _, err := New(filepath.Join(dir, "none"), Options{}); err == nil {
		t.Error("a folder that is not there is no org")
	}
}
