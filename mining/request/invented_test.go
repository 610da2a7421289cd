package request

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// A law decides requests of an invented company by hidden leanings of
// entitlements, attributes and pairs of them.
type law struct {
	rnd    *rand.Rand
	sd     map[string]float64 // spread of the leanings, by attribute or pair
	lean   map[string]float64
	bottom float64
}

// leaning is the hidden effect of a value, drawn when it is first asked for.
func (l *law) leaning(kind, value string) float64 {
	key := kind + "\x00" + value
	if _, ok := l.lean[key]; !ok {
		l.lean[key] = l.rnd.NormFloat64() * l.sd[kind]
	}
	return l.lean[key]
}

// zipf draws a number below n, small ones more often.
func zipf(rnd *rand.Rand, n int) int {
	return int(float64(n) * math.Pow(rnd.Float64(), 2.5))
}

// invented draws n requests of a company in which titles lie in families,
// departments in divisions, managers in departments; the truth of each is the
// probability with which it was approved.
func invented(seed uint64, n int) (cases []Case, truth []float64) {
	l := &law{rnd: rand.New(rand.NewPCG(seed, 7)), lean: map[string]float64{}, bottom: 3.2, sd: map[string]float64{
		"entitlement": 1.1, "department": 0.6, "title": 0.5, "manager": 0.9, "e×department": 1.2, "e×title": 0.9, "e×manager": 0.8}}
	for i := range n {
		manager, title, e := zipf(l.rnd, 900), zipf(l.rnd, 250), zipf(l.rnd, 1500)
		if l.rnd.Float64() < 0.6 { // people ask for what their department asks for
			e = (manager/6*37 + zipf(l.rnd, 60)) % 1500
		}
		a := map[string]string{"manager": fmt.Sprint("m", manager), "department": fmt.Sprint("d", manager/6), "division": fmt.Sprint("v", manager/60),
			"title": fmt.Sprint("t", title), "family": fmt.Sprint("f", title/12), "site": fmt.Sprint("s", zipf(l.rnd, 20))}
		ent := fmt.Sprint("e", e)
		z := l.bottom + l.leaning("entitlement", ent) + l.leaning("department", a["department"]) + l.leaning("title", a["title"]) +
			l.leaning("manager", a["manager"]) + l.leaning("e×department", ent+a["department"]) + l.leaning("e×title", ent+a["title"]) +
			l.leaning("e×manager", ent+a["manager"])
		c := Case{ID: fmt.Sprint(i), Who: fmt.Sprint("w", l.rnd.IntN(n)), Entitlement: ent, Attributes: a, Weight: 1}
		if l.rnd.Float64() < expit(z) {
			c.Needed = 1
		}
		cases, truth = append(cases, c), append(truth, expit(z))
	}
	return cases, truth
}

// fitAs fits one method, whatever the trials say.
func fitAs(t *testing.T, method Method, cases []Case) *Model {
	t.Helper()
	m, err := learn(cases).fit(method)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestMethodsOnInventedRequests prints what the methods reach on requests that
// they have not seen, and demands that each is better than the simpler one
// before it, which is the order in which a tenant's own trials choose: go test ./mining/request -run InventedRequests -v
func TestMethodsOnInventedRequests(t *testing.T) {
	for seed := range uint64(3) {
		cases, truth := invented(seed, 16000)
		train, test, real := cases[:12000], cases[12000:], truth[12000:]
		t.Logf("seed %d: %-10s AUC %.3f, log-loss %.4f", seed, "the truth", AUC(real, test), LogLoss(real, test))
		var loss []float64
		for _, method := range Methods {
			m := fitAs(t, method, train)
			p, inside := make([]float64, len(test)), 0
			for i, c := range test {
				s := m.Score(c)
				if p[i] = s.Probability; s.Low <= real[i] && real[i] <= s.High {
					inside++
				}
			}
			loss = append(loss, LogLoss(p, test))
			t.Logf("seed %d: %-10s AUC %.3f, log-loss %.4f, 90 %% intervals hold the truth in %.0f %%", seed, method, AUC(p, test), loss[len(loss)-1],
				100*float64(inside)/float64(len(test)))
			if n := len(loss); n > 1 && loss[n-1] >= loss[n-2] {
				t.Errorf("seed %d: %s is no better than %s", seed, method, Methods[n-2])
			}
		}
	}
}
