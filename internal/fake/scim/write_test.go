package scim_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"winnow/internal/fake/scim"
)

// provider serves two groups and returns a function that sends a request.
func provider(t *testing.T) func(method, path, body string) (int, string) {
	t.Helper()
	dir := t.TempDir()
	groups := `{"id":"g1","displayName":"One","members":[{"value":"u1"},{"value":"u2"}]}` + "\n" + `{"id":"g2","displayName":"Two","members":[{"value":"u1"}]}`
	if err := os.WriteFile(filepath.Join(dir, "groups.ndjson"), []byte(groups), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := scim.New(dir, scim.Options{Token: "t", Writable: true, MaxBulk: 2})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	return func(method, path, body string) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), method, web.URL+"/scim/v2"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer t")
		r.Header.Set("Accept", "application/scim+json")
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = a.Body.Close() }()
		b, err := io.ReadAll(a.Body)
		if err != nil {
			t.Fatal(err)
		}
		return a.StatusCode, string(b)
	}
}

func patch(operations string) string {
	return `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[` + operations + `]}`
}

// TestPatch shows the trap of the protocol: a removal without a filter empties
// the list, even where a value names one member.
func TestPatch(t *testing.T) {
	send := provider(t)
	for _, c := range []struct {
		body   string
		status int
		left   string
	}{
		{patch(`{"op":"remove","path":"members[value eq \"u1\"]"}`), 204, `"members":[{"value":"u2"}]`},
		{patch(`{"op":"add","path":"members","value":[{"value":"u1"},{"value":"u2"}]}`), 204, `"members":[{"value":"u2"},{"value":"u1"}]`},
		{patch(`{"op":"add","path":"members","value":[{"value":"u9"}]},{"op":"move","path":"x"}`), 400, `"members":[{"value":"u2"},{"value":"u1"}]`},
		{`{"Operations":[{"op":"remove","path":"members"}]}`, 400, `"members":[{"value":"u2"},{"value":"u1"}]`},
		{patch(`{"op":"Remove","path":"members","value":[{"value":"u1"}]}`), 204, `{"displayName":"One","id":"g1"}`},
	} {
		if status, body := send("PATCH", "/Groups/g1", c.body); status != c.status {
			t.Errorf("%s: %d %s", c.body, status, body)
		}
		if _, got := send("GET", "/Groups/g1", ""); !strings.Contains(got, c.left) {
			t.Errorf("%s leaves %s, want %s", c.body, got, c.left)
		}
	}
	if status, _ := send("PATCH", "/Groups/none", patch("")); status != 404 {
		t.Errorf("an unknown group: %d", status)
	}
}

// TestBulk carries several requests out, up to the error that was allowed.
func TestBulk(t *testing.T) {
	send := provider(t)
	one := func(group string) string {
		return `{"method":"PATCH","path":"/Groups/` + group + `","bulkId":"` + group + `","data":` + patch(`{"op":"remove","path":"members[value eq \"u1\"]"}`) + `}`
	}
	status, body := send("POST", "/Bulk", `{"failOnErrors":1,"Operations":[`+one("none")+`,`+one("g1")+`]}`)
	if status != 200 || !strings.Contains(body, `"404"`) || strings.Contains(body, `"204"`) {
		t.Errorf("%d %s", status, body)
	}
	if status, body = send("POST", "/Bulk", `{"Operations":[`+one("g1")+`,`+one("g2")+`]}`); status != 200 || strings.Count(body, `"204"`) != 2 {
		t.Errorf("%d %s", status, body)
	}
	if status, body = send("POST", "/Bulk", `{"Operations":[`+one("g1")+`,`+one("g2")+`,`+one("g2")+`]}`); status != 413 {
		t.Errorf("too many: %d %s", status, body)
	}
}
