package export

import (
	"cmp"
	"slices"
)

// A rectangle is resources and users, all pairs of which are flagged.
type rectangle struct{ resources, users []int }

// cut divides the rectangle down to the limits, into len(resources) times
// len(users) parts.
func (t rectangle) cut(g *grid) (resources, users [][]int) {
	if g.byResource {
		size, parts := g.limits.division(len(t.users), len(t.resources), g.most(t.resources))
		return g.deal(t.resources, g.limits.Resources, parts, g.perReviewer(size)), slices.Collect(slices.Chunk(t.users, size))
	}
	size, parts := g.limits.turned().division(len(t.resources), len(t.users), g.most(t.users))
	return slices.Collect(slices.Chunk(t.resources, size)), g.deal(t.users, g.limits.Users, parts, g.perReviewer(size))
}

// cost is the number of parts into which cut divides.
func (t rectangle) cost(g *grid) int {
	if g.byResource {
		size, parts := g.limits.division(len(t.users), len(t.resources), g.most(t.resources))
		return ceil(len(t.users), size) * parts
	}
	size, parts := g.limits.turned().division(len(t.resources), len(t.users), g.most(t.users))
	return ceil(len(t.resources), size) * parts
}

// turned swaps users and resources.
func (l Limits) turned() Limits {
	return Limits{Users: l.Resources, Resources: l.Users, Lines: l.Lines}
}

// division says how a rectangle of n users and m resources, of which one
// reviewer has at most most, is divided into the fewest parts: into chunks of
// size users, and the resources into so many parts.
func (l Limits) division(n, m, most int) (size, parts int) {
	best := 0
	for s := min(n, l.Users); s >= 1; s-- {
		p := ceil(m, l.Resources)
		if l.Lines > 0 {
			if s > l.Lines {
				continue
			}
			p = max(p, ceil(most, l.Lines/s))
		}
		if c := ceil(n, s) * p; best == 0 || c < best {
			best, size, parts = c, s, p
		}
	}
	return size, parts
}

// perReviewer is how many of its items a part may hold for one reviewer, when
// each is met by size on the other side; 0 for no bound.
func (g *grid) perReviewer(size int) int {
	if g.limits.Lines == 0 {
		return 0
	}
	return g.limits.Lines / size
}

// most is the largest number of the items that one reviewer has.
func (g *grid) most(items []int) int {
	if g.limits.Lines == 0 {
		return 0
	}
	counts, most := map[int]int{}, 0
	for _, i := range items {
		counts[g.reviewers[i]]++
		most = max(most, counts[g.reviewers[i]])
	}
	return most
}

// deal divides the items into parts of at most limit items, and at most
// perReviewer of one reviewer: in their order where that does it, else the items
// of each reviewer by turns.
func (g *grid) deal(items []int, limit, parts, perReviewer int) [][]int {
	inOrder := slices.Collect(slices.Chunk(items, limit))
	fits := func(part []int) bool { return perReviewer == 0 || g.most(part) <= perReviewer }
	if len(inOrder) == parts && !slices.ContainsFunc(inOrder, func(p []int) bool { return !fits(p) }) {
		return inOrder
	}
	byReviewer := slices.SortedFunc(slices.Values(items), func(a, b int) int {
		return cmp.Or(cmp.Compare(g.reviewers[a], g.reviewers[b]), cmp.Compare(a, b))
	})
	out := make([][]int, parts)
	for i, item := range byReviewer {
		out[i%parts] = append(out[i%parts], item)
	}
	for _, part := range out {
		slices.Sort(part)
	}
	return out
}

func ceil(n, by int) int { return (n + by - 1) / by }
