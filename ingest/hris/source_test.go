package hris_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/ingest"
	"winnow/ingest/hris"
	"winnow/internal/access"
)

// source opens a folder with the given files.
func source(t *testing.T, files map[string]string, o hris.Options) *hris.Source {
	t.Helper()
	o.Dir = t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(o.Dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := hris.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// read reads a stream and holds it against its shape.
func read(t *testing.T, s *hris.Source, name access.StreamName) (bodies []string, faults []*access.Fault, err error) {
	t.Helper()
	var stream ingest.Stream
	for _, st := range s.Streams() {
		if st.Name == name {
			stream = st
		}
	}
	for rec, rerr := range s.Records(context.Background(), name, "", ingest.Window{}) {
		var fault *access.Fault
		if rerr == nil {
			rerr = stream.Shape.Check(rec.Body)
		}
		switch {
		case errors.As(rerr, &fault):
			faults = append(faults, fault)
		case rerr != nil:
			return bodies, faults, rerr
		default:
			bodies = append(bodies, string(rec.Body))
		}
	}
	return bodies, faults, nil
}

func TestRowsLandVerbatim(t *testing.T) {
	s := source(t, map[string]string{
		"workers.json":   `{"Report_Entry":[{"Employee_ID":"1","Nested":{"a":[1]}, "Status":null},{"Employee_ID":2}]}`,
		"leaves.csv":     "Employee_ID;First_Day;Grund\n1;2026-01-01;\"a;b\"\n;2026-01-01;\n",
		"transfers.json": "",
	}, hris.Options{})
	got, faults, err := read(t, s, "workers")
	if d := cmp.Diff([]string{`{"Employee_ID":"1","Nested":{"a":[1]}, "Status":null}`, `{"Employee_ID":2}`}, got); d != "" || err != nil || len(faults) > 0 {
		t.Errorf("%s %v %v", d, faults, err)
	}
	got, faults, err = read(t, s, "leaves")
	if d := cmp.Diff([]string{`{"Employee_ID":"1","First_Day":"2026-01-01","Grund":"a;b"}`}, got); d != "" || err != nil {
		t.Errorf("%s %v", d, err)
	}
	if len(faults) != 1 || faults[0].Field != "Employee_ID" {
		t.Errorf("a row without an employee: %v", faults)
	}
	var absent *ingest.Absent
	if _, _, err := read(t, s, "terminations"); !errors.As(err, &absent) {
		t.Errorf("err %v", err)
	}
}

func TestColumnsAreConfiguredOverDefaults(t *testing.T) {
	s := source(t, nil, hris.Options{Columns: map[string]string{
		"employee_id": "Worker/ID", "department": "Dept", "transfers.department": "To~Dept", "manager_id": "$.Managers[0].ID",
		"leaves.date_format": "%d/%m/%Y",
	}})
	got := map[string]string{}
	for _, m := range s.ColumnMap("hr") {
		if m.Source != "hr" {
			t.Errorf("source %q", m.Source)
		}
		got[string(m.Stream)+"."+m.Field] = m.Path
	}
	for key, want := range map[string]string{
		"workers.employee_id": "/Worker~1ID", "terminations.employee_id": "/Worker~1ID", "workers.department": "/Dept",
		"transfers.department": "/To~0Dept", "workers.manager_id": "$.Managers[0].ID", "transfers.manager_id": "/New_Manager_ID",
		"workers.title": "/Job_Title", "leaves.date_format": "%d/%m/%Y", "workers.date_format": "",
	} {
		if got[key] != want {
			t.Errorf("%s is at %q, want %q", key, got[key], want)
		}
	}
}

func TestWrongOptionsAndColumnsAreNamed(t *testing.T) {
	for _, o := range []hris.Options{
		{Columns: map[string]string{"departement": "x"}}, {Columns: map[string]string{"leaves.title": "x"}},
		{Columns: map[string]string{"title": ""}}, {Columns: map[string]string{"title": "a", "workers.title": "b"}},
		{Files: map[access.StreamName]string{"people": "x.csv"}}, {Files: map[access.StreamName]string{"workers": "/etc/x.csv"}},
	} {
		if _, err := hris.New(o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
	s := source(t, map[string]string{"workers.csv": "ID,Name\n1,Ada\n"}, hris.Options{Columns: map[string]string{"title": "Position"}})
	_, _, err := read(t, s, "workers")
	if err == nil || !strings.Contains(err.Error(), "Employee_ID (for employee_id), no column Position (for title)") ||
		!strings.Contains(access.HintOf(err), "ID, Name") {
		t.Errorf("err %v, hint %q", err, access.HintOf(err))
	}
}

// The public sample of a Workday export reads with its own column names.
func TestWorkdaySample(t *testing.T) {
	dir := "../../../shared/data/logs/hr/workday_csv"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the HR samples are not here: " + dir)
	}
	s, err := hris.New(hris.Options{Dir: dir, Files: map[access.StreamName]string{"workers": "workday_worker_history_data.csv"},
		Columns: map[string]string{"employee_id": "worker_code", "hire_date": "hire_date", "status": "active", "termination_date": "termination_date"}})
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "workday_worker_history_data.csv"))
	if err != nil {
		t.Fatal(err)
	}
	got, faults, err := read(t, s, "workers")
	if lines := strings.Count(strings.TrimSpace(string(text)), "\n"); err != nil || len(got)+len(faults) != lines || len(got) == 0 {
		t.Errorf("%d rows and %d faults of %d lines, err %v, first %v", len(got), len(faults), lines, err, faults)
	}
}
