package ping_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"winnow/internal/fake/ping"
)

// TestMemberships edits memberships, and is refused those that a filter decides.
func TestMemberships(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"users": `{"id":"u1"}`, "groups": `{"id":"g1","name":"One"}` + "\n" + `{"id":"g2","name":"Two","userFilter":"x"}`,
		"group_memberships": `{"parent_id":"u1","item":{"id":"g1","type":"DIRECT"}}` + "\n" + `{"parent_id":"u1","item":{"id":"g2","type":"DIRECT"}}`} {
		if err := os.WriteFile(filepath.Join(dir, name+".ndjson"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	environment, err := ping.New(dir, ping.Options{EnvironmentID: "e1", Writable: true})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(environment)
	defer web.Close()
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", "/g1", "", 200}, {"DELETE", "/g1", "", 204}, {"GET", "/g1", "", 404}, {"DELETE", "/g1", "", 404},
		{"DELETE", "/g2", "", 400}, {"GET", "/g2", "", 200}, {"POST", "", `{"id":"g2"}`, 400}, {"POST", "", `{"id":"g9"}`, 404},
		{"POST", "", `{"id":"g1"}`, 201}, {"POST", "", `{"id":"g1"}`, 400}, {"GET", "/g1", "", 200},
	} {
		r, err := http.NewRequestWithContext(t.Context(), c.method, web.URL+"/v1/environments/e1/users/u1/memberOfGroups"+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer worker")
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if _ = a.Body.Close(); a.StatusCode != c.status {
			t.Errorf("%s %s %s: %d, want %d", c.method, c.path, c.body, a.StatusCode, c.status)
		}
	}
}
