package bamboohr

import (
	"net/http"
	"net/url"
	"strings"

	"winnow/ingest/hris"
	"winnow/internal/access"
	"winnow/internal/rest"
)

// A Config says how to reach an account. Either APIKey is set, or AccessToken.
type Config struct {
	// URL is the account's own address, https://acme.bamboohr.com, or the older
	// gateway's, https://api.bamboohr.com/api/gateway.php/acme.
	URL         string
	APIKey      string // of a user who may see everyone's job information
	AccessToken string // OAuth

	Columns map[string]string // see hris.NewColumns; what is mapped is asked for

	REST rest.Options // overrides the manners, for tests and proxies
}

// Layout is what BambooHR calls our fields.
func Layout() hris.Layout {
	return hris.Layout{
		Columns: map[access.StreamName]map[string]string{
			hris.Workers: {
				"employee_id": "employeeNumber", "record_id": "id", "display_name": "displayName", "email": "workEmail",
				"department": "department", "title": "jobTitle", "location": "location", "manager_id": "supervisorEId",
				"worker_type": "employmentHistoryStatus", "status": "status", "hire_date": "hireDate",
				"termination_date": "terminationDate",
			},
			hris.Positions: {"record_id": "employeeId", "effective": "date", "department": "department", "title": "jobTitle",
				"location": "location"},
			hris.Statuses: {"record_id": "employeeId", "effective": "date", "status": "employmentStatus"},
			hris.Leaves:   {"record_id": "employeeId", "first_day": "start", "last_day": "end"},
		},
		Reduced: []access.StreamName{hris.Positions, hris.Statuses, hris.Leaves},
	}
}

// options adds what is particular to the platform.
func (c Config) options() rest.Options {
	o := c.REST
	o.ParseError = parseError
	o.RepeatPosts = true // a report changes nothing
	return o
}

// authorizer returns what adds the credential to requests: the key is the user
// name, and the password is not looked at.
func (c Config) authorizer() rest.Authorizer {
	if c.AccessToken != "" {
		return hris.Bearer(c.AccessToken)
	}
	return hris.Basic(c.APIKey, "x")
}

// version is the path between the base URL and the operations.
func (c Config) version() string {
	if u, err := url.Parse(c.URL); err == nil && strings.Contains(u.Path, "/gateway.php/") {
		return "/v1"
	}
	return "/api/v1"
}

// parseError reads the error's text out of the header; the second spelling is
// the platform's own, and the older one. Newer operations have a body.
func parseError(_ int, h http.Header, body []byte) rest.APIError {
	e := rest.APIError{RequestID: h.Get("X-Request-Id")}
	for _, text := range []string{h.Get("X-BambooHR-Error-Message"), h.Get("X-BambooHR-Error-Messsage"), field(body, "detail"), field(body, "title")} {
		if text != "" {
			e.Summary = text
			break
		}
	}
	return e
}

// field returns a text member of an object, and nothing where there is none.
func field(body []byte, key string) string {
	s, err := rest.StringField(body, key)
	if err != nil {
		return ""
	}
	return s
}

// hint tells what the user can do about a refusal.
func hint(err error) error {
	if access.HintOf(err) != "" {
		return err
	}
	switch rest.StatusOf(err) {
	case http.StatusUnauthorized:
		return access.WithHint(err, "the API key is wrong or was deleted; it belongs to one user of one account")
	case http.StatusForbidden:
		return access.WithHint(err, "the key's user must be allowed to see everyone's job information")
	case http.StatusNotFound:
		return access.WithHint(err, "check the url: https://<account>.bamboohr.com")
	}
	return err
}
