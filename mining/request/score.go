package request

import (
	"cmp"
	"math"
	"slices"
)

// Score foretells one request.
func (m *Model) Score(c Case) Score {
	v := m.rates.view(c)
	row := make([]float64, m.Method.width(m.rates))
	m.Method.inputs(row, m.rates, v, c.Peers)
	z := dot(row, m.coef)
	half := 1.6449 * math.Sqrt(m.doubt(c, row))
	return Score{Probability: round6(expit(z)), Low: round6(expit(z - half)), High: round6(expit(z + half)), Reasons: m.reasons(c, v)}
}

// doubt is the variance of the log odds: that of the coefficients, and of every
// rate of the entitlement with one attribute what its decisions and its prior
// leave open, p(1-p)/(n+s+1) for a beta distribution, by the delta method.
func (m *Model) doubt(c Case, row []float64) (sum float64) {
	for i := range row {
		for j := range row {
			sum += row[i] * row[j] * m.cov.At(i, j)
		}
	}
	p := expit(dot(row, m.coef))
	spread, codes := math.Max(p*(1-p), 1e-3), m.rates.encode(c)
	for j, x := range m.rates.sets {
		if len(x.of) == 2 && x.of[0] == 0 || len(m.rates.names) == 1 {
			sum += 1 / ((m.rates.tables[j].strength + m.rates.decisions(j, codes) + 1) * spread)
		}
	}
	return sum
}

// decisions counts those on the cell of a set.
func (r *rates) decisions(j int, codes []int32) float64 {
	if place, ok := r.tables[j].at[r.sets[j].key(codes)]; ok {
		return r.tables[j].cells[place].n
	}
	return 0
}

// tellingSets is how many combinations of attributes a score names.
const tellingSets = 4

// reasons are the facts that moved the score, the most telling first.
func (m *Model) reasons(c Case, v view) []Reason {
	if m.Cases == 0 {
		return append([]Reason{{Code: "no_decisions", Rate: 0.5}}, m.peerReason(c)...)
	}
	codes := m.rates.encode(c)
	var out []Reason
	for j, x := range m.rates.sets {
		n := m.rates.decisions(j, codes)
		if n == 0 {
			continue
		}
		place := m.rates.tables[j].at[x.key(codes)]
		r := Reason{Code: "approval_rate", Of: map[string]string{}, N: round6(n), K: round6(m.rates.tables[j].cells[place].k),
			Rate: round6(expit(v.odds[j])), Effect: round6(m.effect(j, v))}
		for _, a := range x.of {
			r.Of[m.rates.names[a]] = c.all()[m.rates.names[a]]
		}
		out = append(out, r)
	}
	slices.SortStableFunc(out, func(a, b Reason) int { return cmp.Compare(math.Abs(b.Effect), math.Abs(a.Effect)) })
	out = append(out[:min(len(out), tellingSets)], m.peerReason(c)...)
	slices.SortStableFunc(out, func(a, b Reason) int { return cmp.Compare(math.Abs(b.Effect), math.Abs(a.Effect)) })
	return append(out, Reason{Code: "overall_rate", N: round6(m.rates.all.n), K: round6(m.rates.all.k), Rate: round6(expit(v.base))})
}

// effect is by how much a set's addition moved the log odds.
func (m *Model) effect(j int, v view) float64 {
	if m.Method == Logistic {
		return m.coef[2+j] * v.adds[j]
	}
	return v.adds[j] * v.rests[j]
}

// peerReason says what the peers do.
func (m *Model) peerReason(c Case) []Reason {
	p := c.Peers
	hold, use := p.inputs()
	r := Reason{Code: "peers_hold", Group: p.Group, N: float64(p.N), K: float64(p.K)}
	switch {
	case p.N == 0:
		return []Reason{{Code: "no_peers"}}
	case p.Seen:
		r.Code, r.K = "peers_use", float64(p.U)
	}
	if len(m.coef) > peerInputs {
		r.Effect = round6(m.coef[len(m.coef)-2]*hold + m.coef[len(m.coef)-1]*use)
	}
	r.Rate = round6(r.K / r.N)
	return []Reason{r}
}
