package entra

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"winnow/ingest"
	"winnow/internal/access"
	fake "winnow/internal/fake/entra"
)

// TestLinks shows that page links stay on the configured host and that a page
// which links to itself ends the list.
func TestLinks(t *testing.T) {
	stolen := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the credential went to %s: %q", r.Host, r.Header.Get("Authorization"))
	}))
	defer stolen.Close()
	for name, link := range map[string]string{"elsewhere": stolen.URL + "/v1.0/users?$skiptoken=1", "to itself": "self", "to a bad place": "http://[::1"} {
		web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if link == "self" {
				link = "http://" + r.Host + r.URL.String()
			}
			fmt.Fprintf(w, `{"@odata.nextLink":%q,"value":[{"id":"u1"}]}`, link)
		}))
		src, err := New(Options{GraphURL: web.URL, AccessToken: "x"})
		if err != nil {
			t.Fatal(err)
		}
		// A page that names itself may be the one before, served once more: it is
		// asked for again a few times.
		if records, err := collect(src, Users, "", ingest.Window{}); err == nil || len(records) < 1 || len(records) > 4 {
			t.Errorf("a link %s: %d records, %v", name, len(records), err)
		}
		web.Close()
	}
}

// TestGoneContainer shows that a group deleted between two requests has no
// members, and that other refusals are told.
func TestGoneContainer(t *testing.T) {
	status := http.StatusNotFound
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.EscapedPath() {
		case "/v1.0/groups":
			fmt.Fprint(w, `{"value":[{"id":"g/1"},{},{"id":"g2"}]}`)
		case "/v1.0/groups/g%2F1/members":
			w.WriteHeader(status)
		case "/v1.0/groups/g2/members":
			fmt.Fprint(w, `{"value":[{"id":"u1"}]}`)
		default:
			t.Errorf("asked for %s", r.URL)
		}
	}))
	defer web.Close()
	src, err := New(Options{GraphURL: web.URL, AccessToken: "x"})
	if err != nil {
		t.Fatal(err)
	}
	records, err := collect(src, GroupMembers, "", ingest.Window{})
	if err != nil || len(records) != 1 || records[0].Parent != "g2" {
		t.Errorf("%v, %v", records, err)
	}
	status = http.StatusConflict
	if _, err := collect(src, GroupMembers, "", ingest.Window{}); err == nil {
		t.Error("a refused container passes for one without members")
	}
}

// TestBudget shows that no span of ten seconds has more than five requests for
// a log, and that the directory is not held back.
func TestBudget(t *testing.T) {
	c := newClock()
	var asked []time.Time
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("x-ms-throttle-priority"); got != "low" {
			t.Errorf("priority %q", got)
		}
		asked = append(asked, c.now())
		if err := c.sleep(r.Context(), 300*time.Millisecond); err != nil {
			t.Error(err)
		}
		fmt.Fprint(w, `{"value":[]}`)
	}))
	defer web.Close()
	src, err := New(Options{GraphURL: web.URL, AccessToken: "x", Now: c.now, Sleep: c.sleep})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := collect(src, SignIns, "", ingest.Window{Since: asOf.AddDate(0, 0, -23), Until: asOf}); err != nil {
		t.Fatal(err)
	}
	if len(asked) != 23 {
		t.Fatalf("%d requests", len(asked))
	}
	for i := 5; i < len(asked); i++ {
		if d := asked[i].Sub(asked[i-5]); d < 10*time.Second {
			t.Errorf("requests %d to %d within %s", i-5, i, d)
		}
	}
	before := c.now()
	if _, err := collect(src, RoleAssignments, "", ingest.Window{}); err != nil || c.now().Sub(before) > time.Second {
		t.Errorf("the directory waited %s, %v", c.now().Sub(before), err)
	}
}

func TestForeignCursor(t *testing.T) {
	_, src := serve(t, tenant(t), fake.Options{}, newClock())
	_, err := collect(src, SignIns, `{"file_sha256":["x"]}`, ingest.Window{Until: asOf})
	if err == nil || access.HintOf(err) == "" {
		t.Errorf("got %v", err)
	}
	if _, err := collect(src, "system_log", "", ingest.Window{Until: asOf}); err == nil {
		t.Error("a stream of another platform is read")
	}
}

// TestHiddenMembers shows that a group which hides its members is told and does
// not hide the others', and that a permission which is missing for all is told
// once.
func TestHiddenMembers(t *testing.T) {
	all := false
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/v1.0/groups":
			fmt.Fprint(w, `{"value":[{"id":"g1"},{"id":"g2"}]}`)
		case all || r.URL.Path == "/v1.0/groups/g1/members":
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges."}}`)
		default:
			fmt.Fprint(w, `{"value":[{"id":"u1"}]}`)
		}
	}))
	defer web.Close()
	src, err := New(Options{GraphURL: web.URL, AccessToken: "x"})
	if err != nil {
		t.Fatal(err)
	}
	records, err := collect(src, GroupMembers, "", ingest.Window{})
	var fault *access.Fault
	if len(records) != 1 || records[0].Parent != "g2" || !errors.As(err, &fault) || fault.Value != "g1" {
		t.Errorf("%v, %v", records, err)
	}
	all = true
	var absent *ingest.Absent
	if records, err := collect(src, GroupMembers, "", ingest.Window{}); len(records) > 0 || !errors.As(err, &absent) {
		t.Errorf("%v, %v", records, err)
	}
}
