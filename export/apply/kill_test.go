package apply_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"winnow/export/apply"
	"winnow/internal/access"
)

// TestMain lets the test binary be the apply that is killed.
func TestMain(m *testing.M) {
	if act := os.Getenv("APPLY_ACT"); act != "" {
		if err := child(apply.Act(act)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child applies a plan, or takes it back, in a process of its own, whose clock
// runs ahead when it sleeps.
func child(act apply.Act) error {
	at, err := time.Parse(time.RFC3339, os.Getenv("APPLY_AT"))
	if err != nil {
		return err
	}
	c := &clock{at: at}
	nap := func(ctx context.Context, d time.Duration) error {
		time.Sleep(time.Millisecond)
		return c.sleep(ctx, d)
	}
	data, err := os.ReadFile(os.Getenv("APPLY_PLAN"))
	if err != nil {
		return err
	}
	var urls map[access.SourceName]string
	if err := json.Unmarshal([]byte(os.Getenv("APPLY_URLS")), &urls); err != nil {
		return err
	}
	e, err := apply.Open(data, apply.Options{Dir: os.Getenv("APPLY_DIR"), Now: c.now, Sleep: nap,
		Rules:   apply.Rules{Approvers: approvers(), MaxRefused: 3},
		Tenants: tenantsAt(&testing.T{}, urls, c.now, nap)})
	if err != nil {
		return err
	}
	if act == apply.RollingBack {
		_, err = e.Rollback(context.Background(), true)
	} else {
		_, err = e.Apply(context.Background(), approve(&e.File().Plan, at, "ada", "bo"), true)
	}
	return errors.Join(err, e.Close())
}

// TestKilled kills the process that applies a plan, and the one that takes it
// back, with a signal that it cannot catch: before a request reaches the
// platform, after the platform carried it out and before the answer, and at any
// moment. One answer in five is spoilt beside. When nobody kills any more,
// everything was done once, and the receipts say what was in doubt.
func TestKilled(t *testing.T) {
	want := 20
	if os.Getenv("WINNOW_ACCEPTANCE") == "full" {
		want = 300
	}
	var c counts
	for n := uint64(0); c.Kills < want; n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			w := newWorld(t, 1000+n)
			rng := rand.New(rand.NewPCG(n, 9))
			first := w.pull()
			edits := append(draw(rng, first), campaign(rng.Uint64()))
			if n%2 == 1 {
				edits = sinkEdits(t, rng, first)
			}
			c.add(w.killedCircle(rng, first, edits))
		})
		if t.Failed() {
			break
		}
	}
	t.Logf("%+v", c)
	if c.Doubt == 0 || c.ByState == 0 || c.ByMarker == 0 {
		t.Errorf("the kills left nothing in doubt: %+v", c)
	}
}

// killedCircle is a circle whose commands are killed three times each.
func (w *world) killedCircle(rng *rand.Rand, first map[string]bool, edits []edit) (c counts) {
	p, data := seal(w.t, edits, nil)
	path := filepath.Join(w.t.TempDir(), "plan.json")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.storm(rng.Uint64())
	c.Operations = len(edits)
	for _, act := range []apply.Act{apply.Applying, apply.RollingBack} {
		of := func(e edit) []string { return e.then }
		if act == apply.RollingBack {
			of = func(e edit) []string { return e.later }
		}
		for range 3 {
			if w.kill(act, path, rng) {
				c.Kills++
			}
		}
		c.Starts += w.finish(act, path)
		if d := w.foretold(first, w.pull(), edits, of); len(d) > 0 {
			w.t.Errorf("after %s: %v", act, d)
		}
		w.truth(p, data, act, &c)
		w.forget()
	}
	return c
}

// start starts the command; each start is a minute after the one before.
func (w *world) start(act apply.Act, plan string) *exec.Cmd {
	w.t.Helper()
	w.clock.mu.Lock()
	w.clock.at = w.clock.at.Add(time.Minute)
	w.clock.mu.Unlock()
	urls, err := json.Marshal(w.urls())
	if err != nil {
		w.t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "APPLY_ACT="+string(act), "APPLY_PLAN="+plan, "APPLY_DIR="+w.dir, "APPLY_AT="+w.clock.now().Format(time.RFC3339),
		"APPLY_URLS="+string(urls))
	var out strings.Builder
	cmd.Stderr = &out
	if err := cmd.Start(); err != nil {
		w.t.Fatal(err)
	}
	return cmd
}

