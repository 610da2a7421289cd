package hris_test

import (
	"context"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/ingest"
	"winnow/ingest/hris"
	"winnow/ingest/hris/bamboohr"
	"winnow/ingest/hris/ukg"
	"winnow/internal/access"
	fakebamboo "winnow/internal/fake/bamboohr"
	fakeukg "winnow/internal/fake/ukg"
)

// all reads a stream without its shape.
func all(t *testing.T, s ingest.Source, stream access.StreamName) (bodies []string) {
	t.Helper()
	for rec, err := range s.Records(context.Background(), stream, "", ingest.Window{}) {
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, string(rec.Body))
	}
	return bodies
}

// A folder of saved answers lands what the system itself would have landed,
// whether the answers were saved whole or row by row.
func TestSavedAnswersLandAlike(t *testing.T) {
	row := `{"employeeId":"R1","annualSalary":1.0,"jobEffectiveDate":"2024-01-01T00:00:00Z","orgLevel1Code":"OPS"}`
	system := httptest.NewServer(fakeukg.New(fakeukg.Options{Lists: map[string][]string{"employee-job-history-details": {row, row}}}))
	defer system.Close()
	api, err := ukg.New(ukg.Config{URL: system.URL})
	if err != nil {
		t.Fatal(err)
	}
	want := all(t, api, hris.Positions)
	for name, text := range map[string]string{"positions.ndjson": row + "\n" + row + "\n", "positions.json": "[" + row + "," + row + "]"} {
		dir := source(t, map[string]string{name: text}, hris.Options{Layout: ukg.Layout()})
		if d := cmp.Diff(want, all(t, dir, hris.Positions)); d != "" || len(want) != 2 {
			t.Errorf("%s: %s", name, d)
		}
	}
	table := `[{"id":"1","employeeId":"4","date":"2025-01-01","employmentStatus":"Terminated","comment":"x"}]`
	account := httptest.NewServer(fakebamboo.New(fakebamboo.Options{APIKey: "k", Tables: map[string]string{"employmentStatus": table}}))
	defer account.Close()
	bamboo, err := bamboohr.New(bamboohr.Config{URL: account.URL, APIKey: "k"})
	if err != nil {
		t.Fatal(err)
	}
	want = all(t, bamboo, hris.Statuses)
	exchange := `{"method":"GET","url":"https://a.bamboohr.com/api/v1/employees/all/tables/employmentStatus","status":200,"body":` + table + `}`
	for name, text := range map[string]string{"statuses.json": table, "http.ndjson": exchange + "\n"} {
		dir := source(t, map[string]string{name: text}, hris.Options{Layout: bamboohr.Layout(), Exchange: bamboohr.Exchange})
		if d := cmp.Diff(want, all(t, dir, hris.Statuses)); d != "" || len(want) != 1 {
			t.Errorf("%s: %s", name, d)
		}
	}
}
