package workday

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"winnow/internal/access"
	"winnow/internal/rest"
)

const reportHint = "write owner/report, and the prompts after it: isu_winnow/Winnow_Workers?Include_Terminated_Workers=1"

// reference turns owner/report?prompts into the path and query of the request.
// Percent signs are read, so that parts of an address can be pasted.
func reference(tenant, report string, csv bool) (string, error) {
	path, query, _ := strings.Cut(report, "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	fault := func(reason string) (string, error) { return "", access.WithHint(errors.New(reason), reportHint) }
	if len(parts) != 2 {
		return fault("it is not an owner and a name")
	}
	ref := "/ccx/service/customreport2/" + url.PathEscape(tenant)
	for _, p := range parts {
		name, err := url.PathUnescape(p)
		if err != nil || name == "" || name == "." || name == ".." {
			return fault("it is not an owner and a name")
		}
		ref += "/" + url.PathEscape(name)
	}
	prompts, err := url.ParseQuery(query)
	if err != nil {
		return fault("its prompts are no query")
	}
	if prompts.Has("format") {
		return "", access.WithHint(errors.New("its query names a format"), "take it out and set the source's format")
	}
	if query != "" {
		query += "&"
	}
	if csv {
		return ref + "?" + query + "format=csv", nil
	}
	return ref + "?" + query + "format=json", nil
}

// parseError reads the platform's error body.
func parseError(_ int, h http.Header, body []byte) rest.APIError {
	e := rest.APIError{RequestID: h.Get("X-Request-Id")}
	for _, key := range []string{"error", "message"} {
		if s, err := rest.StringField(body, key); err == nil && s != "" {
			e.Summary = s
			break
		}
	}
	return e
}

// hint tells what the user can do about a refusal.
func hint(err error) error {
	if access.HintOf(err) != "" {
		return err
	}
	switch rest.StatusOf(err) {
	case http.StatusUnauthorized:
		return access.WithHint(err, "the integration system user's name or password is wrong or expired, or its sign-in is not allowed from here")
	case http.StatusForbidden:
		return access.WithHint(err, "share the report with the integration system user, whose security group must be allowed its data sources")
	case http.StatusNotFound:
		return access.WithHint(err, "check tenant, owner and name, and that the report is enabled as a web service")
	case http.StatusInternalServerError, http.StatusBadRequest:
		return access.WithHint(err, "the report may need a prompt: add it after its name, report?Prompt=value")
	}
	return err
}
