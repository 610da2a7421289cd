// Package request foretells whether a request for access would be approved,
// from what was decided on earlier ones and from what the peers of the person
// hold and use (docs/decisions/0013-requests.md).
//
// Every combination of at most three of the entitlement and the attributes of
// the person has an approval rate. A rate is shrunk towards those of the wider
// combinations, from the rate of all decisions down (an empirical beta-binomial
// model; the strength of the shrinkage is estimated for each set of attributes
// by moments). Two methods combine them: the lattice takes the mean of the
// narrowest rates, weighted by how much they rest on; the logistic weighs what
// each rate adds to the wider ones. Which of them serves is decided on the
// tenant's own decisions. The same cases in the same order give the same
// result, bit for bit.
package request

import (
	"hash/fnv"
	"math"
)

// A Case is a request, and what became of it where that is known.
type Case struct {
	ID          string            // of the decision or of the request
	Who         string            // the account; cases of one account and entitlement are never parted between folds
	Entitlement string            // its id; empty when the attributes alone speak
	Attributes  map[string]string // of the person, by name; a missing one says nothing
	Peers       Peers

	Needed float64 // 1 when the access was approved and borne out, 0 when not
	Weight float64 // how much the case counts, 0 to 1
}

// Peers say how many comparable people hold and use what is asked for, the
// person left out. N is 0 where no group has enough members.
type Peers struct {
	Group   string
	N, K, U int
	Seen    bool // a log shows the use, so that U counts
}

// A Score is what is foretold of one request.
type Score struct {
	Probability float64 // of approval, 0 to 1, rounded to 1e-6
	Low, High   float64 // 90 % interval
	Reasons     []Reason
}

// A Reason is one fact that moved a score.
type Reason struct {
	Code   string            `json:"code"`             // approval_rate, overall_rate, peers_use, peers_hold, no_peers, no_decisions
	Of     map[string]string `json:"of,omitempty"`     // approval_rate: the combination, by name
	Group  string            `json:"group,omitempty"`  // of the peers, in words
	N      float64           `json:"n"`                // decisions, or peers
	K      float64           `json:"k"`                // approvals among them, or holders or users
	Rate   float64           `json:"rate"`             // shrunk towards the wider ones, 0 to 1
	Effect float64           `json:"effect,omitempty"` // by how much it moved the log odds of approval
}

// folds is the number of parts into which cases are divided so that no rate
// that a case is fitted with has seen the case.
const folds = 5

// fold is the part to which a case belongs.
func (c Case) fold() int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(c.Who + "\x00" + c.Entitlement))
	return int(h.Sum32() % folds)
}

func logit(p float64) float64 { return math.Log(p / (1 - p)) }
func expit(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// round6 keeps scores free of the last bits of a sum.
func round6(x float64) float64 { return math.Round(x*1e6) / 1e6 }
