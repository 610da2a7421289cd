package scale

import "slices"

// The groups of a department, a title and a town come first, then those that
// people make for projects. Group 0 is everyone.
const (
	departmentGroups = 5 // the first two of them are filled by a rule
	ruledGroups      = 2
	titleGroups      = 2
	townGroups       = 2
)

func (c *company) departmentGroup(d, k int) int { return 1 + d*departmentGroups + k }

func (c *company) titleGroup(d, title, k int) int {
	return 1 + c.Departments*departmentGroups + (d*titles+title)*titleGroups + k
}

func (c *company) townGroup(town, k int) int {
	return c.titleGroup(c.Departments, 0, 0) + town*townGroups + k
}

// projects is the number of the first project group; projects of a department
// lie Departments apart.
func (c *company) projects() int { return c.townGroup(c.Towns, 0) }

// project returns a project group near a department.
func (c *company) project(d int, h uint64) int {
	first, n := c.projects(), (c.Groups-c.projects())/c.Departments
	k := int(chance(h) * chance(h*0x9e3779b97f4a7c15) * float64(n)) // a few are popular
	return first + k*c.Departments + d
}

// opened draws the apps that a group opens.
func (c *company) opened(g int) []int32 {
	n := 1
	switch {
	case g == 0:
		n = 6
	case g < c.titleGroup(0, 0, 0):
		n = 2
	case g < c.townGroup(0, 0):
		n = 1 + g%2
	case g >= c.projects():
		n = g / c.Departments % 2
	}
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(below(mix(ofOpening, g, i), c.Apps)) //nolint:gosec // small
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// groupsOf draws a person's groups: what rules and colleagues give, with some
// forgotten, what projects left, and what stayed of an earlier department.
func (c *company) groupsOf(p int) []int32 {
	who := c.people[p]
	d := int(who.department)
	out := []int32{0}
	add := func(g int, share float64) {
		if chance(mix(ofMember, p, g)) < share {
			out = append(out, int32(g)) //nolint:gosec // small
		}
	}
	for k := range departmentGroups {
		share := 0.93
		if k < ruledGroups {
			share = 1
		}
		add(c.departmentGroup(d, k), share)
	}
	for k := range titleGroups {
		add(c.titleGroup(d, int(who.title), k), 0.92)
	}
	for k := range townGroups {
		add(c.townGroup(int(who.town), k), 0.95)
	}
	for i := range 10 {
		add(c.project(d, mix(ofProject, p, i)), 1)
	}
	for i := range 3 {
		add(c.project(below(mix(ofProject, p, i, 1), c.Departments), mix(ofProject, p, i, 2)), 1)
	}
	if who.oldDepartment >= 0 {
		for k := ruledGroups; k < departmentGroups; k++ {
			add(c.departmentGroup(int(who.oldDepartment), k), 0.7)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// directOf draws the apps that a person was given alone; some are a
// department's habit.
func (c *company) directOf(p int) []int32 {
	var out []int32
	d := int(c.people[p].department)
	for i := range 6 {
		h := mix(ofDirect, p, i)
		app := below(mix(ofDirect, d, below(h, 12), 7), c.Apps)
		if i > 3 {
			app = below(h, c.Apps)
		}
		out = append(out, int32(app)) //nolint:gosec // small
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// ruled reports whether a rule fills the group.
func (c *company) ruled(g int) bool {
	return g > 0 && g < c.titleGroup(0, 0, 0) && (g-1)%departmentGroups < ruledGroups
}

// since returns the day on which a membership or an app began, when that lies
// within the log; one in eighty does. Fresh hires got everything on one day.
func (c *company) since(p, kind, what int) (int, bool) {
	if c.people[p].fate == fresh {
		return below(mix(ofPerson, p, 4), c.Days), true
	}
	h := mix(ofChange, p, kind, what)
	return below(h<<9, c.Days), chance(h) < 0.0125
}
