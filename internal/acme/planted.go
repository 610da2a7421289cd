package acme

// This file spoils grants after they were given: needs that end, attempts
// that fail, people who leave, and accounts that belong to nobody.

// growLists makes the per-account lists cover every account.
func (c *Company) growLists() {
	for len(c.edgesOf) < len(c.accounts) {
		c.edgesOf = append(c.edgesOf, nil)
		c.usesOf = append(c.usesOf, nil)
	}
}

// letGroupsDrift ends the need for a team's group for one holder in thirty,
// whose work moved on without a change of position.
func (c *Company) letGroupsDrift() {
	d := c.dice("drift")
	for n := range c.edges {
		e := &c.edges[n]
		v := &c.ents[e.ent]
		if e.kind != right || !e.held() || v.kind != kindGroup || v.project != nil || v.to.kind == forReaders ||
			v.automatic() || e.since > -200 || len(c.tools(e.ent)) == 0 || !c.unremarkable(e.acct) || !d.chance(0.03) {
			continue
		}
		last := -d.between(95, 390)
		if d.chance(0.2) {
			last = -d.between(20, 89)
		}
		c.outdate(n, last+1, staleGroup)
		c.stopUse(e.acct, e.ent, last)
	}
}

func (c *Company) unremarkable(acct int) bool {
	p := c.accounts[acct].person
	return p >= 0 && c.people[p].fate == steady
}

// letAttemptsFail gives a tool to some who only ever fail to get in: wrong
// licence, forgotten password. Failures are no use, and they gave up needing
// it; only their client still tries.
func (c *Company) letAttemptsFail() {
	d := c.dice("failures")
	for n := range c.edges {
		e := &c.edges[n]
		v := &c.ents[e.ent]
		if e.kind != neverUsed && e.kind != staleApp || v.kind == kindGroup || v.source == inLegacy || e.since > -150 || !d.chance(0.13) {
			continue
		}
		for _, t := range c.tools(e.ent) {
			u := c.useOf(e.acct, t.ent)
			if u < 0 {
				u = c.addUse(d, e.acct, t.ent, e.since, never, 0.5)
			}
			c.uses[u].mode, c.uses[u].last = useFailing, never
		}
		c.outdate(n, e.since, failedOnly)
	}
}

// giveToMachines gives service accounts what they run on, and leaves orphans
// with what nobody took away.
func (c *Company) giveToMachines() {
	d := c.dice("machine access")
	var open [3][]int
	for i := range c.ents {
		if e := &c.ents[i]; e.via == viaManual && e.kind == kindGroup && e.project == nil && e.to.kind != forOldTimers && e.to.kind != forStayers && e.to.kind != forNobody {
			open[e.source] = append(open[e.source], i)
		}
	}
	c.growLists()
	for a := range c.accounts {
		switch acc := &c.accounts[a]; acc.kind {
		case kindService, kindShared:
			for range d.between(1, 3) {
				c.giveMachine(d, a, open[acc.source], right, d.chance(0.6))
			}
		case kindBreakGlass:
			c.giveAll(a, acc.created)
			c.giveMachine(d, a, open[acc.source], right, false)
		case kindOrphan:
			for range d.between(3, 6) {
				c.giveMachine(d, a, open[acc.source], orphanAccount, d.chance(0.5))
			}
		}
	}
}

// giveAll makes an account the strongest administrator of its platform.
func (c *Company) giveAll(acct, since int) {
	for i := range c.ents {
		if e := &c.ents[i]; e.id == "SUPER_ADMIN" || e.name == "Global Administrator" {
			c.give(acct, i, since, right)
		}
	}
}

func (c *Company) giveMachine(d dice, acct int, groups []int, k kind, used bool) {
	g := groups[d.IntN(len(groups))]
	since := -d.between(420, 900)
	n := c.give(acct, g, since, k)
	switch {
	case n < 0 || !used:
	case k == right:
		c.useAll(d, acct, g, since, never, 2)
	default:
		last := -d.between(130, 390)
		c.edges[n].needEnd = last + 1
		c.useAll(d, acct, g, since, last, 1)
	}
}

// endCareers applies departures to what people hold and do. Whoever left with
// open accounts holds everything wrongly from that day.
func (c *Company) endCareers() {
	for a := range c.accounts {
		acc := &c.accounts[a]
		if acc.person < 0 {
			continue
		}
		p := &c.people[acc.person]
		end := min(p.end, p.contractEnd)
		if p.end != never && p.end < 0 {
			end = p.end
		}
		if end >= 0 {
			continue
		}
		for _, u := range c.usesOf[a] {
			c.uses[u].last = min(c.uses[u].last, p.end)
		}
		for _, n := range c.edgesOf[a] {
			c.endEdge(n, acc, p.fate, end)
		}
	}
}

func (c *Company) endEdge(n int, acc *account, f fate, end int) {
	e := &c.edges[n]
	switch {
	case !acc.alive():
		if e.until > acc.disabled {
			c.take(n, acc.disabled)
		}
	case !e.held() || e.kind.wrong():
	case f == leaverActive:
		c.outdate(n, end+1, leaverStays)
	case f == contractorPast:
		c.outdate(n, end+1, contractOver)
	}
}
