package acme

import "math"

// share is how many of a company's people meet a fate, at least one.
type share struct {
	fate fate
	part float64
	take func(c *Company, d dice, p *person) bool // false: does not suit this person
}

var shares = []share{
	{contractorPast, 0.006, (*Company).overstay},
	{leaver, 0.05, (*Company).depart},
	{leaverActive, 0.009, (*Company).linger},
	{mover, 0.055, (*Company).transfer},
	{freshMover, 0.006, (*Company).transferNow},
	{onLeave, 0.032, (*Company).goAway},
	{fresh, 0.05, (*Company).startLately},
	{mirrored, 0.025, (*Company).settled},
	{forgotten, 0.015, (*Company).settled},
	{pending, 0.004, (*Company).startSoon},
}

// spreadCareers deals out fates to people who lead nobody, then shorter
// tenures, past leaves and future departures to the rest.
func (c *Company) spreadCareers() {
	d := c.dice("careers")
	order := d.Perm(len(c.people))
	for _, s := range shares {
		wanted := max(1, int(math.Round(s.part*float64(len(c.people)))))
		for _, i := range order {
			p := &c.people[i]
			if wanted == 0 {
				break
			}
			if p.rank == 0 && p.fate == steady && s.take(c, d, p) {
				p.fate = s.fate
				wanted--
			}
		}
	}
	for _, i := range order {
		c.season(d, &c.people[i])
	}
}

// season gives the unremarkable their small differences.
func (c *Company) season(d dice, p *person) {
	if p.fate != steady || p.rank > 0 {
		return
	}
	switch {
	case d.chance(0.08):
		p.hire = -d.between(100, 400)
		p.pos[0].from = p.hire
	case d.chance(0.04):
		p.leaveKind = leaveKinds[d.IntN(len(leaveKinds))]
		first := -d.between(200, 390)
		p.leaves = []span{{first, first + d.between(30, 150)}}
	case d.chance(0.003):
		p.end = d.between(5, 40) // notice given: a future termination is no termination
	}
}

var leaveKinds = []string{"Parental", "Sabbatical", "Unpaid", "Care"}

func (c *Company) settled(_ dice, p *person) bool { return !p.external() && p.hire < -450 }

func (c *Company) overstay(d dice, p *person) bool {
	if !p.external() {
		return false
	}
	p.contractEnd = -d.between(5, 150)
	if d.chance(0.75) {
		p.end = p.contractEnd // the others go on working without a contract
	}
	return true
}

func (c *Company) depart(d dice, p *person) bool {
	p.end = -d.between(5, 390)
	return true
}

func (c *Company) linger(d dice, p *person) bool {
	p.end = -d.between(8, 200)
	return true
}

func (c *Company) goAway(d dice, p *person) bool {
	first := -d.between(20, 175)
	p.leaves = []span{{first, max(first+30, d.between(5, 60))}}
	p.leaveKind = leaveKinds[d.IntN(len(leaveKinds))]
	return true
}

func (c *Company) startLately(d dice, p *person) bool {
	p.hire = -d.between(2, 88)
	p.pos[0].from = p.hire
	return true
}

func (c *Company) startSoon(d dice, p *person) bool {
	p.hire = d.between(2, 30)
	p.pos[0].from = p.hire
	return true
}

func (c *Company) transfer(d dice, p *person) bool { return c.moveOn(d, p, -d.between(15, 380)) }

func (c *Company) transferNow(d dice, p *person) bool { return c.moveOn(d, p, -d.between(2, 12)) }

// moveOn adds a second position: mostly another department, else another
// title, and at times another place.
func (c *Company) moveOn(d dice, p *person, day int) bool {
	if p.hire > -450 || p.external() {
		return false
	}
	next := p.pos[0]
	next.from = day
	if d.chance(0.75) {
		next.dept = 1 + d.IntN(len(c.depts)-1)
	}
	next.title = c.titleOf(d, next.dept, 0)
	if d.chance(0.15) {
		next.town = d.IntN(len(c.towns))
	}
	if next.dept == p.pos[0].dept && next.title == p.pos[0].title {
		return false
	}
	next.manager = c.leadOf(d, next.dept)
	p.pos = append(p.pos, next)
	return true
}

// working says whether the person can be seen at work on a day: employed, not
// on leave, not on holiday, and on a day of a part-timer's week.
func (c *Company) working(i, day int) bool {
	p := &c.people[i]
	if day < p.hire || day > p.end {
		return false
	}
	for _, l := range p.leaves {
		if day >= l.first && day <= l.last {
			return false
		}
	}
	if p.days != 0 && p.days>>c.cal.weekday(day)&1 == 0 {
		return false
	}
	return !c.onHoliday(i, day)
}

// onHoliday: everyone takes one stretch of five to twelve days a quarter.
func (c *Company) onHoliday(i, day int) bool {
	const quarter = 91
	shifted := day + quarter*(maxDays/quarter+1)
	q, at := shifted/quarter, shifted%quarter
	h := mix(c.opt.Seed, i, q)
	first := below(h, quarter-12)
	return at >= first && at < first+5+below(h<<20, 8)
}

// away says whether the person is on a leave that covers as-of.
func (p *person) away() bool {
	for _, l := range p.leaves {
		if l.first <= 0 && l.last >= 0 {
			return true
		}
	}
	return false
}
