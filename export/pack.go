package export

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
)

// pack divides the grid into rectangles, of which cut makes few batches. Each
// part of the grid that shares neither users nor resources with the rest is
// packed by itself; where dividing resources saves no batch, each stays whole.
func (g *grid) pack() []rectangle {
	var all []rectangle
	for _, resources := range g.islands() {
		f := newField(g, resources)
		whole := f.whole()
		best, least, bound := whole.tiles, whole.total, f.rank()
		for _, start := range []*tiling{f.whole(), f.turned()} {
			if least == bound {
				break
			}
			if start.search(bound); start.least < least {
				best, least = start.found, start.least
			}
		}
		for _, t := range best {
			all = append(all, f.rectangle(t))
		}
	}
	return all
}

// islands groups the resources that share users, directly or by others.
func (g *grid) islands() [][]int {
	parent := make([]int, len(g.resources)+len(g.users))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for r, users := range g.usersOf {
		for _, u := range users {
			a, b := root(r), root(len(g.resources)+u)
			parent[max(a, b)] = min(a, b)
		}
	}
	var all [][]int
	place := map[int]int{}
	for r := range g.resources {
		key := root(r)
		if _, ok := place[key]; !ok {
			place[key] = len(all)
			all = append(all, nil)
		}
		all[place[key]] = append(all[place[key]], r)
	}
	return all
}

// A field is an island in which resources with the same users are one row, and
// users with the same resources one column.
type field struct {
	g          *grid
	rows, cols [][]int  // of resources and users
	cells      []bitset // by row, the columns
	random     *rand.Rand
}

func newField(g *grid, resources []int) *field {
	f := &field{g: g, random: rand.New(rand.NewPCG(1, 2))} //nolint:gosec // a fixed seed: the same flags, the same batches
	resourcesOf := map[int][]int{}
	for _, r := range resources {
		for _, u := range g.usersOf[r] {
			resourcesOf[u] = append(resourcesOf[u], r)
		}
	}
	f.rows = alike(resources, func(r int) []int { return g.usersOf[r] })
	f.cols = alike(slices.Sorted(maps.Keys(resourcesOf)), func(u int) []int { return resourcesOf[u] })
	column := map[int]int{} // by user
	for c, users := range f.cols {
		for _, u := range users {
			column[u] = c
		}
	}
	for _, row := range f.rows {
		cells := newBitset(len(f.cols))
		for _, u := range g.usersOf[row[0]] {
			cells.set(column[u])
		}
		f.cells = append(f.cells, cells)
	}
	return f
}

// rank is the rank of the field over two elements. No tiling has fewer tiles:
// each adds a matrix of rank one.
func (f *field) rank() int {
	lead := map[int]bitset{} // of those found so far, by their first column
	for _, row := range f.cells {
		for !row.empty() {
			first := row.first()
			if lead[first] == nil {
				lead[first] = row
				break
			}
			row = row.xor(lead[first])
		}
	}
	return len(lead)
}

// alike groups the items that have the same others, in their order.
func alike(items []int, others func(int) []int) [][]int {
	var out [][]int
	place := map[string]int{}
	for _, item := range items {
		key := fmt.Sprint(others(item))
		at, ok := place[key]
		if !ok {
			at = len(out)
			place[key] = at
			out = append(out, nil)
		}
		out[at] = append(out[at], item)
	}
	return out
}

// rectangle lists the resources and users of a tile.
func (f *field) rectangle(t tile) rectangle {
	var out rectangle
	for r := range t.rows.all() {
		out.resources = append(out.resources, f.rows[r]...)
	}
	for c := range t.cols.all() {
		out.users = append(out.users, f.cols[c]...)
	}
	slices.Sort(out.resources)
	slices.Sort(out.users)
	return out
}

// whole is the tiling with one tile a row.
func (f *field) whole() *tiling {
	t := newTiling(f)
	for r := range f.rows {
		one := newBitset(len(f.rows))
		one.set(r)
		t.add(tile{rows: one, cols: slices.Clone(f.cells[r])})
	}
	return t
}

// turned is the tiling with one tile a column.
func (f *field) turned() *tiling {
	t := newTiling(f)
	for c := range f.cols {
		one, rows := newBitset(len(f.cols)), newBitset(len(f.rows))
		one.set(c)
		for r := range f.rows {
			if f.cells[r].has(c) {
				rows.set(r)
			}
		}
		t.add(tile{rows: rows, cols: one})
	}
	return t
}
