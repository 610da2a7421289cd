package apply_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"winnow/export/apply"
	"winnow/internal/access"
	"winnow/internal/fake/faulty"
)

// weather are the faults of single answers, about one in five.
var weather = slices.Concat(faulty.Passing, []faulty.Kind{faulty.WebPage})

// TestRandomPlans draws plans against live platforms with state: planned,
// applied, pulled, taken back, pulled. The first in good weather, the others with
// one answer in five spoilt, and one in five answers to a write lost.
func TestRandomPlans(t *testing.T) {
	plans := plansOf(200)
	var c counts
	for n := range uint64(plans) {
		bad := n%4 != 0
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			w := newWorld(t, n)
			c.add(w.circle(rand.New(rand.NewPCG(n, 3)), bad))
		})
	}
	t.Logf("%+v", c)
	if !testing.Short() && c.ByMarker == 0 || c.Lost == 0 || c.Doubt == 0 || c.ByState == 0 || c.Kept == 0 || c.NotDone == 0 || c.Spoilt == 0 {
		t.Errorf("the weather was not bad enough to show anything: %+v", c)
	}
}

// plansOf is how many plans are drawn: ten times as many for acceptance, a tenth
// where time is short.
func plansOf(n int) int {
	switch {
	case os.Getenv("WINNOW_ACCEPTANCE") == "full":
		return 10 * n
	case testing.Short():
		return n / 10
	}
	return n
}

// counts say what happened.
type counts struct{ Plans, Operations, Spoilt, Lost, Doubt, NotDone, ByState, ByMarker, Kept, Starts, Kills int }

func (c *counts) add(o counts) {
	c.Plans++
	c.Operations += o.Operations
	c.Spoilt += o.Spoilt
	c.Lost += o.Lost
	c.Doubt += o.Doubt
	c.NotDone += o.NotDone
	c.ByState += o.ByState
	c.ByMarker += o.ByMarker
	c.Kept += o.Kept
	c.Starts += o.Starts
	c.Kills += o.Kills
}

// storm makes the weather bad.
func (w *world) storm(seed uint64) {
	for _, p := range w.all {
		p.gate.lose, p.gate.rng = 0.2, rand.New(rand.NewPCG(seed, 5))
		p.weather.Set(faulty.Options{Seed: seed, Rate: 0.2, Kinds: weather, Now: w.clock.now})
	}
}

// circle plans, applies, pulls, takes back and pulls.
func (w *world) circle(rng *rand.Rand, bad bool) (c counts) {
	w.t.Helper()
	first := w.pull()
	return w.circleOf(first, draw(rng, first), rng, bad)
}

// circleOf is the circle of given edits.
func (w *world) circleOf(first map[string]bool, edits []edit, rng *rand.Rand, bad bool) (c counts) {
	w.t.Helper()
	p, data := seal(w.t, edits, nil)
	if bad {
		w.storm(rng.Uint64())
	}
	approvals := approve(p, w.clock.now(), "ada", "bo")
	c.Starts = w.until(data, func(e *apply.Engine) (*apply.Report, error) { return e.Apply(w.t.Context(), approvals, true) })
	if d := w.foretold(first, w.pull(), edits, func(e edit) []string { return e.then }); len(d) > 0 {
		w.t.Errorf("after apply: %v", d)
	}
	w.truth(p, data, apply.Applying, &c)
	w.forget()
	c.Starts += w.until(data, func(e *apply.Engine) (*apply.Report, error) { return e.Rollback(w.t.Context(), true) })
	if d := w.foretold(first, w.pull(), edits, func(e edit) []string { return e.later }); len(d) > 0 {
		w.t.Errorf("after rollback: %v", d)
	}
	w.truth(p, data, apply.RollingBack, &c)
	c.Operations = len(edits)
	for _, p := range w.all {
		c.Lost += p.gate.lost
		for _, k := range weather {
			c.Spoilt += p.weather.Count(k)
		}
	}
	return c
}

// forget starts to count anew.
func (w *world) forget() {
	for _, p := range w.all {
		p.gate.forget()
	}
}

// until starts a command anew until it ends well, and returns how often.
func (w *world) until(data []byte, command func(*apply.Engine) (*apply.Report, error)) int {
	w.t.Helper()
	var last error
	for n := 1; n <= 30; n++ {
		e, err := apply.Open(data, w.options())
		if err != nil {
			w.t.Fatal(err)
		}
		_, last = command(e)
		if err := e.Close(); err != nil {
			w.t.Fatal(err)
		}
		if last == nil {
			return n
		}
	}
	w.t.Fatalf("it does not end well: %v", last)
	return 0
}

// foretold compares a state with what the edits foretell of the first one. The
// app a0 goes with its groups; of a rule that changed no more is foretold.
func (w *world) foretold(first, got map[string]bool, edits []edit, of func(edit) []string) (faults []string) {
	want, ruled := maps.Clone(first), false
	for _, e := range edits {
		for _, d := range of(e) {
			switch {
			case d == "rule":
				ruled = true
			case d[0] == '+':
				want[d[1:]] = true
			default:
				delete(want, d[1:])
			}
		}
	}
	for u := range people {
		delete(want, fmt.Sprintf("a0 u%d GROUP", u))
		if want[fmt.Sprintf("g0 u%d", u)] || want[fmt.Sprintf("g3 u%d", u)] {
			want[fmt.Sprintf("a0 u%d GROUP", u)] = true
		}
	}
	for _, d := range differ(want, got) {
		if rule := strings.HasPrefix(d[1:], "rule"); !rule || !ruled {
			faults = append(faults, d)
		}
	}
	return faults
}

// truth holds the receipts against what the platforms carried out.
func (w *world) truth(p *access.Plan, data []byte, act apply.Act, c *counts) {
	w.t.Helper()
	effects, arrived := 0, 0
	for _, p := range w.all {
		effects, arrived = effects+sum(p.gate.effects), arrived+sum(p.gate.arrived)
		if twice := p.gate.twice(); len(twice) > 0 {
			w.t.Errorf("%s: carried out twice: %v", act, twice)
		}
	}
	e, err := apply.Open(data, w.options())
	if err != nil {
		w.t.Fatal(err)
	}
	list, _ := e.Receipts()
	done, intents, last := 0, 0, map[string]apply.Receipt{}
	for _, r := range list {
		if r.Act != act || r.Operation == "" {
			continue
		}
		for state, n := range map[apply.State]*int{apply.Intent: &intents, apply.InDoubt: &c.Doubt, apply.NotDone: &c.NotDone, apply.Kept: &c.Kept} {
			if r.State == state {
				*n++
			}
		}
		for by, n := range map[string]*int{apply.ByState: &c.ByState, apply.ByMarker: &c.ByMarker} {
			if r.KnownBy == by {
				*n++
			}
		}
		last[r.Operation] = r
	}
	for _, o := range p.Operations {
		switch r := last[o.ID]; {
		case r.State == apply.Done:
			done++
		case act == apply.RollingBack && !o.Reversible && r.State == apply.Kept && strings.Contains(r.Reason, o.Lost):
		default:
			w.t.Errorf("%s: %s ends as %s: %s", act, o.Note, r.State, r.Reason)
		}
	}
	if effects != done || arrived > intents {
		w.t.Errorf("%s: the receipts tell of %d done and %d intents, the platforms of %d and %d", act, done, intents, effects, arrived)
	}
}
