package acme

import (
	"fmt"
	"strings"
)

// addGroup adds a group, with the rule that fills it if there is one.
func (c *Company) addGroup(d dice, source int, name, via string, to audience) int {
	n := len(c.ents)
	g := entitlement{source: source, kind: kindGroup, name: name, via: via, to: to, created: -d.between(900, 2600), idle: -1}
	if source == inOkta {
		g.id = c.oktaID("00g", idGroup, n)
	} else {
		g.id = c.guid(idGroup, n)
	}
	if via == viaRule || via == viaDynamic {
		g.rule, g.expr = c.ruleFor(source, n, to)
	}
	c.ents = append(c.ents, g)
	return n
}

// ruleFor writes the rule in the platform's language. A dynamic group of Entra
// is its own rule.
func (c *Company) ruleFor(source, n int, to audience) (id, expr string) {
	attribute, value := "userType", "Employee"
	switch to.kind {
	case forDept:
		attribute, value = "department", c.depts[to.dept].name
	case forContractors:
		value = workerContractor
	}
	if source == inOkta {
		return c.oktaID("0pr", idRule, n), fmt.Sprintf("user.%s==%q", attribute, value)
	}
	if attribute == "userType" {
		attribute = "employeeType"
	}
	return c.guid(idGroup, n), fmt.Sprintf("(user.%s -eq %q)", attribute, value)
}

// buildGroups adds the groups that open nothing (nobody can tell from a log
// whether they are used), and the projects.
func (c *Company) buildGroups() {
	d := c.dice("groups")
	for _, r := range c.cat.groups {
		switch r.audience {
		case "dept=*":
			for i, dep := range c.depts {
				c.addPlain(d, r, strings.NewReplacer("{dept}", dep.name).Replace, audience{kind: forDept, dept: i})
			}
		case "city=*":
			for i, t := range c.towns {
				c.addPlain(d, r, strings.NewReplacer("{city}", t.city, "{region}", t.code).Replace, audience{kind: forCity, town: i})
			}
		default:
			c.addPlain(d, r, func(s string) string { return s }, audience{kind: r.audience})
		}
	}
	c.buildProjects(d)
}

func (c *Company) addPlain(d dice, r groupRow, fill func(string) string, to audience) {
	name := fill(r.name)
	if strings.HasPrefix(name, "ml-") {
		name = slug(name)
	}
	g := c.addGroup(d, sourceIndex(r.source), name, r.via, to)
	c.ents[g].desc = fill(r.description)
}

// A project is a group across departments that ends some day.
type project struct {
	first, last int // last: never while it runs
	size        int
	cleaned     bool // its group was emptied at the end
}

// buildProjects adds a project for every ten people. Half of their groups open
// a tool; the others are mail groups, in Okta or Entra.
func (c *Company) buildProjects(d dice) {
	var tools []int
	for i := range c.ents {
		if e := &c.ents[i]; e.kind == kindApp && e.to.kind == forProjects {
			tools = append(tools, i)
		}
	}
	for i := range max(4, c.opt.People/10) {
		p := &project{first: -d.between(60, 900), last: never, size: min(3+int(d.ExpFloat64()*6), 25)}
		if d.chance(0.45) {
			p.first = -d.between(450, 1100)
			p.last = -d.between(20, 390)
			p.cleaned = d.chance(0.5)
		}
		source, name := inOkta, fmt.Sprintf("prj-%s-%03d", projectWords[d.IntN(len(projectWords))], i+1)
		if i%4 == 3 {
			source, name = inEntra, "M365 "+name
		}
		g := c.addGroup(d, source, name, viaManual, audience{kind: forProjects})
		e := &c.ents[g]
		e.project, e.created, e.desc = p, p.first-3, "Project group"
		if i%2 == 0 {
			e.opens = []opening{{tools[d.IntN(len(tools))], longAgo}}
		}
	}
}

var projectWords = []string{"harbour", "lighthouse", "meridian", "copper", "juniper", "falcon", "monsoon", "orchid",
	"granite", "tundra", "saffron", "cobalt", "nimbus", "acorn", "delta", "walnut"}

// scatterHostileNames renames some groups, apps and people to what strangers
// put into names: formulas, markup, orders to a language model, control and
// direction marks.
func (c *Company) scatterHostileNames() {
	d := c.dice("hostile")
	var projects, apps []int
	for i := range c.ents {
		switch e := &c.ents[i]; {
		case e.project != nil:
			projects = append(projects, i)
		case e.kind == kindApp && e.source == inOkta && e.to.kind == forAskers:
			apps = append(apps, i)
		}
	}
	for i, h := range c.cat.hostile {
		switch h.what {
		case "group":
			c.ents[projects[i%len(projects)]].name = h.text
		case "app":
			c.ents[apps[i%len(apps)]].name = h.text
		case "person":
			c.renamePerson(d.IntN(len(c.people)), h)
		}
	}
}

func (c *Company) renamePerson(i int, h hostileRow) {
	p := &c.people[i]
	p.given = spelling{h.text, h.ascii}
	for _, a := range p.acct {
		if a >= 0 {
			c.accounts[a].display = p.display()
		}
	}
}
