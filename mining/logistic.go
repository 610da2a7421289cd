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

// ridge is the penalty on the squared standardised coefficients, in units of
// cases. It keeps a separable training set finite.
const ridge = 1.0

// fitLogistic estimates the intercept and the coefficients of
//
//	P(used) = 1 / (1 + exp(-(b0 + b·x)))
//
// by iteratively reweighted least squares (McCullagh and Nelder, Generalized
// Linear Models, 2nd ed., section 4.4) on standardised inputs with a ridge
// penalty. sign[j] is +1 or -1 where the j-th coefficient must not be negative
// or positive, 0 where it is free: an input that comes out with the wrong sign
// is left out and the rest refitted, so that the result is monotone. The bins
// are read in their order; equal bins give equal bits.
func fitLogistic(bins []bin, sign []int) (intercept float64, b []float64, err error) {
	if len(bins) == 0 {
		return 0, nil, errors.New("fit the idle model: no cases")
	}
	mean, sd := moments(bins, len(sign))
	active := make([]bool, len(sign))
	for j := range active {
		active[j] = sd[j] > 1e-9
	}
	for range len(sign) + 1 {
		beta, err := newton(bins, mean, sd, active)
		if err != nil {
			return 0, nil, err
		}
		worst := worstSign(beta[1:], sign, active)
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
func newton(bins []bin, mean, sd []float64, active []bool) ([]float64, error) {
	p := len(active) + 1
	beta, z := make([]float64, p), make([]float64, p)
	for range 50 {
		hess, grad := mat.NewSymDense(p, nil), mat.NewVecDense(p, nil)
		for _, c := range bins {
			eta := standardise(z, c, beta, mean, sd, active)
			mu := 1 / (1 + math.Exp(-eta))
			accumulate(hess, grad, z, c.n*mu*(1-mu), c.used-c.n*mu)
		}
		for j := 1; j < p; j++ {
			hess.SetSym(j, j, hess.At(j, j)+ridge)
			grad.SetVec(j, grad.AtVec(j)-ridge*beta[j])
		}
		hess.SetSym(0, 0, hess.At(0, 0)+1e-9)
		var chol mat.Cholesky
		if !chol.Factorize(hess) {
			return nil, errors.New("fit the idle model: singular information matrix")
		}
		var step mat.VecDense
		if err := chol.SolveVecTo(&step, grad); err != nil {
			return nil, fmt.Errorf("fit the idle model: %w", err)
		}
		largest := 0.0
		for j := range beta {
			d := math.Max(-2, math.Min(2, step.AtVec(j)))
			beta[j] += d
			largest = math.Max(largest, math.Abs(d))
		}
		if largest < 1e-9 {
			return beta, nil
		}
	}
	return beta, nil
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
