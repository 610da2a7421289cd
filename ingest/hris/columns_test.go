package hris_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/ingest/hris"
	"winnow/internal/access"
)

var layout = hris.Layout{
	Columns: map[access.StreamName]map[string]string{
		hris.Workers:   {"record_id": "id|ID", "employee_id": "number", "manager_id": "boss.id"},
		hris.Positions: {"record_id": "id", "effective": "from"},
	},
	Reduced: []access.StreamName{hris.Positions},
}

func TestLayoutsReplaceWholeStreams(t *testing.T) {
	c, err := hris.NewColumns(layout, map[string]string{"title": "Job[0].Name", "positions.title": `$."job title"[0].name`, "employee_id": "nr"})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, m := range c.Map("hr") {
		got[string(m.Stream)+"."+m.Field] = m.Path
	}
	for key, want := range map[string]string{
		"workers.record_id": "/id\n/ID", "workers.employee_id": "/nr", "workers.manager_id": "/boss.id", "workers.title": "/Job/0/Name",
		"workers.department": "", "positions.title": `$."job title"[0].name`, "transfers.department": "/New_Department",
	} {
		if got[key] != want {
			t.Errorf("%s is at %q, want %q", key, got[key], want)
		}
	}
	if d := cmp.Diff([]string{"from", "id", "job title", "nr"}, c.Members(hris.Positions)); d != "" {
		t.Error(d)
	}
	if c.Shape(hris.Workers) != nil || len(c.Shape(hris.Transfers)) != 1 {
		t.Error("a worker who has a record needs no number; a transfer without one is nobody's")
	}
}

func TestReducedRowsKeepWhatIsMapped(t *testing.T) {
	c, err := hris.NewColumns(layout, nil)
	if err != nil {
		t.Fatal(err)
	}
	rec, err := c.Land(hris.Positions, access.Record{Body: []byte(`{"pay":1.10,"id":"7", "from":{"a" : "b"},"ID":9}`)})
	if err != nil || string(rec.Body) != `{"id":"7","from":{"a" : "b"}}` {
		t.Errorf("%s %v", rec.Body, err)
	}
	for _, broken := range []string{`[1]`, `{"id":`, ``} {
		var fault *access.Fault
		if _, err := c.Land(hris.Positions, access.Record{Body: []byte(broken)}); !errors.As(err, &fault) {
			t.Errorf("%q: err %v", broken, err)
		}
	}
	rec, err = c.Land(hris.Workers, access.Record{Body: []byte(`[1]`)})
	if err != nil || string(rec.Body) != `[1]` {
		t.Errorf("other streams land as they are: %s %v", rec.Body, err)
	}
}

func TestTranslations(t *testing.T) {
	got, err := hris.Translate("hr", map[string]map[string]string{"worker_type": {" CON": "contractor"}, "status": {"Susp": "leave"}})
	want := []hris.Translation{
		{Source: "hr", Stream: "statuses", Field: "status", Theirs: "susp", Ours: "leave"},
		{Source: "hr", Stream: "workers", Field: "status", Theirs: "susp", Ours: "leave"},
		{Source: "hr", Stream: "workers", Field: "worker_type", Theirs: "con", Ours: "contractor"},
	}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Errorf("%s %v", d, err)
	}
	for _, wrong := range []map[string]map[string]string{
		{"title": {"a": "b"}}, {"status": {"a": "gone"}}, {"worker_type": {"A": "employee", "a": "intern"}},
	} {
		if _, err := hris.Translate("hr", wrong); err == nil || !strings.HasPrefix(err.Error(), "translate") && !strings.HasPrefix(err.Error(), "map column") {
			t.Errorf("%v: err %v", wrong, err)
		}
	}
}
