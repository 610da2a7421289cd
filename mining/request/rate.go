package request

import "math"

// A cell counts the decisions on one combination of values: in all and, so that
// a case can be left out with its fold, by fold.
type cell struct {
	n, k  float64
	fn    [folds]float64
	fk    [folds]float64
	prior float64 // sum of the priors of its cases, by weight
}

// A table holds the cells of one set, in the order in which cases met them.
type table struct {
	at       map[uint64]int32
	cells    []cell
	strength float64 // of the prior, in decisions
}

// A view is what the rates say of one case: by set the log odds of its shrunk
// rate, what it adds to the wider ones, and how much it rests on data, 0 to 1.
type view struct {
	odds, adds, rests []float64
	base              float64
}

// rates are the shrunk approval rates of every combination.
type rates struct {
	*space
	tables []table
	all    cell
}

// newRates counts the cases and estimates the strengths, wide sets first. The
// views are those of the cases themselves, each by the rates without its fold.
func newRates(s *space, cases []Case) (*rates, []view) {
	r := &rates{space: s, tables: make([]table, len(s.sets))}
	codes, part, views := make([][]int32, len(cases)), make([]int, len(cases)), make([]view, len(cases))
	for i, c := range cases {
		codes[i], part[i] = s.encode(c), c.fold()
		r.all.add(c, part[i], 0)
	}
	for i := range cases {
		views[i] = newView(r.base(part[i]), len(s.sets))
	}
	place, prior := make([]int32, len(cases)), make([]float64, len(cases))
	for j, x := range s.sets {
		t := table{at: map[uint64]int32{}}
		for i, c := range cases {
			prior[i] = r.before(x, views[i].odds, part[i])
			if place[i] = t.place(x.key(codes[i])); place[i] >= 0 {
				t.cells[place[i]].add(c, part[i], prior[i])
			}
		}
		t.strength = strength(t.cells)
		for i := range cases {
			views[i].set(&t, j, place[i], prior[i], part[i])
		}
		r.tables[j] = t
	}
	return r, views
}

// place finds the cell of a key, or makes it; -1 for no key.
func (t *table) place(key uint64) int32 {
	if key == 0 {
		return -1
	}
	at, ok := t.at[key]
	if !ok {
		at = int32(len(t.cells)) //nolint:gosec // G115: at most a cell a case
		t.at[key], t.cells = at, append(t.cells, cell{})
	}
	return at
}

// newView makes an empty view of so many sets.
func newView(base float64, sets int) view {
	all := make([]float64, 3*sets)
	return view{base: base, odds: all[:sets], adds: all[sets : 2*sets], rests: all[2*sets:]}
}

// set fills in what the table of one set says.
func (v *view) set(t *table, j int, place int32, p0 float64, part int) {
	v.odds[j], v.rests[j] = t.rate(place, p0, part)
	v.adds[j] = v.odds[j] - logit(p0)
}

// add counts a case.
func (c *cell) add(of Case, part int, prior float64) {
	c.n, c.k, c.prior = c.n+of.Weight, c.k+of.Weight*of.Needed, c.prior+of.Weight*prior
	c.fn[part] += of.Weight
	c.fk[part] += of.Weight * of.Needed
}

// without are the counts with one fold left out; none for -1.
func (c *cell) without(part int) (n, k float64) {
	if part < 0 {
		return c.n, c.k
	}
	return c.n - c.fn[part], c.k - c.fk[part]
}

// base is the log odds of the rate of all cases, two doubtful ones added.
func (r *rates) base(part int) float64 {
	n, k := r.all.without(part)
	return logit((k + 1) / (n + 2))
}

// before is what the wider sets make one expect of a set: the rate at the mean
// of their log odds.
func (r *rates) before(x set, odds []float64, part int) float64 {
	var sum float64
	for _, p := range x.parents {
		if p < 0 {
			sum += r.base(part)
			continue
		}
		sum += odds[p]
	}
	return expit(sum / float64(len(x.parents)))
}

// rate is the log odds of a cell's rate shrunk towards p0, and how much of it
// rests on data. The cell may be none, -1.
func (t *table) rate(place int32, p0 float64, part int) (odds, rests float64) {
	if place < 0 {
		return logit(p0), 0
	}
	n, k := t.cells[place].without(part)
	return logit(math.Min(1-1e-6, math.Max(1e-6, (k+t.strength*p0)/(n+t.strength)))), n / (n + t.strength)
}

// strength estimates by moments how much the cells' rates differ from what was
// expected of them: the intraclass correlation rho of the beta-binomial model
// (Kleinman, JASA 68, 1973) gives 1/rho - 1 decisions.
func strength(cells []cell) float64 {
	var over, room float64
	for _, c := range cells {
		if c.n <= 1 {
			continue
		}
		p := c.prior / c.n
		v := p * (1 - p)
		over += (c.k-c.n*p)*(c.k-c.n*p) - c.n*v
		room += c.n * (c.n - 1) * v
	}
	switch {
	case room <= 0:
		return unknownStrength
	case over <= 0:
		return maxStrength
	}
	return math.Min(maxStrength, math.Max(minStrength, room/over-1))
}

// The bounds of a strength: below the one a single decision would decide, above
// the other no number of them; and what serves where no combination was decided
// on twice.
const (
	unknownStrength = 4.0

	minStrength = 1.0
	maxStrength = 200.0
)

// view is what the rates say of a request.
func (r *rates) view(c Case) view {
	codes, v := r.encode(c), newView(r.base(-1), len(r.sets))
	for j, x := range r.sets {
		place := int32(-1)
		if at, ok := r.tables[j].at[x.key(codes)]; ok {
			place = at
		}
		v.set(&r.tables[j], j, place, r.before(x, v.odds, -1), -1)
	}
	return v
}
