package mining

import "math"

// An input is one column of marts.idle_feature, the sign that its coefficient
// must have, and its built-in coefficients for a short and for a long log.
type input struct {
	name        string
	sign        int
	short, long float64
}

// An idleModel is one branch of the idle model.
type idleModel struct {
	branch      string
	inputs      []input
	short, long float64 // built-in intercepts
}

// longLog is the number of covered days from which the built-in coefficients
// for a long log serve. On a shorter one a tool that is used once a quarter
// cannot be told from one that fell out of use, and they stay far from certain.
const longLog = 150

// idleModels are the branches. The built-in coefficients foretell use within 90
// days. They were fitted on two generated companies at three cuts each, apart
// from apps in their silent season: the long ones with 180 and 300 days of log,
// the short ones with 30 to 300 (docs/decisions/0008).
var idleModels = []idleModel{
	{"used", []input{
		{"x_gone", -1, -1.02, -0.82}, {"x_ahead", +1, 0.46, 0.40}, {"x_active", +1, 0, 0.14}, {"x_quiet", -1, -0.27, 0},
		{"x_pace", -1, 0, -1.07}, {"x_share", +1, 2.50, 3.40}, {"x_person", -1, 0, -0.04}, {"x_apps", +1, 0, 0.16}}, 0.42, -1.70},
	{"never", []input{
		{"x_quiet", -1, -0.97, -0.62}, {"x_late", -1, -0.18, -0.14}, {"x_share", +1, 2.63, 0.70}, {"x_person", -1, -0.04, -0.12},
		{"x_apps", +1, 0, 0}}, 2.45, 1.47},
}

// prior returns the built-in intercept and coefficients.
func (m idleModel) prior(covered int) (float64, []float64) {
	intercept, coef := m.short, make([]float64, len(m.inputs))
	if covered >= longLog {
		intercept = m.long
	}
	for i, in := range m.inputs {
		coef[i] = in.short
		if covered >= longLog {
			coef[i] = in.long
		}
	}
	return intercept, coef
}

// signs returns the signs that the coefficients must have.
func (m idleModel) signs() []int {
	out := make([]int, len(m.inputs))
	for i, in := range m.inputs {
		out[i] = in.sign
	}
	return out
}

// The least that a fit on the tenant's own history needs; below it the
// built-in coefficients serve.
const (
	minFitCases   = 400
	minFitMinor   = 30 // of the rarer outcome
	minFitCovered = 45 // covered days
)

// ridge is the weight, in cases, with which a fit doubts its inputs: it matters
// with a few hundred cases, and not with tens of thousands.
const ridge = 30.0

// enough says whether a training set of n cases, of which used came true, and
// a log of so many covered days bear a fit of their own.
func enough(n, used float64, covered int) bool {
	return covered >= minFitCovered && n >= minFitCases && math.Min(used, n-used) >= minFitMinor
}
