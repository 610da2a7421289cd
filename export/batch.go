package export

import (
	"slices"
	"strings"
)

// A Batch is a set of users and a set of resources of one type, each pair of
// which is flagged: what a review of these users on these resources shows is
// exactly what was recommended.
type Batch struct {
	Type        string
	Resources   []string // sorted
	Users       []string // sorted
	Flags       []Flag
	Part, Parts int // which part of the resources' users it is, from 1
}

// Batches packs the flags into as few batches as the limits allow without a
// pair that is not flagged: resources share a batch only where their flagged
// users are the same.
func Batches(flags []Flag, maxUsers, maxResources int) []Batch {
	var all []Batch
	byResource := map[resource][]Flag{}
	for _, f := range flags {
		r := resource{f.Type, f.Resource}
		byResource[r] = append(byResource[r], f)
	}
	for _, g := range sameUsers(byResource) {
		parts := slices.Collect(slices.Chunk(g.users, maxUsers))
		for resources := range slices.Chunk(g.resources, maxResources) {
			for i, users := range parts {
				b := Batch{Type: g.kind, Resources: resources, Users: users, Part: i + 1, Parts: len(parts)}
				for _, id := range resources {
					b.Flags = append(b.Flags, of(users, byResource[resource{g.kind, id}])...)
				}
				all = append(all, b)
			}
		}
	}
	return all
}

// A resource is what can be under review.
type resource struct{ kind, id string }

// A group is resources of one type with the same flagged users.
type group struct {
	kind             string
	resources, users []string
}

// sameUsers groups the resources by type and set of users, ordered by type and
// first resource.
func sameUsers(byResource map[resource][]Flag) []group {
	groups := map[string]*group{}
	for r, flags := range byResource { // in any order: all is sorted below
		users := make([]string, 0, len(flags))
		for _, f := range flags {
			users = append(users, f.User)
		}
		slices.Sort(users)
		users = slices.Compact(users)
		key := r.kind + "\x00" + strings.Join(users, "\x00")
		if groups[key] == nil {
			groups[key] = &group{kind: r.kind, users: users}
		}
		groups[key].resources = append(groups[key].resources, r.id)
	}
	all := make([]group, 0, len(groups))
	for _, g := range groups {
		slices.Sort(g.resources)
		all = append(all, *g)
	}
	slices.SortFunc(all, func(a, b group) int {
		return slices.Compare([]string{a.kind, a.resources[0]}, []string{b.kind, b.resources[0]})
	})
	return all
}

// of returns the flags of the users, who are sorted.
func of(users []string, flags []Flag) []Flag {
	var own []Flag
	for _, f := range flags {
		if _, ok := slices.BinarySearch(users, f.User); ok {
			own = append(own, f)
		}
	}
	return own
}
