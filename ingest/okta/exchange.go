package okta

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"

	"winnow/internal/access"
	"winnow/internal/rest"
)

// An exchange is a recorded request with its answer.
type exchange struct {
	Method string          `json:"method"`
	URL    string          `json:"url"`
	Status int             `json:"status"`
	Body   json.RawMessage `json:"body"`
}

// Exchange reads the records out of a recorded exchange, one JSON object with
// method, url, status and body. Good answers of the lists that the streams are
// made of give their items, verbatim; everything else gives nothing. Errors:
// the line is no exchange, or a list's answer is no list.
func Exchange(line []byte) ([]access.Record, error) {
	var e exchange
	if err := json.Unmarshal(line, &e); err != nil {
		return nil, fmt.Errorf("read a recorded exchange: %w", err)
	}
	if e.Method == "" || e.URL == "" {
		return nil, access.WithHint(errors.New("read a recorded exchange: no method or no url"),
			"each line of an *_http.ndjson file is {\"method\": …, \"url\": …, \"status\": …, \"body\": …}")
	}
	u, err := url.Parse(e.URL)
	if err != nil {
		return nil, errors.New("read a recorded exchange: the url is none")
	}
	stream, parent := listOf(u.Path)
	if stream == "" || e.Method != http.MethodGet || e.Status != http.StatusOK {
		return nil, nil
	}
	var out []access.Record
	for item, err := range rest.Items(e.Body, "") {
		if err != nil {
			return nil, fmt.Errorf("read the answer of %s: %w", u.Path, err)
		}
		out = append(out, access.Record{Body: item, Parent: parent, Stream: stream})
	}
	return out, nil
}

// listOf returns the stream whose items a GET of the path lists, and the
// container's id in the path of a sub-resource.
func listOf(p string) (stream access.StreamName, parent string) {
	seg := strings.Split(strings.Trim(path.Clean(p), "/"), "/")
	if len(seg) < 3 || len(seg) > 5 || seg[0] != "api" || seg[1] != "v1" {
		return "", ""
	}
	switch seg = seg[2:]; len(seg) {
	case 1:
		return lists[seg[0]], ""
	case 2:
		return lists[seg[0]+"/"+seg[1]], ""
	}
	return lists[seg[0]+"/*/"+seg[2]], seg[1]
}

// lists maps the paths of lists to their streams; * stands for an id.
var lists = map[string]access.StreamName{
	"logs":           SystemLog,
	"users":          Users,
	"groups":         Groups,
	"groups/rules":   GroupRules,
	"groups/*/users": GroupMembers,
	"groups/*/roles": GroupRoles,
	"apps":           Apps,
	"apps/*/users":   AppUsers,
	"apps/*/groups":  AppGroups,
	"users/*/roles":  UserRoles,
}
