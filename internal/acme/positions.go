package acme

// byAudience lists, for each source, the entitlements that come with a
// position, so that a person's are found without a walk over all.
type byAudience map[audience][]int

func (c *Company) audiences() [3]byAudience {
	var out [3]byAudience
	for i := range out {
		out[i] = byAudience{}
	}
	for i := range c.ents {
		e := &c.ents[i]
		switch e.to.kind {
		case forEveryone, forStaff, forContractors, forManagers, forDept, forTitle, forCity:
		default:
			continue
		}
		// Apps come through their group or role, except in the legacy system.
		if e.via == viaDefault || (e.kind != kindGroup && e.source != inLegacy) {
			continue
		}
		key := e.to
		out[e.source][key.key()] = append(out[e.source][key.key()], i)
	}
	return out
}

// key clears what the kind of audience does not look at.
func (a audience) key() audience {
	switch a.kind {
	case forDept:
		a.title, a.town = -1, -1
	case forTitle:
		a.town = -1
	case forCity:
		a.dept, a.title = -1, -1
	default:
		a.dept, a.title, a.town = -1, -1, -1
	}
	return a
}

// fitting lists what comes with a position in a source.
func (c *Company) fitting(by byAudience, p *person, pos *position) []int {
	var out []int
	for _, a := range []audience{
		{forEveryone, -1, -1, -1}, {forStaff, -1, -1, -1}, {forContractors, -1, -1, -1}, {forManagers, -1, -1, -1},
		{forDept, pos.dept, -1, -1}, {forTitle, pos.dept, pos.title, -1}, {forCity, -1, -1, pos.town},
	} {
		if a.suits(p, pos) {
			out = append(out, by[a]...)
		}
	}
	return out
}

// giveByPosition walks everyone's career and gives what each position brings.
// Rules and dynamic groups follow a move at once; what people gave by hand is
// removed after a move by about half, and that is where leftovers come from.
func (c *Company) giveByPosition() {
	d := c.dice("positions")
	by := c.audiences()
	for i := range c.people {
		p := &c.people[i]
		if p.fate == pending {
			continue
		}
		tidy, lacking := d.chance(0.5), c.lacking(d, p)
		for source, acct := range p.acct {
			if acct >= 0 {
				c.giveCareer(d, by[source], p, acct, tidy, lacking && source != inLegacy)
			}
		}
	}
}

// lacking says whether something that the position brings was forgotten.
func (c *Company) lacking(d dice, p *person) bool {
	if p.external() || p.titleTypo > 0 {
		return false
	}
	switch p.fate {
	case fresh:
		return p.hire <= -20 && p.hire >= -80 && d.chance(0.7)
	case forgotten:
		return true
	case mover:
		return d.chance(0.6)
	default:
		return false
	}
}

func (c *Company) giveCareer(d dice, by byAudience, p *person, acct int, tidy, lacking bool) {
	var before []int
	for k := range p.pos {
		pos := &p.pos[k]
		fits := c.fitting(by, p, pos)
		now := map[int]bool{}
		for _, e := range fits {
			now[e] = true
		}
		for _, e := range before {
			if n := c.edgeOf(acct, e); n >= 0 && !now[e] {
				c.leaveBehind(d, p, n, pos.from, tidy)
			}
		}
		skip := -1
		if lacking && k == len(p.pos)-1 {
			skip = c.chooseLacking(d, fits, before)
		}
		for _, e := range fits {
			c.giveFitting(d, p, acct, e, pos.from, e == skip)
		}
		before = fits
	}
}

// giveFitting gives one entitlement of a position, or wishes for it.
func (c *Company) giveFitting(d dice, p *person, acct, ent, from int, skip bool) {
	e := &c.ents[ent]
	if c.edgeOf(acct, ent) >= 0 {
		return
	}
	if skip {
		c.missing = append(c.missing, wish{acct, ent, from, c.missingKind(p), p.fate == forgotten})
		return
	}
	since := from
	if !e.automatic() {
		if d.chance(0.0015) {
			return // does without, and is content
		}
		since += d.between(0, 4)
	}
	n := c.give(acct, ent, since, right)
	if n < 0 {
		if since >= 0 && from < 0 {
			c.due = append(c.due, wish{acct, ent, since, onItsWay, false})
		}
		return
	}
	if !e.automatic() {
		c.edges[n].by = c.granter(d, e.source)
	}
	if e.idle >= 0 && p.at(since).title == e.idle && p.at(since).dept == e.to.dept {
		c.outdate(n, since, ruleGivenStale)
		return
	}
	c.useFitting(d, acct, ent, c.edges[n].since)
}

// useFitting: of a hand-made group with several tools, one in eight people
// never needs one of those after the first.
func (c *Company) useFitting(d dice, acct, ent, since int) {
	for i, t := range c.tools(ent) {
		if i > 0 && c.ents[ent].via == viaManual && d.chance(0.12) {
			continue
		}
		c.addUse(d, acct, t.ent, max(since, t.since)+d.between(0, 3), never, 1)
	}
}

func (c *Company) missingKind(p *person) kind {
	switch p.fate {
	case fresh:
		return hireMissing
	case forgotten:
		return wasForgotten
	default:
		return moverMissing
	}
}

// chooseLacking picks a group that all peers hold and use, and that the person
// did not bring along.
func (c *Company) chooseLacking(d dice, fits, before []int) int {
	had := map[int]bool{}
	for _, e := range before {
		had[e] = true
	}
	var candidates []int
	for _, i := range fits {
		e := &c.ents[i]
		tools := c.tools(i)
		if e.via != viaManual || had[i] || len(tools) == 0 || e.to.kind == forManagers {
			continue
		}
		if _, regular := cadences[c.ents[tools[0].ent].cadence]; regular {
			candidates = append(candidates, i)
		}
	}
	if len(candidates) == 0 {
		return -1
	}
	return candidates[d.IntN(len(candidates))]
}

// leaveBehind ends what a move made needless, or forgets to.
func (c *Company) leaveBehind(d dice, p *person, n, day int, tidy bool) {
	e := &c.edges[n]
	acct, ent := e.acct, e.ent
	handover := day + d.between(0, 8)
	c.stopUse(acct, ent, handover)
	switch v := &c.ents[ent]; {
	case v.via == viaRule || v.via == viaDynamic || v.via == viaSynced || v.via == viaImported:
		c.take(n, day)
	case tidy || d.chance(0.15):
		if p.fate != freshMover {
			c.take(n, day+d.between(0, 10))
		}
	default:
		if p.fate != freshMover {
			c.outdate(n, day, moverLeftover)
		}
	}
}

// granter is the account of an administrator, or the platform where there is
// none yet.
func (c *Company) granter(d dice, source int) int {
	if a := c.people[d.IntN(len(c.depts))].acct[source]; a >= 0 {
		return a
	}
	return -1
}
