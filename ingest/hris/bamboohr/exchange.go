package bamboohr

import (
	"encoding/json"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"winnow/ingest/hris"
	"winnow/internal/access"
	"winnow/internal/rest"
)

// Exchange reads the rows out of a recorded exchange, one JSON object with
// method, url, status and body: those of a good answer that this package asks
// for, each with its stream.
//
// Errors are of type *access.Fault, so that every line is accounted for: no
// exchange, a refusal, an answer that no stream reads, or one that is no list.
func Exchange(line []byte) ([]access.Record, error) {
	var e struct {
		Method string          `json:"method"`
		URL    string          `json:"url"`
		Status int             `json:"status"`
		Body   json.RawMessage `json:"body"`
	}
	fault := func(field, value, reason string) error {
		return &access.Fault{Field: field, Value: value, Reason: reason, Body: line,
			Hint: "a line holds method, url, status and body; the answers that winnow itself asks for are read"}
	}
	if err := json.Unmarshal(line, &e); err != nil {
		return nil, fault("", "", "is not a recorded exchange: "+err.Error())
	}
	stream, key := answerOf(e.Method, e.URL)
	switch {
	case e.Status != http.StatusOK:
		return nil, fault("status", strconv.Itoa(e.Status), "is a refusal")
	case stream == "":
		return nil, fault("url", e.URL, "is an answer that no stream reads")
	}
	var out []access.Record
	for item, err := range rest.Items(e.Body, key) {
		if err != nil {
			return nil, fault("body", "", "is not a list: "+err.Error())
		}
		out = append(out, access.Record{Body: item, Stream: stream})
	}
	return out, nil
}

// answerOf names the stream of an operation, and the member of its answer that
// holds the rows.
func answerOf(method, address string) (stream access.StreamName, key string) {
	u, err := url.Parse(address)
	if err != nil {
		return "", ""
	}
	_, operation, _ := strings.Cut(path.Clean(u.Path), "/v1/")
	switch method + " " + operation {
	case "POST reports/custom":
		return hris.Workers, "employees"
	case "GET employees/all/tables/jobInfo":
		return hris.Positions, ""
	case "GET employees/all/tables/employmentStatus":
		return hris.Statuses, ""
	case "GET time_off/requests":
		return hris.Leaves, ""
	}
	return "", ""
}
