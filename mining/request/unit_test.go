package request

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// same repeats a case n times, k of them approved.
func same(entitlement, title string, n, k int) (out []Case) {
	for i := range n {
		c := Case{Who: string(rune('a' + i%26)), Entitlement: entitlement, Attributes: map[string]string{"title": title}, Weight: 1}
		if i < k {
			c.Needed = 1
		}
		out = append(out, c)
	}
	return out
}

// A rate is the mean of the beta distribution that its prior and its decisions
// make, and the strength of the prior is found again in rates drawn with it.
func TestRatesArePosteriorMeans(t *testing.T) {
	tb := table{cells: []cell{{n: 10, k: 3}}, strength: 8}
	odds, rests := tb.rate(0, 0.6, -1)
	if want := (distuv.Beta{Alpha: 8*0.6 + 3, Beta: 8*0.4 + 7}).Mean(); math.Abs(expit(odds)-want) > 1e-12 || math.Abs(rests-10.0/18) > 1e-12 {
		t.Errorf("rate %.6f resting %.3f, want %.6f", expit(odds), rests, want)
	}
	if odds, rests = tb.rate(-1, 0.6, -1); math.Abs(expit(odds)-0.6) > 1e-12 || rests != 0 {
		t.Errorf("a rate without decisions is %.3f resting %.3f, want its prior", expit(odds), rests)
	}
	for _, s := range []float64{3, 12, 60} {
		src := rand.New(rand.NewPCG(1, uint64(s)))
		beta, cells := distuv.Beta{Alpha: s * 0.8, Beta: s * 0.2, Src: src}, make([]cell, 4000)
		for i := range cells {
			p := beta.Rand()
			for range 30 {
				c := Case{Weight: 1}
				if src.Float64() < p {
					c.Needed = 1
				}
				cells[i].add(c, 0, 0.8)
			}
		}
		if got := strength(cells); got < 0.85*s || got > 1.18*s {
			t.Errorf("strength %.1f, drawn with %.0f", got, s)
		}
	}
}

// The coefficients are where the penalised likelihood has no slope.
func TestRidgeEndsWhereNothingRises(t *testing.T) {
	cases, _ := invented(5, 400)
	p := learn(cases).problem(Lattice)
	b, _, err := p.fit()
	if err != nil {
		t.Fatal(err)
	}
	value := func(b []float64) (sum float64) {
		for i, y := range p.y {
			mu := expit(dot(p.x.RawRowView(i), b))
			sum += p.w[i] * (y*math.Log(mu) + (1-y)*math.Log(1-mu))
		}
		for j := range b {
			sum -= p.pull[j] / 2 * (b[j] - p.expected[j]) * (b[j] - p.expected[j])
		}
		return sum
	}
	top := value(b)
	for j := range b {
		for _, d := range []float64{-1e-3, 1e-3} {
			b[j] += d
			if value(b) > top {
				t.Errorf("moving coefficient %d by %v rises", j, d)
			}
			b[j] -= d
		}
	}
}

// What was refused to a title is less likely for it, and the reasons say so
// first; without any decision the peers speak, and without them nothing is known.
func TestScoresAndReasons(t *testing.T) {
	var cases []Case
	cases = append(cases, same("vault", "clerk", 40, 2)...)
	cases = append(cases, same("vault", "admin", 40, 39)...)
	cases = append(cases, same("mail", "clerk", 40, 40)...)
	cases = append(cases, same("mail", "admin", 40, 40)...)
	m, err := Fit(cases)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(e, title string, p Peers) Score {
		return m.Score(Case{Entitlement: e, Attributes: map[string]string{"title": title}, Peers: p})
	}
	clerk, admin, other := ask("vault", "clerk", Peers{}), ask("vault", "admin", Peers{}), ask("vault", "painter", Peers{})
	if clerk.Probability > 0.3 || admin.Probability < 0.8 || other.Probability < clerk.Probability || other.Probability > admin.Probability {
		t.Errorf("clerk %.2f, admin %.2f, somebody else %.2f", clerk.Probability, admin.Probability, other.Probability)
	}
	if r := clerk.Reasons[0]; r.Code != "approval_rate" || r.Of["entitlement"] != "vault" || r.Effect >= 0 || r.K > 2*r.N/3 {
		t.Errorf("the most telling reason is %+v", r)
	}
	if other.High-other.Low < admin.High-admin.Low {
		t.Errorf("a title never seen is surer (%.2f to %.2f) than a known one (%.2f to %.2f)", other.Low, other.High, admin.Low, admin.High)
	}
	again, err := Fit(cases)
	if err != nil || !reflect.DeepEqual(again.coef, m.coef) {
		t.Errorf("a second fit differs: %v", err)
	}
	if m, err = Fit(nil); err != nil {
		t.Fatal(err)
	}
	none, many, few := ask("vault", "clerk", Peers{}), ask("vault", "clerk", Peers{N: 20, K: 18}), ask("vault", "clerk", Peers{N: 20, U: 0, K: 18, Seen: true})
	if none.Probability != 0.5 || none.High-none.Low < 0.6 || none.Reasons[0].Code != "no_decisions" {
		t.Errorf("knowing nothing gives %+v", none)
	}
	if many.Probability < 0.6 || few.Probability > 0.4 || many.Reasons[1].Code != "peers_hold" || few.Reasons[1].Code != "peers_use" {
		t.Errorf("many peers %+v, no user among them %+v", many, few)
	}
}

// A case of weight 0 counts for nothing.
func TestWeights(t *testing.T) {
	cases := append(same("vault", "clerk", 60, 30), same("mail", "clerk", 60, 60)...)
	for i := range cases {
		if i < 30 {
			cases[i].Weight = 0 // the approvals of the vault
		}
	}
	m, err := Fit(cases)
	if err != nil {
		t.Fatal(err)
	}
	if p := m.Score(Case{Entitlement: "vault", Attributes: map[string]string{"title": "clerk"}}).Probability; p > 0.25 {
		t.Errorf("the vault is approved with %.2f although only denials count", p)
	}
}
