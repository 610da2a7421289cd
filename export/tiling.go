package export

import "slices"

// A tile is a set of rows and a set of columns, all cells of which are flagged.
type tile struct {
	rows, cols bitset
	cost       int // batches into which the limits cut it
}

// A tiling divides the flagged cells of a field into tiles: each cell is in
// exactly one. No two tiles have the same rows, or the same columns: they would
// be one.
type tiling struct {
	f              *field
	tiles          []tile
	byRows, byCols map[string]int
	total          int    // of the costs
	found          []tile // the best so far
	least          int    // its cost
}

func newTiling(f *field) *tiling {
	return &tiling{f: f, byRows: map[string]int{}, byCols: map[string]int{}}
}

func (t *tiling) add(one tile) {
	one.cost = t.f.rectangle(one).cost(t.f.g)
	t.byRows[one.rows.key()], t.byCols[one.cols.key()] = len(t.tiles), len(t.tiles)
	t.tiles, t.total = append(t.tiles, one), t.total+one.cost
}

func (t *tiling) drop(i int) {
	gone, last := t.tiles[i], len(t.tiles)-1
	delete(t.byRows, gone.rows.key())
	delete(t.byCols, gone.cols.key())
	if t.total -= gone.cost; i != last {
		t.tiles[i] = t.tiles[last]
		t.byRows[t.tiles[i].rows.key()], t.byCols[t.tiles[i].cols.key()] = i, i
	}
	t.tiles = t.tiles[:last]
}

// The search ends after so many rounds without a gain, or comparisons of words.
const (
	patience = 60
	effort   = 200_000_000
)

// search walks from tiling to tiling by moves that cost nothing or gain, and
// keeps the best. A move takes from one tile what another has in the same
// columns (or rows) and gives it to that one, as in an elimination; now and then
// what remains equals a third, and the two become one. It is bounded by counts,
// not by time, so that every machine finds the same; bound is a cost below which
// there is nothing to find.
func (t *tiling) search(bound int) {
	t.keep()
	words := 2 * (len(t.f.rows) + len(t.f.cols)) / 64
	for idle, spent := 0, 0; idle < patience && spent < effort && t.least > bound; idle++ {
		for i := 0; i < len(t.tiles) && spent < effort; i++ {
			from := t.f.random.IntN(len(t.tiles))
			for n := range t.tiles {
				spent += 4 + words
				if j := (from + n) % len(t.tiles); i != j && t.move(i, j) {
					break
				}
			}
		}
		if t.total < t.least {
			t.keep()
			idle = 0
		}
	}
}

func (t *tiling) keep() { t.found, t.least = slices.Clone(t.tiles), t.total }

// move tries what the tiles i and j allow, and reports whether it was done.
func (t *tiling) move(i, j int) bool {
	a, b := t.tiles[i], t.tiles[j]
	gone := []int{i, j}
	switch {
	case a.cols.within(b.cols):
		return t.try(gone, tile{rows: a.rows.or(b.rows), cols: a.cols}, tile{rows: b.rows, cols: b.cols.without(a.cols)})
	case a.rows.within(b.rows):
		return t.try(gone, tile{rows: a.rows, cols: a.cols.or(b.cols)}, tile{rows: b.rows.without(a.rows), cols: b.cols})
	case b.cols.within(a.cols) || b.rows.within(a.rows): // at (j, i)
		return false
	}
	if common := a.cols.and(b.cols); !common.empty() {
		left, right := a.cols.without(common), b.cols.without(common)
		return (t.known(t.byCols, left) || t.known(t.byCols, right)) &&
			t.try(gone, tile{rows: a.rows.or(b.rows), cols: common}, tile{rows: a.rows, cols: left}, tile{rows: b.rows, cols: right})
	}
	if common := a.rows.and(b.rows); !common.empty() {
		left, right := a.rows.without(common), b.rows.without(common)
		return (t.known(t.byRows, left) || t.known(t.byRows, right)) &&
			t.try(gone, tile{rows: common, cols: a.cols.or(b.cols)}, tile{rows: left, cols: a.cols}, tile{rows: right, cols: b.cols})
	}
	return false
}

func (t *tiling) known(in map[string]int, b bitset) bool {
	_, ok := in[b.key()]
	return ok
}

// try puts fresh tiles in the place of others, joined with those that have the
// same rows or columns, unless that costs more. Of the changes that cost the
// same it makes one in two.
func (t *tiling) try(gone []int, fresh ...tile) bool {
	gone, fresh = t.settle(gone, fresh)
	change := 0
	for i := range fresh {
		fresh[i].cost = t.f.rectangle(fresh[i]).cost(t.f.g)
		change += fresh[i].cost
	}
	for _, i := range gone {
		change -= t.tiles[i].cost
	}
	if change > 0 || change == 0 && t.f.random.IntN(2) == 0 {
		return false
	}
	slices.Sort(gone)
	for _, i := range slices.Backward(gone) {
		t.drop(i)
	}
	for _, one := range fresh {
		t.add(one)
	}
	return true
}

// settle joins fresh tiles with each other and with tiles that are there, until
// none have the same rows or columns.
func (t *tiling) settle(gone []int, fresh []tile) ([]int, []tile) {
	var out []tile
	for len(fresh) > 0 {
		one := fresh[0]
		fresh = fresh[1:]
		if one.rows.empty() || one.cols.empty() {
			continue
		}
		if i, ok := t.byCols[one.cols.key()]; ok && !slices.Contains(gone, i) {
			gone, fresh = append(gone, i), append(fresh, tile{rows: one.rows.or(t.tiles[i].rows), cols: one.cols})
			continue
		}
		if i, ok := t.byRows[one.rows.key()]; ok && !slices.Contains(gone, i) {
			gone, fresh = append(gone, i), append(fresh, tile{rows: one.rows, cols: one.cols.or(t.tiles[i].cols)})
			continue
		}
		at := slices.IndexFunc(out, func(o tile) bool { return slices.Equal(o.cols, one.cols) || slices.Equal(o.rows, one.rows) })
		if at < 0 {
			out = append(out, one)
			continue
		}
		fresh = append(fresh, tile{rows: one.rows.or(out[at].rows), cols: one.cols.or(out[at].cols)})
		out = slices.Delete(out, at, at+1)
	}
	return gone, out
}
