package okta

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// list answers a list of the org.
func (s *Server) list(stream string, standard, most int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if p, ok := s.page(w, r, standard, most); ok {
			s.send(w, r, p, s.data.streams[stream])
		}
	}
}

// users answers the list of users, which leaves out those that are
// deprovisioned unless a filter or a search asks.
func (s *Server) users(w http.ResponseWriter, r *http.Request) {
	p, ok := s.page(w, r, 200, 200)
	if !ok {
		return
	}
	expression := p.Query.Get("filter")
	if expression == "" {
		expression = p.Query.Get("search")
	}
	keep := func(it item) bool { return it.status != "DEPROVISIONED" }
	if expression != "" {
		statuses, ok := equals(expression, keyStatus)
		if !ok {
			fail(w, http.StatusBadRequest, "E0000031", "Invalid search criteria.")
			return
		}
		keep = func(it item) bool { return slices.Contains(statuses, it.status) }
	}
	s.send(w, r, p, where(s.data.streams["users"], keep))
}

// children answers a list inside a container.
func (s *Server) children(stream, of, kind string, standard, most int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		if !s.data.exists(of, id) {
			missing(w, id, kind)
			return
		}
		if p, ok := s.page(w, r, standard, most); ok {
			s.send(w, r, p, s.data.children[stream][id])
		}
	}
}

// one answers one object of a list.
func (s *Server) one(stream, kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if it, ok := s.data.find(stream, r.PathValue("id")); ok {
			write(w, it.body)
			return
		}
		missing(w, r.PathValue("id"), kind)
	}
}

// child answers one object of a list inside a container.
func (s *Server) child(stream, kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if it, ok := s.data.below(stream, r.PathValue("id"), r.PathValue("child")); ok {
			write(w, it.body)
			return
		}
		missing(w, r.PathValue("child"), kind)
	}
}

// missing answers that an object is not there.
func missing(w http.ResponseWriter, id, kind string) {
	fail(w, http.StatusNotFound, "E0000007", "Not found: Resource not found: "+id+" ("+kind+")")
}

// roles answers the administrator roles of a user or group, which come whole.
func (s *Server) roles(stream, kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		if !s.data.exists(sub[stream], id) {
			missing(w, id, kind)
			return
		}
		write(w, array(s.data.children[stream][id]))
	}
}

// administrators lists the users that hold administrator roles. It is one of
// the newer lists: an object, whose link stands in the body.
func (s *Server) administrators(w http.ResponseWriter, r *http.Request) {
	p, ok := s.page(w, r, 100, 200)
	if !ok {
		return
	}
	var all []item
	seen := map[string]bool{}
	for _, it := range s.data.streams["user_roles"] {
		if !seen[it.parent] {
			seen[it.parent] = true
			body, err := json.Marshal(map[string]string{"id": it.parent})
			if err != nil {
				continue // a string marshals
			}
			all = append(all, item{body: body})
		}
	}
	out, after := p.cut(all)
	tail := `,"_links":{}}`
	if after.Offset < len(all) {
		href, err := json.Marshal(s.link(r, p, after))
		if err == nil {
			tail = `,"_links":{"next":{"href":` + string(href) + `}}}`
		}
	}
	write(w, slices.Concat([]byte(`{"value":`), array(out), []byte(tail)))
}

// where keeps the items that fit.
func where(items []item, keep func(item) bool) []item {
	var out []item
	for _, it := range items {
		if keep(it) {
			out = append(out, it)
		}
	}
	return out
}

// comparison is the one form of filter that the fake understands.
var comparison = regexp.MustCompile(`^\(*\s*([A-Za-z.]+) eq "([^"]*)"\s*\)*$`)

// equals reads "field eq "a" or field eq "b"" and returns a and b.
func equals(expression, field string) ([]string, bool) {
	var out []string
	for _, part := range strings.Split(expression, " or ") {
		m := comparison.FindStringSubmatch(strings.TrimSpace(part))
		if m == nil || m[1] != field {
			return nil, false
		}
		out = append(out, m[2])
	}
	return out, true
}
