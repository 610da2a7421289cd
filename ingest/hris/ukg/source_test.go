package ukg_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/ingest"
	"winnow/ingest/hris"
	"winnow/ingest/hris/ukg"
	"winnow/internal/access"
	fake "winnow/internal/fake/ukg"
)

// open starts a tenant and returns its source, which asks for three rows at once.
func open(t *testing.T, o fake.Options, c ukg.Config) (*ukg.Source, *fake.Server) {
	t.Helper()
	o.Username, o.Password, o.APIKey = "svc", "pass", "customer"
	server := fake.New(o)
	srv := httptest.NewServer(server)
	t.Cleanup(srv.Close)
	c.URL, c.Username, c.APIKey, c.PageSize, c.REST.MaxAttempts = srv.URL, "svc", "customer", 3, 2
	if c.Password == "" {
		c.Password = "pass"
	}
	s, err := ukg.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s, server
}

// read reads a stream.
func read(t *testing.T, s *ukg.Source, stream access.StreamName) (bodies []string, err error) {
	t.Helper()
	for rec, rerr := range s.Records(context.Background(), stream, "", ingest.Window{}) {
		if rerr != nil {
			return bodies, rerr
		}
		bodies = append(bodies, string(rec.Body))
	}
	return bodies, nil
}

// people are n rows of employment details.
func people(n int) map[string][]string {
	var rows []string
	for i := range n {
		rows = append(rows, fmt.Sprintf(`{"employeeNumber":"%d"}`, i+1))
	}
	return map[string][]string{"employment-details": rows}
}

// Whatever the tenant makes of pages, every row comes, and once.
func TestPages(t *testing.T) {
	for _, c := range []struct {
		rows, requests int
		opt            fake.Options
	}{
		{0, 1, fake.Options{}}, {2, 2, fake.Options{}}, {3, 2, fake.Options{}}, {7, 3, fake.Options{}}, {9, 4, fake.Options{}},
		{7, 4, fake.Options{MaxPage: 2, Gone: true}}, {8, 5, fake.Options{MaxPage: 2}}, {6, 3, fake.Options{Gone: true}},
	} {
		c.opt.Lists = people(c.rows)
		s, server := open(t, c.opt, ukg.Config{})
		got, err := read(t, s, hris.Workers)
		if d := cmp.Diff(c.opt.Lists["employment-details"], got); d != "" || err != nil {
			t.Errorf("%d rows, %+v: %s %v", c.rows, c.opt, d, err)
		}
		if asked := server.Asked(); len(asked) != c.requests || asked[0] != "/personnel/v1/employment-details?page=1&per_page=3" {
			t.Errorf("%d rows: asked %q, want %d requests", c.rows, asked, c.requests)
		}
	}
}

func TestATenantThatRepeatsItselfIsAnError(t *testing.T) {
	s, _ := open(t, fake.Options{Lists: people(9), SamePages: true}, ukg.Config{})
	if _, err := read(t, s, hris.Workers); err == nil || !strings.Contains(err.Error(), "page 2 is page 1 again") {
		t.Errorf("err %v", err)
	}
}

func TestOnlyWhatIsMappedLands(t *testing.T) {
	s, _ := open(t, fake.Options{Lists: map[string][]string{
		"employment-details":           {`{"employeeID":"R1","employeeNumber":"1","supervisorID":"R2","leaveReasonCode":"MED","employeeTypeCode":"CON", "udf":{"a":1}}`},
		"person-details":               {`{"employeeId":"R1","firstName":"Ada","ssn":"078-05-1120","dateOfBirth":"1990-01-01","emailAddress":"ada@x.example"}`},
		"employee-job-history-details": {`{"employeeId":"R1","annualSalary":100000.5,"jobEffectiveDate":"2024-01-01T00:00:00Z","orgLevel1Code":"OPS"}`},
	}}, ukg.Config{Columns: map[string]string{"contract_end": "$.udf.a"}})
	for stream, want := range map[access.StreamName]string{
		hris.Workers:   `{"employeeID":"R1","employeeNumber":"1","supervisorID":"R2","employeeTypeCode":"CON","udf":{"a":1}}`,
		hris.Persons:   `{"employeeId":"R1","firstName":"Ada","emailAddress":"ada@x.example"}`,
		hris.Positions: `{"employeeId":"R1","jobEffectiveDate":"2024-01-01T00:00:00Z","orgLevel1Code":"OPS"}`,
	} {
		if got, err := read(t, s, stream); err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q %v", stream, got, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	s, _ := open(t, fake.Options{Lists: people(1)}, ukg.Config{Password: "another"})
	if _, err := read(t, s, hris.Workers); err == nil || !strings.Contains(access.HintOf(err), "customer API key") || strings.Contains(err.Error(), "another") {
		t.Errorf("err %v, hint %q", err, access.HintOf(err))
	}
	s, _ = open(t, fake.Options{}, ukg.Config{})
	var absent *ingest.Absent
	if _, err := read(t, s, hris.Workers); err == nil || errors.As(err, &absent) {
		t.Errorf("workers must be there: %v", err)
	}
	if _, err := read(t, s, hris.Positions); !errors.As(err, &absent) || !strings.Contains(absent.Hint, "Employee Job History Details") {
		t.Errorf("err %v", err)
	}
	if _, err := read(t, s, hris.Leaves); !errors.As(err, &absent) {
		t.Errorf("err %v", err)
	}
	s, _ = open(t, fake.Options{Intercept: func(w http.ResponseWriter, _ *http.Request) bool {
		_, _ = w.Write([]byte(`{"Message":"maintenance"}`))
		return true
	}}, ukg.Config{})
	if _, err := read(t, s, hris.Workers); err == nil {
		t.Error("an answer that is no list passed")
	}
}
