package acme

import (
	"cmp"
	"slices"
)

// What happens to accounts and grants, apart from their use.
type happening uint8

const (
	granted     happening = iota // acct, ent
	revoked                      // acct, ent
	opensMore                    // ent (a group) opens other (an app)
	created                      // acct
	closed                       // acct
	transferred                  // acct; the directory follows the HR move
	attempted                    // acct tries other without being allowed to
	asked                        // acct asks for ent
)

// An event is one happening at an instant: day, and milliseconds into it.
type event struct {
	day, ms   int
	what      happening
	acct, ent int
	other     int
	by        int // account that did it, or -1 for the platform
}

const dayMillis = 24 * 60 * 60 * 1000

// collectChanges lists all happenings since the start of history in order of
// time. Grants older than that are known from the inventory alone.
func (c *Company) collectChanges() {
	d := c.dice("changes")
	c.collectEdges(d)
	c.collectAccounts(d)
	for g := range c.ents {
		for _, o := range c.ents[g].opens {
			c.note(event{day: o.since, ms: d.IntN(dayMillis), what: opensMore, acct: -1, ent: g, other: o.ent, by: c.granter(d, c.ents[g].source)})
		}
	}
	for _, w := range c.missing {
		if tools := c.tools(w.ent); w.asks && len(tools) > 0 && c.accounts[w.acct].alive() {
			day := -d.between(4, 28)
			by := event{day: day, ms: officeHour(d), what: attempted, acct: w.acct, ent: w.ent, other: tools[0].ent, by: w.acct}
			c.note(by)
			by.what, by.ms = asked, by.ms+90_000
			c.note(by)
		}
	}
	slices.SortStableFunc(c.changes, func(a, b event) int { return cmp.Or(a.day-b.day, a.ms-b.ms) })
}

// note keeps the events of the time that is remembered.
func (c *Company) note(e event) {
	if e.day >= c.cal.first && e.day < 0 {
		c.changes = append(c.changes, e)
	}
}

func officeHour(d dice) int { return d.between(7*3600*1000, 17*3600*1000) }

func (c *Company) collectEdges(d dice) {
	for n := range c.edges {
		e := &c.edges[n]
		if e.since == e.until {
			continue
		}
		c.note(event{day: e.since, ms: officeHour(d), what: granted, acct: e.acct, ent: e.ent, other: -1, by: e.by})
		if !e.held() {
			by := e.by
			if e.until == c.accounts[e.acct].disabled {
				by = -1
			}
			c.note(event{day: e.until, ms: officeHour(d) + 3600*1000, what: revoked, acct: e.acct, ent: e.ent, other: -1, by: by})
		}
	}
}

func (c *Company) collectAccounts(d dice) {
	for i := range c.accounts {
		a := &c.accounts[i]
		c.note(event{day: a.created, ms: 6 * 3600 * 1000, what: created, acct: i, ent: -1, other: -1, by: c.granter(d, a.source)})
		c.note(event{day: a.disabled, ms: 19 * 3600 * 1000, what: closed, acct: i, ent: -1, other: -1, by: c.granter(d, a.source)})
		if a.person < 0 {
			continue
		}
		if p := &c.people[a.person]; len(p.pos) > 1 {
			c.note(event{day: p.now().from, ms: 5 * 3600 * 1000, what: transferred, acct: i, ent: -1, other: -1, by: -1})
		}
	}
}
