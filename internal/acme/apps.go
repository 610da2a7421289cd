package acme

import (
	"fmt"
	"math"
)

// seasons are the phases that quarterly applications take in turn: days since
// the middle of their last season. Some are due again, some just over.
var seasons = []int{86, 80, 41, 89, 62, 18}

// yearlySeasons are the same for tools of the year's end.
var yearlySeasons = []int{245, 291, 205, 160}

// buildApps creates the applications of the catalog, with their app roles and
// the groups that open them. Larger companies have more tools that no
// department owns.
func (c *Company) buildApps() {
	d := c.dice("apps")
	quarterly, yearly := 0, 0
	for _, r := range c.appRows() {
		app := entitlement{source: sourceIndex(r.source), name: r.label, mode: r.mode, cadence: r.cadence,
			kind: kindApp, via: r.via, to: c.audienceOf(r.audience), privileged: r.privileged, cost: r.cost,
			created: -d.between(900, 2600), idle: -1}
		switch r.cadence {
		case "quarterly":
			app.phase = seasons[quarterly%len(seasons)]
			quarterly++
		case "yearly":
			app.phase = yearlySeasons[yearly%len(yearlySeasons)]
			yearly++
		}
		c.addApp(d, app, r)
	}
}

// appRows is the catalog's list, and for larger companies further tools.
func (c *Company) appRows() []appRow {
	rows := c.cat.apps
	more := int(18 * math.Log2(float64(c.opt.People)/1500))
	for i := range max(0, more) {
		rows = append(rows[:len(rows):len(rows)], appRow{source: Okta, label: fmt.Sprintf("Team Tool %02d", i+1),
			mode: modeSAML, cadence: "weekly", audience: [...]string{forProjects, forAskers}[i%2],
			via: [...]string{viaManual, viaDirect}[i%2], cost: "9.00"})
	}
	return rows
}

func sourceIndex(name string) int {
	for i, s := range sourceNames {
		if s == name {
			return i
		}
	}
	return -1
}

// addApp files the app. In Entra what is assigned is an app role, which opens
// the app; in the legacy system the role itself is what is used.
func (c *Company) addApp(d dice, app entitlement, r appRow) {
	n := len(c.ents)
	held := n
	switch app.source {
	case inOkta:
		app.id = c.oktaID("0oa", idApp, n)
		if app.mode == modeOIDC && n%3 == 0 {
			app.appID = c.oktaID("0oc", idApp, -n-1) // older clients kept an id of their own
		}
		c.ents = append(c.ents, app)
	case inEntra:
		app.id, app.appID = c.guid(idApp, n), c.guid(idApp, -n-1)
		c.ents = append(c.ents, app)
		held = c.addAppRole(n)
	default:
		app.id = fmt.Sprintf("R%03d", n)
		app.kind, app.desc = kindAppRole, "Role of the warehouse system"
		c.ents = append(c.ents, app)
	}
	if r.group != "" {
		c.openBy(d, held, r)
	}
}

// nullRole stands for default access where an app declares no role.
const nullRole = "00000000-0000-0000-0000-000000000000"

// roleOf splits what an Entra group opens into the app and its role's id.
func (c *Company) roleOf(ent int) (app *entitlement, role string) {
	e := &c.ents[ent]
	if e.kind == kindApp {
		return e, nullRole
	}
	app = &c.ents[e.opens[0].ent]
	return app, e.id[len(app.id)+1:]
}

// addAppRole adds the role by which application n is assigned, and returns
// what is held: the role, or the app itself where it declares none.
func (c *Company) addAppRole(n int) int {
	app := c.ents[n]
	if app.mode == modeDefault {
		return n
	}
	c.ents = append(c.ents, entitlement{source: inEntra, kind: kindAppRole, id: app.id + "/" + c.guid(idRole, n), name: app.name + ": User",
		via: app.via, to: app.to, privileged: app.privileged, created: app.created, idle: -1,
		opens: []opening{{n, longAgo}}})
	return len(c.ents) - 1
}

// openBy lets the row's group open the entitlement, and adds the group when it
// is new. The regional children of a nested group are given the same, because
// Entra does not hand app roles down to nested groups.
func (c *Company) openBy(d dice, held int, r appRow) {
	if r.via == viaNested {
		c.openNested(d, held, r)
		return
	}
	since := longAgo
	g := c.groupNamed(c.ents[held].source, r.group)
	if g < 0 {
		g = c.addGroup(d, c.ents[held].source, r.group, r.via, c.audienceOf(r.audience))
		c.ents[g].privileged = r.privileged
		c.ents[g].desc = "Opens " + r.label
	} else if r.via == viaManual {
		since = -64 // the second tool of a team came with a recent roll-out
	}
	c.ents[g].idle = c.titleNamed(c.ents[g].to.dept, r.idleTitle)
	c.ents[g].opens = append(c.ents[g].opens, opening{held, since})
}

func (c *Company) openNested(d dice, held int, r appRow) {
	parent := c.addGroup(d, inEntra, r.group, viaManual, audience{kind: forNobody})
	c.ents[parent].opens = []opening{{held, longAgo}}
	for _, region := range []string{"EMEA", "AMER", "APAC"} {
		g := c.addGroup(d, inEntra, r.group+" - "+region, viaManual, audience{kind: forReaders})
		c.ents[g].opens = []opening{{held, longAgo}}
		c.ents[g].parents = []int{parent}
		c.ents[g].desc = region
	}
}

func (c *Company) titleNamed(dept int, name string) int {
	if dept < 0 || name == "" {
		return -1
	}
	for i, t := range c.depts[dept].titles {
		if t.name == name {
			return i
		}
	}
	return -1
}

func (c *Company) groupNamed(source int, name string) int {
	for i := range c.ents {
		if e := &c.ents[i]; e.source == source && e.kind == kindGroup && e.name == name {
			return i
		}
	}
	return -1
}
