package scale

import "slices"

// A company is who holds what, and at which pace it is used.
type company struct {
	Size
	people  []person
	userID  []string
	groupID []string
	appID   []string

	groups  [][]int32 // person → groups, sorted
	members [][]int32 // group → people, sorted
	opens   [][]int32 // group → apps
	direct  [][]int32 // person → apps given to the person alone
	uses    [][]habit // person → every app that the person holds, once each
}

// A person is what HR and the directory know.
type person struct {
	department, title, town int32
	oldDepartment           int32 // before the last transfer; -1 without one
	moved                   int16 // day of the transfer, from the first day of the log
	fate                    fate
}

// A fate is what sets a person apart.
type fate int8

const (
	usual    fate = iota
	left          // HR knows the end; the account lives on
	away          // on leave over the last weeks of the log
	fresh         // hired within the log
	external      // with a contract that ends
)

// A habit is how an app that is held gets used.
type habit struct {
	app   int32
	every int16 // working days from use to use; 0 for never
	until int16 // first day without use
}

// found makes the company of a size.
func found(s Size) *company {
	c := &company{Size: s, people: make([]person, s.People)}
	c.userID = ids("00u", 1, s.People)
	c.groupID = ids("00g", 2, s.Groups)
	c.appID = ids("0oa", 3, s.Apps)
	for p := range c.people {
		c.people[p] = c.hire(p)
	}
	c.opens = make([][]int32, s.Groups)
	for g := range c.opens {
		c.opens[g] = c.opened(g)
	}
	c.groups = make([][]int32, s.People)
	c.direct = make([][]int32, s.People)
	c.uses = make([][]habit, s.People)
	c.members = make([][]int32, s.Groups)
	for p := range c.people {
		c.groups[p] = c.groupsOf(p)
		for _, g := range c.groups[p] {
			c.members[g] = append(c.members[g], int32(p)) //nolint:gosec // at most a million people
		}
		c.direct[p] = c.directOf(p)
		c.uses[p] = c.habitsOf(p)
	}
	return c
}

// hire draws a person's place and fate.
func (c *company) hire(p int) person {
	h := mix(ofPerson, p)
	out := person{
		department: int32(p % c.Departments), title: int32(below(h, titles) * below(h<<7, titles) / titles), //nolint:gosec // small
		town: int32(below(mix(ofPerson, p, 1), c.Towns)), oldDepartment: -1, //nolint:gosec // small
	}
	switch f := chance(mix(ofPerson, p, 2)); {
	case f < 0.01:
		out.fate = left
	case f < 0.025:
		out.fate = away
	case f < 0.045:
		out.fate = fresh
	case f < 0.105:
		out.fate = external
	case f < 0.155:
		out.oldDepartment = int32((p + 1 + below(h, c.Departments-1)) % c.Departments) //nolint:gosec // small
		out.moved = int16(below(h<<3, c.Days*3) - 2*c.Days)                            //nolint:gosec // days
	}
	return out
}

// habitsOf draws the pace of every app that the person holds.
func (c *company) habitsOf(p int) []habit {
	apps := slices.Clone(c.direct[p])
	for _, g := range c.groups[p] {
		apps = append(apps, c.opens[g]...)
	}
	slices.Sort(apps)
	apps = slices.Compact(apps)
	out := make([]habit, len(apps))
	for i, app := range apps {
		out[i] = c.habit(p, app)
	}
	return out
}

// A pace is how holders of a sort of app use it: those up to the share once in
// so many working days.
type pace struct {
	share   float64
	every   int
	givenUp bool // at some time within the log
}

var (
	core     = []pace{{0.03, 2, false}, {0.9, 24, false}}
	ordinary = []pace{{0.62, 24, false}, {0.75, 14, true}}
	shelf    = []pace{{0.1, 14, false}}
)

// paces returns the sort of an app: three in ten are core to the work of those
// who hold them, one in twenty-five stands on the shelf.
func paces(app int32) []pace {
	switch f := chance(mix(ofHabit, int(app))); {
	case f < 0.3:
		return core
	case f < 0.96:
		return ordinary
	default:
		return shelf
	}
}

// habit draws how a person uses an app. What was asked for is mostly used.
func (c *company) habit(p int, app int32) habit {
	h := mix(ofHabit, p, int(app))
	out := habit{app: app, until: int16(c.Days + 400)} //nolint:gosec // days
	sort := paces(app)
	if slices.Contains(c.direct[p], app) {
		sort = core
	}
	for _, k := range sort {
		if chance(h) < k.share {
			out.every = int16(k.every) //nolint:gosec // days
			if k.givenUp {
				out.until = int16(below(h<<9, c.Days)) //nolint:gosec // days
			}
			break
		}
	}
	if f := c.people[p].fate; f == left || f == away {
		out.until = min(out.until, int16(c.Days-30-below(mix(ofPerson, p, 3), 40))) //nolint:gosec // days
	}
	return out
}

// due reports whether a person uses the app on a day: once in the habit's
// cycle of working days, on a day of it that wanders a little.
func (u habit) due(p, n int) bool {
	if u.every == 0 || n >= int(u.until) || weight(n) < 1 {
		return false
	}
	w := workdays(n) + below(mix(ofHabit, p, int(u.app), 1), int(u.every))
	cycle := w / int(u.every)
	return w%int(u.every) == below(mix(ofUse, p, int(u.app), cycle), 1+int(u.every)/6)
}

// ids makes n identifiers of the platform's form.
func ids(prefix string, kind, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = string(append(base62([]byte(prefix), mix(ofID, kind, i), 13), "4ac7"...))
	}
	return out
}

// base62 appends n letters and digits that a hash stands for.
func base62(b []byte, h uint64, n int) []byte {
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	for range n {
		b = append(b, letters[h%62])
		h /= 62
	}
	return b
}
