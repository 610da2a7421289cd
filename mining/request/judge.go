package request

import (
	"cmp"
	"math"
	"slices"
)

// LogLoss is the mean negative logarithm of the probability of what happened,
// by weight.
func LogLoss(p []float64, cases []Case) float64 {
	var sum, n float64
	for i, c := range cases {
		q := math.Min(1-1e-9, math.Max(1e-9, p[i]))
		sum -= c.Weight * (c.Needed*math.Log(q) + (1-c.Needed)*math.Log(1-q))
		n += c.Weight
	}
	return sum / n
}

// AUC is the probability that a needed case has a higher score than one that is
// not, ties counting half (Mann and Whitney 1947), by weight. It is 0.5 where
// one of the outcomes is missing.
func AUC(p []float64, cases []Case) float64 {
	at := make([]int, len(p))
	for i := range at {
		at[i] = i
	}
	slices.SortFunc(at, func(a, b int) int { return cmp.Or(cmp.Compare(p[a], p[b]), cmp.Compare(a, b)) })
	var below, won, yes, no float64
	for i := 0; i < len(at); {
		j, tiedYes, tiedNo := i, 0.0, 0.0
		for ; j < len(at) && p[at[j]] == p[at[i]]; j++ {
			c := cases[at[j]]
			tiedYes += c.Weight * c.Needed
			tiedNo += c.Weight * (1 - c.Needed)
		}
		won += tiedYes * (below + tiedNo/2)
		below, yes, no, i = below+tiedNo, yes+tiedYes, no+tiedNo, j
	}
	if yes == 0 || no == 0 {
		return 0.5
	}
	return won / (yes * no)
}
