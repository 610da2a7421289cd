package mining

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// A bin is a group of cases with the same inputs: n cases, of which used came
// true.
type bin struct {
	x       []float64
	n, used float64
}

// A logit is a logistic regression to be fitted:
//
//	P(used) = 1 / (1 + exp(-(b0 + b·x)))
//
// under a normal prior, that is, a penalty on the squared distance of each
// coefficient from what is expected of it. It is set per standard deviation of
// the input, with the intercept first.
type logit struct {
	what   string    // is fitted, for errors
	bins   []bin     // read in their order; equal bins give equal bits
	sign   []int     // +1 or -1 where b[j] must not be negative or positive, 0 where it is free
	prior  []float64 // expected b0 and b; nil for 0
	ridge  []float64 // weight of that expectation, in units of a case's information; 0 for none
	scaled bool      // the inputs are standardised already
}

// evenly doubts p inputs with the same weight, and the intercept not at all.
func evenly(ridge float64, p int) []float64 {
	out := make([]float64, p+1)
	for j := range p {
		out[j+1] = ridge
	}
	return out
}

// fit estimates b0 and b by iteratively reweighted least squares (McCullagh and
// Nelder, Generalized Linear Models, 2nd ed., section 4.4) on standardised
// inputs, under the penalty (le Cessie and van Houwelingen, Applied Statistics
// 41, 1992, with a mean other than 0 where one is given). It keeps a separable
// training set finite, and a small one from believing chance; without cases the
// expectation comes out. An input whose coefficient comes out with the wrong
// sign is left out and the rest refitted, so that the result is monotone; one
// that does not vary is left out as well.
func (l logit) fit() (intercept float64, b []float64, err error) {
	if len(l.bins) == 0 && l.prior == nil {
		return 0, nil, fmt.Errorf("fit %s: no cases", l.what)
	}
	mean, sd := l.moments()
	active := make([]bool, len(l.sign))
	for j := range active {
		active[j] = sd[j] > 1e-9
	}
	for range len(l.sign) + 1 {
		beta, err := l.newton(mean, sd, active)
		if err != nil {
			return 0, nil, fmt.Errorf("fit %s: %w", l.what, err)
		}
		worst := worstSign(beta[1:], l.sign, active)
		if worst < 0 {
			return unscale(beta, mean, sd, active)
		}
		active[worst] = false
	}
	return 0, nil, fmt.Errorf("fit %s: no monotone solution", l.what)
}

// moments returns the means and standard deviations of the inputs.
func (l logit) moments() (mean, sd []float64) {
	if !l.scaled {
		return moments(l.bins, len(l.sign))
	}
	mean, sd = make([]float64, len(l.sign)), make([]float64, len(l.sign))
	for j := range sd {
		sd[j] = 1
	}
	return mean, sd
}

// moments returns the case-weighted means and standard deviations.
func moments(bins []bin, p int) (mean, sd []float64) {
	mean, sd = make([]float64, p), make([]float64, p)
	var n float64
	for _, c := range bins {
		n += c.n
		for j := range p {
			mean[j] += c.n * c.x[j]
		}
	}
	for j := range p {
		mean[j] /= n
	}
	for _, c := range bins {
		for j := range p {
			sd[j] += c.n * (c.x[j] - mean[j]) * (c.x[j] - mean[j])
		}
	}
	for j := range p {
		sd[j] = math.Sqrt(sd[j] / n)
	}
	return mean, sd
}

// newton iterates from the expectation on the active inputs; the inactive ones
// keep coefficient 0.
func (l logit) newton(mean, sd []float64, active []bool) ([]float64, error) {
	p := len(active) + 1
	prior := l.expected(active)
	beta, z := slices.Clone(prior), make([]float64, p)
	for range 100 {
		hess, grad := mat.NewSymDense(p, nil), mat.NewVecDense(p, nil)
		for _, c := range l.bins {
			eta := standardise(z, c, beta, mean, sd, active)
			mu := 1 / (1 + math.Exp(-eta))
			accumulate(hess, grad, z, c.n*mu*(1-mu), c.used-c.n*mu)
		}
		for j := range p {
			hess.SetSym(j, j, hess.At(j, j)+max(l.ridge[j], 1e-9))
			grad.SetVec(j, grad.AtVec(j)-l.ridge[j]*(beta[j]-prior[j]))
		}
		largest, err := advance(beta, hess, grad)
		if err != nil || largest < 1e-9 {
			return beta, err
		}
	}
	return nil, errors.New("no end of the Newton steps")
}

// expected is the prior of the active inputs; of the inactive ones nothing is
// expected.
func (l logit) expected(active []bool) []float64 {
	out := make([]float64, len(active)+1)
	if l.prior == nil {
		return out
	}
	out[0] = l.prior[0]
	for j, on := range active {
		if on {
			out[j+1] = l.prior[j+1]
		}
	}
	return out
}

// advance takes a Newton step of at most 1 in each coefficient, and returns the
// largest part of it.
func advance(beta []float64, hess *mat.SymDense, grad *mat.VecDense) (float64, error) {
	var chol mat.Cholesky
	if !chol.Factorize(hess) {
		return 0, errors.New("singular information matrix")
	}
	var step mat.VecDense
	if err := chol.SolveVecTo(&step, grad); err != nil {
		return 0, err
	}
	largest := 0.0
	for j := range beta {
		d := math.Max(-1, math.Min(1, step.AtVec(j)))
		beta[j] += d
		largest = math.Max(largest, math.Abs(d))
	}
	return largest, nil
}

// standardise fills z with 1 and the standardised inputs, and returns beta·z.
func standardise(z []float64, c bin, beta, mean, sd []float64, active []bool) float64 {
	z[0] = 1
	eta := beta[0]
	for j, on := range active {
		z[j+1] = 0
		if on {
			z[j+1] = (c.x[j] - mean[j]) / sd[j]
			eta += beta[j+1] * z[j+1]
		}
	}
	return eta
}

// accumulate adds one bin to the information matrix and the score.
func accumulate(hess *mat.SymDense, grad *mat.VecDense, z []float64, w, r float64) {
	for i := range z {
		if z[i] == 0 {
			continue
		}
		grad.SetVec(i, grad.AtVec(i)+r*z[i])
		for j := i; j < len(z); j++ {
			hess.SetSym(i, j, hess.At(i, j)+w*z[i]*z[j])
		}
	}
}

// worstSign returns the active input whose coefficient breaks its sign most, or
// -1.
func worstSign(b []float64, sign []int, active []bool) int {
	worst, size := -1, 0.0
	for j, s := range sign {
		if bad := -float64(s) * b[j]; active[j] && bad > size {
			worst, size = j, bad
		}
	}
	return worst
}

// unscale returns the coefficients for raw inputs.
func unscale(beta, mean, sd []float64, active []bool) (float64, []float64, error) {
	intercept, b := beta[0], make([]float64, len(active))
	for j, on := range active {
		if on {
			b[j] = beta[j+1] / sd[j]
			intercept -= b[j] * mean[j]
		}
	}
	return intercept, b, nil
}
