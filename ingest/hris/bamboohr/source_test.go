package bamboohr_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/ingest"
	"winnow/ingest/hris"
	"winnow/ingest/hris/bamboohr"
	"winnow/internal/access"
	fake "winnow/internal/fake/bamboohr"
)

var account = fake.Options{
	APIKey: "key",
	Employees: []map[string]any{
		{"id": "4", "employeeNumber": "1001", "displayName": "Ada", "status": "Active", "hireDate": "2024-01-01",
			"terminationDate": "0000-00-00", "supervisor": "Berg, Bo", "supervisorEId": "7", "ssn": "078-05-1120"},
		{"id": "7", "employeeNumber": nil, "displayName": "Bo", "status": "Inactive", "hireDate": "2020-01-01",
			"terminationDate": "2025-03-31", "supervisor": nil, "supervisorEId": nil, "ssn": "x"},
	},
	Tables: map[string]string{
		"jobInfo":          `[{"id":"1","employeeId":"4","date":"2024-01-01","location":"Oslo","department":"Quay","jobTitle":"Pilot","reportsTo":"Bo"}]`,
		"employmentStatus": `[{"id":"1","employeeId":"7","date":"2025-03-31","employmentStatus":"Terminated","comment":"a quarrel","terminationReasonId":"9"}]`,
	},
	Leaves: `[{"id":1,"employeeId":"4","name":"Ada","start":"2025-06-01","end":"2025-06-20","type":{"id":"78","name":"Sick"},"notes":{}}]`,
}

// open starts an account, at the path of its address, and returns its source.
func open(t *testing.T, o fake.Options, c bamboohr.Config, at string) (*bamboohr.Source, *fake.Server) {
	t.Helper()
	server := fake.New(o)
	srv := httptest.NewServer(server)
	t.Cleanup(srv.Close)
	c.URL = srv.URL + at
	if c.APIKey == "" && c.AccessToken == "" {
		c.APIKey = "key"
	}
	c.REST.MaxAttempts = 3
	s, err := bamboohr.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s, server
}

var window = ingest.Window{Until: time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC)}

// read reads a stream.
func read(t *testing.T, s *bamboohr.Source, stream access.StreamName) (bodies []string, err error) {
	t.Helper()
	for rec, rerr := range s.Records(context.Background(), stream, "", window) {
		if rerr != nil {
			return bodies, rerr
		}
		bodies = append(bodies, string(rec.Body))
	}
	return bodies, nil
}

func TestEveryoneLandsWithTheFieldsOfTheMappingOnly(t *testing.T) {
	s, server := open(t, account, bamboohr.Config{}, "")
	got, err := read(t, s, hris.Workers)
	want := []string{
		`{"displayName":"Ada","employeeNumber":"1001","hireDate":"2024-01-01","id":"4","status":"Active","supervisorEId":"7","terminationDate":"0000-00-00"}`,
		`{"displayName":"Bo","employeeNumber":null,"hireDate":"2020-01-01","id":"7","status":"Inactive","supervisorEId":null,"terminationDate":"2025-03-31"}`,
	}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%s %v", d, err)
	}
	for stream, want := range map[access.StreamName]string{
		hris.Positions: `{"employeeId":"4","date":"2024-01-01","location":"Oslo","department":"Quay","jobTitle":"Pilot"}`,
		hris.Statuses:  `{"employeeId":"7","date":"2025-03-31","employmentStatus":"Terminated"}`,
		hris.Leaves:    `{"employeeId":"4","start":"2025-06-01","end":"2025-06-20"}`,
	} {
		if got, err := read(t, s, stream); err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q %v", stream, got, err)
		}
	}
	if asked := server.Asked(); !slices.Contains(asked, "GET /api/v1/time_off/requests?end=2026-07-01&excludeNote=1&start=2023-07-01&status=approved") {
		t.Errorf("asked %q", asked)
	}
}

func TestGatewayAndToken(t *testing.T) {
	o := account
	o.APIKey, o.Token = "", "oauth"
	s, server := open(t, o, bamboohr.Config{AccessToken: "oauth"}, "/api/gateway.php/acme")
	if got, err := read(t, s, hris.Positions); err != nil || len(got) != 1 {
		t.Errorf("%q %v", got, err)
	}
	if d := cmp.Diff([]string{"GET /api/gateway.php/acme/v1/employees/all/tables/jobInfo"}, server.Asked()); d != "" {
		t.Error(d)
	}
}

// A field that the key may not see is left out of the answer: what was
// configured, and the status, must not vanish in silence.
func TestHiddenFieldsAreTold(t *testing.T) {
	o := account
	o.Hidden = []string{"status"}
	s, _ := open(t, o, bamboohr.Config{}, "")
	if _, err := read(t, s, hris.Workers); err == nil || !strings.Contains(err.Error(), "no column status") {
		t.Errorf("err %v", err)
	}
	s, _ = open(t, account, bamboohr.Config{Columns: map[string]string{"contract_end": "customEnd"}}, "")
	if _, err := read(t, s, hris.Workers); err == nil || !strings.Contains(err.Error(), "customEnd (for contract_end)") {
		t.Errorf("err %v", err)
	}
}

