package apply

import (
	"cmp"
	"maps"
	"slices"

	"winnow/internal/access"
)

// Prepare makes a plan fit to be applied: it leaves out what is over the caps,
// and divides the rest into waves. The canary is the changes of a few people
// from whom the least can be lost; 0 people is no canary.
//
// What belongs to one recommendation stays together. The plan must be sealed
// again afterwards. Operations must have their ids: see access.Plan.Seal.
func Prepare(p *access.Plan, canary int) {
	trim(p)
	waves(p, canary)
}

// trim leaves out what would pass a cap, in the plan's order.
func trim(p *access.Plan) {
	sum, keep := NewTally(), map[string]bool{}
	left := map[string][]string{} // recommendations by the operation's sink
	for _, part := range parts(p.Operations) {
		var list []change
		for i := range part {
			list = append(list, changes(&part[i])...)
		}
		for _, c := range list {
			sum.count(c, 1)
		}
		over := sum.over(list, p.Caps, p.People)
		for _, o := range part {
			if keep[o.ID] = !over; over {
				left[o.Sink] = append(left[o.Sink], o.RecommendationIDs...)
			}
		}
		for _, c := range list {
			if over {
				sum.count(c, -1)
			}
		}
	}
	p.Operations = slices.DeleteFunc(p.Operations, func(o access.Operation) bool { return !keep[o.ID] })
	for _, sink := range slices.Sorted(maps.Keys(left)) {
		ids := slices.Compact(slices.Sorted(slices.Values(left[sink])))
		p.Omitted = append(p.Omitted, access.Omission{Sink: sink, Reason: "a cap is reached: it is left for a later plan", Count: len(ids), RecommendationIDs: ids})
	}
}

// parts divides operations into those that belong together, because they share a
// recommendation or come after one another.
func parts(list []access.Operation) [][]access.Operation {
	of := map[string]int{} // index of the part, by recommendation and by operation
	var out [][]access.Operation
	for _, o := range list {
		keys := slices.Concat(o.RecommendationIDs, o.After, []string{o.ID})
		at := -1
		for _, k := range keys {
			i, known := of[k]
			switch {
			case !known || i == at:
			case at < 0:
				at = i
			default: // it joins two parts
				out[at] = append(out[at], out[i]...)
				out[i] = nil
				for key, j := range of {
					if j == i {
						of[key] = at
					}
				}
			}
		}
		if at < 0 {
			out, at = append(out, nil), len(out)
		}
		out[at] = append(out[at], o)
		for _, k := range keys {
			of[k] = at
		}
	}
	return slices.DeleteFunc(out, func(p []access.Operation) bool { return p == nil })
}

// waves puts the people of the canary into the first wave and the others into
// the second.
func waves(p *access.Plan, canary int) {
	first := canaryOf(p, canary)
	number := map[string]int{}
	for _, part := range parts(p.Operations) {
		wave := 1
		for i := range part {
			outside := func(c change) bool { return !first[c.person] }
			if slices.ContainsFunc(changes(&part[i]), outside) {
				wave = 2
			}
		}
		for _, o := range part {
			number[o.ID] = wave
		}
	}
	for i := range p.Operations {
		p.Operations[i].Wave = number[p.Operations[i].ID]
	}
}

// canaryOf chooses so many people from whom the least can be lost: those with
// the fewest grave changes, then the fewest changes. All are chosen where there
// are no more, or where there is to be no canary.
func canaryOf(p *access.Plan, n int) map[string]bool {
	harm := map[string][2]int{} // by person: changes that are grave, changes
	for i := range p.Operations {
		o := &p.Operations[i]
		for _, c := range changes(o) {
			h := harm[c.person]
			if h[1]++; o.Privileged || !o.Reversible {
				h[0]++
			}
			harm[c.person] = h
		}
	}
	people := slices.SortedFunc(maps.Keys(harm), func(a, b string) int {
		return cmp.Or(cmp.Compare(harm[a][0], harm[b][0]), cmp.Compare(harm[a][1], harm[b][1]), cmp.Compare(a, b))
	})
	if n == 0 || n > len(people) {
		n = len(people)
	}
	first := map[string]bool{}
	for _, person := range people[:n] {
		first[person] = true
	}
	return first
}
