package acme

import "slices"

// A rec is one event of a log before it is written.
type rec struct {
	key  int // place in the file: milliseconds into the day, later for late events
	day  int
	ms   int
	what recKind
	acct int
	ent  int // what it is about, or -1
	by   int // who did it, or -1 for the platform
	fail bool
	over int // Okta: the app that a group opens; Entra: unused
}

// playDays runs the simulation and writes each day's part of the logs.
func (w *writer) playDays() {
	s := w.c.newSimulation(w.t, 1)
	for day := w.c.cal.first; day < 0; day++ {
		fired := s.day(day)
		if day < -w.c.opt.LogDays {
			w.rememberUse(day, fired)
			w.rememberChanges(day)
			continue
		}
		w.collectUse(day, fired)
		w.collectNoise(day)
		w.collectHappenings(day)
		w.writeOktaDay(day)
		w.writeEntraDay(day)
	}
}

// instant is when an account acts on a day: office hours of its place, drawn
// from the account, the day and a salt.
func (w *writer) instant(acct, day, salt int) int {
	h := mix(w.c.opt.Seed, idEvent, acct, day, salt)
	zone := 0
	if p := w.c.accounts[acct].person; p >= 0 {
		zone = w.c.towns[w.c.people[p].now().town].zone
	}
	const tenHours = 10 * 3600 * 1000
	local := 8*3600*1000 + (below(h, tenHours)+below(h<<24, tenHours))/2
	return (local - zone*3600*1000 + dayMillis) % dayMillis
}

// luck is a number from 0 to 1 that depends on its arguments only.
func (w *writer) luck(parts ...int) float64 {
	return float64(mix(w.c.opt.Seed^0x77, parts...)>>11) / (1 << 53)
}

// late puts one event in 200 up to two hours later into the file than its own
// time says, as a pipeline with stragglers does; the day's end is not passed.
func (w *writer) late(r *rec) {
	r.key = r.ms
	if w.luck(r.acct, r.day, r.ms, 1) < 0.005 {
		r.key = min(r.ms+below(mix(w.c.opt.Seed, r.ms, r.acct), 7_200_000), dayMillis-1)
	}
}

// inOrder sorts a day's events by their place in the file, and repeats one in
// 500 exactly, as at-least-once delivery does.
func (w *writer) inOrder(recs []rec) []rec {
	n := len(recs)
	for i := range n {
		w.late(&recs[i])
		if r := recs[i]; w.luck(r.acct, r.day, r.ms, 2) < 0.002 {
			r.key = min(r.key+30_000, dayMillis-1)
			recs = append(recs, r)
		}
	}
	slices.SortStableFunc(recs, func(a, b rec) int { return a.key - b.key })
	return recs
}

// sighted notes that an account signed in.
func (w *writer) sighted(acct, day, ms int, silent, failed bool) {
	s := &w.seen[acct]
	if silent {
		s.silentDay, s.silentMs = later(s.silentDay, s.silentMs, day, ms)
		return
	}
	s.triedDay, s.triedMs = later(s.triedDay, s.triedMs, day, ms)
	if !failed {
		s.day, s.ms = later(s.day, s.ms, day, ms)
	}
}

func later(day, ms, otherDay, otherMs int) (int, int) {
	if otherDay > day || otherDay == day && otherMs > ms {
		return otherDay, otherMs
	}
	return day, ms
}
