package affinity

import (
	"math/rand/v2"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// made is a tenant of so many people with some fifty holdings each: of the
// company, of their department, of their team, and of their own.
func made(people int) *affinity {
	r := rand.New(rand.NewPCG(1, 2))
	items := people / 5
	a := &affinity{people: people, items: items, at: 2000 * day, given: make([]bool, items), source: make([]uint8, items),
		reach: make([]uint64, people), use: func(int64) ([]edge, error) { return nil, nil }}
	var used []edge
	for p := range int32(people) {
		a.reach[p], a.hopeful = 1, append(a.hopeful, p)
		team := int(p) / 12
		var own []int32
		for range 50 {
			var i int
			switch d := r.Float64(); {
			case d < 0.16: // the company's twenty
				i = r.IntN(20)
			case d < 0.5: // sixty of the department's
				i = 20 + (team/40*60+r.IntN(60))%(items/4)
			case d < 0.8: // fifteen of the team's
				i = items/4 + (team*15+r.IntN(15))%(items/2)
			default: // anything
				i = r.IntN(items)
			}
			own = append(own, int32(i))
		}
		for _, i := range own {
			a.spells = append(a.spells, spell{p, i, int64(r.IntN(1900)) * day, never})
			if i%3 == 0 {
				used = append(used, edge{p, i, r.Float64() * 3})
			}
		}
	}
	for i := range a.given {
		a.given[i] = true
	}
	a.sortSpells()
	a.use = func(int64) ([]edge, error) { return unique(used), nil }
	return a
}

// unique orders edges and keeps one of each pair.
func unique(edges []edge) (out []edge) {
	seen := map[[2]int32]bool{}
	for _, e := range edges {
		if k := [2]int32{e.person, e.item}; !seen[k] {
			seen[k] = true
			out = append(out, e)
		}
	}
	sortEdges(out)
	return out
}

// TestSizeOfATenant tells what the ranking costs at WINNOW_SCALE times 100,000
// people with 5 million holdings.
func TestSizeOfATenant(t *testing.T) {
	scale, err := strconv.ParseFloat(os.Getenv("WINNOW_SCALE"), 64)
	if err != nil {
		t.Skip("set WINNOW_SCALE, 1 for 100,000 people")
	}
	a := made(int(100_000 * scale))
	step := stopwatch(t)
	cases, err := a.choices()
	if err != nil {
		t.Fatal(err)
	}
	step("cases of %d cuts: %d", len(a.cuts()), len(cases))
	methods, err := judge(cases)
	if err != nil {
		t.Fatal(err)
	}
	step("fit")
	s, err := a.stand(a.at)
	if err != nil {
		t.Fatal(err)
	}
	step("state of today, %d holdings", len(s.held.item))
	list, err := s.ranking(chosen(methods), leastRanks, a.holds())
	if err != nil {
		t.Fatal(err)
	}
	step("%d ranks", len(list))
}

// stopwatch logs the processor time between calls.
func stopwatch(t *testing.T) func(format string, args ...any) {
	last := cpu()
	return func(format string, args ...any) {
		now := cpu()
		t.Logf("%6.2f CPU-s  "+format, append([]any{(now - last).Seconds()}, args...)...)
		last = now
	}
}

func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
