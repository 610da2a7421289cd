package acceptance_test

import (
	"bufio"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"winnow/internal/audit"
)

// A blow ends a run with SIGKILL: after a while, or at the first line of its
// progress that holds a text.
type blow struct {
	after time.Duration
	line  string
}

// strike starts the nightly job and kills it. It reports whether the job was
// still alive.
func (p place) strike(t *testing.T, at time.Time, b blow) bool {
	t.Helper()
	cmd := p.command(t, "--as-of", at.Format(time.RFC3339), "run")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if b.line == "" {
		timer := time.AfterFunc(b.after, func() { _ = cmd.Process.Kill() }) // it may have ended
		defer timer.Stop()
	}
	last, lines := "", bufio.NewScanner(stderr)
	for lines.Scan() {
		last = lines.Text()
		if b.line != "" && strings.Contains(last, b.line) {
			_ = cmd.Process.Kill() // it may have ended
		}
	}
	err = cmd.Wait()
	t.Logf("struck after %s at %q: %v", time.Since(begun).Round(time.Millisecond), last, err)
	return err != nil && err.Error() == "signal: killed"
}

// blows spreads n of them over the time that a whole run takes, after some that
// hit the pull, which is over too soon for most.
func blows(random *rand.Rand, n int, lines ...string) []blow {
	var out []blow
	for _, l := range lines {
		out = append(out, blow{line: l})
	}
	for i := range n {
		out = append(out, blow{after: time.Duration((float64(i) + random.Float64()) / float64(n) * float64(nights.took))})
	}
	return out
}

// dice returns chance with a seed that is told, so that a failure can be had
// again: WINNOW_ACCEPTANCE_SEED.
func dice(t *testing.T) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	if text := os.Getenv("WINNOW_ACCEPTANCE_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("WINNOW_ACCEPTANCE_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// Wherever the first night is killed, the next run publishes what a night
// without a kill would have.
func TestKillFirstNight(t *testing.T) {
	t.Parallel()
	random, reference, n := dice(t), firstNight(t), 2
	if full {
		n = 10
	}
	for _, b := range blows(random, n, "okta/groups:") {
		survive(t, yesterday, reference.beside, b, reference)
	}
}

// Wherever the second night is killed, readers have the first night's snapshot
// or the second's, and the next run publishes what a night without a kill would
// have.
func TestKillSecondNight(t *testing.T) {
	t.Parallel()
	random, first, reference, n := dice(t), firstNight(t), secondNight(t), 1
	if full {
		n = 8
	}
	if len(differences(t, first.snapshot(), reference.snapshot())) == 0 {
		t.Fatal("the second night publishes what the first one did")
	}
	fresh := func(t testing.TB) place {
		p := place{filepath.Join(t.TempDir(), "second")}
		first.nextDay(t, p)
		return p
	}
	for _, b := range blows(random, n, "okta/users:", "built, checked and published") {
		survive(t, tonight, fresh, b, reference)
	}
}

// survive strikes one run in a fresh place, looks at what readers have, runs
// again and compares the end with the reference's.
func survive(t *testing.T, at time.Time, fresh func(testing.TB) place, b blow, reference place) {
	t.Helper()
	p := fresh(t)
	for !p.strike(t, at, b) { // it was faster than the one that was measured
		if b.line != "" {
			t.Fatalf("the run ended before it said %q", b.line)
		}
		p, b.after = fresh(t), b.after*3/4
	}
	if _, err := os.Stat(p.snapshot()); err == nil {
		if n := texts(t, attach(t, p.snapshot()), "select count(*)::varchar from a.core.run"); n[0] != "1" {
			t.Errorf("a reader finds %s runs after the kill", n[0])
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	p.night(t, at, 0)
	same(t, reference, p)
	if r, err := audit.Verify(filepath.Join(p.dir, "data", "audit")); err != nil || r.Fault != nil || r.Entries == 0 {
		t.Errorf("after the kill the audit trail is %+v, %v, %v", r, r.Fault, err)
	}
	for _, left := range leftovers(t, p.dir) {
		t.Errorf("the kill left %s behind", left)
	}
}

// leftovers lists the files of a place that only a run in progress has.
func leftovers(t *testing.T, dir string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		for _, end := range []string{".tmp", ".part", ".next", ".wal"} {
			if strings.HasSuffix(path, end) {
				out = append(out, path)
			}
		}
		if d.Name() == "work" || strings.HasPrefix(d.Name(), "state-") {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
