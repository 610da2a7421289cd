package affinity

import "math"

// An implication says which share of an entitlement's holders hold another.
type implication struct {
	item  int32
	share float32 // both / (holders + 5): five people who do not hold it stand for what is not known of few
	ln    float32 // ln(floor + share)
}

const (
	implications = 100 // kept for one entitlement, the highest shares; fewer, but at least 30, beyond 30,000 people
	doubters     = 5
)

// birthright tells whether so many hold an item that holding it tells nothing
// about a person: more than a quarter, and more than five hundred.
func birthright(holders int32, active int) bool { return holders > 500 && int(holders)*4 > active }

// implied lists, by held item, the items that its holders hold too, highest
// share first, ties by key; only those that can be given.
func implied(g *bipartite, given []bool) [][]implication {
	items := len(g.heads) - 1
	out := make([][]implication, items)
	both, seen := make([]int32, items), []int32(nil)
	for h := range int32(items) {
		if n := g.count(h); n == 0 || birthright(n, g.active) {
			continue
		}
		for k := g.heads[h]; k < g.heads[h+1]; k++ {
			for _, e := range g.itemsOf(g.person[k]) {
				if e == h || !given[e] {
					continue
				}
				if both[e] == 0 {
					seen = append(seen, e)
				}
				both[e]++
			}
		}
		out[h] = strongest(both, seen, float64(g.count(h)+doubters), max(30, min(implications, 3_000_000/g.active)))
		seen = seen[:0]
	}
	return out
}

// strongest keeps the highest of the counters of the items seen, as
// implications, and sets all of them back to nothing.
func strongest(both, seen []int32, weight float64, most int) []implication {
	before := func(a, b int32) bool { return both[a] > both[b] || both[a] == both[b] && a < b }
	var best []int32
	for _, e := range seen {
		n := len(best)
		if n == most && !before(e, best[n-1]) {
			continue
		}
		if n < most {
			best = append(best, e)
			n++
		}
		k := n - 1
		for ; k > 0 && before(e, best[k-1]); k-- {
			best[k] = best[k-1]
		}
		best[k] = e
	}
	out := make([]implication, len(best))
	for n, e := range best {
		share := float64(both[e]) / weight
		out[n] = implication{e, float32(share), float32(math.Log(floor + share))}
	}
	for _, e := range seen {
		both[e] = 0
	}
	return out
}

// pairs is the work that implied does: the sum of squared holdings of people.
func pairs(g *bipartite) (n int64) {
	for p := range g.norm {
		d := int64(len(g.itemsOf(int32(p))))
		n += d * d
	}
	return n
}
