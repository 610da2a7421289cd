package backtest

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// Draws is the number of bootstrap draws.
const Draws = 1000

// A Comparison holds the product against the best simple method on one metric.
// The interval is of the difference, by drawing persons again with all their
// cases of every cut (a paired, clustered percentile bootstrap: Efron and
// Tibshirani 1993, chapter 13; Field and Welsh 2007).
type Comparison struct {
	Metric     string  `json:"metric"`
	Product    float64 `json:"product"`
	BestMethod string  `json:"best_simple_method"`
	Best       float64 `json:"best_simple"`
	Low        float64 `json:"difference_low"`  // 5 % of the draws lie below
	High       float64 `json:"difference_high"` // 5 % lie above
	Better     float64 `json:"share_of_draws_better"`
	Cases      int     `json:"cases"`
	Persons    int     `json:"persons"`
}

// A Case is what one method said of one person at one cut, or of one of the
// person's pairs.
type Case struct {
	Cut    string
	Person string
	Score  float64 // AUC: higher is likelier
	N      float64 // AUC: pairs with this score; mean: cases
	Hits   float64 // AUC: pairs that came true; mean: the sum of the values

	who int // index of the person
}

// A statistic computes a metric from cases with a weight for each person.
type statistic func(cases []Case, weight []float64) float64

// mean is the weighted mean of the cases' values.
func mean(cases []Case, weight []float64) float64 {
	var sum, n float64
	for _, c := range cases {
		w := weight[c.who]
		sum, n = sum+w*c.Hits, n+w*c.N
	}
	return sum / n
}

// meanAUC is the mean over the cuts of the weighted area under the ROC curve,
// ties counted half. The cases must be sorted by cut and score. A cut without
// either outcome counts nothing.
func meanAUC(cases []Case, weight []float64) float64 {
	var sum, cuts float64
	for i := 0; i < len(cases); {
		var hits, misses, won float64
		j := i
		for j < len(cases) && cases[j].Cut == cases[i].Cut {
			var h, m float64
			k := j
			for ; k < len(cases) && cases[k].Cut == cases[i].Cut && cases[k].Score == cases[j].Score; k++ {
				w := weight[cases[k].who]
				h, m = h+w*cases[k].Hits, m+w*(cases[k].N-cases[k].Hits)
			}
			won += h * (misses + m/2)
			hits, misses = hits+h, misses+m
			j = k
		}
		if hits > 0 && misses > 0 {
			sum, cuts = sum+won/(hits*misses), cuts+1
		}
		i = j
	}
	return sum / cuts
}

// number gives every person of the product's cases an index, sorts all cases,
// and returns how many persons there are. A case of somebody whom the product
// was not judged on is dropped.
func number(methods map[string][]Case) int {
	index := map[string]int{}
	for _, c := range methods["product"] {
		index[c.Person] = 0
	}
	for i, p := range sortedKeys(index) {
		index[p] = i
	}
	for name, cases := range methods {
		kept := cases[:0]
		for _, c := range cases {
			who, ok := index[c.Person]
			if c.who = who; ok {
				kept = append(kept, c)
			}
		}
		slices.SortFunc(kept, func(a, b Case) int {
			return cmp.Or(cmp.Compare(a.Cut, b.Cut), cmp.Compare(a.Score, b.Score), cmp.Compare(a.who, b.who))
		})
		methods[name] = kept
	}
	return len(index)
}

// compare holds the product's cases against every other method's. It returns
// false where there is nothing to compare.
func compare(metric string, methods map[string][]Case, of statistic) (Comparison, bool) {
	persons := number(methods)
	product, one := methods["product"], make([]float64, persons)
	for i := range one {
		one[i] = 1
	}
	out := Comparison{Metric: metric, Product: of(product, one), Best: math.Inf(-1), Cases: len(product), Persons: persons}
	for _, name := range sortedKeys(methods) {
		if v := of(methods[name], one); name != "product" && v > out.Best {
			out.Best, out.BestMethod = v, name
		}
	}
	if persons == 0 || out.BestMethod == "" || math.IsNaN(out.Product) {
		return Comparison{}, false
	}
	out.draw(persons, product, methods[out.BestMethod], of)
	return out, true
}

// draw fills the interval of the difference. The seed is fixed: the same cases
// give the same interval.
func (c *Comparison) draw(persons int, product, best []Case, of statistic) {
	random := rand.New(rand.NewPCG(1, uint64(persons))) //nolint:gosec // G404: a bootstrap that can be repeated, no secret
	var diffs []float64
	weight := make([]float64, persons)
	for range Draws {
		clear(weight)
		for range persons {
			weight[random.IntN(persons)]++
		}
		if d := of(product, weight) - of(best, weight); !math.IsNaN(d) {
			diffs = append(diffs, d)
		}
	}
	if len(diffs) == 0 {
		return
	}
	slices.Sort(diffs)
	c.Low, c.High = diffs[len(diffs)/20], diffs[len(diffs)-1-len(diffs)/20]
	above := slices.IndexFunc(diffs, func(d float64) bool { return d > 0 })
	if above < 0 {
		above = len(diffs)
	}
	c.Better = float64(len(diffs)-above) / float64(len(diffs))
}
