package export

import (
	"cmp"
	"slices"
)

// A Batch is a set of users and a set of resources of one type, each pair of
// which is flagged: what a review of these users on these resources shows is
// exactly what was recommended.
type Batch struct {
	Type        string
	Apart       string   // see Flag.Apart
	Resources   []string // sorted
	Users       []string // sorted
	Flags       []Flag
	Part, Parts int // which of the batches of the same name it is, from 1
}

// Limits bound one batch.
type Limits struct {
	Users, Resources int
	Lines            int // pairs on which one reviewer decides, see Flag.Reviewer; 0 for no bound
}

// Batches packs the flags into batches within the limits, so that each flagged
// pair is in exactly one and no other pair in any. It looks for few: resources
// with the same flagged users share a batch, and a resource is divided where its
// parts then coincide with those of others. The fewest are not always found:
// how many a set of pairs needs is a hard question (biclique partition). The
// same flags give the same batches, whatever their order.
func Batches(flags []Flag, limits Limits) []Batch {
	byGroup := map[[2]string][]Flag{}
	for _, f := range flags {
		key := [2]string{f.Type, f.Apart}
		byGroup[key] = append(byGroup[key], f)
	}
	var all []Batch
	for _, own := range byGroup { // in any order: all is sorted below
		all = append(all, newGrid(own, limits).batches()...)
	}
	slices.SortFunc(all, func(a, b Batch) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Apart, b.Apart),
			slices.Compare(a.Resources, b.Resources), slices.Compare(a.Users, b.Users))
	})
	number(all)
	return all
}

// number tells batches of one name apart.
func number(all []Batch) {
	names, seen := map[[2]string]int{}, map[[2]string]int{}
	for _, b := range all {
		names[[2]string{b.Type, b.Names()}]++
	}
	for i := range all {
		key := [2]string{all[i].Type, all[i].Names()}
		seen[key]++
		all[i].Part, all[i].Parts = seen[key], names[key]
	}
}

// A grid is the flagged pairs of one type: which users of which resources.
type grid struct {
	limits           Limits
	kind, apart      string
	users, resources []string          // sorted
	flags            map[[2]int][]Flag // by resource and user
	usersOf          [][]int           // by resource, ascending
	reviewers        []int             // who decides, by user or by resource
	byResource       bool              // reviewers are by resource
}

func newGrid(flags []Flag, limits Limits) *grid {
	g := &grid{limits: limits, kind: flags[0].Type, apart: flags[0].Apart, flags: map[[2]int][]Flag{}}
	for _, f := range flags {
		g.users, g.resources = append(g.users, f.User), append(g.resources, f.Resource)
	}
	g.users, g.resources = sortedSet(g.users), sortedSet(g.resources)
	for _, f := range flags {
		u, _ := slices.BinarySearch(g.users, f.User)
		r, _ := slices.BinarySearch(g.resources, f.Resource)
		g.flags[[2]int{r, u}] = append(g.flags[[2]int{r, u}], f)
	}
	g.usersOf = make([][]int, len(g.resources))
	for pair := range g.flags {
		g.usersOf[pair[0]] = append(g.usersOf[pair[0]], pair[1])
	}
	for _, users := range g.usersOf {
		slices.Sort(users)
	}
	g.whoDecides(flags)
	return g
}

// whoDecides finds the reviewers, who go by user where managers decide and by
// resource where owners do.
func (g *grid) whoDecides(flags []Flag) {
	var ok bool
	if g.reviewers, ok = reviewersOf(flags, g.users, func(f Flag) string { return f.User }); !ok {
		if g.reviewers, ok = reviewersOf(flags, g.resources, func(f Flag) string { return f.Resource }); ok {
			g.byResource = true
		} else { // in no order: as if one person decided on everything
			g.reviewers = make([]int, len(g.users))
		}
	}
}

// reviewersOf numbers the reviewers of the sorted keys. It returns false where a
// key has several.
func reviewersOf(flags []Flag, keys []string, key func(Flag) string) ([]int, bool) {
	var names []string
	for _, f := range flags {
		names = append(names, f.Reviewer)
	}
	names = sortedSet(names)
	out := make([]int, len(keys))
	for i := range out {
		out[i] = -1
	}
	for _, f := range flags {
		at, _ := slices.BinarySearch(keys, key(f))
		n, _ := slices.BinarySearch(names, f.Reviewer)
		if out[at] != -1 && out[at] != n {
			return nil, false
		}
		out[at] = n
	}
	return out, true
}

func sortedSet(s []string) []string {
	slices.Sort(s)
	return slices.Compact(s)
}

// batches cuts each rectangle of the packed grid down to the limits.
func (g *grid) batches() []Batch {
	var all []Batch
	for _, t := range g.pack() {
		resources, users := t.cut(g)
		for _, rs := range resources {
			for _, us := range users {
				all = append(all, g.batch(rs, us))
			}
		}
	}
	return all
}

// batch names the resources and users of a rectangle.
func (g *grid) batch(resources, users []int) Batch {
	b := Batch{Type: g.kind, Apart: g.apart}
	for _, u := range users {
		b.Users = append(b.Users, g.users[u])
	}
	for _, r := range resources {
		b.Resources = append(b.Resources, g.resources[r])
		for _, u := range users {
			own := g.flags[[2]int{r, u}]
			slices.SortFunc(own, func(a, b Flag) int {
				return cmp.Compare(a.Recommendation.RecommendationID, b.Recommendation.RecommendationID)
			})
			b.Flags = append(b.Flags, own...)
		}
	}
	return b
}
