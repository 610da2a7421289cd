package affinity

import (
	"math"
	"slices"
)

// A bipartite graph ties people to items, with weights, readable from both ends.
type bipartite struct {
	start  []int32 // a person's edges are start[p] up to start[p+1]
	item   []int32
	value  []float32
	heads  []int32 // an item's edges are heads[i] up to heads[i+1]
	person []int32
	back   []float32
	norm   []float64 // a person's Euclidean length
	active int       // people with an edge
}

// newBipartite builds the graph of edges that are ordered by person and item.
// An edge weighs its value times the item's inverse document frequency,
// ln(active / holders) (Spärck Jones 1972): what everybody has makes nobody alike.
func newBipartite(people, items int, edges []edge) *bipartite {
	g := &bipartite{start: make([]int32, people+1), item: make([]int32, len(edges)), value: make([]float32, len(edges)),
		heads: make([]int32, items+1), person: make([]int32, len(edges)), back: make([]float32, len(edges)), norm: make([]float64, people)}
	for i, e := range edges {
		g.start[e.person+1]++
		g.heads[e.item+1]++
		g.item[i] = e.item
		if i == 0 || edges[i-1].person != e.person {
			g.active++
		}
	}
	for p := range people {
		g.start[p+1] += g.start[p]
	}
	for i := range items {
		g.heads[i+1] += g.heads[i]
	}
	at := slices.Clone(g.heads)
	for i, e := range edges {
		v := e.value * math.Log(float64(g.active)/float64(g.count(e.item)))
		g.value[i] = float32(v)
		g.person[at[e.item]], g.back[at[e.item]] = e.person, float32(v)
		at[e.item]++
		g.norm[e.person] += v * v
	}
	for p := range g.norm {
		g.norm[p] = math.Sqrt(g.norm[p])
	}
	return g
}

// count is the number of people tied to an item.
func (g *bipartite) count(item int32) int32 { return g.heads[item+1] - g.heads[item] }

// itemsOf lists a person's items, ascending.
func (g *bipartite) itemsOf(person int32) []int32 { return g.item[g.start[person]:g.start[person+1]] }

// has tells whether a person is tied to an item.
func (g *bipartite) has(person, item int32) bool {
	_, ok := slices.BinarySearch(g.itemsOf(person), item)
	return ok
}

// An alike is a person and the cosine of the two people's weighted items.
type alike struct {
	person int32
	sim    float64
}

const (
	neighbours = 20   // people who count as most alike
	visits     = 4000 // people looked at for one person, by the rarest items first
	leastVisit = 1000 // in a large tenant
	allVisits  = 100_000_000
)

// A finder finds who is most alike. It is for one goroutine.
type finder struct {
	g     *bipartite
	most  int32 // visits for one person
	sum   []float32
	seen  []int32
	order []int32
	best  []alike
}

func newFinder(g *bipartite) *finder {
	most := max(leastVisit, min(visits, allVisits/max(1, g.active)))
	return &finder{g: g, most: int32(most), sum: make([]float32, len(g.norm))}
}

// nearest returns the people most alike to a person, most alike first, ties by
// key. It looks at the holders of the person's rarest items first, and stops
// after so many visits: what many hold hardly tells who is alike. The result is
// valid until the next call.
func (f *finder) nearest(person int32) []alike {
	g := f.g
	first, last := g.start[person], g.start[person+1]
	f.order = f.order[:0]
	for e := first; e < last; e++ {
		f.order = append(f.order, e)
	}
	slices.SortFunc(f.order, func(a, b int32) int {
		if n := g.count(g.item[a]) - g.count(g.item[b]); n != 0 {
			return int(n)
		}
		return int(a - b)
	})
	left := f.most
	for _, e := range f.order {
		i := g.item[e]
		if left -= g.count(i); left < 0 {
			break
		}
		if g.value[e] == 0 {
			continue
		}
		for k := g.heads[i]; k < g.heads[i+1]; k++ {
			p := g.person[k]
			if f.sum[p] == 0 {
				f.seen = append(f.seen, p)
			}
			f.sum[p] += g.value[e] * g.back[k]
		}
	}
	return f.pick(person)
}

// pick keeps the most alike of those seen, and forgets the others.
func (f *finder) pick(person int32) []alike {
	f.best = f.best[:0]
	for _, p := range f.seen {
		sum := float64(f.sum[p])
		f.sum[p] = 0
		if p == person || sum <= 0 {
			continue
		}
		c := alike{p, sum / (f.g.norm[person] * f.g.norm[p])}
		n := len(f.best)
		if n == neighbours && !c.before(f.best[n-1]) {
			continue
		}
		if n < neighbours {
			f.best = append(f.best, c)
			n++
		}
		k := n - 1
		for ; k > 0 && c.before(f.best[k-1]); k-- {
			f.best[k] = f.best[k-1]
		}
		f.best[k] = c
	}
	f.seen = f.seen[:0]
	return f.best
}

// before orders by similarity, then by key.
func (a alike) before(b alike) bool { return a.sim > b.sim || a.sim == b.sim && a.person < b.person }
