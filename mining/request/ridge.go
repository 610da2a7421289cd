package request

import (
	"errors"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// A ridge is a logistic regression under normal priors:
//
//	P(needed) = 1 / (1 + exp(-b·x))
//
// with each coefficient pulled towards what is expected of it.
type ridge struct {
	x        *mat.Dense // one row a case
	y, w     []float64  // outcome 0 to 1, and weight
	expected []float64  // of each coefficient
	pull     []float64  // precision of that expectation
}

// fit takes Newton steps (iteratively reweighted least squares, McCullagh and
// Nelder, Generalized Linear Models, 2nd ed., section 4.4; penalised as in le
// Cessie and van Houwelingen, Applied Statistics 41, 1992) from the expectation,
// and returns the coefficients and the inverse of the information.
func (r ridge) fit() ([]float64, *mat.SymDense, error) {
	n, p := r.x.Dims()
	beta := slices.Clone(r.expected)
	scaled := mat.NewDense(max(n, 1), p, nil)
	for range 60 {
		hess, grad := r.system(beta, scaled, n, p)
		var chol mat.Cholesky
		if !chol.Factorize(hess) {
			return nil, nil, errors.New("fit the requests: singular information matrix")
		}
		var step mat.VecDense
		if err := chol.SolveVecTo(&step, grad); err != nil {
			return nil, nil, err
		}
		largest := 0.0
		for j := range beta {
			d := math.Max(-1, math.Min(1, step.AtVec(j)))
			beta[j] += d
			largest = math.Max(largest, math.Abs(d))
		}
		if largest < 1e-7 {
			var inverse mat.SymDense
			err := chol.InverseTo(&inverse)
			return beta, &inverse, err
		}
	}
	return nil, nil, errors.New("fit the requests: no end of the Newton steps")
}

// system is the information matrix and the gradient at beta.
func (r ridge) system(beta []float64, scaled *mat.Dense, n, p int) (*mat.SymDense, *mat.VecDense) {
	hess, grad := mat.NewSymDense(p, nil), mat.NewVecDense(p, nil)
	for i := range n {
		row := r.x.RawRowView(i)
		mu := expit(dot(row, beta))
		root, miss := math.Sqrt(r.w[i]*mu*(1-mu)), r.w[i]*(r.y[i]-mu)
		into := scaled.RawRowView(i)
		for j, v := range row {
			into[j] = root * v
			grad.SetVec(j, grad.AtVec(j)+miss*v)
		}
	}
	if n > 0 {
		hess.SymOuterK(1, scaled.T())
	}
	for j := range p {
		hess.SetSym(j, j, hess.At(j, j)+r.pull[j])
		grad.SetVec(j, grad.AtVec(j)-r.pull[j]*(beta[j]-r.expected[j]))
	}
	return hess, grad
}

func dot(a, b []float64) (sum float64) {
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}
