package affinity

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/optimize"
)

// The fit is where a general optimiser, which knows only the likelihood, ends.
func TestFitIsTheMaximumOfThePenalisedLikelihood(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	truth := vector{0.3, 0.2, 0.9, 0.6, 0.4, 0.5}
	var cases []choice
	for n := range 300 {
		c := choice{cut: n / 30, person: int32(n), got: 1}
		for range 25 {
			var v vector
			for j := range v {
				v[j] = r.NormFloat64()
			}
			c.alts = append(c.alts, v)
		}
		p, _ := c.probabilities(truth)
		u, k := r.Float64(), 0
		for ; k < len(p)-1 && u > p[k]; k++ {
			u -= p[k]
		}
		c.alts[0], c.alts[k] = c.alts[k], c.alts[0]
		cases = append(cases, c)
	}
	got, err := fitChoices(cases)
	if err != nil {
		t.Fatal(err)
	}
	loss := func(w []float64) (sum float64) {
		for k := range cases {
			_, ln := cases[k].probabilities(vector(w))
			sum -= ln
		}
		for _, b := range w {
			sum += evenness / 2 * (b - evenWeight) * (b - evenWeight)
		}
		return sum
	}
	start := even()
	res, err := optimize.Minimize(optimize.Problem{Func: loss}, start[:], nil, &optimize.NelderMead{})
	if err != nil {
		t.Fatal(err)
	}
	for j := range got {
		if math.Abs(got[j]-res.X[j]) > 1e-3 {
			t.Errorf("%s: got %.4f, the optimiser %.4f", inputNames[j], got[j], res.X[j])
		}
	}
}

// What holds for everybody cannot lead: its weight stops at the even one, and
// no weight is negative.
func TestFitKeepsToItsBounds(t *testing.T) {
	var cases []choice
	for n := range 200 {
		c := choice{cut: n / 20, person: int32(n), got: 1}
		for k := range 10 {
			c.alts = append(c.alts, vector{float64(9 - k), float64(9 - k), float64(k), 0, 0, 0})
		}
		cases = append(cases, c)
	}
	w, err := fitChoices(cases)
	if err != nil {
		t.Fatal(err)
	}
	if w[xPopular] > evenWeight || w[xRecent] > evenWeight || slices.Min(w[:]) < 0 {
		t.Errorf("got %v", w)
	}
}

// The people found most alike are those that a comparison with everybody finds.
func TestNearestIsExactInASmallTenant(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var edges []edge
	const people, items = 60, 25
	for p := range int32(people) {
		for i := range int32(items) {
			if r.Float64() < 0.2 {
				edges = append(edges, edge{p, i, 1 + float64(p%3)})
			}
		}
	}
	g := newBipartite(people, items, edges)
	f := newFinder(g)
	for p := range int32(people) {
		var want []alike
		for q := range int32(people) {
			var dot float64
			for e := g.start[p]; e < g.start[p+1]; e++ {
				for k := g.start[q]; k < g.start[q+1]; k++ {
					if g.item[e] == g.item[k] {
						dot += float64(g.value[e]) * float64(g.value[k])
					}
				}
			}
			if q != p && dot > 0 {
				want = append(want, alike{q, dot / (g.norm[p] * g.norm[q])})
			}
		}
		slices.SortFunc(want, func(a, b alike) int {
			if a.before(b) {
				return -1
			}
			return 1
		})
		got := f.nearest(p)
		if len(got) != min(neighbours, len(want)) {
			t.Fatalf("person %d: %d people, want %d", p, len(got), min(neighbours, len(want)))
		}
		for k := range got {
			if math.Abs(got[k].sim-want[k].sim) > 1e-6 {
				t.Errorf("person %d, place %d: similarity %v, want %v", p, k, got[k].sim, want[k].sim)
			}
		}
	}
}

// An instant that changes much at once is no choice of anybody.
func TestRestructuringsAreNoChoices(t *testing.T) {
	a := &affinity{people: 61, items: 3, at: 1000 * day}
	for p := range int32(60) {
		a.spells = append(a.spells, spell{p, 0, longAgo, never}, spell{p, 1, 500 * day, never})
	}
	a.spells = append(a.spells, spell{60, 2, 501 * day, never}, spell{60, 2, 501*day + 1, never})
	a.sortSpells()
	if got, want := a.gotWithin(0, a.at), []int32{0, 0, 1}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := a.heldAt(502 * day); len(got) != 121 {
		t.Errorf("%d pairs, want 121: two accounts of one person count once", len(got))
	}
}
