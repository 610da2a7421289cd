package acme

import (
	"fmt"
	"math"
	"strings"
)

// A fate is the one remarkable thing in a person's recent career; most have
// none. It decides which planted cases the person takes part in.
type fate int

const (
	steady         fate = iota
	fresh               // hired within the last 90 days
	leaver              // left, accounts closed as they should be
	leaverActive        // left, some account still alive
	contractorPast      // contract over, accounts alive
	mover               // changed team within the last 13 months
	freshMover          // changed team within the last 12 days
	onLeave             // away today, for 30 days or more
	mirrored            // was given a colleague's access as a whole
	forgotten           // lacks what all peers use, and asks for it
	pending             // will start within a month
)

// A position is what a person is from a day on.
type position struct {
	from              int
	dept, title, town int
	manager           int // person, or -1 when vacant
}

// A span is a stretch of days, both ends included.
type span struct{ first, last int }

type person struct {
	number        string // employee number, six digits, with leading zeros
	given, family spelling
	login         string // local part of the work mail, unique, ASCII
	worker        string // Employee, Contractor or Intern
	rank          int
	fate          fate
	hire          int
	end           int // last day at work, or never
	contractEnd   int // last day of the contract, or never
	pos           []position
	leaves        []span
	leaveKind     string
	days          int     // bit mask of weekdays at work, Sunday = bit 0; 0 for all
	pace          float64 // how readily the person reaches for a tool, median 1
	titleTypo     int     // how HR and directories misspell the title, 0 for correct
	acct          [3]int  // account in Okta, Entra and the legacy system, or -1
}

func (p *person) display() string { return p.given.native + " " + p.family.native }

func (p *person) now() *position { return &p.pos[len(p.pos)-1] }

// at returns the position held on a day.
func (p *person) at(day int) *position {
	for i := len(p.pos) - 1; i > 0; i-- {
		if p.pos[i].from <= day {
			return &p.pos[i]
		}
	}
	return &p.pos[0]
}

func (p *person) external() bool { return p.worker == workerContractor }

const (
	workerEmployee   = "Employee"
	workerContractor = "Contractor"
	workerIntern     = "Intern"
)

// hire fills the departments. The first people are the heads of department in
// the catalog's order, so that even a small company has a chart.
func (c *Company) hire() {
	d := c.dice("people")
	logins := map[string]int{}
	weights := make([]int, len(c.depts))
	for i, dep := range c.depts {
		weights[i] = dep.weight
	}
	c.people = make([]person, c.opt.People)
	for i := range c.people {
		p := &c.people[i]
		dept, rank := d.weighted(weights), 0
		if i < len(c.depts) {
			dept, rank = i, 2
		} else if d.chance(0.08) && c.hasRank(dept, 1) {
			rank = 1
		}
		p.number = fmt.Sprintf("%06d", 1000+3*i+below(mix(c.opt.Seed, i), 3))
		c.christen(d, p, logins)
		c.employ(d, p, dept, rank)
	}
}

func (c *Company) hasRank(dept, rank int) bool {
	for _, t := range c.depts[dept].titles {
		if t.rank == rank {
			return true
		}
	}
	return false
}

// christen gives a name in one of the company's scripts and a login.
func (c *Company) christen(d dice, p *person, logins map[string]int) {
	weights := make([]int, len(c.cat.scripts))
	for i, s := range c.cat.scripts {
		weights[i] = s.weight
	}
	s := c.cat.scripts[d.weighted(weights)]
	p.given, p.family = s.given[d.IntN(len(s.given))], s.family[d.IntN(len(s.family))]
	p.login = freeLogin(strings.ToLower(p.given.ascii+"."+p.family.ascii), logins)
}

// freeLogin numbers the second and later bearers of a name.
func freeLogin(login string, taken map[string]int) string {
	taken[login]++
	if n := taken[login]; n > 1 {
		return fmt.Sprintf("%s%d", login, n)
	}
	return login
}

// employ sets the position and the terms; careers are spread afterwards.
func (c *Company) employ(d dice, p *person, dept, rank int) {
	townWeights := make([]int, len(c.towns))
	for i, t := range c.towns {
		townWeights[i] = t.weight
	}
	p.rank = rank
	p.hire = -min(420+int(d.ExpFloat64()*1300), 9000)
	p.end, p.contractEnd = never, never
	p.pos = []position{{from: p.hire, dept: dept, title: c.titleOf(d, dept, rank), town: d.weighted(townWeights), manager: -1}}
	p.pace = math.Min(math.Max(d.spread(0.4), 0.4), 2.5)
	p.worker = workerEmployee
	switch {
	case rank > 0:
	case d.chance(0.065):
		p.worker = workerContractor
		p.contractEnd = d.between(5, 300)
	case d.chance(0.01):
		p.worker = workerIntern
	}
	if d.chance(0.06) {
		p.days = []int{0b0001110, 0b0111000, 0b0011010, 0b0011110}[d.IntN(4)]
	}
	if d.chance(0.04) {
		p.titleTypo = d.between(1, 5)
	}
	p.acct = [3]int{-1, -1, -1}
}

// titleOf picks a title of the department with the rank, by weight.
func (c *Company) titleOf(d dice, dept, rank int) int {
	titles := c.depts[dept].titles
	weights := make([]int, len(titles))
	for i, t := range titles {
		if t.rank == rank {
			weights[i] = max(t.weight, min(rank, 1))
		}
	}
	return d.weighted(weights)
}

// spellTitle returns the title as the sources spell it for this person.
func (c *Company) spellTitle(p *person, pos *position) string {
	t := c.depts[pos.dept].titles[pos.title].name
	switch p.titleTypo {
	case 1:
		return strings.ToUpper(t)
	case 2:
		return t + " "
	case 3:
		return strings.ReplaceAll(strings.ReplaceAll(t, "Senior", "Sr."), "Manager", "Mgr")
	case 4:
		return t + " II"
	case 5:
		return strings.ToLower(t)
	}
	return t
}
