package acme

// This file gives what does not come with a position and serves many: mail,
// reports and projects.

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
		if e := &c.ents[i]; e.to.kind == forReaders && e.kind == kindGroup {
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
