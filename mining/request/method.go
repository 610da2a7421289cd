package request

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// A Method turns what the rates and the peers say of a case into a probability.
type Method string

// The methods that are compared on the tenant's own decisions.
const (
	Overall  Method = "overall"  // the rate of all decisions, whatever is asked: to be beaten
	Lattice  Method = "lattice"  // the mean of the narrowest shrunk rates
	Logistic Method = "logistic" // every rate's addition to the wider ones has a weight of its own
)

// Methods lists them, the simplest first.
var Methods = []Method{Overall, Lattice, Logistic}

// peerInputs is the number of inputs that speak of the peers.
const peerInputs = 2

// width is the number of a method's inputs.
func (m Method) width(r *rates) int {
	switch m {
	case Lattice:
		return 2 + peerInputs
	case Logistic:
		return 2 + len(r.sets) + peerInputs
	}
	return 1
}

// inputs fills a row: a constant or, where rates speak, the log odds that they
// make one expect; the rates' additions; the peers.
func (m Method) inputs(row []float64, r *rates, v view, p Peers) {
	clear(row)
	if row[0] = 1; m == Overall {
		return
	}
	row[1] = v.base
	if m == Lattice {
		row[1] = r.lattice(v)
	} else {
		copy(row[2:], v.adds)
	}
	row[len(row)-2], row[len(row)-1] = p.inputs()
}

// inputs are the log odds of the shares of holders and of users, less those of
// a share of three in ten; 0 where nothing is known.
func (p Peers) inputs() (hold, use float64) {
	const common = 0.3
	share := func(k int) float64 { return logit((float64(k)+4*common)/(float64(p.N)+4)) - logit(common) }
	if p.N == 0 {
		return 0, 0
	}
	if p.Seen {
		return 0, share(p.U)
	}
	return share(p.K), 0
}

// lattice is the mean of the narrowest sets' log odds, of those with the
// entitlement, each weighed by how much it rests on data.
func (r *rates) lattice(v view) float64 {
	narrow := len(r.sets[len(r.sets)-1].of)
	var sum, weight float64
	for j, x := range r.sets {
		if len(x.of) == narrow && x.of[0] == 0 {
			w := v.rests[j] + 0.05
			sum, weight = sum+w*v.odds[j], weight+w
		}
	}
	if weight == 0 {
		return v.base
	}
	return sum / weight
}

// prior is what is expected of the coefficients without any case, and how firmly.
func (m Method) prior(r *rates) (expected, pull []float64) {
	expected, pull = make([]float64, m.width(r)), make([]float64, m.width(r))
	for j := range pull {
		pull[j] = 30
	}
	pull[0] = 1
	if m == Overall {
		expected[0], pull[0] = r.base(-1), 1e6
		return expected, pull
	}
	expected[1] = 1
	expected[len(expected)-2], expected[len(expected)-1] = 0.4, 0.4
	return expected, pull
}

// A Model is a method fitted to cases.
type Model struct {
	Method Method
	Cases  int
	Trials []Trial // every method, tried on what it was not fitted to

	rates *rates
	coef  []float64
	cov   *mat.SymDense
}

// A Trial says how a method did on cases that it was not fitted to.
type Trial struct {
	Method  Method
	Cases   int
	LogLoss float64 // mean, by weight
	AUC     float64 // 0.5 by chance
}

// Fit counts the rates of the cases, which come in the order of their time, and
// fits a method: the one of the least mean log-loss on the newest fifth of the
// cases when it knows only the others. Below fewCases the lattice serves untried.
func Fit(cases []Case) (*Model, error) {
	best, trials, err := try(cases)
	if err != nil {
		return nil, err
	}
	m, err := learn(cases).fit(best)
	if err != nil {
		return nil, err
	}
	m.Trials = trials
	return m, nil
}

// A learner holds cases and what the rates say of them.
type learner struct {
	cases []Case
	rates *rates
	views []view
}

func learn(cases []Case) learner {
	r, views := newRates(newSpace(cases), cases)
	return learner{cases, r, views}
}

// fit fits one method.
func (l learner) fit(method Method) (m *Model, err error) {
	m = &Model{Method: method, Cases: len(l.cases), rates: l.rates}
	if m.coef, m.cov, err = l.problem(method).fit(); err != nil {
		return nil, fmt.Errorf("fit the method %s: %w", method, err)
	}
	return m, nil
}

// fewCases is the number of decisions below which no method is tried.
const fewCases = 100

// problem is the regression of a method on all cases, each seen by rates that
// have not seen its fold.
func (l learner) problem(method Method) ridge {
	n := max(1, len(l.cases)) // without any case one of no weight
	out := ridge{x: mat.NewDense(n, method.width(l.rates), nil), y: make([]float64, n), w: make([]float64, n)}
	for i, c := range l.cases {
		method.inputs(out.x.RawRowView(i), l.rates, l.views[i], c.Peers)
		out.y[i], out.w[i] = c.Needed, c.Weight
	}
	out.expected, out.pull = method.prior(l.rates)
	return out
}

// try fits every method to the older cases and asks it about the newest fifth.
func try(cases []Case) (best Method, trials []Trial, err error) {
	if len(cases) < fewCases {
		return Lattice, nil, nil
	}
	n, least := len(cases)*4/5, math.Inf(1)
	l := learn(cases[:n])
	for _, method := range Methods {
		m, err := l.fit(method)
		if err != nil {
			return "", nil, err
		}
		p := make([]float64, len(cases)-n)
		for i, c := range cases[n:] {
			p[i] = m.probability(c)
		}
		t := Trial{method, len(p), LogLoss(p, cases[n:]), AUC(p, cases[n:])}
		if trials = append(trials, t); method != Overall && t.LogLoss < least {
			best, least = method, t.LogLoss
		}
	}
	return best, trials, nil
}

// probability is the score without its interval.
func (m *Model) probability(c Case) float64 {
	row := make([]float64, len(m.coef))
	m.Method.inputs(row, m.rates, m.rates.view(c), c.Peers)
	return expit(dot(row, m.coef))
}
