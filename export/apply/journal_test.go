package apply_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"winnow/export/apply"
	"winnow/internal/access"
)

// receipts applies a plan of three and returns it with the file of its receipts.
func receipts(t *testing.T) (w *world, data []byte, path string) {
	t.Helper()
	w = newWorld(t, 1)
	data = w.applied(three(t, w))
	e, err := apply.Open(data, w.options())
	if err != nil {
		t.Fatal(err)
	}
	_, path = e.Receipts()
	return w, data, path
}

// TestReceipts are lines that only the owner reads: an intent before each
// request, and what became of it after.
func TestReceipts(t *testing.T) {
	_, data, path := receipts(t)
	for name, mode := range map[string]os.FileMode{path: 0o600, filepath.Join(filepath.Dir(path), "plan.json"): 0o600, filepath.Dir(path): 0o700} {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	list, err := apply.ReadReceipts(b)
	if err != nil || len(list) != 7 {
		t.Fatalf("%d receipts, %v", len(list), err)
	}
	if list[0].State != apply.Begun || strings.Join(list[0].By, " ") != "ada bo" {
		t.Errorf("the first is %+v", list[0])
	}
	p, err := access.ReadPlan(data)
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range p.Operations {
		before, after := list[1+2*i], list[2+2*i]
		if before.State != apply.Intent || before.Method != http.MethodDelete || before.Path != o.Path || before.Operation != o.ID ||
			after.State != apply.Done || after.Status != 204 || after.KnownBy != apply.ByAnswer || after.Operation != o.ID {
			t.Errorf("operation %d: %+v, %+v", i+1, before, after)
		}
	}
}

// TestTorn cuts the last line at every byte: what is left is read, the tear is
// told, and nothing is sent again.
func TestTorn(t *testing.T) {
	w, data, path := receipts(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	start := bytes.LastIndexByte(whole[:len(whole)-1], '\n') + 1
	for cut := start; cut < len(whole); cut += 7 {
		if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		w.okta.gate.forget()
		e, err := apply.Open(data, w.options())
		if err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		r, err := e.Apply(t.Context(), approve(&e.File().Plan, noon, "ada"), true)
		if err != nil || w.sent() != 0 || r.Count(apply.Done) != 3 {
			t.Fatalf("cut at %d: %+v, %v, %d sent", cut, r, err, w.sent())
		}
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := apply.ReadReceipts(b); err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
	}
}

// TestReceiptsEdited refuses receipts that were changed, or of which one is
// missing, with their line.
func TestReceiptsEdited(t *testing.T) {
	w, data, path := receipts(t)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(whole, []byte("\n"))
	for name, test := range map[string]struct {
		edit func() []byte
		line int
	}{
		"changed": {func() []byte {
			return bytes.Replace(whole, []byte(`"state":"intent"`), []byte(`"state":"not_done"`), 1)
		}, 3},
		"missing":  {func() []byte { return bytes.Join(append(append([][]byte{}, lines[:2]...), lines[3:]...), nil) }, 3},
		"no json":  {func() []byte { return bytes.Replace(whole, []byte(`{"n":3`), []byte(`{"n":`), 1) }, 3},
		"inserted": {func() []byte { return bytes.Replace(whole, []byte("\n"), []byte("\n"+string(lines[0])), 1) }, 2},
	} {
		if err := os.WriteFile(path, test.edit(), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := apply.Open(data, w.options()); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("line %d ", test.line)) {
			t.Errorf("%s: %v, want line %d", name, err, test.line)
		}
	}
}

// TestReadApprovals wants lines as Sign writes them.
func TestReadApprovals(t *testing.T) {
	p := &access.Plan{ID: "a"}
	line, err := approve(p, noon, "ada")[0].Line()
	if err != nil {
		t.Fatal(err)
	}
	other, err := approve(&access.Plan{ID: "b"}, noon, "bo")[0].Line()
	if err != nil {
		t.Fatal(err)
	}
	data := append(append(append([]byte{}, other...), '\n'), line...)
	if got, err := apply.ReadApprovals(data, "a"); err != nil || len(got) != 1 || got[0].Approver != "ada" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := apply.ReadApprovals(append(data, `{"plan":"a","x":1}`...), "a"); err == nil || !strings.Contains(err.Error(), "line 4") {
		t.Errorf("error %v", err)
	}
}
