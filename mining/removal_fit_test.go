package mining

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/optimize"
)

// withdrawals are cases of a known law: what has a high third input goes often.
func withdrawals() (bins []bin) {
	for a := -2.0; a <= 2; a++ {
		for b := -2.0; b <= 2; b++ {
			x := make([]float64, len(removalInputs))
			x[0], x[3] = a, b
			n := 4000 + 100*(a+2) + 10*(b+2)
			bins = append(bins, bin{x: x, n: n, used: math.Round(n / (1 + math.Exp(2.5+0.3*a-0.8*b)))})
		}
	}
	return bins
}

// Without cases the built-in coefficients come out.
func TestRemovalWithoutHistoryIsThePrior(t *testing.T) {
	f, err := fitRemoval(nil)
	if err != nil {
		t.Fatal(err)
	}
	if f.method() != "prior" || f.intercept != removalPriorIntercept {
		t.Errorf("method %s, intercept %v", f.method(), f.intercept)
	}
	for j, in := range removalInputs {
		if f.coef[j] != in.prior {
			t.Errorf("%s is %v, want %v", in.name, f.coef[j], in.prior)
		}
	}
}

// The fit is the minimum of the penalised likelihood that a general minimiser
// finds too.
func TestRemovalFitAgainstAGeneralMinimiser(t *testing.T) {
	bins := withdrawals()
	f, err := fitRemoval(bins)
	if err != nil {
		t.Fatal(err)
	}
	loss := func(b []float64) float64 {
		sum := removalInterceptRidge / 2 * (b[0] - removalPriorIntercept) * (b[0] - removalPriorIntercept)
		for j, in := range removalInputs {
			sum += removalRidge / 2 * (b[j+1] - in.prior) * (b[j+1] - in.prior)
		}
		for _, c := range bins {
			eta := b[0]
			for j, x := range c.x {
				eta += b[j+1] * x
			}
			sum += c.n*math.Log1p(math.Exp(eta)) - c.used*eta
		}
		return sum / 1000
	}
	start := make([]float64, len(removalInputs)+1)
	r, err := optimize.Minimize(optimize.Problem{Func: loss}, start, &optimize.Settings{MajorIterations: 200000}, &optimize.NelderMead{})
	if err != nil {
		t.Fatal(err)
	}
	// Where the minimiser stops is above the minimum; ours must not be.
	ours := loss(append([]float64{f.intercept}, f.coef...))
	if ours > r.F+1e-9 || math.Abs(ours-r.F) > 1e-4*r.F {
		t.Errorf("our loss %v, theirs %v", ours, r.F)
	}
	if math.Abs(f.coef[0]+0.3) > 0.05 || math.Abs(f.coef[3]-0.8) > 0.05 || math.Abs(f.intercept+2.5) > 0.05 {
		t.Errorf("intercept %v, support %v, churn %v; want about -2.5, -0.3, 0.8", f.intercept, f.coef[0], f.coef[3])
	}
}

// A coefficient of the wrong sign is left out, however many cases speak for it.
func TestRemovalKeepsItsSigns(t *testing.T) {
	bins := withdrawals()
	for i := range bins {
		bins[i].x[0], bins[i].x[3] = -bins[i].x[0], -bins[i].x[3]
	}
	f, err := fitRemoval(bins)
	if err != nil {
		t.Fatal(err)
	}
	if f.coef[0] != 0 || f.coef[3] != 0 || f.coef[5] <= 0 {
		t.Errorf("coefficients %v", f.coef)
	}
}