func TestRefusals(t *testing.T) {
	s, _ := open(t, account, bamboohr.Config{APIKey: "another"}, "")
	if _, err := read(t, s, hris.Workers); err == nil || !strings.Contains(access.HintOf(err), "key is wrong") || strings.Contains(err.Error(), "another") {
		t.Errorf("err %v, hint %q", err, access.HintOf(err))
	}
	o := account
	o.Forbidden, o.Tables = []string{"time_off/requests"}, nil
	s, _ = open(t, o, bamboohr.Config{}, "")
	for _, stream := range []access.StreamName{hris.Leaves, hris.Statuses, hris.Transfers} {
		var absent *ingest.Absent
		if _, err := read(t, s, stream); !errors.As(err, &absent) {
			t.Errorf("%s: err %v", stream, err)
		}
	}
	var absent *ingest.Absent
	if _, err := read(t, s, hris.Leaves); !errors.As(err, &absent) || !strings.Contains(absent.Reason, "You do not have access") {
		t.Errorf("the text of the header is lost: %v", err)
	}
}

// The platform says when to return, also to the one who asks for a report.
func TestWaitsAsTold(t *testing.T) {
	o, n := account, 0
	o.Intercept = func(w http.ResponseWriter, _ *http.Request) bool {
		if n++; n > 2 {
			return false
		}
		w.Header().Set("Retry-After", "7")
		w.WriteHeader([]int{http.StatusServiceUnavailable, http.StatusTooManyRequests}[n-1])
		return true
	}
	var c bamboohr.Config
	now := time.Date(2025, 7, 1, 0, 0, 0, 0, time.UTC)
	var waited time.Duration
	c.REST.Now, c.REST.Jitter = func() time.Time { return now.Add(waited) }, func() float64 { return 0 }
	c.REST.Sleep = func(_ context.Context, d time.Duration) error { waited += d; return nil }
	s, _ := open(t, o, c, "")
	if got, err := read(t, s, hris.Workers); err != nil || len(got) != 2 || waited != 14*time.Second {
		t.Errorf("%d rows after %s, err %v", len(got), waited, err)
	}
}

func TestAnswersThatAreNoListEndTheStream(t *testing.T) {
	for _, answer := range []string{`{"fields":[{"id":"status"}],"employees":[{"id":"1"}`, `{"error":"x"}`, `[]`, ``} {
		o := account
		o.Intercept = func(w http.ResponseWriter, _ *http.Request) bool { _, _ = w.Write([]byte(answer)); return true }
		s, _ := open(t, o, bamboohr.Config{}, "")
		if _, err := read(t, s, hris.Workers); err == nil {
			t.Errorf("%q passed", answer)
		}
	}
}

func TestExchanges(t *testing.T) {
	for line, want := range map[string]int{
		`{"method":"POST","url":"https://a.bamboohr.com/api/v1/reports/custom?format=json","status":200,"body":{"employees":[{"id":"1"},{"id":"2"}]}}`: 2,
		`{"method":"GET","url":"https://x/api/gateway.php/a/v1/employees/all/tables/jobInfo","status":200,"body":[{"id":"1"}]}`:                        1,
		`{"method":"GET","url":"https://x/api/v1/time_off/requests?start=a","status":200,"body":[]}`:                                                   0,
		`{"method":"GET","url":"https://x/api/v1/employees/directory","status":200,"body":{"employees":[]}}`:                                           -1,
		`{"method":"GET","url":"https://x/api/v1/time_off/requests","status":403,"body":""}`:                                                           -1,
		`nonsense`: -1,
	} {
		got, err := bamboohr.Exchange([]byte(line))
		var fault *access.Fault
		if want < 0 != errors.As(err, &fault) || want >= 0 && len(got) != want {
			t.Errorf("%s: %d records, err %v", line, len(got), err)
		}
	}
}

// Every recorded line is accounted for, and a folder that holds them serves the
// rows that are there.
func TestRecordedExchangesAreAccountedFor(t *testing.T) {
	path := "../../../../shared/data/logs/hr/jupiterone-graph-bamboohr_http.ndjson"
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the HR samples are not here: " + path)
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	dir := t.TempDir()
	own := `{"method":"POST","url":"https://a.bamboohr.com/api/v1/reports/custom","status":200,"body":{"employees":[{"id":"1"}]}}`
	if err := os.WriteFile(dir+"/bamboohr_http.ndjson", []byte(string(text)+"\n"+own+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := hris.New(hris.Options{Dir: dir, Layout: bamboohr.Layout(), Exchange: bamboohr.Exchange})
	if err != nil {
		t.Fatal(err)
	}
	rows, faults := 0, 0
	for rec, err := range s.Records(context.Background(), hris.Workers, "", ingest.Window{}) {
		var fault *access.Fault
		switch {
		case errors.As(err, &fault):
			faults++
		case err != nil:
			t.Fatal(err)
		case string(rec.Body) == `{"id":"1"}`:
			rows++
		}
	}
	if rows != 1 || faults != len(lines) {
		t.Errorf("%d rows and %d faults of %d recorded lines", rows, faults, len(lines))
	}
}
