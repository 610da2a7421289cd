package mining

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/optimize"
)

// near fails unless the numbers agree.
func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s: got %.6f, want %.6f", what, got, want)
	}
}

// The space shuttle's O-rings before the Challenger: temperature in °F and
// whether any ring showed distress (Dalal, Fowlkes and Hoadley, JASA 84, 1989).
// R's glm gives 15.0429 and -0.2322.
func TestLogitGivesThePublishedCoefficients(t *testing.T) {
	distress := map[int]float64{53: 1, 57: 1, 58: 1, 63: 1, 70: 2, 75: 1}
	flights := []int{53, 57, 58, 63, 66, 67, 67, 67, 68, 69, 70, 70, 70, 70, 72, 73, 75, 75, 76, 76, 78, 79, 81}
	var bins []bin
	for i, f := range flights {
		if i > 0 && f == flights[i-1] {
			bins[len(bins)-1].n++
			continue
		}
		bins = append(bins, bin{x: []float64{float64(f)}, n: 1, used: distress[f]})
	}
	intercept, b, err := logit{bins: bins, sign: []int{0}, ridge: evenly(0, 1)}.fit()
	if err != nil {
		t.Fatal(err)
	}
	near(t, "intercept", intercept, 15.0429, 5e-4)
	near(t, "temperature", b[0], -0.2322, 5e-5)
}

// madeUp draws cases whose outcome depends on the first two of three inputs.
func madeUp(n int) (bins []bin) {
	r := rand.New(rand.NewPCG(1, 2))
	for range n {
		x := []float64{r.NormFloat64() * 3, 5 + r.NormFloat64(), r.Float64() * 100}
		c := bin{x: x, n: float64(1 + r.IntN(4))}
		for range int(c.n) {
			if r.Float64() < 1/(1+math.Exp(-(1+0.5*x[0]-0.8*(x[1]-5)))) {
				c.used++
			}
		}
		bins = append(bins, c)
	}
	return bins
}

// The penalised likelihood's maximum, found by another method on another
// parametrisation, is the fit.
func TestLogitAgreesWithAGeneralOptimiser(t *testing.T) {
	l := logit{bins: madeUp(300), sign: []int{0, 0, 0}, ridge: evenly(25, 3)}
	intercept, b, err := l.fit()
	if err != nil {
		t.Fatal(err)
	}
	mean, sd := moments(l.bins, 3)
	loss := func(w []float64) (out float64) {
		for _, c := range l.bins {
			eta := w[0]
			for j, x := range c.x {
				eta += w[j+1] * (x - mean[j]) / sd[j]
			}
			out += c.n*math.Log1p(math.Exp(eta)) - c.used*eta
		}
		for j := range l.sign {
			out += l.ridge[j+1] / 2 * w[j+1] * w[j+1]
		}
		return out
	}
	problem := optimize.Problem{Func: loss, Grad: func(grad, w []float64) { fd.Gradient(grad, loss, w, &fd.Settings{Formula: fd.Central}) }}
	found, err := optimize.Minimize(problem, make([]float64, 4), &optimize.Settings{GradientThreshold: 1e-5}, &optimize.BFGS{})
	if found == nil {
		t.Fatal(err)
	}
	want := found.X[0]
	for j := range b {
		near(t, "coefficient", b[j], found.X[j+1]/sd[j], 1e-4)
		want -= found.X[j+1] / sd[j] * mean[j]
	}
	near(t, "intercept", intercept, want, 1e-3)
}

// An input that works against its meaning is left out, not turned round; one
// that never varies is left out too.
func TestLogitIsMonotone(t *testing.T) {
	bins := madeUp(300)
	for i := range bins {
		bins[i].x = append(bins[i].x, 7)
	}
	l := logit{bins: bins, sign: []int{+1, +1, 0, -1}, ridge: evenly(1, 4)}
	_, b, err := l.fit()
	if err != nil {
		t.Fatal(err)
	}
	if b[0] <= 0 || b[1] != 0 || b[3] != 0 {
		t.Errorf("coefficients %v: want the first positive, the second and the last left out", b)
	}
	l.bins = nil
	if _, _, err := l.fit(); err == nil {
		t.Error("fitted nothing at all without an error")
	}
}

// Cases that part cleanly stay finite; few are doubted, many are believed.
func TestLogitDoubtsFewCases(t *testing.T) {
	l := logit{bins: []bin{{x: []float64{0}, n: 3}, {x: []float64{1}, n: 3, used: 3}}, sign: []int{+1}, ridge: evenly(10, 1)}
	_, few, err := l.fit()
	if err != nil {
		t.Fatal(err)
	}
	l.bins = []bin{{x: []float64{0}, n: 30000, used: 300}, {x: []float64{1}, n: 30000, used: 29700}}
	_, many, err := l.fit()
	if err != nil {
		t.Fatal(err)
	}
	if few[0] <= 0 || few[0] > 1 {
		t.Errorf("six cases give %.3f", few[0])
	}
	near(t, "sixty thousand cases", many[0], 2*math.Log(99), 0.2)
}
