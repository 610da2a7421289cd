package acme

// chart gives everyone a manager: a team lead of the department, preferably
// in the same place, else its head; heads report to the first person. As in
// every real chart, some posts are vacant and two leads report to each other.
func (c *Company) chart() {
	d := c.dice("chart")
	leads := make([][]int, len(c.depts))
	for i := range c.people {
		if p := &c.people[i]; p.rank == 1 {
			leads[p.pos[0].dept] = append(leads[p.pos[0].dept], i)
		}
	}
	for i := range c.people {
		p := &c.people[i]
		p.pos[0].manager = c.managerFor(d, i, &p.pos[0], leads)
	}
	c.loop(leads)
}

// managerFor picks the superior of person i in a position; -1 for a vacancy.
func (c *Company) managerFor(d dice, i int, pos *position, leads [][]int) int {
	switch rank := c.people[i].rank; {
	case i == 0 || d.chance(0.015):
		return -1
	case rank == 2:
		return 0
	case rank == 1 || len(leads[pos.dept]) == 0:
		return pos.dept
	}
	candidates := leads[pos.dept]
	for range 4 {
		if l := candidates[d.IntN(len(candidates))]; c.people[l].pos[0].town == pos.town {
			return l
		}
	}
	return candidates[d.IntN(len(candidates))]
}

// loop makes the first two leads of different departments each other's
// manager.
func (c *Company) loop(leads [][]int) {
	first := -1
	for _, l := range leads {
		switch {
		case len(l) == 0:
		case first < 0:
			first = l[0]
		default:
			c.people[first].pos[0].manager, c.people[l[0]].pos[0].manager = l[0], first
			return
		}
	}
}

// leadOf returns somebody who can be the manager in a department.
func (c *Company) leadOf(d dice, dept int) int {
	for range 20 {
		if i := d.IntN(len(c.people)); c.people[i].rank == 1 && c.people[i].pos[0].dept == dept {
			return i
		}
	}
	return dept
}
