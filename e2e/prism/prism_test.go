//go:build prism

package prism

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// A violation is what prism holds against a request or an answer.
type violation struct {
	asked    string
	Location []string
	Severity string
	Code     string
	Message  string
	null     bool // what is there is null
}

// String names the violation wherever it stands in a list, and whatever the
// list belongs to.
func (v violation) String() string {
	return fmt.Sprintf("%s: %s: %s", identifier.ReplaceAllString(v.asked, "/{id}"), v.place(), numbers.ReplaceAllString(v.Message, ".*"))
}

// place is where the violation is, with a star for the number in a list.
func (v violation) place() string {
	return numbers.ReplaceAllString(strings.Join(v.Location, "."), ".*")
}

var (
	numbers    = regexp.MustCompile(`(?:\b|\.)\d+\b`)
	identifier = regexp.MustCompile(`/[0-9A-Za-z_-]{20,}`)
)

// A judge is the one address that a client knows: behind it stand a proxy for
// each part of the API, and behind them the fake.
type judge struct {
	url     string
	proxies map[string]*url.URL
	fake    *url.URL

	mu       sync.Mutex
	found    []violation
	seen     int    // requests that a proxy looked at
	from, to string // bends every answer of the fake
}

// open starts the judge before a fake. parts are the specifications by the
// beginning of the paths that they speak of, and below what they leave to the
// server; requests of no part, such as those for tokens, go straight through.
func open(t *testing.T, fake http.Handler, parts map[string]string, below func(prefix string) string) *judge {
	t.Helper()
	installed(t)
	j := &judge{proxies: map[string]*url.URL{}}
	door := httptest.NewUnstartedServer(nil)
	host := door.Listener.Addr().String()
	behind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Host = host // so that links lead back through the door
		rec := httptest.NewRecorder()
		fake.ServeHTTP(rec, r)
		j.mu.Lock()
		body := bent(rec.Body.String(), j.from, j.to)
		j.mu.Unlock()
		maps.Copy(w.Header(), rec.Header())
		w.WriteHeader(rec.Code)
		_, _ = w.Write([]byte(body)) // prism may have gone
	}))
	t.Cleanup(behind.Close)
	j.fake = address(t, behind.URL)
	var wait sync.WaitGroup
	for prefix, spec := range parts {
		port := freePort(t)
		j.proxies[prefix] = address(t, "http://127.0.0.1:"+port)
		start(t, &wait, spec, behind.URL+below(prefix), port)
	}
	if wait.Wait(); t.Failed() {
		t.FailNow()
	}
	door.Config.Handler = &httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) { j.route(p, below) }, ModifyResponse: j.listen}
	door.Start()
	t.Cleanup(door.Close)
	j.url = door.URL
	return j
}

// bent replaces a text by another; an empty one by nothing.
func bent(text, from, to string) string {
	if from == "" {
		return text
	}
	return strings.ReplaceAll(text, from, to)
}

// route sends a request to the proxy of its part.
func (j *judge) route(p *httputil.ProxyRequest, below func(string) string) {
	best, to := "", j.fake
	for prefix, proxy := range j.proxies {
		if strings.HasPrefix(p.In.URL.Path, prefix) && len(prefix) > len(best) {
			best, to = prefix, proxy
		}
	}
	p.SetURL(to)
	if best != "" {
		p.Out.URL.Path = strings.TrimPrefix(p.In.URL.Path, below(best))
		p.Out.URL.RawPath = ""
	}
	p.Out.Header.Set("X-Asked", p.In.Method+" "+p.In.URL.Path)
}

// listen notes what prism says of an exchange, in a header of the answer.
func (j *judge) listen(a *http.Response) error {
	asked := a.Request.Header.Get("X-Asked")
	said := a.Header.Get("Sl-Violations")
	a.Header.Del("Sl-Violations")
	j.mu.Lock()
	defer j.mu.Unlock()
	if a.Request.URL.Host != j.fake.Host {
		j.seen++
	}
	if a.Header.Get("Content-Type") == "application/problem+json" {
		j.found = append(j.found, violation{asked: asked, Message: "prism itself answered " + a.Status})
	}
	if said == "" {
		return nil
	}
	var some []violation
	if err := json.Unmarshal([]byte(said), &some); err != nil {
		some = []violation{{Message: said}} // too many to be told
	}
	body, err := io.ReadAll(a.Body)
	if err != nil {
		return err
	}
	a.Body = io.NopCloser(bytes.NewReader(body))
	for _, v := range some {
		v.asked, v.null = asked, isNull(body, v.Location)
		j.found = append(j.found, v)
	}
	return nil
}

// isNull reports whether null stands at a place of an answer's body.
func isNull(body []byte, location []string) bool {
	var at any
	if len(location) < 2 || location[0] != "response" || location[1] != "body" || json.Unmarshal(body, &at) != nil {
		return false
	}
	for _, step := range location[2:] {
		switch in := at.(type) {
		case map[string]any:
			at = in[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(in) {
				return false
			}
			at = in[i]
		default:
			return false
		}
	}
	return at == nil
}

// take returns what was found since the last time, each thing once, and how
// many requests were looked at.
func (j *judge) take() (found []violation, seen int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	found, seen = j.found, j.seen
	j.found, j.seen = nil, 0
	return found, seen
}

// accuse fails the test for every violation that is not one of the
// specification's own faults, and when nothing was looked at.
func (j *judge) accuse(t *testing.T, what string, own []excuse) {
	t.Helper()
	found, seen := j.take()
	if seen == 0 {
		t.Errorf("%s: no request passed through prism", what)
	}
	told, excused := map[string]int{}, map[string]int{}
	for _, v := range found {
		if i := slices.IndexFunc(own, func(e excuse) bool { return e.covers(v) }); i < 0 {
			told[v.String()]++
		} else {
			excused[v.place()+": "+own[i].why]++
		}
	}
	for _, text := range slices.Sorted(maps.Keys(told)) {
		t.Errorf("%s, %d times: %s", what, told[text], text)
	}
	t.Logf("%s: %d exchanges", what, seen)
	for _, text := range slices.Sorted(maps.Keys(excused)) {
		t.Logf("%s: %d times excused: %s", what, excused[text], text)
	}
}

// sees checks that prism is not blind: what the fake answers is bent, and
// something must be found that the specification's own faults do not cover.
func (j *judge) sees(t *testing.T, from, to string, own []excuse, ask func()) {
	t.Helper()
	bend := func(from, to string) {
		j.mu.Lock()
		j.from, j.to = from, to
		j.mu.Unlock()
	}
	bend(from, to)
	ask()
	bend("", "")
	found, seen := j.take()
	if seen == 0 || !slices.ContainsFunc(found, func(v violation) bool {
		return !slices.ContainsFunc(own, func(e excuse) bool { return e.covers(v) })
	}) {
		t.Errorf("%d exchanges with %s for %s: prism sees nothing in them", seen, to, from)
	}
}
