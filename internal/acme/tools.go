package acme

// This file gives what somebody once asked for, for one person or for a whole
// department, and what was copied from a colleague.

// giveDirect gives the tools that people ask for one by one.
func (c *Company) giveDirect() {
	d := c.dice("direct")
	var tools [3][]int
	for i := range c.ents {
		e := &c.ents[i]
		if e.to.kind == forAskers && (e.kind == kindAppRole || e.source == inOkta) {
			tools[e.source] = append(tools[e.source], i)
		}
	}
	means := [3]float64{1.5, 0.5, 0.6}
	for i := range c.people {
		p := &c.people[i]
		for source, a := range p.acct {
			if a < 0 || p.fate == pending {
				continue
			}
			for range d.poisson(means[source]) {
				c.giveTool(d, p, a, tools[source][d.IntN(len(tools[source]))])
			}
		}
	}
}

func (c *Company) giveTool(d dice, p *person, acct, ent int) {
	first := max(p.hire+2, -1100)
	since := d.between(first, -1)
	if d.chance(0.1) {
		since = max(first, -d.between(3, 85))
	}
	n := c.give(acct, ent, since, right)
	if n < 0 {
		return
	}
	since = c.edges[n].since
	c.edges[n].by = c.granter(d, c.ents[ent].source)
	u := d.Float64()
	switch {
	case since > -100: // too fresh to judge; four in ten were not tried yet
		if u < 0.6 {
			c.useAll(d, acct, ent, since+d.between(0, 9), never, 1)
		}
	case len(c.tools(ent)) == 0: // a bookmark: nobody will ever know
	case u < 0.62:
		c.useAll(d, acct, ent, since+d.between(0, 9), never, 1)
	case u < 0.74:
		c.useSlowly(d, acct, ent, since)
	case u < 0.93:
		c.lapse(d, n, staleApp)
	default:
		c.outdate(n, since, neverUsed)
	}
}

// useSlowly lets a tool be used about once in 55 to 95 days, for as long as it
// is held: rare and alive.
func (c *Company) useSlowly(d dice, acct, ent, since int) {
	for _, t := range c.tools(ent) {
		if n := c.addUse(d, acct, t.ent, since+d.between(0, 9), never, 1); n >= 0 && c.uses[n].mode == useSteady {
			c.uses[n].rate = 1 / float64(d.between(40, 68))
		}
	}
}

// giveLegacy: the old systems were given to whole departments for years, and
// some still are, by routine. Few use them, nobody takes them away, and newer
// people do not have them: popular, and of no use.
func (c *Company) giveLegacy() {
	d := c.dice("legacy")
	for g := range c.ents {
		e := &c.ents[g]
		given, share := -420, 0.87
		if e.to.kind == forStayers {
			given, share = -110, 0.96
		} else if e.to.kind != forOldTimers {
			continue
		}
		if (e.kind == kindApp && e.source != inLegacy) || (e.source == inEntra && e.kind == kindAppRole) {
			continue
		}
		for i := range c.people {
			p := &c.people[i]
			a := p.acct[e.source]
			if a >= 0 && p.at(given).dept == e.to.dept && p.hire <= given && d.chance(share) {
				c.giveOldSystem(d, p, a, g)
			}
		}
	}
}

func (c *Company) giveOldSystem(d dice, p *person, acct, ent int) {
	n := c.give(acct, ent, max(p.hire+5, -d.between(420, 1500)), right)
	if n < 0 {
		return
	}
	since := c.edges[n].since
	if d.chance(0.06) {
		c.useAll(d, acct, ent, since, never, 1)
		return
	}
	k := staleGroup
	if c.ents[ent].kind != kindGroup {
		k = neverUsed
	}
	c.outdate(n, since, k)
	if since < -420 && d.chance(0.4) {
		last := -d.between(150, 390)
		c.edges[n].needEnd = last + 1
		c.useAll(d, acct, ent, since, last, 1)
	}
}

// giveMirrors: some people were given "the same as" a colleague elsewhere, and
// never needed any of it.
func (c *Company) giveMirrors() {
	d := c.dice("mirrors")
	for i := range c.people {
		p := &c.people[i]
		a := p.acct[inOkta]
		if p.fate != mirrored || a < 0 {
			continue
		}
		since := -d.between(120, 380)
		for range 12 {
			model := c.people[d.IntN(len(c.people))].acct[inOkta]
			if model < 0 || c.people[c.accounts[model].person].now().dept == p.now().dept {
				continue
			}
			if c.copyFrom(d, model, a, since) > 2 {
				break
			}
		}
	}
}

// copyFrom gives up to six of a model account's hand-made grants.
func (c *Company) copyFrom(d dice, model, acct, since int) int {
	copied, by := 0, c.granter(d, inOkta)
	for _, n := range c.edgesOf[model] {
		e := c.edges[n]
		v := &c.ents[e.ent]
		if copied == 6 || !e.held() || v.automatic() || v.kind == kindAdmin || v.project != nil || len(c.tools(e.ent)) == 0 {
			continue
		}
		if m := c.give(acct, e.ent, since, neverUsed); m >= 0 {
			c.edges[m].by = by
			copied++
		}
	}
	return copied
}
