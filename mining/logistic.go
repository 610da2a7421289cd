package mining

import (
	"errors"
	"fmt"
	"math"

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
type logit struct {
	bins  []bin   // read in their order; equal bins give equal bits
	sign  []int   // +1 or -1 where b[j] must not be negative or positive, 0 where it is free
	ridge float64 // weight of the prior expectation that b is 0, in cases
}

// fit estimates b0 and b by iteratively reweighted least squares (McCullagh and
// Nelder, Generalized Linear Models, 2nd ed., section 4.4) on standardised
// inputs, under a penalty on the squared coefficients (le Cessie and van
// Houwelingen, Applied Statistics 41, 1992). It keeps a separable training set
// finite, and a small one from believing chance. An input whose coefficient
// comes out with the wrong sign is left out and the rest refitted, so that the
// result is monotone; one that does not vary is left out as well.
func (l logit) fit() (intercept float64, b []float64, err error) {
	if len(l.bins) == 0 {
		return 0, nil, errors.New("fit the idle model: no cases")
	}
	mean, sd := moments(l.bins, len(l.sign))
	active := make([]bool, len(l.sign))
	for j := range active {
		active[j] = sd[j] > 1e-9
	}
	for range len(l.sign) + 1 {
		beta, err := l.newton(mean, sd, active)
		if err != nil {
			return 0, nil, err
		}
		worst := worstSign(beta[1:], l.sign, active)
		if worst < 0 {
			return unscale(beta, mean, sd, active)
		}
		active[worst] = false
	}
	return 0, nil, errors.New("fit the idle model: no monotone solution")
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

// newton iterates on the active inputs; the inactive ones keep coefficient 0.
func (l logit) newton(mean, sd []float64, active []bool) ([]float64, error) {
	p := len(active) + 1
	beta, z := make([]float64, p), make([]float64, p)
	for range 50 {
		hess, grad := mat.NewSymDense(p, nil), mat.NewVecDense(p, nil)
		for _, c := range l.bins {
			eta := standardise(z, c, beta, mean, sd, active)
			mu := 1 / (1 + math.Exp(-eta))
			accumulate(hess, grad, z, c.n*mu*(1-mu), c.used-c.n*mu)
		}
		for j := range active {
			hess.SetSym(j+1, j+1, hess.At(j+1, j+1)+max(l.ridge, 1e-9))
			grad.SetVec(j+1, grad.AtVec(j+1)-l.ridge*beta[j+1])
		}
		hess.SetSym(0, 0, hess.At(0, 0)+1e-9)
		largest, err := advance(beta, hess, grad)
		if err != nil || largest < 1e-9 {
			return beta, err
		}
	}
	return beta, nil
}

// advance takes a Newton step of at most 2 in each coefficient, and returns the
// largest part of it.
func advance(beta []float64, hess *mat.SymDense, grad *mat.VecDense) (float64, error) {
	var chol mat.Cholesky
	if !chol.Factorize(hess) {
		return 0, errors.New("fit the idle model: singular information matrix")
	}
	var step mat.VecDense
	if err := chol.SolveVecTo(&step, grad); err != nil {
		return 0, fmt.Errorf("fit the idle model: %w", err)
	}
	largest := 0.0
	for j := range beta {
		d := math.Max(-2, math.Min(2, step.AtVec(j)))
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
