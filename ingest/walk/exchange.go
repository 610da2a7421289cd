package walk

import (
	"encoding/json"
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"winnow/internal/access"
)

// An exchange is a recorded request with its answer.
type exchange struct {
	Method string          `json:"method"`
	URL    string          `json:"url"`
	Status int             `json:"status"`
	Body   json.RawMessage `json:"body"`
}

// A Place says which stream a list belongs to and in which container it stands.
type Place struct {
	Stream access.StreamName
	Parent string
}

// Exchange reads the records out of a recorded exchange, one JSON object with
// method, url, status and body: the items of a good answer, verbatim, with the
// stream and container that place finds in the URL's path. An empty list has
// none.
//
// Errors are of type *access.Fault, so that every line is accounted for: no
// exchange, a refusal, a change, an answer that no stream reads (an empty
// Stream), or a list's answer that is no list.
func Exchange(line []byte, place func(path string) Place, items func(stream access.StreamName, body []byte) iter.Seq2[[]byte, error]) ([]access.Record, error) {
	var e exchange
	fault := func(field, value, reason string) error {
		return &access.Fault{Field: field, Value: value, Reason: reason, Body: line,
			Hint: "a line holds method, url, status and body; the lists that winnow itself asks for are read"}
	}
	if err := json.Unmarshal(line, &e); err != nil {
		return nil, fault("", "", "is not a recorded exchange: "+err.Error())
	}
	u, err := url.Parse(e.URL)
	var at Place
	if err == nil {
		at = place(u.Path)
	}
	switch {
	case e.Method != http.MethodGet:
		return nil, fault("method", e.Method, "is not the reading of a list")
	case e.Status != http.StatusOK:
		return nil, fault("status", strconv.Itoa(e.Status), "is a refusal")
	case at.Stream == "":
		return nil, fault("url", e.URL, "is an answer that no stream reads")
	}
	var out []access.Record
	for item, err := range items(at.Stream, e.Body) {
		if err != nil {
			return nil, fault("body", "", "is not a list: "+err.Error())
		}
		out = append(out, access.Record{Body: item, Parent: at.Parent, Stream: at.Stream})
	}
	return out, nil
}
