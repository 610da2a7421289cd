package affinity

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// evenness is the penalty that draws the weights towards the even ones, in
// units of cases: a hundred cases outweigh it several times.
const evenness = 20

// fitChoices estimates the weights w of a conditional logit (McFadden 1974),
//
//	P(person gets e, given that they get one thing) = exp(w·x_e) / sum over what they lack of exp(w·x),
//
// by Newton's method, several things got at once counting one case in equal
// parts, with a ridge towards the even weights. More of an input never makes a
// grant less likely, and what holds for everybody (how many hold it, how many
// got it lately) weighs at most as much as it does evenly: it may support a
// reason to give something to a person, but is none. A weight that comes out
// beyond its bound is held there and the others are fitted again.
func fitChoices(cases []choice) (vector, error) {
	var held [inputs]bool
	w := even()
	for range inputs + 1 {
		if err := newton(cases, &w, held); err != nil {
			return vector{}, err
		}
		worst, by := -1, 0.0
		for j := range w {
			if d := math.Abs(w[j] - bounded(j, w[j])); !held[j] && d > by {
				worst, by = j, d
			}
		}
		if worst < 0 {
			return w, nil
		}
		held[worst], w[worst] = true, bounded(worst, w[worst])
	}
	return vector{}, errors.New("fit the ranking: no solution within the weights' bounds")
}

// even are the weights where no history tells better.
func even() (w vector) {
	for j := range w {
		w[j] = evenWeight
	}
	return w
}

// bounded brings a weight to its nearest allowed value.
func bounded(input int, w float64) float64 {
	if input == xPopular || input == xRecent {
		w = math.Min(w, evenWeight)
	}
	return math.Max(0, w)
}

// newton moves the weights that are not held to where the penalised likelihood
// is highest.
func newton(cases []choice, w *vector, held [inputs]bool) error {
	for range 30 {
		hess, grad := mat.NewSymDense(inputs, nil), mat.NewVecDense(inputs, nil)
		for j := range w {
			hess.SetSym(j, j, evenness)
			grad.SetVec(j, evenness*(evenWeight-w[j]))
		}
		for k := range cases {
			cases[k].accumulate(*w, hess, grad)
		}
		hold(hess, grad, held)
		var chol mat.Cholesky
		if !chol.Factorize(hess) {
			return errors.New("fit the ranking: singular information matrix")
		}
		var step mat.VecDense
		if err := chol.SolveVecTo(&step, grad); err != nil {
			return fmt.Errorf("fit the ranking: %w", err)
		}
		largest := 0.0
		for j := range w {
			d := math.Max(-1, math.Min(1, step.AtVec(j)))
			w[j] += d
			largest = math.Max(largest, math.Abs(d))
		}
		if largest < 1e-9 {
			break
		}
	}
	return nil
}

// hold keeps the held weights where they are.
func hold(hess *mat.SymDense, grad *mat.VecDense, held [inputs]bool) {
	for j, h := range held {
		if !h {
			continue
		}
		for k := range held {
			hess.SetSym(j, k, 0)
		}
		hess.SetSym(j, j, 1)
		grad.SetVec(j, 0)
	}
}

// accumulate adds one case to the information matrix and the score.
func (c *choice) accumulate(w vector, hess *mat.SymDense, grad *mat.VecDense) {
	p, _ := c.probabilities(w)
	var mean vector
	for a, v := range c.alts {
		for j := range v {
			mean[j] += p[a] * v[j]
		}
	}
	var cov [inputs][inputs]float64
	for a, v := range c.alts {
		for j := range v {
			d := p[a] * (v[j] - mean[j])
			for k := j; k < inputs; k++ {
				cov[j][k] += d * (v[k] - mean[k])
			}
		}
	}
	for j := range inputs {
		var got float64
		for a := range c.got {
			got += c.alts[a][j]
		}
		grad.SetVec(j, grad.AtVec(j)+got/float64(c.got)-mean[j])
		for k := j; k < inputs; k++ {
			hess.SetSym(j, k, hess.At(j, k)+cov[j][k])
		}
	}
}

// probabilities returns each alternative's probability, and the mean logarithm
// of those that were got.
func (c *choice) probabilities(w vector) (p []float64, ln float64) {
	p = make([]float64, len(c.alts))
	top := math.Inf(-1)
	for a, v := range c.alts {
		p[a] = v.dot(w)
		top = math.Max(top, p[a])
	}
	var sum float64
	for a := range p {
		p[a] = math.Exp(p[a] - top)
		sum += p[a]
	}
	for a := range p {
		p[a] /= sum
		if a < c.got {
			ln += math.Log(p[a]) / float64(c.got)
		}
	}
	return p, ln
}
