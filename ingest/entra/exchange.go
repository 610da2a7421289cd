package entra

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"winnow/internal/access"
	"winnow/internal/rest"
)

// An exchange is a recorded request and its answer, as test recordings keep
// them.
type exchange struct {
	Method string          `json:"method"`
	URL    string          `json:"url"`
	Status int             `json:"status"`
	Body   json.RawMessage `json:"body"`
}

const exchangeHint = "only answers of the lists that winnow itself asks for can be read"

// Exchange reads the records out of a recorded HTTP exchange, {"method", "url",
// "status", "body"}: the items of a list's answer, each with its stream and,
// for a sub-resource, its container. Without a url the answer's own
// @odata.context names the list, where it names one beyond doubt. An empty list
// has no records and no error.
//
// Errors are of type *access.Fault: a refusal, an answer that is no list, or a
// list that no stream reads.
func Exchange(line []byte) ([]access.Record, error) {
	var x exchange
	if err := json.Unmarshal(line, &x); err != nil {
		return nil, &access.Fault{Reason: "is not a recorded exchange: " + err.Error(), Body: line}
	}
	if x.Status >= http.StatusBadRequest {
		e := parseError(x.Status, nil, x.Body)
		return nil, &access.Fault{Field: "status", Value: e.Error(), Reason: "is a refusal", Body: line}
	}
	if x.Method != "" && x.Method != http.MethodGet {
		return nil, &access.Fault{Field: "method", Value: x.Method, Reason: "is not the reading of a list", Body: line}
	}
	path, err := x.path()
	if err != nil {
		return nil, &access.Fault{Field: "url", Value: x.URL, Reason: "is not a url", Body: line}
	}
	e, parent := endpointAt(path)
	if e.path == "" {
		return nil, &access.Fault{Field: "url", Value: path, Reason: "is an answer that no stream reads", Hint: exchangeHint, Body: line}
	}
	return x.records(e, parent, line)
}

// path is the path below the version, without its query, that was asked.
func (x exchange) path() (string, error) {
	if x.URL == "" {
		return x.context(), nil
	}
	u, err := url.Parse(x.URL)
	if err != nil {
		return "", fmt.Errorf("parse the url: %w", err)
	}
	for _, version := range []string{"/v1.0/", "/beta/"} {
		if _, path, ok := strings.Cut(u.EscapedPath(), version); ok {
			return path, nil
		}
	}
	return u.EscapedPath(), nil
}

// context is the list that an answer without a url says it is. A context such
// as "users" is no proof: the members of a group call themselves that too.
func (x exchange) context() string {
	// An answer without a context has the empty one, which names no list.
	text, _ := rest.StringField(x.Body, "@odata.context")
	_, path, _ := strings.Cut(text, "$metadata#")
	if !strings.Contains(path, "/") || strings.ContainsAny(path, "()$") {
		return ""
	}
	return path
}

// endpointAt finds the stream that a path below the version serves, and the
// container's id in it.
func endpointAt(path string) (endpoint, string) {
	got := strings.Split(strings.Trim(path, "/"), "/")
	for _, e := range endpoints {
		want := strings.Split(strings.TrimPrefix(e.path, "/v1.0/"), "/")
		if e.middle != "" {
			want = append(want, "*", e.middle)
		}
		if e.child != "" {
			want = append(want, "*", e.child)
		}
		if e.path != "" && samePath(want, got) {
			parent := ""
			if e.child != "" {
				parent = unescape(got[len(got)-2])
			}
			if e.middle != "" {
				parent = unescape(got[len(got)-4]) + "/" + parent
			}
			return e, parent
		}
	}
	return endpoint{}, ""
}

// samePath compares paths element by element, as the platform does without
// regard to case; a star stands for any element.
func samePath(want, got []string) bool {
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != "*" && !strings.EqualFold(want[i], got[i]) {
			return false
		}
	}
	return true
}

// unescape decodes an element of a path; one that cannot be decoded stays.
func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}

// records splits the answer.
func (x exchange) records(e endpoint, parent string, line []byte) ([]access.Record, error) {
	var out []access.Record
	for item, err := range rest.Items(x.Body, "value") {
		if err != nil {
			return nil, &access.Fault{Field: "body", Reason: "is not a list of items", Hint: exchangeHint, Body: line}
		}
		r := access.Record{Body: item, Parent: parent, Stream: e.Name}
		if e.event != "" {
			if s := Route(e.Name, item); s != "" {
				r.Stream = s
			}
		}
		out = append(out, r)
	}
	return out, nil
}
