package acme

import "math"

// An edge says that an account was given an entitlement by the platform
// itself; what follows from it (a group's apps, a parent group) does not count.
type edge struct {
	acct, ent int
	since     int // day of the grant
	until     int // day of the removal, or never
	kind      kind
	needEnd   int // first day without need; since when it was never needed, never while it is
	by        int // account of who granted it, or -1 for the platform
}

func (e *edge) held() bool { return e.until == never }

// How an app is used.
type useMode uint8

const (
	useSteady   useMode = iota // by a personal rate a working day
	useSeasonal                // in the app's seasons
	useOnce                    // on the first working day only
	useFailing                 // attempts that never succeed
)

// A use is what an account does with an application, from first to last day.
type use struct {
	acct, app   int
	first, last int     // last: never while it goes on
	rate        float64 // chance of a day with use on a working day
	mode        useMode
	silent      float64 // Entra: share of the sign-ins for which nobody was present
}

// A wish is access that a person needs and does not hold.
type wish struct {
	acct, ent int
	since     int
	kind      kind
	asks      bool // tries and asks, which the log shows
}

// give records a grant and returns its edge, or -1 when the account holds the
// entitlement already or was closed by then.
func (c *Company) give(acct, ent, since int, k kind) int {
	a := &c.accounts[acct]
	since = max(since, a.created, c.ents[ent].created)
	if since >= a.disabled || since >= 0 || a.source != c.ents[ent].source || c.edgeOf(acct, ent) >= 0 {
		return -1
	}
	if a.person >= 0 && since > c.people[a.person].end {
		return -1
	}
	n := len(c.edges)
	e := edge{acct: acct, ent: ent, since: since, until: never, kind: k, needEnd: never, by: -1}
	if k.wrong() {
		e.needEnd = since
	}
	c.edges = append(c.edges, e)
	c.growLists()
	c.edgesOf[acct] = append(c.edgesOf[acct], n)
	return n
}

// edgeOf finds the account's open edge to an entitlement, or -1.
func (c *Company) edgeOf(acct, ent int) int {
	if acct >= len(c.edgesOf) {
		return -1
	}
	for _, n := range c.edgesOf[acct] {
		if c.edges[n].ent == ent && c.edges[n].held() {
			return n
		}
	}
	return -1
}

// take ends a grant. A grant that would end before it began is left out of
// every inventory and log.
func (c *Company) take(n, day int) {
	c.edges[n].until = max(min(day, -1), c.edges[n].since)
}

// outdate marks a grant as wrong since the need ended.
func (c *Company) outdate(n, needEnd int, k kind) {
	e := &c.edges[n]
	e.kind, e.needEnd = k, max(needEnd, e.since)
}

// The median chance of a day with use on a working day, by cadence.
var cadences = map[string]float64{"daily": 0.36, "weekly": 0.14, "monthly": 0.06}

// rarest is the lowest rate of steady use: once in a hundred days.
const rarest = 0.014

// addUse records the use of one application; a second path to the same app
// prolongs the use that there is. Rate is scaled by factor.
func (c *Company) addUse(d dice, acct, app, first, last int, factor float64) int {
	if first > last {
		return -1
	}
	if n := c.useOf(acct, app); n >= 0 {
		u := &c.uses[n]
		u.first, u.last = min(u.first, first), max(u.last, last)
		return n
	}
	u := use{acct: acct, app: app, first: first, last: last}
	rate, regular := cadences[c.ents[app].cadence]
	if !regular {
		u.mode = useSeasonal
	}
	pace := 1.0
	if p := c.accounts[acct].person; p >= 0 {
		pace = c.people[p].pace
	}
	u.rate = math.Min(math.Max(rate*pace*factor*d.spread(0.5), rarest), 0.9)
	u.silent = [...]float64{1, 0.85, 0.5}[d.IntN(3)]
	c.uses = append(c.uses, u)
	c.usesOf[acct] = append(c.usesOf[acct], len(c.uses)-1)
	return len(c.uses) - 1
}

// useAll records the use of everything that an entitlement opens.
func (c *Company) useAll(d dice, acct, ent, first, last int, factor float64) {
	for _, t := range c.tools(ent) {
		c.addUse(d, acct, t.ent, max(first, t.since), last, factor)
	}
}

// stopUse ends the use of everything that an entitlement opens.
func (c *Company) stopUse(acct, ent, last int) {
	for _, t := range c.tools(ent) {
		if n := c.useOf(acct, t.ent); n >= 0 {
			c.uses[n].last = min(c.uses[n].last, last)
		}
	}
}

func (c *Company) useOf(acct, app int) int {
	if acct >= len(c.usesOf) {
		return -1
	}
	for _, n := range c.usesOf[acct] {
		if c.uses[n].app == app {
			return n
		}
	}
	return -1
}
