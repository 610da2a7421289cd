package affinity

import (
	"maps"
	"slices"
)

// A choice is a case from the past: a person who held something at a cut and
// got something new within the horizon. The first got of the alternatives are
// what they got.
type choice struct {
	cut    int // number of the cut, oldest first
	person int32
	got    int
	alts   []vector
	items  []int32
}

const (
	horizonDays  = 90  // after a cut, for what is got
	cutEvery     = 90  // days
	maxCuts      = 24  // the newest ones
	alternatives = 300 // of one case; more are sampled evenly, which leaves the estimates unbiased (McFadden 1978)
	maxChoices   = 1500
	minCuts      = 3           // fewer tell nothing about what follows
	maxPairs     = 400_000_000 // pairs of holdings counted in all cuts together; where three cuts are more, the even weights serve
)

// cuts lists the instants at which the past is looked at, oldest first: every
// 90 days, the newest one horizon before as-of, none within the first half year
// of what is known of changes.
func (a *affinity) cuts() (out []int64) {
	first := int64(never)
	for _, s := range a.spells {
		if s.from != longAgo {
			first = min(first, s.from)
		}
		first = min(first, s.to)
	}
	if first == never {
		return nil
	}
	limit := int64(maxCuts)
	if work := pairs(newBipartite(a.people, a.items, a.heldAt(a.at))); work > 0 {
		limit = min(limit, maxPairs/work)
	}
	if limit < minCuts {
		return nil
	}
	for k := range limit {
		at := a.at - (horizonDays+k*cutEvery)*day
		if at < first+180*day {
			break
		}
		out = append(out, at)
	}
	slices.Reverse(out)
	return out
}

// choices collects the cases of every cut.
func (a *affinity) choices() ([]choice, error) {
	var out []choice
	cuts := a.cuts()
	for n, at := range cuts {
		s, err := a.stand(at)
		if err != nil {
			return nil, err
		}
		got := s.gotAfter()
		if most := max(1, maxChoices/len(cuts)); len(got) > most {
			got = sampled(got, most)
		}
		out = append(out, s.choices(n, got)...)
	}
	return out, nil
}

// gotAfter lists, by person, the new items of the horizon after the instant,
// for people who held something. What a restructuring gave is no choice.
func (s *standing) gotAfter() map[int32][]int32 {
	out := map[int32][]int32{}
	for _, p := range s.a.spells {
		if p.from < s.at || p.from >= s.at+horizonDays*day || s.a.bulk[p.from] || !s.open[p.item] ||
			len(s.held.itemsOf(p.person)) == 0 || s.held.has(p.person, p.item) || !s.a.reaches(p.person, p.item) {
			continue
		}
		if got := out[p.person]; len(got) == 0 || got[len(got)-1] != p.item {
			out[p.person] = append(got, p.item)
		}
	}
	return out
}

// sampled keeps so many of the people, evenly over their keys.
func sampled(got map[int32][]int32, most int) map[int32][]int32 {
	people, out := slices.Sorted(maps.Keys(got)), map[int32][]int32{}
	for k := range most {
		p := people[k*len(people)/most]
		out[p] = got[p]
	}
	return out
}

// choices turns what people got into cases, by peer group and person.
func (s *standing) choices(cut int, got map[int32][]int32) (out []choice) {
	byGroup := s.peers.groups(slices.Sorted(maps.Keys(got)))
	v := s.view()
	for _, g := range slices.Sorted(maps.Keys(byGroup)) {
		var group *shareOf
		if g >= 0 {
			group = s.peers.shares(s.a, s.held, g)
		}
		for _, p := range byGroup[g] {
			v.look(p, group)
			c := choice{cut: cut, person: p, got: len(got[p]), items: s.alternatives(p, got[p])}
			for _, i := range c.items {
				c.alts = append(c.alts, v.inputs(i))
			}
			out = append(out, c)
		}
	}
	return out
}

// alternatives lists what the person got and then what else they lacked, evenly
// sampled where there is much.
func (s *standing) alternatives(person int32, got []int32) []int32 {
	out := slices.Clone(got)
	var rest []int32
	for i := range int32(s.a.items) {
		if s.open[i] && s.a.reaches(person, i) && !s.held.has(person, i) && !slices.Contains(got, i) {
			rest = append(rest, i)
		}
	}
	most := min(len(rest), alternatives)
	for k := range most {
		out = append(out, rest[k*len(rest)/most])
	}
	return out
}
