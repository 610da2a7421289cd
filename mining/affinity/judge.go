package affinity

import "math"

// A method is a way to rank, and how well it did on the tenant's own past.
type method struct {
	name    string
	weights vector
	cases   int
	hit5    float64 // share of cases of which one of the first five was got
	mrr     float64 // mean reciprocal rank of the first that was got
	ln      float64 // mean ln of the probability of what was got
	chosen  bool
}

// minChoices is the least number of cases for a fit.
const minChoices = 30

// simple are the methods that need no fit.
func simple() []method {
	var popular, similar, implied vector
	popular[xPopular], similar[xSimilar], implied[xImplied] = 1, 1, 1
	return []method{{name: "popularity", weights: popular}, {name: "similar", weights: similar},
		{name: "implied", weights: implied}, {name: "even", weights: even()}}
}

// judge compares the methods forwards in time. The fit is made three times, on
// the oldest two, three and four fifths of the cuts, and judged on the fifth
// that follows; the others are judged on the same cases. The even weights serve
// unless another method is better by more than the standard error of the paired
// difference of reciprocal ranks (the one-standard-error rule of Breiman et al.
// 1984: what is fitted must earn its place); then the best of those serves. With
// fewer than 30 cases the even weights serve.
func judge(cases []choice) ([]method, error) {
	methods := append(simple(), method{name: "fitted"})
	rr := make([][]float64, len(methods))
	for fold := 2; fold < 5; fold++ {
		old, next := split(cases, fold)
		if len(old) < minChoices || len(next) == 0 {
			continue
		}
		w, err := fitChoices(old)
		if err != nil {
			return nil, err
		}
		methods[len(methods)-1].weights = w
		for m := range methods {
			for k := range next {
				rr[m] = append(rr[m], methods[m].take(&next[k]))
			}
		}
	}
	for m := range methods {
		methods[m].finish()
	}
	return choose(methods, rr, cases)
}

// split returns the cases of the oldest fold fifths of the cuts, and those of
// the fifth that follows.
func split(cases []choice, fold int) (old, next []choice) {
	if len(cases) == 0 {
		return nil, nil
	}
	cuts := cases[len(cases)-1].cut + 1
	first, last := cuts*fold/5, cuts*(fold+1)/5
	var a, b int
	for _, c := range cases {
		if c.cut < first {
			a++
		}
		if c.cut < last {
			b++
		}
	}
	return cases[:a], cases[a:b]
}

// take judges one case and returns its reciprocal rank. Ties go to the more
// popular, then to the smaller key.
func (m *method) take(c *choice) float64 {
	best := 0
	score := make([]float64, len(c.alts))
	for a, v := range c.alts {
		score[a] = v.dot(m.weights)
	}
	before := func(a, b int) bool {
		if score[a] != score[b] {
			return score[a] > score[b]
		}
		if pa, pb := c.alts[a][xPopular], c.alts[b][xPopular]; pa != pb {
			return pa > pb
		}
		return c.items[a] < c.items[b]
	}
	for a := 1; a < c.got; a++ {
		if before(a, best) {
			best = a
		}
	}
	rank := 1
	for a := range score {
		if a != best && before(a, best) {
			rank++
		}
	}
	_, ln := c.probabilities(m.weights)
	m.cases++
	m.ln += ln
	if rank <= 5 {
		m.hit5++
	}
	m.mrr += 1 / float64(rank)
	return 1 / float64(rank)
}

// finish turns sums into means.
func (m *method) finish() {
	if m.cases > 0 {
		n := float64(m.cases)
		m.hit5, m.mrr, m.ln = m.hit5/n, m.mrr/n, m.ln/n
	}
}

// choose marks the method that serves; a fit that serves is made on every case.
func choose(methods []method, rr [][]float64, cases []choice) ([]method, error) {
	const even, fitted = 3, 4
	best := even
	if len(rr[even]) >= minChoices {
		for m := range methods {
			if methods[m].mrr > methods[best].mrr && clearly(rr[m], rr[even]) {
				best = m
			}
		}
	}
	methods[best].chosen = true
	if len(cases) < minChoices {
		return methods, nil
	}
	w, err := fitChoices(cases)
	methods[fitted].weights = w
	return methods, err
}

// clearly tells whether a is better than b on the same cases by more than the
// standard error of the mean difference.
func clearly(a, b []float64) bool {
	n := float64(len(a))
	var sum, squares float64
	for k := range a {
		d := a[k] - b[k]
		sum, squares = sum+d, squares+d*d
	}
	mean := sum / n
	return mean > math.Sqrt(math.Max(0, squares/n-mean*mean)/n)
}

// chosen returns the weights that serve.
func chosen(methods []method) (w vector) {
	for _, m := range methods {
		if m.chosen {
			w = m.weights
		}
	}
	return w
}
