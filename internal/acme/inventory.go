package acme

// members lists, for each entitlement, the edges by which it is held today.
func (c *Company) members() [][]int {
	out := make([][]int, len(c.ents))
	for _, edges := range c.edgesOf {
		for _, n := range edges {
			if e := &c.edges[n]; e.held() {
				out[e.ent] = append(out[e.ent], n)
			}
		}
	}
	return out
}

// A user of an app, as the app's list of users tells it.
type appUser struct {
	acct   int
	since  int
	direct bool // assigned to the person, not through a group
}

// appUsers lists the users of each Okta application.
func (c *Company) appUsers() [][]appUser {
	out := make([][]appUser, len(c.ents))
	for a := range c.accounts {
		if c.accounts[a].source != inOkta {
			continue
		}
		for _, h := range c.holdings(a) {
			if c.ents[h.ent].kind != kindApp {
				continue
			}
			u := appUser{acct: a, since: never}
			for _, p := range h.paths {
				u.since = min(u.since, p.since)
				u.direct = u.direct || c.edges[p.edge].ent == h.ent
			}
			out[h.ent] = append(out[h.ent], u)
		}
	}
	return out
}

// each calls f for the entitlements of a source and kind, in order.
func (c *Company) each(source int, kind string, f func(i int, e *entitlement)) {
	for i := range c.ents {
		if e := &c.ents[i]; e.source == source && e.kind == kind {
			f(i, e)
		}
	}
}

// child opens a line of a sub-resource: the parent's id and the item.
func child(b []byte, parent string) []byte {
	return append(field(append(b, '{'), "parent_id", parent), `,"item":`...)
}

// endOf closes a line of a sub-resource.
func endOf(s *sink, b []byte) {
	s.buf = append(b, '}')
	s.line()
}

// noon is the time of day of what has only a date.
const noon = 12 * 3600 * 1000

// whenOrNull appends a key and an instant, or null for what never was.
func (c *Company) whenOrNull(b []byte, key string, day, ms int) []byte {
	if day <= longAgo || day >= never {
		b = append(append(b, '"'), key...)
		return append(b, `":null`...)
	}
	return c.when(b, key, day, ms)
}

func boolean(b []byte, key string, v bool) []byte {
	b = append(append(b, '"'), key...)
	if v {
		return append(b, `":true`...)
	}
	return append(b, `":false`...)
}

// all runs the writers of several files and stops at the first fault.
func all(writers ...func() error) error {
	for _, write := range writers {
		if err := write(); err != nil {
			return err
		}
	}
	return nil
}
