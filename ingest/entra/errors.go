package entra

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/rest"
)

// parseError reads Graph's error envelope. The inner error is spelt in two
// ways, and its request id also stands in a header.
func parseError(status int, h http.Header, body []byte) rest.APIError {
	var answer struct {
		Error struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	e := rest.APIError{Status: status, RequestID: h.Get("request-id")}
	if json.Unmarshal(body, &answer) == nil {
		e.Code, e.Summary = answer.Error.Code, answer.Error.Message
	}
	return e
}

// refused turns a 403 into what it means for the stream: an optional stream is
// absent, for want of a licence or of a permission; any other cannot be read.
func refused(e endpoint, err error) error {
	var api *rest.APIError
	if !errors.As(err, &api) || api.Status != http.StatusForbidden {
		return err
	}
	reason := fmt.Sprintf("the app may not read %s (%s)", e.Name, access.Printable(api.Code))
	hint := fmt.Sprintf("give the app registration the application permission %s, with an administrator's consent", e.permission)
	if isLicence(api) {
		reason = fmt.Sprintf("the tenant has no licence for %s", e.Name)
		hint = "sign-in logs need Entra ID P1 or P2; exports of the logs can be read from a dir: instead"
	}
	if e.Optional {
		return &ingest.Absent{Reason: reason, Hint: hint}
	}
	return access.WithHint(fmt.Errorf("%s: %w", reason, err), hint)
}

// isLicence reports whether the platform refuses for want of a licence.
func isLicence(e *rest.APIError) bool {
	return strings.Contains(e.Code, "NonPremiumTenant") || strings.Contains(e.Code, "PremiumLicense") ||
		strings.Contains(e.Summary, "premium license")
}

// isGone reports whether what was asked for no longer exists.
func isGone(err error) bool { return rest.StatusOf(err) == http.StatusNotFound }