// kill starts the command and kills it once, and reports whether it was still
// alive then.
func (w *world) kill(act apply.Act, plan string, rng *rand.Rand) bool {
	var writes atomic.Int64
	var once sync.Once
	at, how := int64(1+rng.IntN(3)), rng.IntN(3)
	ready := make(chan *exec.Cmd, 1)
	hook := func(*http.Request) bool {
		if writes.Add(1) < at {
			return false
		}
		once.Do(func() {
			cmd := <-ready
			_ = cmd.Process.Kill() // Wait tells whether it was alive
		})
		return true
	}
	for _, p := range w.all {
		p.gate.mu.Lock()
		if p.gate.before, p.gate.after = nil, nil; how == 0 {
			p.gate.before = hook
		} else if how == 1 {
			p.gate.after = hook
		}
		p.gate.mu.Unlock()
	}
	cmd := w.start(act, plan)
	ready <- cmd
	if how == 2 {
		time.Sleep(time.Duration(5+rng.IntN(60)) * time.Millisecond)
		_ = cmd.Process.Kill()
	}
	err := cmd.Wait()
	for _, p := range w.all {
		p.gate.mu.Lock()
		p.gate.before, p.gate.after = nil, nil
		p.gate.mu.Unlock()
	}
	w.rest()
	var exit *exec.ExitError
	return errors.As(err, &exit) && exit.ExitCode() == -1 // by a signal
}

// rest waits until the platforms have ended what the killed process asked of
// them, as a start after Options.Settle would.
func (w *world) rest() {
	for _, p := range w.all {
		for p.gate.busy.Load() > 0 {
			time.Sleep(time.Millisecond)
		}
	}
}

// finish starts the command until it ends well.
func (w *world) finish(act apply.Act, plan string) int {
	w.t.Helper()
	for n := 1; n <= 30; n++ {
		cmd := w.start(act, plan)
		if cmd.Wait() == nil {
			return n
		}
		if n == 30 {
			w.t.Fatalf("it does not end well: %v", cmd.Stderr)
		}
	}
	return 0
}

// TestKilledCampaign kills winnow after the platform made a campaign and before
// its answer. The next start says that it was in doubt, finds the campaign by its
// marker, and takes it back later by the id that it found.
func TestKilledCampaign(t *testing.T) {
	w := newWorld(t, 1)
	first := w.pull()
	edits := []edit{campaign(3)}
	p, data := seal(t, edits, nil)
	path := filepath.Join(t.TempDir(), "plan.json")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	ready := make(chan *exec.Cmd, 1)
	w.okta.gate.after = func(*http.Request) bool {
		cmd := <-ready
		_ = cmd.Process.Kill() // Wait tells whether it was alive
		return true
	}
	cmd := w.start(apply.Applying, path)
	ready <- cmd
	if err := cmd.Wait(); err == nil {
		t.Fatal("it was not killed")
	}
	w.rest()
	w.okta.gate.mu.Lock()
	w.okta.gate.after = nil
	w.okta.gate.mu.Unlock()
	w.finish(apply.Applying, path)
	e, err := apply.Open(data, w.options())
	if err != nil {
		t.Fatal(err)
	}
	list, _ := e.Receipts()
	var states []string
	for _, r := range list {
		if r.Operation == p.Operations[0].ID {
			states = append(states, strings.TrimSpace(string(r.State)+" "+r.KnownBy))
		}
	}
	if got := strings.Join(states, ", "); got != "intent, in_doubt, done marker" || w.sent() != 1 {
		t.Errorf("the receipts say %s, %d sent", got, w.sent())
	}
	if d := w.foretold(first, w.pull(), edits, func(e edit) []string { return e.then }); len(d) > 0 {
		t.Errorf("after apply: %v", d)
	}
	w.finish(apply.RollingBack, path)
	if d := differ(first, w.pull()); len(d) > 0 {
		t.Errorf("after rollback: %v", d)
	}
}
