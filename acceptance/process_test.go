package acceptance_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"winnow/internal/acme"
)

// full asks for the long variants: WINNOW_ACCEPTANCE=full.
var full = os.Getenv("WINNOW_ACCEPTANCE") == "full"

// tonight is the second night of the invented company, yesterday its first.
var (
	tonight   = time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	yesterday = tonight.AddDate(0, 0, -1)
)

// token stands for every credential that the fakes are asked with.
const token = "acceptance-token"

// shared is a folder for what the tests of this package share.
var shared string

func TestMain(m *testing.M) {
	var err error
	if shared, err = os.MkdirTemp("", "winnow-acceptance-"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(shared) // what is left lies in the folder for such things
	os.Exit(code)
}

// binary builds winnow once a test run and returns its path.
var binary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(shared, "winnow")
	out, err := exec.Command("go", "build", "-o", path, "../cmd/winnow").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build winnow: %w\n%s", err, out)
	}
	return path, nil
})

// A place is a folder with a configuration and whatever it names; winnow runs
// in it as a process, the way a scheduler starts it.
type place struct {
	dir string
}

// The files that a run publishes.
func (p place) snapshot() string { return filepath.Join(p.dir, "data", "winnow.duckdb") }
func (p place) out() string      { return filepath.Join(p.dir, "out") }

// A ended is what a process left when it ended.
type ended struct {
	code           int
	stdout, stderr string
	took           time.Duration
}

// String shows both outputs.
func (e ended) String() string {
	return fmt.Sprintf("exit status %d after %s\n--- stdout\n%s--- stderr\n%s", e.code, e.took.Round(time.Millisecond), e.stdout, e.stderr)
}

// command prepares winnow in the place.
func (p place) command(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = p.dir
	cmd.Env = append(os.Environ(), "WINNOW_ACCEPTANCE_TOKEN="+token)
	return cmd
}

// winnow runs one command to its end.
func (p place) winnow(t testing.TB, args ...string) ended {
	t.Helper()
	cmd := p.command(t, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	begun := time.Now()
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return ended{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String(), time.Since(begun)}
}

// night runs the nightly job at an instant and demands its exit status.
func (p place) night(t testing.TB, at time.Time, want int, args ...string) ended {
	t.Helper()
	e := p.winnow(t, append([]string{"--as-of", at.Format(time.RFC3339), "run"}, args...)...)
	if e.code != want {
		t.Fatalf("the night of %s in %s: want exit status %d\n%s", at.Format(time.DateOnly), p.dir, want, e)
	}
	return e
}

// A report is what last_run.json says of a run.
type report struct {
	Status, Error, Hint string
	Streams             []struct {
		Source, Stream, Status, Note, Hint string
		Served, Landed, Quarantined        int64
	}
	Warnings []string
}

// report reads what the last run in the place had to say.
func (p place) report(t testing.TB) (r report) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(p.dir, "data", "last_run.json"))
	if err := errors.Join(err, json.Unmarshal(b, &r)); err != nil {
		t.Fatal(err)
	}
	return r
}

// configuration is that of an invented company whose answers were saved.
const configuration = `data_dir: data
history: history
sources:
  okta: {type: okta, dir: okta}
  entra: {type: entra, dir: entra}
  hr: {type: workday, dir: hr}
  legacy: {type: file, dir: legacy}
policy: {protect: ["svc-*", "breakglass*"]}
export: {files: out}
`

// small is a company that a run mines in seconds.
var small = acme.Options{People: 150, Seed: 11, AsOf: tonight, LogDays: 10, HistoryDays: 120}

// settle fills a place with a company's saved answers and a configuration.
func (p place) settle(t testing.TB, o acme.Options, conf string) {
	t.Helper()
	company, err := acme.Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := company.Write(p.dir); err != nil {
		t.Fatal(err)
	}
	p.write(t, "winnow.yaml", conf)
}

// write puts a file into the place.
func (p place) write(t testing.TB, name, text string) {
	t.Helper()
	path := filepath.Join(p.dir, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}

// beside returns a second place with the same inputs and nothing published.
func (p place) beside(t testing.TB) place {
	t.Helper()
	q := place{t.TempDir()}
	entries, err := os.ReadDir(p.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() == "data" || e.Name() == "out" {
			continue
		}
		copyTree(t, filepath.Join(p.dir, e.Name()), filepath.Join(q.dir, e.Name()))
	}
	return q
}

// copyTree copies a file or a folder.
func copyTree(t testing.TB, from, to string) {
	t.Helper()
	info, err := os.Stat(from)
	if err != nil {
		t.Fatal(err)
	}
	if !info.IsDir() {
		b, err := os.ReadFile(from)
		if err := errors.Join(err, os.MkdirAll(filepath.Dir(to), 0o700), os.WriteFile(to, b, 0o600)); err != nil {
			t.Fatal(err)
		}
		return
	}
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// says demands that a text holds every one of the words.
func says(t testing.TB, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("nothing says %q in\n%s", w, text)
		}
	}
}
