package acme

// A useDay is one account's use of one application on one day.
type useDay struct {
	use                 int // index into Company.uses
	successes, failures int
	present             int // successes with a person at the screen
}

// tuning scales the volume of the simulated log.
type tuning struct {
	thin   float64 // factor on the rates of frequent use, at most 1
	noise  float64 // factor on events that show no use
	copies float64 // events for each day on which something was used
}

var natural = tuning{thin: 1, noise: 1, copies: 1.12}

// A simulation plays the company's days in order. Each use waits in the list
// of the day on which it happens next, so the work is in proportion to what
// happens, not to what could.
type simulation struct {
	c    *Company
	d    dice
	t    tuning
	next [][]int // day - first → uses that happen then
}

// newSimulation plays the uses of every n-th account; 1 for all.
func (c *Company) newSimulation(t tuning, every int) *simulation {
	s := &simulation{c: c, d: c.dice("use"), t: t, next: make([][]int, -c.cal.first)}
	for n := range c.uses {
		if first := c.uses[n].first; first < 0 && c.uses[n].acct%every == 0 {
			s.schedule(n, max(first, c.cal.first)-1)
		}
	}
	return s
}

// day plays one day; days must come in order.
func (s *simulation) day(day int) []useDay {
	i := day - s.c.cal.first
	due := s.next[i]
	s.next[i] = nil
	var out []useDay
	for _, n := range due {
		if u := &s.c.uses[n]; s.c.present(u.acct, day) {
			out = append(out, s.happen(n))
		}
		s.schedule(n, day)
	}
	return out
}

// present says whether the account acts on a day; machines always do.
func (c *Company) present(acct, day int) bool {
	p := c.accounts[acct].person
	return p < 0 || c.working(p, day)
}

// happen decides what the use amounts to.
func (s *simulation) happen(n int) useDay {
	u := &s.c.uses[n]
	out := useDay{use: n}
	if u.mode == useFailing {
		out.failures = 1
		return out
	}
	whole := int(s.t.copies)
	out.successes = whole
	if s.d.chance(s.t.copies - float64(whole)) {
		out.successes++
	}
	if s.d.chance(0.02) {
		out.failures = 1
	}
	out.present = out.successes
	if s.c.accounts[u.acct].source == inEntra {
		out.present = 0
		for range out.successes {
			if !s.d.chance(u.silent) {
				out.present++
			}
		}
	}
	return out
}

// schedule puts use n into the list of the next day after the given one on
// which it happens, if that comes before the run.
func (s *simulation) schedule(n, after int) {
	u := &s.c.uses[n]
	day := never
	switch u.mode {
	case useSeasonal:
		day = s.c.nextSeason(n, after)
	case useOnce:
		if after < u.first && u.first >= s.c.cal.first {
			day = s.c.cal.onOrAfter(u.first)
		}
	default:
		day = s.nextSteady(u, after)
	}
	if day < 0 && day <= u.last {
		i := day - s.c.cal.first
		s.next[i] = append(s.next[i], n)
	}
}

// thinFloor is the rate below which use is not thinned.
const thinFloor = 0.02

// nextSteady draws the gap in working days, or in days for those who work in
// shifts and for machines.
func (s *simulation) nextSteady(u *use, after int) int {
	rate := u.rate
	if rate > thinFloor {
		rate = max(rate*s.t.thin, thinFloor)
	}
	p := s.c.accounts[u.acct].person
	if p >= 0 && !s.c.depts[s.c.people[p].now().dept].rota {
		return s.c.cal.later(after, s.d.gap(rate, maxDays))
	}
	return after + s.d.gap(rate*5/7, maxDays)
}

// nextSeason finds the next day of a quarterly or yearly tool's use. A person
// takes part in nine seasons of ten, on up to two days within a week of the
// season's middle.
func (c *Company) nextSeason(n, after int) int {
	u := &c.uses[n]
	app := &c.ents[u.app]
	period := 91
	if app.cadence == "yearly" {
		period = 365
	}
	best := never
	for k := (-after-app.phase)/period + 1; k >= -1 && best == never; k-- {
		middle := -app.phase - k*period
		if below(mix(c.opt.Seed, n, k, 7), 100) >= 92 {
			continue
		}
		for j := range 2 {
			day := middle - 7 + below(mix(c.opt.Seed, n, k, j), 15)
			if day >= c.cal.first && day <= 0 {
				day = c.cal.onOrAfter(day)
			}
			if day > after && day < best {
				best = day
			}
		}
	}
	return best
}
