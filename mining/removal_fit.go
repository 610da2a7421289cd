package mining

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// removalInterceptRidge keeps the intercept finite where nothing was ever
// withdrawn; twenty pairs outweigh it.
const removalInterceptRidge = 1.0

// fitRemoval estimates the removal model by penalised likelihood: Newton steps
// on the logistic likelihood with a normal prior around the built-in
// coefficients (le Cessie and van Houwelingen 1992, Ridge estimators in
// logistic regression, with a mean other than 0). An input whose coefficient
// comes out with the wrong sign is left out and the rest refitted. Without
// cases the built-in coefficients come out. The inputs are standardised.
func fitRemoval(bins []bin) (removalFit, error) {
	f := removalFit{}
	for _, c := range bins {
		f.n += c.n
		f.positives += c.used
	}
	active := make([]bool, len(removalInputs))
	for j := range active {
		active[j] = true
	}
	sign := make([]int, len(removalInputs))
	for j, in := range removalInputs {
		sign[j] = in.sign
	}
	for range len(removalInputs) + 1 {
		beta, err := towardsPrior(bins, active)
		if err != nil {
			return f, err
		}
		worst := worstSign(beta[1:], sign, active)
		if worst < 0 {
			f.intercept, f.coef = beta[0], beta[1:]
			return f, nil
		}
		active[worst] = false
	}
	return f, errors.New("fit the removal model: no monotone solution")
}

// towardsPrior takes Newton steps from the built-in coefficients. Inputs that
// are not active keep coefficient 0.
func towardsPrior(bins []bin, active []bool) ([]float64, error) {
	p := len(active) + 1
	prior, ridge := make([]float64, p), make([]float64, p)
	prior[0], ridge[0] = removalPriorIntercept, removalInterceptRidge
	mean, sd := make([]float64, len(active)), make([]float64, len(active))
	for j, in := range removalInputs {
		sd[j], ridge[j+1] = 1, removalRidge
		if active[j] {
			prior[j+1] = in.prior
		}
	}
	beta, z := append([]float64(nil), prior...), make([]float64, p)
	for range 100 {
		hess, grad := mat.NewSymDense(p, nil), mat.NewVecDense(p, nil)
		for _, c := range bins {
			mu := 1 / (1 + math.Exp(-standardise(z, c, beta, mean, sd, active)))
			accumulate(hess, grad, z, c.n*mu*(1-mu), c.used-c.n*mu)
		}
		for j := range p {
			hess.SetSym(j, j, hess.At(j, j)+ridge[j])
			grad.SetVec(j, grad.AtVec(j)-ridge[j]*(beta[j]-prior[j]))
		}
		var chol mat.Cholesky
		if !chol.Factorize(hess) {
			return nil, errors.New("fit the removal model: singular information matrix")
		}
		var step mat.VecDense
		if err := chol.SolveVecTo(&step, grad); err != nil {
			return nil, fmt.Errorf("fit the removal model: %w", err)
		}
		largest := 0.0
		for j := range beta {
			d := math.Max(-1, math.Min(1, step.AtVec(j)))
			beta[j] += d
			largest = math.Max(largest, math.Abs(d))
		}
		if largest < 1e-9 {
			return beta, nil
		}
	}
	return nil, errors.New("fit the removal model: no end of the Newton steps")
}
