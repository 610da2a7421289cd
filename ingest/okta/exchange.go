package okta

import (
	"encoding/json"
	"net/http"
	"net/url"
	"path"
	"strconv"
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
// method, url, status and body: the items of a good answer, verbatim, each with
// its stream and, in a sub-resource, its container. An empty list has none.
//
// Errors are of type *access.Fault, so that every line is accounted for: no
// exchange, a refusal, a change, an answer that no stream reads, or a list's
// answer that is no list.
func Exchange(line []byte) ([]access.Record, error) {
	var e exchange
	fault := func(field, value, reason string) error {
		return &access.Fault{Field: field, Value: value, Reason: reason, Body: line, Hint: exchangeHint}
	}
	if err := json.Unmarshal(line, &e); err != nil {
		return nil, fault("", "", "is not a recorded exchange: "+err.Error())
	}
	u, err := url.Parse(e.URL)
	stream, parent := access.StreamName(""), ""
	if err == nil {
		stream, parent = listOf(u.Path)
	}
	switch {
	case e.Method != http.MethodGet:
		return nil, fault("method", e.Method, "is not the reading of a list")
	case e.Status != http.StatusOK:
		return nil, fault("status", strconv.Itoa(e.Status), "is a refusal")
	case stream == "":
		return nil, fault("url", e.URL, "is an answer that no stream reads")
	}
	var out []access.Record
	for item, err := range rest.Items(e.Body, keyOf(u.Path)) {
		if err != nil {
			return nil, fault("body", "", "is not a list: "+err.Error())
		}
		out = append(out, access.Record{Body: item, Parent: parent, Stream: stream})
	}
	return out, nil
}

const exchangeHint = "a line holds method, url, status and body; the lists that winnow itself asks for are read"

// listOf returns the stream whose items a GET of the path lists, and the
// container's id in the path of a sub-resource.
func listOf(p string) (stream access.StreamName, parent string) {
	seg := strings.Split(strings.Trim(path.Clean(p), "/"), "/")
	if len(seg) > 3 && seg[0] == "governance" {
		seg = append([]string{"api", "v1"}, append([]string{"governance/" + seg[3]}, seg[4:]...)...)
	}
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

// keyOf is the member of an answer that holds the list: the answer itself, but
// for Identity Governance.
func keyOf(p string) string {
	if strings.HasPrefix(p, governancePath) {
		return "data"
	}
	return ""
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

	"governance/entitlements":           Entitlements,
	"governance/entitlements/*/values":  EntitlementValues,
	"governance/principal-entitlements": PrincipalEntitlements,
	"governance/campaigns":              Campaigns,
	"governance/reviews":                Reviews,
}
