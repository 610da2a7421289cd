package request

import (
	"maps"
	"slices"
)

// entitlementName stands for the entitlement among the attributes.
const entitlementName = "entitlement"

// maxCells bounds what the rates of triples may cost: cases times sets.
const maxCells = 6_000_000

// A space numbers attributes and their values. Attribute 0 is the entitlement;
// value 0 is none.
type space struct {
	names  []string
	values []map[string]int32
	sets   []set
}

// A set is a combination of attributes, by their numbers, ascending, and the
// places of the sets that lack one of them.
type set struct {
	of      []int
	parents []int // -1 for all cases
}

// newSpace numbers what the cases hold. Attributes that never vary are left
// out. Triples are looked at where they are affordable.
func newSpace(cases []Case) *space {
	seen := map[string]map[string]int32{}
	for _, c := range cases {
		for name, value := range c.all() {
			if seen[name] == nil {
				seen[name] = map[string]int32{}
			}
			if _, ok := seen[name][value]; !ok && value != "" {
				seen[name][value] = int32(len(seen[name]) + 1)
			}
		}
	}
	s := &space{names: []string{entitlementName}, values: []map[string]int32{seen[entitlementName]}}
	for _, name := range slices.Sorted(maps.Keys(seen)) {
		if name != entitlementName && len(seen[name]) > 1 {
			s.names, s.values = append(s.names, name), append(s.values, seen[name])
		}
	}
	s.combine(len(cases))
	return s
}

// all are the attributes of a case with the entitlement among them.
func (c Case) all() map[string]string {
	out := maps.Clone(c.Attributes)
	if out == nil {
		out = map[string]string{}
	}
	out[entitlementName] = c.Entitlement
	return out
}

// combine lists the sets, narrower ones after wider ones.
func (s *space) combine(cases int) {
	d, at := len(s.names), map[[3]int]int{}
	key := func(of []int) [3]int {
		k := [3]int{-1, -1, -1}
		copy(k[:], of)
		return k
	}
	add := func(of ...int) {
		x := set{of: of}
		for drop := range of {
			parent := -1
			if len(of) > 1 {
				parent = at[key(slices.Delete(slices.Clone(of), drop, drop+1))]
			}
			x.parents = append(x.parents, parent)
		}
		at[key(of)] = len(s.sets)
		s.sets = append(s.sets, x)
	}
	for i := range d {
		add(i)
	}
	for i := range d {
		for j := i + 1; j < d; j++ {
			add(i, j)
		}
	}
	if triples := d * (d - 1) * (d - 2) / 6; (len(s.sets)+triples)*cases > maxCells {
		return
	}
	for i := range d {
		for j := i + 1; j < d; j++ {
			for k := j + 1; k < d; k++ {
				add(i, j, k)
			}
		}
	}
}

// encode turns the attributes of a case into the numbers of their values.
func (s *space) encode(c Case) []int32 {
	out := make([]int32, len(s.names))
	all := c.all()
	for i, name := range s.names {
		out[i] = s.values[i][all[name]]
	}
	return out
}

// key names the cell of a set that a case falls into; 0 where a value is
// missing or was never decided on. Each value has 21 bits.
func (x set) key(values []int32) (k uint64) {
	for i, a := range x.of {
		if values[a] == 0 {
			return 0
		}
		k |= uint64(values[a]) << (21 * i) //nolint:gosec // G115: positive and below 2^21
	}
	return k
}
