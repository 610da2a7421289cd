package okta

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"winnow/ingest"
	"winnow/internal/access"
	fake "winnow/internal/fake/okta"
	"winnow/internal/rest"
)

// A server that does not know a list says so for every container: that is no
// empty list, which would say that nobody holds anything.
func TestAListThatIsNotKnownIsNotEmpty(t *testing.T) {
	o := fake.Options{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/groups") && !strings.HasSuffix(r.URL.Path, "/roles") || r.URL.Path == "/api/v1/groups" {
			return false
		}
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"message":"Not Found"}`))
		return true
	}}
	s, _ := org(t, o, Config{})
	if _, err := lines(t, s, AppGroups, ""); rest.StatusOf(err) != http.StatusNotFound || !strings.Contains(access.HintOf(err), "org_url") {
		t.Errorf("got %v (%s)", err, access.HintOf(err))
	}
	var absent *ingest.Absent
	for _, stream := range []access.StreamName{UserRoles, GroupRoles} {
		if _, err := lines(t, s, stream, ""); !errors.As(err, &absent) || !strings.Contains(absent.Hint, "org_url") {
			t.Errorf("%s: %v", stream, err)
		}
	}
}

// A list that has begun exists, whatever its next page says.
func TestAListThatBreaksOffIsNotAbsent(t *testing.T) {
	o := fake.Options{MaxPage: 1, Intercept: func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/api/v1/groups/rules" || r.URL.Query().Get("after") == "" {
			return false
		}
		w.WriteHeader(http.StatusNotFound)
		return true
	}}
	s, _ := org(t, o, Config{})
	var absent *ingest.Absent
	if got, err := lines(t, s, GroupRules, ""); len(got) != 1 || rest.StatusOf(err) != http.StatusNotFound || errors.As(err, &absent) {
		t.Errorf("%d rules, %v", len(got), err)
	}
}
