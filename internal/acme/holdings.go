package acme

import "sort"

// A holding is an entitlement that an account has, with all its paths.
type holding struct {
	ent   int
	paths []path
}

// A path leads from an edge to what is held: the edge itself, or through
// openings and parent groups.
type path struct {
	edge  int
	since int
}

// holdings lists what an account holds, directly or not, in a stable order.
func (c *Company) holdings(acct int) []holding {
	if acct >= len(c.edgesOf) {
		return nil
	}
	at := map[int]int{}
	var out []holding
	add := func(ent int, p path) {
		i, known := at[ent]
		if !known {
			i = len(out)
			at[ent] = i
			out = append(out, holding{ent: ent})
		}
		out[i].paths = append(out[i].paths, p)
	}
	for _, n := range c.edgesOf[acct] {
		e := &c.edges[n]
		if !e.held() {
			continue
		}
		v := &c.ents[e.ent]
		add(e.ent, path{n, e.since})
		for _, o := range v.reach {
			add(o.ent, path{n, max(e.since, o.since)})
		}
		for _, p := range v.parents {
			add(p, path{n, e.since})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ent < out[j].ent })
	return out
}

// judge decides on one holding: wrong when every path is, else right, with the
// reason why it may look wrong.
func (c *Company) judge(acct int, h *holding) {
	wrong, rightful, since, needEnd, action := right, false, never, longAgo, actRevoke
	for _, p := range h.paths {
		e := &c.edges[p.edge]
		since = min(since, p.since)
		if !e.kind.wrong() {
			rightful = true
			continue
		}
		if c.ents[e.ent].automatic() && e.kind != leaverStays && e.kind != contractOver && e.kind != orphanAccount {
			action = actRule
		}
		wrong, needEnd = e.kind, max(needEnd, e.needEnd)
	}
	if !rightful {
		visible := needEnd <= -c.horizon() && c.silent(acct, h.ent)
		c.addTruth(c.truthRow(acct, h.ent, wrong, action, visible), h)
		return
	}
	if k := c.excuse(acct, h, since); k != right {
		c.addTruth(c.truthRow(acct, h.ent, k, actKeep, len(c.tools(h.ent)) > 0), h)
	}
}

// addTruth files a row; a holding is derived when no edge leads to it itself.
func (c *Company) addTruth(row TruthRow, h *holding) {
	row.Derived = true
	for _, p := range h.paths {
		row.Derived = row.Derived && c.edges[p.edge].ent != h.ent
	}
	c.truth = append(c.truth, row)
}

// silent says whether a log can show the entitlement's use and shows none of
// it within the horizon.
func (c *Company) silent(acct, ent int) bool {
	tools := c.tools(ent)
	for _, t := range tools {
		if n := c.useOf(acct, t.ent); n >= 0 && c.uses[n].mode != useFailing && c.uses[n].last > -c.horizon() {
			return false
		}
	}
	return len(tools) > 0
}

// excuse names the first reason for which a rightful holding may look wrong.
func (c *Company) excuse(acct int, h *holding, since int) kind {
	if k := c.excuseAccount(acct); k != right {
		return k
	}
	tools := c.tools(h.ent)
	switch p := c.accounts[acct].person; {
	case p >= 0 && c.people[p].fate == freshMover && since < c.people[p].now().from:
		return keepMover
	case since > -graceDays:
		return keepFresh
	case len(tools) > 0:
		return c.excuseUse(acct, tools)
	case c.opensBookmark(h.ent):
		return keepBookmark
	}
	return keepUnobservable
}

func (c *Company) excuseAccount(acct int) kind {
	a := &c.accounts[acct]
	switch {
	case a.kind == kindBreakGlass:
		return keepBreakGlass
	case a.kind == kindService:
		return keepService
	case a.kind == kindShared:
		return keepShared
	case a.person < 0:
		return right
	case c.people[a.person].away():
		return keepLeave
	case c.people[a.person].hire > -graceDays:
		return keepHire
	case a.unlinkable():
		return keepUnlinkable
	}
	return right
}

func (c *Company) opensBookmark(ent int) bool {
	if c.ents[ent].mode == modeBookmark {
		return true
	}
	for _, o := range c.ents[ent].reach {
		if c.ents[o.ent].mode == modeBookmark {
			return true
		}
	}
	return false
}

// slowRate is the rate below which a person's steady use leaves gaps of more
// than about 45 days on average.
const slowRate = 1.0 / 32

// excuseUse looks at how the tools behind a holding are used.
func (c *Company) excuseUse(acct int, tools []opening) kind {
	reason := keepBundled
	for _, t := range tools {
		n := c.useOf(acct, t.ent)
		if n < 0 {
			continue
		}
		switch cadence := c.ents[t.ent].cadence; {
		case cadence == "yearly":
			reason = keepYearly
		case cadence == "quarterly":
			reason = keepQuarterly
		case c.uses[n].rate < slowRate:
			reason = keepSlow
		default:
			return right
		}
	}
	return reason
}
