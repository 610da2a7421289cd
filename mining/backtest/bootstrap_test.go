package backtest

import (
	"math"
	"testing"
)

// The area is the share of pairs of pairs that are in order, by the book.
func TestMeanAUC(t *testing.T) {
	cases := []Case{ // cut a: one hit above one miss, one tie: (1 + 0.5) / 2; cut b has no hit
		{Cut: "a", Person: "p", Score: 1, N: 1}, {Cut: "a", Person: "q", Score: 2, N: 2, Hits: 1}, {Cut: "b", Person: "p", Score: 1, N: 1},
	}
	methods := map[string][]Case{"product": cases}
	if n := number(methods); n != 2 {
		t.Fatalf("%d persons", n)
	}
	if got := meanAUC(methods["product"], []float64{1, 1}); math.Abs(got-0.75) > 1e-12 {
		t.Errorf("got %v", got)
	}
	if got := meanAUC(methods["product"], []float64{0, 1}); math.Abs(got-0.5) > 1e-12 {
		t.Errorf("without p: got %v", got)
	}
}

// A method that is better for everybody is better in every draw, and the same
// cases give the same interval.
func TestCompare(t *testing.T) {
	make1 := func() map[string][]Case {
		m := map[string][]Case{}
		for _, p := range []string{"a", "b", "c", "d"} {
			m["product"] = append(m["product"], Case{Cut: "x", Person: p, N: 1, Hits: 1})
			m["popularity"] = append(m["popularity"], Case{Cut: "x", Person: p, N: 1, Hits: 0})
			m["knn"] = append(m["knn"], Case{Cut: "x", Person: p, N: 1, Hits: 0.25})
		}
		return m
	}
	c, ok := compare("hit", make1(), mean)
	if !ok || c.BestMethod != "knn" || c.Product != 1 || c.Low != 0.75 || c.High != 0.75 || c.Better != 1 || c.Persons != 4 {
		t.Errorf("got %+v", c)
	}
	m := make1()
	m["product"][0].Hits = 0
	first, _ := compare("hit", m, mean)
	again, _ := compare("hit", m, mean)
	if first != again || first.Low >= first.High {
		t.Errorf("got %+v, then %+v", first, again)
	}
	if _, ok := compare("hit", map[string][]Case{}, mean); ok {
		t.Error("nothing was compared")
	}
}
