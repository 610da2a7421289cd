package workday_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/ingest"
	"winnow/ingest/hris/workday"
	"winnow/internal/access"
	fake "winnow/internal/fake/workday"
)

type streams = map[access.StreamName]string

var people = fake.Report{
	Columns: []string{"Employee_ID", "Legal_Name", "Worker_s_Manager_group.Manager_ID", "Termination_Date"},
	Rows:    [][]string{{"1", "Ada", "3", ""}, {"2", "Bo; \"the\" Second", "", "2025-01-31"}, {"", "Nobody", "", ""}},
}

// open starts a tenant and returns the source that reads it.
func open(t *testing.T, o fake.Options, c workday.Config) (*workday.Source, *fake.Server) {
	t.Helper()
	o.Tenant, o.Username, o.Password = "acme", "isu", "pass"
	server := fake.New(o)
	srv := httptest.NewServer(server)
	t.Cleanup(srv.Close)
	c.URL, c.Tenant, c.Username, c.REST.MaxAttempts = srv.URL, "acme", "isu", 2
	if c.Password == "" {
		c.Password = "pass"
	}
	s, err := workday.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s, server
}

// read reads a stream.
func read(t *testing.T, s *workday.Source, stream access.StreamName) (bodies []string, err error) {
	t.Helper()
	for rec, rerr := range s.Records(context.Background(), stream, "", ingest.Window{}) {
		if rerr != nil {
			return bodies, rerr
		}
		bodies = append(bodies, string(rec.Body))
	}
	return bodies, nil
}

func TestReportsLandVerbatim(t *testing.T) {
	reports := map[string]fake.Report{"isu owner/RPT_-_People": people,
		"isu owner/Gone": {Columns: []string{"Employee_ID", "Effective_Date"}, Prompts: []string{"From!WID"}}}
	s, server := open(t, fake.Options{Reports: reports}, workday.Config{Reports: streams{
		"workers": "isu%20owner/RPT_-_People?Include_Terminated_Workers=1", "terminations": "isu owner/Gone?From%21WID=6c"}})
	got, err := read(t, s, "workers")
	want := []string{`{"Employee_ID":"1","Legal_Name":"Ada","Worker_s_Manager_group":[{"Manager_ID":"3"}]}`,
		`{"Employee_ID":"2","Legal_Name":"Bo; \"the\" Second","Termination_Date":"2025-01-31"}`, `{"Legal_Name":"Nobody"}`}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%s %v", d, err)
	}
	if got, err := read(t, s, "terminations"); err != nil || len(got) != 0 {
		t.Errorf("an empty report: %v %v", got, err)
	}
	wantAsked := []string{"/ccx/service/customreport2/acme/isu%20owner/RPT_-_People?Include_Terminated_Workers=1&format=json",
		"/ccx/service/customreport2/acme/isu%20owner/Gone?From%21WID=6c&format=json"}
	if d := cmp.Diff(wantAsked, server.Asked()); d != "" {
		t.Error(d)
	}
	var names []access.StreamName
	for _, st := range s.Streams() {
		names = append(names, st.Name)
	}
	if d := cmp.Diff([]access.StreamName{"workers", "terminations"}, names); d != "" {
		t.Error(d)
	}
}

func TestCSVLandsAsObjectsAndMustHaveItsColumns(t *testing.T) {
	c := workday.Config{CSV: true, Reports: streams{"workers": "o/People"}}
	s, _ := open(t, fake.Options{Reports: map[string]fake.Report{"o/People": people}}, c)
	got, err := read(t, s, "workers")
	if err != nil || len(got) != 3 || !strings.HasPrefix(got[1], `{"Employee_ID":"2","Legal_Name":"Bo; \"the\" Second",`) {
		t.Errorf("%q %v", got, err)
	}
	c.Columns = map[string]string{"department": "Dept"}
	s, _ = open(t, fake.Options{Reports: map[string]fake.Report{"o/People": people}}, c)
	if _, err = read(t, s, "workers"); err == nil || !strings.Contains(err.Error(), "no column Dept (for department)") {
		t.Errorf("err %v", err)
	}
}

func TestRefusalsSayTheWayOut(t *testing.T) {
	reports := map[string]fake.Report{"o/P": people, "o/Prompted": {Prompts: []string{"As_Of"}}}
	for name, c := range map[string]struct {
		cfg        workday.Config
		want, hint string
	}{
		"password": {workday.Config{Password: "wrong", Reports: streams{"workers": "o/P"}}, "invalid username", "integration system user"},
		"missing":  {workday.Config{Reports: streams{"workers": "o/None"}}, "404", "owner and name"},
		"prompt":   {workday.Config{Reports: streams{"workers": "o/Prompted"}}, "As_Of is required", "prompt"},
	} {
		c.cfg.REST.Sleep = func(context.Context, time.Duration) error { return nil }
		s, _ := open(t, fake.Options{Reports: reports}, c.cfg)
		_, err := read(t, s, "workers")
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(access.HintOf(err), c.hint) {
			t.Errorf("%s: err %v, hint %q", name, err, access.HintOf(err))
		}
		if err != nil && strings.Contains(err.Error(), "wrong") {
			t.Errorf("%s: the error holds the password", name)
		}
	}
}

