package acme

// Noise, in events for each day on which an account is used at all, and for
// each application that it uses on that day.
const (
	noiseSession = 0.5  // user.session.start
	noiseFactor  = 0.15 // a second factor
	noisePolicy  = 0.22 // policy.evaluate_sign_on, for each application
	noiseCode    = 0.3  // app.oauth2.authorize.code, for each OpenID application

	noiseInterrupt = 0.03 // an interrupt before an interactive sign-in to Entra
)

// tune finds the scales that bring the log near the wished number of events.
// It plays the days of a sample of the accounts without writing them.
func (c *Company) tune() tuning {
	t := natural
	if c.opt.EventsTarget == 0 {
		return t
	}
	target := max(float64(c.opt.EventsTarget)-c.fixedVolume(), 1)
	use, noise := c.volume(t)
	switch {
	case target >= use+noise:
		t.copies *= (target - noise) / use
	case target >= use:
		t.noise = (target - use) / noise
	default:
		t.noise, t.copies = 0.05, 1
		for range 4 {
			use, noise = c.volume(t)
			t.thin = min(1, t.thin*target/(use+0.05*noise))
		}
	}
	return t
}

// fixedVolume estimates the events that no scale touches: grants, removals and
// the platform's own.
func (c *Company) fixedVolume() float64 {
	n := 5 * systemEvents(len(c.people)) * c.opt.LogDays
	for i := range c.changes {
		if e := &c.changes[i]; e.day >= -c.opt.LogDays && c.sourceOf(e) != inLegacy {
			n++
		}
	}
	return float64(n)
}

// systemEvents is how many events of each of its own kinds the platform logs
// a day.
func systemEvents(people int) int { return 1 + people/1000 }

// sampledAccounts is how many accounts are enough to know the volume.
const sampledAccounts = 4000

// volume counts the events of use in the log, and estimates the noise at full
// scale, from a sample of the accounts.
func (c *Company) volume(t tuning) (use, noise float64) {
	every := 1 + len(c.accounts)/sampledAccounts
	s := c.newSimulation(t, every)
	last := make([]int, len(c.accounts))
	for day := c.cal.first; day < 0; day++ {
		for _, u := range s.day(day) {
			x := &c.uses[u.use]
			source := c.accounts[x.acct].source
			if day < -c.opt.LogDays || source == inLegacy {
				continue
			}
			use += float64(u.successes + u.failures)
			if source != inOkta {
				continue
			}
			noise += noisePolicy
			if c.ents[x.app].mode == modeOIDC {
				noise += noiseCode
			}
			if last[x.acct] != day {
				noise += noiseSession + noiseFactor
				last[x.acct] = day
			}
		}
	}
	return use * float64(every), noise * float64(every)
}
