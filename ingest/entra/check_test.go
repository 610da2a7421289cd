package entra

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"winnow/ingest"
	fake "winnow/internal/fake/entra"
)

// TestCheckReadsWhatTheTokenSays shows that permissions and the end of a token
// are read from its claims, and that a refused token is told once.
func TestCheckReadsWhatTheTokenSays(t *testing.T) {
	now := time.Date(2026, 5, 3, 0, 0, 0, 0, time.UTC)
	// {"roles":["User.Read.All","AuditLog.Read.All"],"exp":now+20min}
	const token = "eyJhbGciOiJub25lIn0.eyJyb2xlcyI6WyJVc2VyLlJlYWQuQWxsIiwiQXVkaXRMb2cuUmVhZC5BbGwiXSwiZXhwIjoxNzc3NzY3NjAwfQ.x"
	tenant, err := fake.New(t.TempDir(), fake.Options{AccessToken: token, Unpermitted: true})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(tenant)
	defer web.Close()
	check := func(token string) string {
		src, err := New(Options{GraphURL: web.URL, AccessToken: token, Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		found, err := src.Check(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, f := range found {
			b.WriteString(string(f.Level) + " " + f.Check + " " + string(f.Stream) + ": " + f.Text + " → " + f.Hint + "\n")
		}
		return b.String()
	}
	got := check(token)
	for _, want := range []string{"held: User.Read.All, AuditLog.Read.All", "warning credentials : the access token ends in 20m0s",
		"warning permission sign_ins: the app may not read sign_ins", "application permission AuditLog.Read.All", "ok permission users: User.Read.All works"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if got := check("another"); strings.Count(got, string(ingest.Failure)+" credentials") != 1 || strings.Contains(got, "another") {
		t.Errorf("a refused token:\n%s", got)
	}
}
