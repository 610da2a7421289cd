package faulty

import (
	"bytes"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// An answer is what the platform said, before it is sent.
type answer struct {
	status int
	header http.Header
	body   []byte
}

const (
	nextRel = `>; rel="next"`
	nextKey = `"@odata.nextLink":"`
)

// next returns the link to the following page in either platform's form.
func (a *answer) next() string {
	for _, line := range a.header.Values("Link") {
		for _, link := range strings.Split(line, ", ") {
			if target, found := strings.CutSuffix(link, nextRel); found {
				return strings.TrimPrefix(target, "<")
			}
		}
	}
	_, rest, found := bytes.Cut(a.body, []byte(nextKey))
	if !found {
		return ""
	}
	target, _, _ := bytes.Cut(rest, []byte(`"`))
	return strings.ReplaceAll(string(target), `\u0026`, "&")
}

// requestURI is how a link arrives when it is followed.
func requestURI(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return link
	}
	return u.RequestURI()
}

// elsewhere returns the answer with its next link on another host.
func (a *answer) elsewhere(host string) *answer {
	u, err := url.Parse(a.next())
	if err != nil {
		return a
	}
	here := u.Scheme + "://" + u.Host
	out := &answer{status: a.status, header: maps.Clone(a.header)}
	out.body = bytes.ReplaceAll(a.body, []byte(nextKey+here), []byte(nextKey+host))
	var lines []string
	for _, line := range a.header.Values("Link") {
		lines = append(lines, strings.ReplaceAll(line, here, host))
	}
	if lines != nil {
		out.header["Link"] = lines
	}
	return out
}

// empty takes every item, and the way to more, out of a list.
func (a *answer) empty() {
	a.header.Del("Link")
	if bytes.HasPrefix(a.body, []byte("[")) {
		a.body = []byte("[]")
		return
	}
	a.body = []byte(`{"value":[]}`)
}

// tail gives the last page of a list with Link headers, which is an array, a
// next one.
func (a *answer) tail(r *http.Request) {
	if a.next() != "" || len(a.header.Values("Link")) == 0 || !bytes.HasPrefix(a.body, []byte("[")) {
		return
	}
	q := r.URL.Query()
	q.Set("tail", "1")
	a.header.Add("Link", "<http://"+r.Host+r.URL.EscapedPath()+"?"+q.Encode()+nextRel)
}

// tail answers with an empty page that names itself as the next one.
func tail(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Link", "<http://"+r.Host+r.URL.RequestURI()+nextRel)
	_, _ = w.Write([]byte("[]"))
}

// shift moves the answer's clock.
func (a *answer) shift(by time.Duration) {
	if n, err := strconv.ParseInt(a.header.Get("X-Rate-Limit-Reset"), 10, 64); err == nil {
		a.header.Set("X-Rate-Limit-Reset", seconds(time.Unix(n, 0).Add(by)))
	}
	a.header.Del("Date") // that of the moment of sending counts
}

// head sends the header.
func (a *answer) head(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
}

// write sends the answer.
func (a *answer) write(w http.ResponseWriter, o Options) {
	a.head(w)
	w.Header().Set("Date", o.Now().Add(o.Skew).UTC().Format(http.TimeFormat))
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a client that went away is no fault of ours
}

// cut sends one half of the body and drops the connection, with the whole
// length announced or none.
func (a *answer) cut(w http.ResponseWriter, o Options, announced bool) {
	a.head(w)
	w.Header().Set("Date", o.Now().Add(o.Skew).UTC().Format(http.TimeFormat))
	if announced {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body[:len(a.body)/2])
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
	panic(http.ErrAbortHandler)
}
