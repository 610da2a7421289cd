package entra

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"winnow/ingest"
	"winnow/internal/access"
	fake "winnow/internal/fake/entra"
	"winnow/internal/lake"
)

// A clock moves when somebody sleeps.
type clock struct {
	mu  sync.Mutex
	at  time.Time
	nap time.Duration // slept so far
}

func newClock() *clock { return &clock{at: time.Date(2026, 5, 3, 0, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.nap = c.at.Add(d), c.nap+d
	return ctx.Err()
}

// asOf is the instant before which the tests ask for events.
var asOf = time.Date(2026, 5, 3, 0, 0, 0, 0, time.UTC)

// tenant writes a folder of saved answers: the small directory of the staging
// tests and three days of logs, with blanks and escapes that must survive.
func tenant(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for stream, lines := range directory {
		save(t, dir, stream, lines...)
	}
	var interactive, other, audits []string
	for i := range 40 {
		at := time.Date(2026, 4, 30, 0, 13, 0, 0, time.UTC).Add(time.Duration(i) * 107 * time.Minute)
		stamp := at.Format("2006-01-02T15:04:05.0000000Z")
		interactive = append(interactive, fmt.Sprintf(`{ "id":"i%d", "createdDateTime":%q,"userId":"u1","appId":"a1","isInteractive":true,"status":{"errorCode":0,"failureReason":"Other \u00e9\/"},"x":1.50 }`, i, stamp))
		other = append(other, fmt.Sprintf(`{"id":"n%d","createdDateTime":%q,"userId":"u2","appId":"a2","isInteractive":false,"signInEventTypes":["nonInteractiveUser"],"status":{"errorCode":50097}}`, i, stamp))
		audits = append(audits, fmt.Sprintf(`{"id":"d%d","activityDateTime":%q,"activityDisplayName":"Update user","result":"success","targetResources":[]}`, i, stamp))
	}
	save(t, dir, SignInsServicePrincipal, `{"id":"p1","createdDateTime":"2026-05-01T01:00:00Z","appId":"a1","resourceId":"r1","resourceServicePrincipalId":"s2","servicePrincipalId":"s1","userId":null,"signInEventTypes":["servicePrincipal"],"status":{"errorCode":0}}`)
	save(t, dir, SignInsManagedIdentity, `{"id":"m1","createdDateTime":"2026-05-01T02:00:00Z","appId":"a9","resourceId":"a2","servicePrincipalId":"s9","signInEventTypes":["managedIdentity"],"status":{"errorCode":0}}`)
	save(t, dir, SignIns, interactive...)
	save(t, dir, SignInsNoninteractive, other...)
	save(t, dir, DirectoryAudits, audits...)
	return dir
}

func save(t *testing.T, dir string, stream access.StreamName, lines ...string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, string(stream)+".ndjson"), []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// serve starts the fake over a folder and returns it with a source for it.
func serve(t *testing.T, dir string, fo fake.Options, c *clock) (*fake.Server, *Source) {
	t.Helper()
	fo.AccessToken = "handed-over"
	server, err := fake.New(dir, fo)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	src, err := New(Options{GraphURL: web.URL, AccessToken: "handed-over", Now: c.now, Sleep: c.sleep})
	if err != nil {
		t.Fatal(err)
	}
	return server, src
}

// collect reads a stream to its end.
func collect(src ingest.Source, stream access.StreamName, since access.Cursor, w ingest.Window) (records []access.Record, err error) {
	for r, err := range src.Records(context.Background(), stream, since, w) {
		var again *ingest.Reread
		var gone *ingest.Forgotten
		if errors.As(err, &again) || errors.As(err, &gone) {
			continue
		}
		if err != nil {
			return records, err
		}
		records = append(records, r)
	}
	return records, nil
}

// landed returns the lines that a lake holds of a stream, once each.
func landed(t *testing.T, lk *lake.Lake, stream access.StreamName) []string {
	t.Helper()
	manifests, err := lk.Manifests(lake.StreamID{Source: "e", Stream: stream})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range manifests {
		for _, s := range m.Segments {
			b, err := os.ReadFile(filepath.Join(lk.Dir, s.Path))
			if err != nil {
				t.Fatal(err)
			}
			z, err := zstd.NewReader(nil)
			if err != nil {
				t.Fatal(err)
			}
			plain, err := z.DecodeAll(b, nil)
			z.Close()
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, strings.Split(strings.TrimSuffix(string(plain), "\n"), "\n")...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// TestPullEqualsFolder pulls a tenant over HTTP, through small and empty pages
// and throttling, and finds the folder's lines in the lake, byte for byte.
func TestPullEqualsFolder(t *testing.T) {
	dir, c := tenant(t), newClock()
	_, src := serve(t, dir, fake.Options{MaxPage: 3, EmptyPages: true, Throttle: 7}, c)
	lk, err := lake.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	reports, err := ingest.Pull(context.Background(), lk, "e", src, ingest.Options{AsOf: asOf, Clock: c.now})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range reports {
		if r.Err != nil || r.Absent != nil || r.Quarantined > 0 {
			t.Errorf("%s: err %v, absent %v, quarantined %d (%v)", r.Stream, r.Err, r.Absent, r.Quarantined, r.FirstFault)
		}
		want := fileLines(t, dir, r.Stream)
		if d := cmp.Diff(want, landed(t, lk, r.Stream)); d != "" {
			t.Errorf("%s (-folder +lake):\n%s", r.Stream, d)
		}
	}
	if len(reports) != 18 {
		t.Errorf("streams: %d, want 18", len(reports))
	}
}

func fileLines(t *testing.T, dir string, stream access.StreamName) []string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, string(stream)+".ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
	slices.Sort(lines)
	return slices.Compact(lines)
}

// TestRests shows that the last event of each day is the resting point, and
// that a later pull reads the overlap again and finds the late event.
func TestRests(t *testing.T) {
	dir, c := tenant(t), newClock()
	_, src := serve(t, dir, fake.Options{MaxPage: 5}, c)
	records, err := collect(src, SignIns, "", ingest.Window{Since: asOf.AddDate(0, 0, -5), Until: asOf})
	if err != nil {
		t.Fatal(err)
	}
	var rests []string
	for _, r := range records {
		if r.Rest != "" {
			rests = append(rests, string(r.Rest))
		}
	}
	expect(t, rests, `{"since":"2026-05-01T00:00:00Z"}`, `{"since":"2026-05-02T00:00:00Z"}`, `{"since":"2026-05-03T00:00:00Z"}`)

	lines := append(fileLines(t, dir, SignIns), `{"id":"late","createdDateTime":"2026-05-02T01:00:00Z","userId":"u1","appId":"a1","status":{"errorCode":0}}`,
		`{"id":"new","createdDateTime":"2026-05-03T01:00:00Z","userId":"u1","appId":"a1","status":{"errorCode":0}}`)
	save(t, dir, SignIns, lines...)
	_, src = serve(t, dir, fake.Options{}, c)
	again, err := collect(src, SignIns, access.Cursor(rests[2]), ingest.Window{Since: asOf.AddDate(0, 0, -29), Until: asOf.AddDate(0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, r := range again {
		id := lake.TextAt(r.Body, "id")
		if at := lake.TextAt(r.Body, "createdDateTime"); at < "2026-05-02T00:00:00" {
			t.Errorf("%s of %s lies before the overlap", id, at)
		}
		found[id] = true
	}
	if !found["late"] || !found["new"] {
		t.Errorf("late %v, new %v", found["late"], found["new"])
	}
}

// TestSeam shows that an event on midnight belongs to both days and is lost to
// neither.
func TestSeam(t *testing.T) {
	dir, c := t.TempDir(), newClock()
	save(t, dir, SignIns, `{"id":"m","createdDateTime":"2026-05-02T00:00:00Z","userId":"u1","appId":"a1"}`,
		`{"id":"e","createdDateTime":"2026-05-01T23:59:59.9999999Z","userId":"u1","appId":"a1"}`)
	_, src := serve(t, dir, fake.Options{}, c)
	records, err := collect(src, SignIns, "", ingest.Window{Since: asOf.AddDate(0, 0, -2), Until: asOf})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range records {
		ids = append(ids, lake.TextAt(r.Body, "id"))
	}
	expect(t, ids, "m", "e", "m")
}

func TestAbsent(t *testing.T) {
	dir := tenant(t)
	for _, x := range []struct {
		name   string
		opt    fake.Options
		stream access.StreamName
		reason string
		hint   string
	}{
		{"no licence", fake.Options{Free: true}, SignIns, "the tenant has no licence for sign_ins", "P1 or P2"},
		{"no licence, beta", fake.Options{Free: true}, SignInsNoninteractive, "the tenant has no licence for sign_ins_noninteractive", "P1 or P2"},
		{"no permission", fake.Options{Unpermitted: true}, DirectoryAudits, "the app may not read directory_audits (Authentication_MSGraphPermissionMissing)", "AuditLog.Read.All"},
		{"files only", fake.Options{}, SignInsExport, "graph does not serve sign_ins_export", "dir:"},
	} {
		_, src := serve(t, dir, x.opt, newClock())
		_, err := collect(src, x.stream, "", ingest.Window{Until: asOf})
		var absent *ingest.Absent
		if !errors.As(err, &absent) || absent.Reason != x.reason || !strings.Contains(absent.Hint, x.hint) {
			t.Errorf("%s: %#v", x.name, err)
		}
	}
	_, src := serve(t, dir, fake.Options{Free: true}, newClock())
	if records, err := collect(src, DirectoryAudits, "", ingest.Window{Until: asOf}); err != nil || len(records) != 40 {
		t.Errorf("audits need no licence: %d, %v", len(records), err)
	}
}

// TestRequired shows that a list without which nothing can be concluded fails
// with the way out.
func TestRequired(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("request-id", "r-1")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation.","innererror":{}}}`))
	}))
	defer web.Close()
	src, err := New(Options{GraphURL: web.URL, AccessToken: "secret-token"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = collect(src, Users, "", ingest.Window{})
	var absent *ingest.Absent
	if err == nil || errors.As(err, &absent) {
		t.Fatalf("got %v", err)
	}
	const want = "the app may not read users (Authorization_RequestDenied): GET /v1.0/users: the server answered 403 " +
		"Authorization_RequestDenied Insufficient privileges to complete the operation. (request r-1)"
	if err.Error() != want || !strings.Contains(access.HintOf(err), "User.Read.All") {
		t.Errorf("%q, hint %q", err, access.HintOf(err))
	}
}

// TestShortRetention shows that days before the tenant's retention are passed
// over, and that a request which is wrong for every day is told.
func TestShortRetention(t *testing.T) {
	dir := tenant(t)
	_, src := serve(t, dir, fake.Options{Retention: 8}, newClock())
	records, err := collect(src, SignIns, "", ingest.Window{Until: asOf})
	if err != nil || len(records) != 40 {
		t.Errorf("%d records, %v", len(records), err)
	}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":{"code":"BadRequest","message":"Invalid filter clause"}}`))
	}))
	defer web.Close()
	c := newClock()
	src, err = New(Options{GraphURL: web.URL, AccessToken: "x", Now: c.now, Sleep: c.sleep})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := collect(src, SignIns, "", ingest.Window{Until: asOf}); err == nil {
		t.Error("a filter that is always refused passes for an empty log")
	}
}

// TestBreaksOff shows that what arrived before an error is yielded without a
// resting point.
func TestBreaksOff(t *testing.T) {
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("$skiptoken") {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		fmt.Fprintf(w, `{"@odata.nextLink":"http://%s/v1.0/auditLogs/signIns?$skiptoken=x","value":[{"id":"1"},{"id":"2"}]}`, r.Host)
	}))
	defer web.Close()
	src, err := New(Options{GraphURL: web.URL, AccessToken: "x"})
	if err != nil {
		t.Fatal(err)
	}
	records, err := collect(src, SignIns, "", ingest.Window{Since: asOf.AddDate(0, 0, -1), Until: asOf})
	if err == nil || len(records) != 2 || records[0].Rest != "" || records[1].Rest != "" {
		t.Errorf("%v, %v", records, err)
	}
}
