package okta

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// A place is where a cursor stands: the list with its query, and how many items
// were served. Clients see it signed and encoded, so that they cannot make one.
type place struct {
	List   string     `json:"l"`
	Query  url.Values `json:"q,omitempty"`
	Offset int        `json:"o"`
}

// seal writes a place as a cursor.
func (s *Server) seal(p place) string {
	b, err := json.Marshal(p)
	if err != nil {
		panic(err) // strings and ints marshal
	}
	mac := hmac.New(sha256.New, s.signer())
	mac.Write(b)
	return base64.RawURLEncoding.EncodeToString(append(mac.Sum(nil)[:8], b...))
}

// signer is the key that signs cursors.
func (s *Server) signer() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.secret
}

// unseal reads a cursor and reports whether it is one of ours for the list.
func (s *Server) unseal(cursor, list string) (place, bool) {
	var p place
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(b) < 8 {
		return p, false
	}
	mac := hmac.New(sha256.New, s.signer())
	mac.Write(b[8:])
	if !hmac.Equal(b[:8], mac.Sum(nil)[:8]) || json.Unmarshal(b[8:], &p) != nil {
		return p, false
	}
	return p, p.List == list
}

// A page is what a request asks for out of a list.
type page struct {
	place
	limit int
}

// page reads limit and after. It answers a request that makes no sense itself.
func (s *Server) page(w http.ResponseWriter, r *http.Request, standard, most int) (page, bool) {
	q := r.URL.Query()
	p := page{place: place{List: r.URL.Path, Query: q}, limit: standard}
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			fail(w, http.StatusBadRequest, "E0000001", "Api validation failed: limit")
			return p, false
		}
		p.limit = min(n, most)
	}
	if s.opt.MaxPage > 0 {
		p.limit = min(p.limit, s.opt.MaxPage)
	}
	if after := q.Get("after"); after != "" {
		found, ok := s.unseal(after, r.URL.Path)
		if !ok {
			fail(w, http.StatusBadRequest, "E0000029", "Invalid paging request.", "Invalid cursor.")
			return p, false
		}
		p.place = found
	}
	p.Query.Del("after")
	return p, true
}

// cut returns the items of the page and the place after them.
func (p page) cut(items []item) ([]item, place) {
	from := min(p.Offset, len(items))
	to := min(from+p.limit, len(items))
	after := p.place
	after.Offset = to
	return items[from:to], after
}

// link writes the URL of a place: the page's own limit, and a cursor.
func (s *Server) link(r *http.Request, p page, at place) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	q := url.Values{}
	for k, v := range at.Query {
		// The log's window is inside the cursor: since and after exclude each other.
		if k != "since" && k != "until" {
			q[k] = v
		}
	}
	q.Set("limit", strconv.Itoa(p.limit))
	q.Set("after", s.seal(at))
	return fmt.Sprintf("%s://%s%s?%s", scheme, r.Host, r.URL.EscapedPath(), q.Encode())
}

// links sends self and, unless it is empty, next.
func (s *Server) links(w http.ResponseWriter, self, next string) {
	links := []string{"<" + self + `>; rel="self"`}
	if next != "" {
		links = append(links, "<"+next+`>; rel="next"`)
	}
	if s.opt.JoinLinks && len(links) == 2 {
		links = []string{links[0] + ", " + links[1]}
	}
	w.Header()["Link"] = links
}

// send answers with a page of a list and its links.
func (s *Server) send(w http.ResponseWriter, r *http.Request, p page, items []item) {
	out, after := p.cut(items)
	next := ""
	if after.Offset < len(items) {
		next = s.link(r, p, after)
	}
	s.links(w, s.link(r, p, p.place), next)
	write(w, array(out))
}

// array joins items as a JSON array, verbatim.
func array(items []item) []byte {
	b := []byte{'['}
	for i, it := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, it.body...)
	}
	return append(b, ']')
}

// write sends a good answer.
func write(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body) // a client that went away is no fault of ours
}
