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
	z      []float64 // by item
	order  []int32   // open items, highest first, ties by key
	bySrc  []float64 // by source: the sum of exp(z)
	recent []int32
}

func (s *standing) baseline(w vector) *baseline {
	b := &baseline{z: make([]float64, s.a.items), bySrc: make([]float64, 64)}
	for i := range b.z {
		if b.z[i] = s.even[i].dot(w); s.open[i] {
			b.order = append(b.order, int32(i))
			b.bySrc[s.a.source[i]] += math.Exp(b.z[i])
		}
	}
	slices.SortFunc(b.order, func(i, j int32) int { return cmp.Or(cmp.Compare(b.z[j], b.z[i]), cmp.Compare(i, j)) })
	b.recent = s.a.gotWithin(s.at-recentDays*day, s.at)
	return b
}

// first returns the first keep items for the person looked at. Items with a tie
// are weighed one by one, the others in the order of the baseline.
func (v *view) first(person int32, w vector, keep int, b *baseline, holds *bipartite) []ranked {
	s := v.s
	var mass float64
	for src, m := range b.bySrc {
		if s.a.reach[person]>>src&1 == 1 {
			mass += m
		}
	}
	type scored struct {
		item int32
		z    float64
	}
	var list []scored
	for _, i := range holds.itemsOf(person) {
		if s.open[i] && s.a.reaches(person, i) {
			mass -= math.Exp(b.z[i])
		}
	}
	for _, i := range v.touched {
		if s.open[i] && s.a.reaches(person, i) && !holds.has(person, i) {
			z := v.inputs(i).dot(w)
			mass += math.Exp(z) - math.Exp(b.z[i])
			list = append(list, scored{i, z})
		}
	}
	for n, taken := 0, 0; n < len(b.order) && taken < keep; n++ {
		i := b.order[n]
		if v.ties[i].round != v.round && s.a.reaches(person, i) && !holds.has(person, i) {
			list = append(list, scored{i, b.z[i]})
			taken++
		}
	}
	slices.SortFunc(list, func(a, c scored) int {
		return cmp.Or(cmp.Compare(c.z, a.z), cmp.Compare(s.held.count(c.item), s.held.count(a.item)), cmp.Compare(a.item, c.item))
	})
	out := make([]ranked, 0, min(keep, len(list)))
	for n, c := range list[:min(keep, len(list))] {
		r := ranked{person: person, item: c.item, rank: n + 1, score: math.Exp(c.z) / mass, x: v.inputs(c.item), similarN: v.similarN,
			useN: v.useN, recent: b.recent[c.item], tie: tie{by: -1}}
		if t := v.ties[c.item]; t.round == v.round {
			r.tie = t
		}
		out = append(out, r)
	}
	return out
}
