package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
)

// TestQuarantine lands a log with a hostile line and with one that an older
// version refused: list names both, retry lands the one that fits, and the
// books of the snapshot balance.
func TestQuarantine(t *testing.T) {
	dir := t.TempDir()
	savedLog(t, dir)
	run := func(code int, args ...string) string {
		t.Helper()
		cmd, stderr := winnow(dir, append([]string{"--as-of", "2026-09-02"}, args...)...)
		out, err := cmd.Output()
		if got := cmd.ProcessState.ExitCode(); got != code {
			t.Fatalf("winnow %v: status %d, want %d (%v): %s", args, got, code, err, stderr)
		}
		return string(out)
	}
	run(exitDone, "pull")
	refuseAnother(t, dir)
	listed := run(exitDone, "quarantine", "list")
	for _, want := range []string{"severity is missing", "old.ndjson:7", "is not a JSON object", `\u001b`, "quarantine/p000002-00000.ndjson"} {
		if !strings.Contains(listed, want) {
			t.Errorf("%q is not in the list:\n%s", want, listed)
		}
	}
	if strings.Contains(listed, "\x1b") {
		t.Errorf("the list holds a raw escape:\n%q", listed)
	}
	var rows []refusedRow
	if err := json.Unmarshal([]byte(run(exitDone, "--json", "quarantine", "list", "--reason", "severity")), &rows); err != nil || len(rows) != 1 || rows[0].Records != 1 {
		t.Errorf("one reason: %+v, %v", rows, err)
	}
	for i, want := range []string{`[{"source":"okta","stream":"system_log","tried":2,"landed":1,"left":1}]`, `[{"source":"okta","stream":"system_log","tried":1,"landed":0,"left":1}]`} {
		if got := strings.TrimSpace(run(exitDone, "--json", "quarantine", "retry", "--source", "okta")); got != want {
			t.Errorf("retry %d: %s, want %s", i, got, want)
		}
	}
	if got := run(exitDone, "quarantine", "list"); strings.Contains(got, "severity") || !strings.Contains(got, "is not a JSON object") {
		t.Errorf("after the retry:\n%s", got)
	}
	run(exitDone, "mine")
	got := run(exitDone, "query", "--csv", `select sum(landed), sum(duplicate), sum(quarantined), (select sum(records) from core.quarantine)
		from core.ingest_count where stream = 'system_log'`)
	if lines := strings.Fields(got); len(lines) == 0 || lines[len(lines)-1] != "2,0,1,1" {
		t.Errorf("the books: %s", got)
	}
	if cmd, _ := winnow(dir, "quarantine"); cmd.Run() == nil || cmd.ProcessState.ExitCode() != exitUsage {
		t.Errorf("without a verb: status %d", cmd.ProcessState.ExitCode())
	}
}

// savedLog writes a log of one good line and one hostile one.
func savedLog(t *testing.T, dir string) {
	t.Helper()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("winnow.yaml", "sources:\n  okta: {type: okta, dir: org}\n")
	write("org/system_log.ndjson", strings.ReplaceAll(event("e1"), "\n", " ")+"\n{\"uuid\":\"\x1b[31mred\n")
}

// refuseAnother puts an event into quarantine as an older version would have.
func refuseAnother(t *testing.T, dir string) {
	t.Helper()
	lk := &lake.Lake{Dir: filepath.Join(dir, "data", "lake")}
	b, err := lk.Begin(lake.Manifest{Source: "okta", Stream: "system_log", Pull: "p000002", Events: true})
	if err != nil {
		t.Fatal(err)
	}
	old := &access.Fault{Origin: access.Origin{Place: "old.ndjson", Line: 7}, Field: "severity", Reason: "is missing", Body: []byte(event("e2"))}
	if err := b.Quarantine(old, time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Seal(func(m *lake.Manifest) { m.Complete = true }); err != nil {
		t.Fatal(err)
	}
}