func TestWrongReportsAreNamed(t *testing.T) {
	for _, r := range []streams{{}, {"workers": "o"}, {"workers": "o/../x"}, {"workers": "o/.."}, {"workers": "o/x?format=xml"},
		{"workers": "o/x", "people": "o/y"}, {"workers": "o/%zz"}, {"workers": "o/x?a=%zz"}} {
		if _, err := workday.New(workday.Config{URL: "https://wd.example", Tenant: "t", AccessToken: "x", Reports: r}); err == nil {
			t.Errorf("%v was accepted", r)
		}
	}
}

// An answer that ends too early, or is none, must not pass for a whole report.
func TestBrokenAnswersEndTheStream(t *testing.T) {
	many := people
	for len(many.Rows) < 500 {
		many.Rows = append(many.Rows, people.Rows[0])
	}
	s, _ := open(t, fake.Options{Reports: map[string]fake.Report{"o/P": many}, CutAfter: 300}, workday.Config{Reports: streams{"workers": "o/P"}})
	got, err := read(t, s, "workers")
	if err == nil || len(got) == 0 || len(got) > 300 {
		t.Errorf("a cut connection: %d rows, err %v", len(got), err)
	}
	for answer, want := range map[string]string{
		`{"Report_Entry":[{"a":1},`:          "breaks off",
		`{"Report_Entry":[{"a":1}]`:          "breaks off",
		`{"Report_Entry":[{"a":1}`:           "breaks off",
		`{"Report_Entry":[{"a":1} {"b":1}]}`: "expected comma",
		`{"Report_Entry":{"a":1}}`:           "should stand",
		`[{"a":1}]`:                          "should stand",
		`{"error":"no"}`:                     "no Report_Entry",
		`{"Report_Entry":[{"a":"` + strings.Repeat("x", 300_000) + `"}]}`: "more than 1000 bytes",
		`{}`: "",
		"{\"Report_Entry\":[{\n \"a\": 1\n}],\"x\":0}": "",
	} {
		s, _ := open(t, fake.Options{Intercept: func(w http.ResponseWriter, _ *http.Request) bool {
			_, _ = io.WriteString(w, answer)
			return true
		}}, workday.Config{MaxRow: 1000, Reports: streams{"workers": "o/P"}})
		_, err := read(t, s, "workers")
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%.40s: err %v, want %q", answer, err, want)
		}
	}
}

// A report of many rows is never held: memory stays far below its size.
func TestMemoryIsBounded(t *testing.T) {
	const rows = 100_000
	row := `{"Employee_ID":"1","Legal_Name":"` + strings.Repeat("x", 400) + `"}`
	s, _ := open(t, fake.Options{Intercept: func(w http.ResponseWriter, _ *http.Request) bool {
		_, _ = io.WriteString(w, `{"Report_Entry":[`+row)
		for range rows - 1 {
			_, _ = io.WriteString(w, ","+row)
		}
		_, _ = io.WriteString(w, "]}")
		return true
	}}, workday.Config{Reports: streams{"workers": "o/P"}})
	n, peak := 0, uint64(0)
	for _, err := range s.Records(context.Background(), "workers", "", ingest.Window{}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n%(rows/10) == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
		}
	}
	if n != rows || peak > 16<<20 {
		t.Errorf("%d rows, %d bytes held of %d", n, peak, rows*len(row))
	}
}

// The public sample of a report passes through the tenant and comes out with
// every row as it was.
func TestRecordedReportDecodesWithoutLoss(t *testing.T) {
	path := "../../../../shared/data/logs/hr/cartography_fixtures.ndjson"
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the HR samples are not here: " + path)
	}
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		var sample struct{ Value json.RawMessage }
		var report struct {
			Rows []json.RawMessage `json:"Report_Entry"`
		}
		if err := errors.Join(json.Unmarshal([]byte(line), &sample), json.Unmarshal(sample.Value, &report)); err != nil {
			t.Fatal(err)
		}
		s, _ := open(t, fake.Options{Intercept: func(w http.ResponseWriter, _ *http.Request) bool {
			_, _ = w.Write(sample.Value)
			return true
		}}, workday.Config{Reports: streams{"workers": "o/P"}})
		got, err := read(t, s, "workers")
		if err != nil || len(got) != len(report.Rows) || len(got) == 0 {
			t.Fatalf("line %d: %d of %d rows, err %v", i+1, len(got), len(report.Rows), err)
		}
		for j, row := range report.Rows {
			if got[j] != string(row) {
				t.Errorf("row %d: %s", j, fmt.Sprint(cmp.Diff(string(row), got[j])))
			}
		}
	}
}
