package affinity

import (
	"cmp"
	"math"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
)

// A ranked item is one that a person lacks and could be given.
type ranked struct {
	person, item int32
	rank         int
	score        float64 // probability that the next thing they get is this one
	x            vector
	tie          tie
	similarN     int
	useN         int
	recent       int32
}

// ranking returns, for each hopeful person, the first keep items of what they
// lack, ordered by person and rank.
func (s *standing) ranking(w vector, keep int, holds *bipartite) ([]ranked, error) {
	b := s.baseline(w)
	byGroup := s.peers.groups(s.a.hopeful)
	var groups []int32
	for g := range byGroup {
		groups = append(groups, g)
	}
	slices.Sort(groups)
	workers := max(1, runtime.GOMAXPROCS(0))
	parts := make([][]ranked, workers)
	var wait errgroup.Group
	for n := range workers {
		wait.Go(func() error {
			v, tree := s.view(), s.peers.at()
			for k := n; k < len(groups); k += workers {
				var shares *shareOf
				if groups[k] >= 0 {
					shares = tree.shares(s.a, s.held, groups[k])
				}
				for _, p := range byGroup[groups[k]] {
					v.look(p, shares)
					parts[n] = append(parts[n], v.first(p, w, keep, b, holds)...)
				}
			}
			return nil
		})
	}
	if err := wait.Wait(); err != nil {
		return nil, err
	}
	out := slices.Concat(parts...)
	slices.SortFunc(out, func(a, b ranked) int { return cmp.Or(cmp.Compare(a.person, b.person), cmp.Compare(a.rank, b.rank)) })
	return out, nil
}

// A baseline weighs every open item for somebody who has nothing in common with
// its holders: what popularity and recent grants alone say.
type baseline struct {
	z, exp []float64 // by item
	order  []int32   // open items, highest first, ties by key
	bySrc  []float64 // by source: the sum of exp(z)
	recent []int32
}

func (s *standing) baseline(w vector) *baseline {
	b := &baseline{z: make([]float64, s.a.items), exp: make([]float64, s.a.items), bySrc: make([]float64, 64)}
	for i := range b.z {
		if b.z[i] = s.even[i].dot(w); s.open[i] {
			b.order = append(b.order, int32(i))
			b.exp[i] = math.Exp(b.z[i])
			b.bySrc[s.a.source[i]] += b.exp[i]
		}
	}
	slices.SortFunc(b.order, func(i, j int32) int {
		return cmp.Or(cmp.Compare(b.z[j], b.z[i]), cmp.Compare(s.held.count(j), s.held.count(i)), cmp.Compare(i, j))
	})
	b.recent = s.a.gotWithin(s.at-recentDays*day, s.at)
	return b
}

// first returns the first keep items for the person looked at. Items with a tie
// are weighed one by one, the others in the order of the baseline.
func (v *view) first(person int32, w vector, keep int, b *baseline, holds *bipartite) []ranked {
	s := v.s
	mass, best := v.massWithout(person, b, holds), best{keep: keep, s: s, list: v.list[:0]}
	for _, i := range v.touched {
		if s.open[i] && s.a.reaches(person, i) && v.held[i] != v.round {
			z := v.inputs(i).dot(w)
			mass += math.Exp(z) - b.exp[i]
			best.offer(scored{i, z})
		}
	}
	for n, taken := 0, 0; n < len(b.order) && taken < keep; n++ {
		i := b.order[n]
		if v.ties[i].round != v.round && s.a.reaches(person, i) && v.held[i] != v.round {
			if !best.offer(scored{i, b.z[i]}) {
				break
			}
			taken++
		}
	}
	v.list = best.list
	out := make([]ranked, 0, len(best.list))
	for n, c := range best.list {
		r := ranked{person: person, item: c.item, rank: n + 1, score: math.Exp(c.z) / mass, x: v.inputs(c.item), similarN: v.similarN,
			useN: v.useN, recent: b.recent[c.item], tie: tie{by: -1}}
		if t := v.ties[c.item]; t.round == v.round {
			r.tie = t
		}
		out = append(out, r)
	}
	return out
}

// massWithout sums the baseline over what the person lacks, and marks what
// they hold.
func (v *view) massWithout(person int32, b *baseline, holds *bipartite) (mass float64) {
	for src, m := range b.bySrc {
		if v.s.a.reach[person]>>src&1 == 1 {
			mass += m
		}
	}
	for _, i := range holds.itemsOf(person) {
		v.held[i] = v.round
		if v.s.open[i] && v.s.a.reaches(person, i) {
			mass -= b.exp[i]
		}
	}
	return mass
}

// A scored item is one of those that a person could be given.
type scored struct {
	item int32
	z    float64
}

// A best list keeps the highest of what is offered, in order.
type best struct {
	keep int
	s    *standing
	list []scored
}

// before orders by score, then the more popular, then by key.
func (b *best) before(a, c scored) bool {
	if a.z != c.z {
		return a.z > c.z
	}
	if m, n := b.s.held.count(a.item), b.s.held.count(c.item); m != n {
		return m > n
	}
	return a.item < c.item
}

// offer puts an item in its place, and tells whether it has one.
func (b *best) offer(c scored) bool {
	n := len(b.list)
	if n == b.keep && !b.before(c, b.list[n-1]) {
		return false
	}
	if n < b.keep {
		b.list = append(b.list, c)
		n++
	}
	k := n - 1
	for ; k > 0 && b.before(c, b.list[k-1]); k-- {
		b.list[k] = b.list[k-1]
	}
	b.list[k] = c
	return true
}
