package mining

// removalInterceptRidge keeps the intercept finite where nothing was ever
// withdrawn; twenty pairs outweigh it.
const removalInterceptRidge = 1.0

// fitRemoval estimates the removal model under a prior around the built-in
// coefficients, which come out as they are without cases. The inputs are
// standardised.
func fitRemoval(bins []bin) (removalFit, error) {
	f := removalFit{}
	for _, c := range bins {
		f.n += c.n
		f.positives += c.used
	}
	l := logit{what: "the removal model", bins: bins, scaled: true,
		prior: []float64{removalPriorIntercept}, ridge: evenly(removalRidge, len(removalInputs))}
	l.ridge[0] = removalInterceptRidge
	for _, in := range removalInputs {
		l.sign = append(l.sign, in.sign)
		l.prior = append(l.prior, in.prior)
	}
	var err error
	f.intercept, f.coef, err = l.fit()
	return f, err
}
