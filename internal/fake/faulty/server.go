package faulty

import (
	"encoding/binary"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Options say how bad it gets. The zero value spoils nothing.
type Options struct {
	Seed  uint64
	Rate  float64 // share of the answers that are spoilt, 0–1
	Kinds []Kind  // what may happen; nil for every kind

	Elsewhere string        // scheme and host to which spoilt links lead
	Skew      time.Duration // by which the platform's clock is ahead
	Deny      []string      // paths, or parts of them, that are refused with 403
	Empty     []string      // paths, or parts of them, whose lists are empty, with status 200
	Tail      bool          // lists end with an empty page that names itself as the next one, as the polled Okta log does

	Now func() time.Time // the platform's clock before Skew; nil for the wall clock
}

// A Server spoils the answers of the platform behind it. It may be used from
// several goroutines.
type Server struct {
	next http.Handler

	mu    sync.Mutex
	opt   Options
	asked map[string]uint64  // requests by path
	pages map[string]*answer // the good answer whose link leads to a URI
	count map[Kind]int
	over  int // requests that the platform itself refused with 429
	total int
}

// New returns a server in front of a platform.
func New(next http.Handler, o Options) *Server {
	s := &Server{next: next, asked: map[string]uint64{}, pages: map[string]*answer{}, count: map[Kind]int{}}
	s.Set(o)
	return s
}

// Set changes the weather, for the next night.
func (s *Server) Set(o Options) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o.Kinds == nil {
		o.Kinds = Kinds
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s.opt = o
}

// Requests returns how many requests arrived so far, and how many of them the
// platform behind refused because its own allowance was spent.
func (s *Server) Requests() (all, over int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.total, s.over
}

// Count returns how often a kind was drawn and took effect.
func (s *Server) Count(k Kind) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.count[k]
}

// draw decides about a request: the kind, or "" for a good answer.
func (s *Server) draw(r *http.Request) (Options, Kind) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.asked[r.URL.Path]
	s.asked[r.URL.Path]++
	s.total++
	h := fnv.New64a()
	h.Write([]byte(r.URL.Path))
	h.Write(binary.LittleEndian.AppendUint64(nil, n))
	rng := rand.New(rand.NewPCG(s.opt.Seed, h.Sum64()))
	if rng.Float64() >= s.opt.Rate {
		return s.opt, ""
	}
	return s.opt, s.opt.Kinds[rng.IntN(len(s.opt.Kinds))]
}

// note counts a kind that took effect.
func (s *Server) note(k Kind) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count[k]++
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o, kind := s.draw(r)
	w.Header().Set("Date", o.Now().Add(o.Skew).UTC().Format(http.TimeFormat))
	switch {
	case matches(o.Deny, r.URL.Path):
		fail(w, http.StatusForbidden, "E0000006", "You do not have permission to perform the requested action")
	case o.Tail && r.URL.Query().Has("tail"):
		tail(w, r)
	case s.refuses(w, r, o, kind):
		s.note(kind)
	default:
		s.pass(w, r, o, kind)
	}
}

// pass asks the platform behind, and spoils its answer where the kind says so.
func (s *Server) pass(w http.ResponseWriter, r *http.Request, o Options, kind Kind) {
	rec := httptest.NewRecorder()
	s.next.ServeHTTP(rec, r)
	a := &answer{status: rec.Code, header: rec.Header(), body: rec.Body.Bytes()}
	a.shift(o.Skew)
	if a.status == http.StatusTooManyRequests {
		s.mu.Lock()
		s.over++
		s.mu.Unlock()
	}
	if a.status == http.StatusOK {
		if matches(o.Empty, r.URL.Path) {
			a.empty()
		}
		if o.Tail {
			a.tail(r)
		}
		if s.spoils(w, r, a, o, kind) {
			return
		}
	}
	a.write(w, o)
}

// spoils breaks a good answer of a list where the kind says so, and reports whether it has answered.
func (s *Server) spoils(w http.ResponseWriter, r *http.Request, a *answer, o Options, kind Kind) bool {
	s.mu.Lock()
	before := s.pages[r.URL.RequestURI()]
	if next := a.next(); next != "" {
		s.pages[requestURI(next)] = a
	}
	s.mu.Unlock()
	switch {
	case kind == PageRepeats && before != nil:
		before.write(w, o)
	case kind == CutBody, kind == CutChunk:
		s.note(kind)
		a.cut(w, o, kind == CutBody)
	case kind == LinkElsewhere && o.Elsewhere != "" && a.next() != "":
		a.elsewhere(o.Elsewhere).write(w, o)
	default:
		return false
	}
	s.note(kind)
	return true
}

// matches reports whether a path holds one of the parts.
func matches(parts []string, path string) bool {
	for _, p := range parts {
		if strings.Contains(path, p) {
			return true
		}
	}
	return false
}

// seconds writes an instant as the platforms' rate-limit headers do.
func seconds(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }
