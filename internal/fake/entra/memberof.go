package entra

import (
	"net/http"
	"regexp"

	"winnow/internal/lake"
)

// memberOf serves the groups of a user: those with the user as a direct member
// and, transitively, those that these groups are members of.
func (s *Server) memberOf(transitive bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		if !s.has(listUsers, id) {
			s.missing(w, id)
			return
		}
		in := s.parents(id)
		for i := 0; transitive && i < len(in); i++ {
			for _, above := range s.parents(in[i]) {
				if above != id && !contains(in, above) {
					in = append(in, above)
				}
			}
		}
		var items []item
		for _, group := range in {
			if it, ok := s.find(listGroups, group); ok {
				items = append(items, item{body: asMember(it, kindGroup), id: it.id})
			}
		}
		s.list(w, r, directory, items)
	}
}

// parents are the groups that have the object as a direct member.
func (s *Server) parents(id string) []string {
	var out []string
	for _, m := range s.data["group_members"] {
		if m.id == id && !contains(out, m.parent) {
			out = append(out, m.parent)
		}
	}
	return out
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// principalIs is the one filter on lists of roles that the fake understands.
var principalIs = regexp.MustCompile(`^principalId eq '([^']+)'$`)

// roles serves a list of roles that principals hold, of one of them where the
// filter says so.
func (s *Server) roles(stream string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		m := principalIs.FindStringSubmatch(q.Get("$filter"))
		if m == nil {
			s.list(w, r, directory, s.data[stream])
			return
		}
		q.Del("$filter")
		bare := *r.URL
		bare.RawQuery = q.Encode()
		again := r.Clone(r.Context())
		again.URL = &bare
		var items []item
		for _, it := range s.data[stream] {
			if lake.TextAt(it.body, keyPrincipal) == m[1] {
				items = append(items, it)
			}
		}
		s.list(w, again, kind{page: directory.most, most: directory.most}, items) // one page: a link would lose the filter
	}
}
