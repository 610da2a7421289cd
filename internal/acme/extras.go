package acme

// This file gives what does not come with a position: mail, reports, projects,
// tools that somebody once asked for, and the old systems.

// giveMailboxes lets everyone with an Entra account use mail and chat, which
// need no assignment: use without a grant.
func (c *Company) giveMailboxes() {
	d := c.dice("mail")
	var apps []int
	for i := range c.ents {
		if e := &c.ents[i]; e.via == viaDefault && e.kind == kindApp {
			apps = append(apps, i)
		}
	}
	c.growLists()
	for i := range c.people {
		p := &c.people[i]
		if a := p.acct[inEntra]; a >= 0 && p.fate != pending {
			for _, app := range apps {
				c.addUse(d, a, app, p.hire+d.between(0, 2), never, 1)
			}
		}
	}
}

// giveNested puts readers of reports into the group of their region. One in
// seven has not opened a report for months, or never did.
func (c *Company) giveNested() {
	d := c.dice("nested")
	regions := map[string]int{}
	for i := range c.ents {
		if e := &c.ents[i]; e.to.kind == "nested" && e.kind == kindGroup {
			regions[e.desc] = i
		}
	}
	for i := range c.people {
		p := &c.people[i]
		a := p.acct[inEntra]
		if a < 0 || p.fate == pending || !d.chance(0.22) {
			continue
		}
		g := regions[c.towns[p.now().town].region]
		n := c.give(a, g, max(p.hire+3, -d.between(95, 1200)), right)
		if n < 0 {
			continue
		}
		if c.edges[n].by = c.granter(d, inEntra); d.chance(0.14) && c.edges[n].since < -100 {
			c.lapse(d, n, nestedStale)
			continue
		}
		c.useAll(d, a, g, c.edges[n].since+d.between(0, 5), never, 1)
	}
}

// lapse makes a grant stale: a third was never used, a third only at first,
// and a third until some months ago. Of the last, some stopped too recently
// for any log to show it.
func (c *Company) lapse(d dice, n int, k kind) {
	e := &c.edges[n]
	switch d.IntN(3) {
	case 0:
		c.outdate(n, e.since, k)
	case 1:
		c.outdate(n, e.since, k)
		for _, t := range c.tools(e.ent) {
			if u := c.addUse(d, e.acct, t.ent, e.since, e.since+2, 1); u >= 0 {
				c.uses[u].mode = useOnce
			}
		}
	default:
		last := -d.between(95, 380)
		if d.chance(0.2) {
			last = -d.between(20, 89)
		}
		c.outdate(n, last+1, k)
		c.useAll(d, e.acct, e.ent, e.since, last, 1)
	}
}

// giveProjects fills the project groups from all departments. When a project
// ends the need ends; half of the groups are emptied then.
func (c *Company) giveProjects() {
	d := c.dice("projects")
	for g := range c.ents {
		pr := c.ents[g].project
		if pr == nil {
			continue
		}
		source := c.ents[g].source
		for range pr.size {
			i := d.IntN(len(c.people))
			p := &c.people[i]
			if a := p.acct[source]; a >= 0 && p.fate != pending {
				c.joinProject(d, p, a, g)
			}
		}
	}
}

func (c *Company) joinProject(d dice, p *person, acct, g int) {
	pr := c.ents[g].project
	since := max(pr.first, p.hire) + d.between(0, 40)
	if since > min(pr.last, -1) {
		return
	}
	n := c.give(acct, g, since, right)
	if n < 0 {
		return
	}
	c.edges[n].by = c.granter(d, c.ents[g].source)
	c.useAll(d, acct, g, since+d.between(0, 4), pr.last, 1.3)
	switch {
	case pr.last == never:
	case pr.cleaned:
		c.take(n, pr.last+d.between(1, 12))
	default:
		c.outdate(n, pr.last+1, projectOver)
	}
}

// giveDirect gives the tools that people ask for one by one.
func (c *Company) giveDirect() {
	d := c.dice("direct")
	var tools [3][]int
	for i := range c.ents {
		e := &c.ents[i]
		if e.to.kind == "direct" && (e.kind == kindAppRole || e.source == inOkta) {
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

// giveLegacy: the old systems were given to whole departments for years. Few
// use them still, nobody took them away, and newer people do not have them:
// popular, and of no use.
func (c *Company) giveLegacy() {
	d := c.dice("legacy")
	for g := range c.ents {
		e := &c.ents[g]
		if e.to.kind != "legacy" || (e.kind == kindApp && e.source != inLegacy) || (e.source == inEntra && e.kind == kindAppRole) {
			continue
		}
		for i := range c.people {
			p := &c.people[i]
			a := p.acct[e.source]
			if a >= 0 && p.at(-420).dept == e.to.dept && p.hire <= -420 && d.chance(0.87) {
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
	if d.chance(0.4) {
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
