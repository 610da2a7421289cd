// Package affinity ranks what a person lacks by what people like them hold
// (docs/decisions/0007). Who is alike by what they hold and use is a question of
// pairs of people and of entitlements, for which a join would need hundreds of
// millions of rows; it is answered here with counters, and everything before
// and after it is SQL. The same tables give the same ranking, bit for bit.
package affinity

import (
	"cmp"
	"math"
	"slices"
)

// A spell is a stretch of time in which a person held an entitlement, both by
// their keys in the snapshot.
type spell struct {
	person, item int32
	from, to     int64 // unix seconds; longAgo and never where there is no such end
}

const (
	longAgo = math.MinInt64
	never   = math.MaxInt64
	day     = 24 * 60 * 60 // seconds
)

// The inputs of the ranking, in the order of a choice's x.
const (
	xPopular = iota // ln(holders)
	xRecent         // ln(0.5 + people who got it within the last 180 days)
	xSimilar        // ln(0.02 + similarity of the people most alike by what they hold, summed over those who hold it)
	xImplied        // ln(0.02 + share of the holders of one held entitlement who hold it too, the highest such share)
	xUse            // ln(0.02 + similarity of the people most alike by what they use, summed over those who hold it)
	xPeers          // ln(0.02 + share of the holders in the narrowest peer group, shrunk towards the wider ones)
	inputs
)

// inputNames are the inputs' names in marts.grant_fit and marts.grant_rank.
var inputNames = [inputs]string{"x_popular", "x_recent", "x_similar", "x_implied", "x_use", "x_peers"}

// evenWeight is every input's weight where no history tells better: the inputs
// are logarithms of counts and shares, so that equal weights rank by their
// geometric mean.
const evenWeight = 0.4

// floor keeps the logarithm of what was not seen finite: two people in a hundred.
const floor = 0.02

var lnFloor = math.Log(floor)

// A vector is one choice's inputs.
type vector [inputs]float64

// dot is the weighted sum of the inputs.
func (v vector) dot(w vector) (sum float64) {
	for j := range v {
		sum += v[j] * w[j]
	}
	return sum
}

// An affinity holds what the ranking knows of a tenant.
type affinity struct {
	people, items int     // one more than the largest key
	spells        []spell // by person, item and from
	at            int64   // the as-of time, unix seconds

	given   []bool  // by item: one person can be given it by hand
	source  []uint8 // by item: its source's number
	reach   []uint64
	hopeful []int32 // people who may be proposed something, ascending
	hidden  []edge  // what people hold besides, because something held opens it
	peers   *peerTree

	bulk map[int64]bool // instants of restructurings
	use  func(at int64) ([]edge, error)
}

// An edge is a person's tie to an item, with its weight.
type edge struct {
	person, item int32
	value        float64
}

// sortSpells brings the spells into their order and finds the restructurings:
// instants at which at least 50 pairs, and at least one in a hundred, change.
func (a *affinity) sortSpells() {
	slices.SortFunc(a.spells, func(s, t spell) int {
		return cmp.Or(cmp.Compare(s.person, t.person), cmp.Compare(s.item, t.item), cmp.Compare(s.from, t.from), cmp.Compare(s.to, t.to))
	})
	changes, held := map[int64]int{}, 0
	for _, s := range a.spells {
		if s.from != longAgo {
			changes[s.from]++
		}
		if s.to != never {
			changes[s.to]++
		} else {
			held++
		}
	}
	a.bulk = map[int64]bool{}
	for at, n := range changes {
		if n >= 50 && n*100 >= held {
			a.bulk[at] = true
		}
	}
}

// heldAt lists who held what just before an instant.
func (a *affinity) heldAt(at int64) (out []edge) {
	for i, s := range a.spells {
		if s.from < at && s.to >= at {
			if n := len(out); i > 0 && n > 0 && out[n-1].person == s.person && out[n-1].item == s.item {
				continue // two accounts of one person
			}
			out = append(out, edge{s.person, s.item, 1})
		}
	}
	return out
}

// gotWithin counts, by item, the people who began to hold it in [from, to),
// restructurings left out.
func (a *affinity) gotWithin(from, to int64) []int32 {
	out := make([]int32, a.items)
	last := spell{person: -1}
	for _, s := range a.spells {
		if s.from < from || s.from >= to || a.bulk[s.from] || s.person == last.person && s.item == last.item {
			continue
		}
		out[s.item]++
		last = s
	}
	return out
}

// reaches tells whether a person has an account where the item is given.
func (a *affinity) reaches(person, item int32) bool { return a.reach[person]>>a.source[item]&1 == 1 }
