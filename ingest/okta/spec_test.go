package okta

import (
	"net/http"
	"strings"
	"testing"

	"winnow/ingest/internal/apispec"
	fake "winnow/internal/fake/okta"
	"winnow/internal/rest"
)

// Every request of every stream is one that the platform's specifications know:
// its path, its parameters and their values.
func TestRequestsFollowTheSpecification(t *testing.T) {
	management, governance := apispec.Load(t, "okta-management-2026.06.3.yaml.gz"), apispec.Load(t, "okta-governance-3.2.0.yaml.gz")
	rec := &apispec.Recorder{Next: http.DefaultTransport}
	s, f := org(t, fake.Options{MaxPage: 2}, Config{REST: rest.Options{Transport: rec}})
	for _, stream := range s.Streams() {
		if stream.Name == SystemLogFlat {
			continue
		}
		if stream.Name == SystemLog { // by time, too
			_, rests, _ := logged(t, s, "", year)
			f.ForgetCursors()
			logged(t, s, rests, year)
		}
		if _, err := lines(t, s, stream.Name, ""); err != nil {
			t.Fatal(err)
		}
		asked := rec.Take()
		if len(asked) == 0 {
			t.Errorf("%s asked for nothing", stream.Name)
		}
		for _, q := range asked {
			doc := management
			if strings.HasPrefix(q.URL.Path, "/governance/") {
				doc = governance
			}
			for _, fault := range apispec.Faults(doc, "", q) {
				t.Errorf("%s: %s", stream.Name, fault)
			}
		}
	}
}
