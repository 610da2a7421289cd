package apply

import (
	"cmp"
	"slices"

	"winnow/internal/access"
)

// A change is one access of one person that an operation changes.
type change struct{ person, app, manager string }

// changes lists what an operation changes: the access for which it is meant, and
// each that goes with it. A person who is not known is told by their account.
func changes(o *access.Operation) []change {
	if !o.Kind.Changes() || o.Subject == nil {
		return nil
	}
	s := o.Subject
	self := change{cmp.Or(s.IdentityID, s.AccountID), s.EntitlementID, s.ManagerID}
	out := []change{self}
	for _, c := range o.Collateral {
		other := change{person: cmp.Or(c.IdentityID, c.AccountID), app: c.EntitlementID}
		if c.IdentityID == s.IdentityID || c.IdentityID == "" && c.AccountID == s.AccountID {
			other.person, other.manager = self.person, self.manager
		}
		out = append(out, other)
	}
	return out
}

// A Tally counts changes of access.
type Tally struct {
	total                int
	person, app, manager map[string]int
}

// NewTally returns an empty tally.
func NewTally() *Tally {
	return &Tally{person: map[string]int{}, app: map[string]int{}, manager: map[string]int{}}
}

// Add counts an operation.
func (t *Tally) Add(o *access.Operation) {
	for _, c := range changes(o) {
		t.count(c, 1)
	}
}

// count counts a change, or takes it out of the count again.
func (t *Tally) count(c change, n int) {
	t.total += n
	t.app[c.app] += n
	if t.person[c.person] += n; t.person[c.person] == 0 {
		delete(t.person, c.person)
	}
	if c.manager != "" {
		t.manager[c.manager] += n
	}
}

// over reports whether one of the changes, which were counted, passes a cap.
// Where nobody knows how many people there are, no share of them is allowed.
func (t *Tally) over(list []change, caps access.Caps, people int) bool {
	passes := func(n, limit int) bool { return limit > 0 && n > limit }
	for _, c := range list {
		if passes(t.person[c.person], caps.Person) || passes(t.app[c.app], caps.App) || passes(t.manager[c.manager], caps.Manager) {
			return true
		}
	}
	return len(list) > 0 && (passes(t.total, caps.Day) || caps.Share > 0 && float64(len(t.person)) > caps.Share*float64(people))
}

// stricter takes of each cap the one that allows less.
func stricter(a, b access.Caps) access.Caps {
	return access.Caps{Person: least(a.Person, b.Person), App: least(a.App, b.App), Manager: least(a.Manager, b.Manager),
		Day: least(a.Day, b.Day), Share: least(a.Share, b.Share)}
}

// least is the smaller of two limits, of which 0 is none.
func least[T int | float64](a, b T) T {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

// A counter counts a plan against the caps and refuses, once for each cap and
// person, app or manager, the operation that passes it.
type counter struct {
	file *File
	caps access.Caps
	sum  *Tally
	told map[string]bool
	out  []Refusal
}

// over refuses an operation when a number is above its limit.
func (c *counter) over(i int, what string, n, limit int) {
	if limit > 0 && n > limit && !c.told[what] {
		c.told[what] = true
		c.out = append(c.out, c.file.refuse(i, "with it %s: that makes %d, and the cap is %d", what, n, limit))
	}
}

// checkCaps counts the plan's changes on top of what other plans changed today,
// for every cap but that of the day: see Engine.checkDay.
func (f *File) checkCaps(rules access.Caps, used *Tally) []Refusal {
	c := &counter{file: f, caps: stricter(f.Caps, rules), sum: NewTally(), told: map[string]bool{}}
	if used != nil {
		c.sum = used
	}
	for _, i := range f.order() {
		o := &f.Operations[i]
		list := changes(o)
		c.sum.Add(o)
		for _, one := range list {
			c.over(i, "the access of person "+quote(one.person)+" changes", c.sum.person[one.person], c.caps.Person)
			c.over(i, "the access to "+quote(one.app)+" changes", c.sum.app[one.app], c.caps.App)
			if one.manager != "" {
				c.over(i, "the access of the people of manager "+quote(one.manager)+" changes", c.sum.manager[one.manager], c.caps.Manager)
			}
		}
		if len(list) > 0 {
			c.share(i)
		}
	}
	return c.out
}

// share holds the number of people against the organisation.
func (c *counter) share(i int) {
	people, share := len(c.sum.person), c.caps.Share
	switch {
	case share == 0 || c.told["share"]:
		return
	case c.file.People == 0:
		c.out = append(c.out, c.file.refuse(-1, "it does not say how many people there are, of whom a share of %g may be concerned", share))
	case float64(people) > share*float64(c.file.People):
		c.out = append(c.out, c.file.refuse(i, "with it the access of %d of %d people changes, and the cap is a share of %g", people, c.file.People, share))
	default:
		return
	}
	c.told["share"] = true
}

// order lists the operations as they are sent: by wave, then as in the plan.
func (f *File) order() []int {
	out := make([]int, len(f.Operations))
	for i := range out {
		out[i] = i
	}
	slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(wave(&f.Operations[a]), wave(&f.Operations[b])) })
	return out
}

// wave is the wave of an operation, from 1.
func wave(o *access.Operation) int { return max(o.Wave, 1) }

func quote(name string) string { return access.QuoteName(name, "“", "”") }
