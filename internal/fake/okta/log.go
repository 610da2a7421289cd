package okta

import (
	"crypto/rand"
	"net/http"
	"slices"
	"time"
)

// logs answers the System Log: bounded queries, which have an end, and polling
// queries, which do not.
func (s *Server) logs(w http.ResponseWriter, r *http.Request) {
	p, ok := s.page(w, r, 100, 1000)
	if !ok {
		return
	}
	if q := r.URL.Query(); q.Has("after") && q.Has("since") && q.Get("since") != p.Query.Get("since") {
		// The vendor's SDKs add the parameters of their first request to every
		// link, so the cursor's own since passes; another one contradicts it.
		fail(w, http.StatusBadRequest, "E0000001", "Api validation failed: since and after exclude each other")
		return
	}
	items, ok := s.window(w, p.Query.Get("since"), p.Query.Get("until"), p.Query.Get("filter"))
	if !ok || !r.URL.Query().Has("after") && s.tooSlow(w, p.Query.Get("since"), p.Query.Get("until")) {
		return
	}
	if p.Query.Get("sortOrder") == "DESCENDING" {
		items = slices.Clone(items)
		slices.Reverse(items)
	} else if p.Query.Get("until") == "" {
		s.poll(w, r, p, items)
		return
	}
	s.send(w, r, p, items)
}

// poll answers a polling query: there is always a next link, and at the end of
// the log it is that of the page itself.
func (s *Server) poll(w http.ResponseWriter, r *http.Request, p page, items []item) {
	out, after := p.cut(items)
	s.links(w, s.link(r, p, p.place), s.link(r, p, after))
	write(w, array(out))
}

// window returns the events published in the window: in the order of their time
// when it has an end, else in that of the file, which stands for the order in
// which they were stored.
func (s *Server) window(w http.ResponseWriter, since, until, filter string) ([]item, bool) {
	to, err := instant(until, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
	from, err2 := instant(since, s.weekBefore(to, until))
	types, known := []string(nil), true
	if filter != "" {
		types, known = equals(filter, "eventType")
	}
	switch {
	case err != nil || err2 != nil:
		fail(w, http.StatusBadRequest, "E0000001", "Api validation failed: since and until are ISO 8601 timestamps")
		return nil, false
	case !known:
		fail(w, http.StatusBadRequest, "E0000031", "Invalid search criteria.")
		return nil, false
	case s.opt.Now != nil && from.Before(s.opt.Now().AddDate(0, 0, -180)):
		fail(w, http.StatusBadRequest, "E0000053", "Invalid 'since' parameter value: it lies more than 180 days back")
		return nil, false
	}
	if s.opt.Now != nil {
		if kept := s.opt.Now().AddDate(0, 0, -90); from.Before(kept) {
			from = kept
		}
	}
	events := s.data.ordered
	if until == "" {
		events = s.data.streams["system_log"]
	}
	return where(events, func(it item) bool {
		return !it.published.Before(from) && it.published.Before(to) && (filter == "" || slices.Contains(types, it.eventType))
	}), true
}

// tooSlow answers a query over more time than the org can read at once.
func (s *Server) tooSlow(w http.ResponseWriter, since, until string) bool {
	if s.opt.Slow == 0 || len(s.data.ordered) == 0 {
		return false
	}
	to, _ := instant(until, s.data.ordered[len(s.data.ordered)-1].published) // both were read before
	from, _ := instant(since, to.AddDate(0, 0, -7))
	if to.Sub(from) <= s.opt.Slow {
		return false
	}
	fail(w, http.StatusInternalServerError, "E0000009", "Internal Server Error")
	return true
}

// Store adds an event to the end of the log, which is the order in which
// polling queries serve it, whenever it was published.
func (s *Server) Store(line []byte) error {
	it, err := parse(line, false)
	if err != nil {
		return err
	}
	s.state.Lock()
	defer s.state.Unlock()
	s.data.append(it)
	return nil
}

// ForgetCursors makes every cursor that was handed out stale.
func (s *Server) ForgetCursors() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secret = []byte(rand.Text())
}

// weekBefore is the default of since: seven days before until.
func (s *Server) weekBefore(to time.Time, until string) time.Time {
	if until == "" {
		to = s.now()
	}
	return to.AddDate(0, 0, -7)
}

// instant reads a timestamp.
func instant(text string, standard time.Time) (time.Time, error) {
	if text == "" {
		return standard, nil
	}
	return time.Parse(time.RFC3339, text)
}
