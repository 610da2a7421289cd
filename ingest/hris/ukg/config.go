package ukg

import (
	"net/http"

	"winnow/ingest/hris"
	"winnow/internal/access"
	"winnow/internal/rest"
)

// keyHeader carries the customer's key.
const keyHeader = "US-Customer-Api-Key"

// A Config says how to reach a tenant.
type Config struct {
	URL      string // of the service host, such as https://service4.ultipro.com
	Username string // of a service account
	Password string
	APIKey   string // the customer API key

	Columns  map[string]string // see hris.NewColumns
	PageSize int               // rows asked for at once; 0 means 200

	REST rest.Options // overrides the manners, for tests and proxies
}

// Layout is what UKG Pro calls our fields.
func Layout() hris.Layout {
	const record, manager = "employeeId|employeeID", "supervisorId|supervisorID"
	return hris.Layout{
		Columns: map[access.StreamName]map[string]string{
			hris.Workers: {
				"employee_id": "employeeNumber", "record_id": record, "department": "orgLevel1Code",
				"title": "jobTitle|jobDescription", "location": "primaryWorkLocationCode", "manager_id": manager,
				"worker_type": "employeeTypeCode", "status": "employeeStatusCode",
				"status_since": "employeeStatusStartDate|statusStartDate", "status_until": "employeeStatusExpectedEndDate",
				"hire_date": "lastHireDate|originalHireDate", "termination_date": "dateOfTermination",
			},
			hris.Persons: {"record_id": record, "first_name": "firstName", "last_name": "lastName", "email": "emailAddress"},
			hris.Positions: {
				"record_id": record, "effective": "jobEffectiveDate", "department": "orgLevel1Code",
				"title": "jobTitle|jobDescription", "location": "locationCode", "manager_id": manager,
			},
		},
		Reduced: []access.StreamName{hris.Workers, hris.Persons, hris.Positions},
	}
}

// paths are the lists, by stream.
var paths = map[access.StreamName]string{
	hris.Workers:   "/personnel/v1/employment-details",
	hris.Persons:   "/personnel/v1/person-details",
	hris.Positions: "/personnel/v1/employee-job-history-details",
}

// roles are the rights that the service account needs to see each list.
var roles = map[access.StreamName]string{
	hris.Workers:   "Personnel Integration",
	hris.Persons:   "Personnel Integration",
	hris.Positions: "Employee Job History Details",
}

// parseError reads the platform's error body, of which several forms are known.
func parseError(_ int, _ http.Header, body []byte) rest.APIError {
	var e rest.APIError
	for _, key := range []string{"detail", "message", "Message", "title", "error"} {
		if s, err := rest.StringField(body, key); err == nil && s != "" {
			e.Summary = s
			break
		}
	}
	return e
}

// hint tells what the user can do about a refusal.
func hint(stream access.StreamName, err error) error {
	if access.HintOf(err) != "" {
		return err
	}
	switch rest.StatusOf(err) {
	case http.StatusUnauthorized:
		return access.WithHint(err, "the service account's name or password, or the customer API key, is wrong, or the url is another data centre's")
	case http.StatusForbidden, http.StatusNotFound:
		return access.WithHint(err, "give the service account the role View of the web service "+roles[stream])
	}
	return err
}
