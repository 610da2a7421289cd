package oauth

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"winnow/internal/access"
	"winnow/internal/rest"
)

// server answers an API whose tokens live for an hour, and counts both.
func server(t *testing.T, check func(*http.Request) bool) (url string, asked *int) {
	t.Helper()
	asked = new(int)
	mux := http.NewServeMux()
	mux.HandleFunc("POST /as/token", func(w http.ResponseWriter, r *http.Request) {
		if !check(r) {
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, `{"error":"invalid_client","error_description":"Request denied"}`)
			return
		}
		*asked++
		fmt.Fprintf(w, `{"access_token":"t%d","token_type":"bearer","expires_in":3600}`, *asked)
	})
	mux.HandleFunc("GET /x", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != fmt.Sprintf("Bearer t%d", *asked) {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s.URL, asked
}

func TestTokensAreKeptAndRenewed(t *testing.T) {
	base, asked := server(t, func(r *http.Request) bool {
		id, secret, ok := r.BasicAuth()
		return ok && id == "c" && secret == "s%3A1" && r.FormValue("client_secret") == "" && r.FormValue("grant_type") == "client_credentials"
	})
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	o := rest.Options{Now: func() time.Time { return now }}
	tokens, err := New(Client{Endpoint: base + "/as/token", ID: "c", Secret: "s:1", Basic: true}, o)
	if err != nil {
		t.Fatal(err)
	}
	c, err := rest.New(base, tokens, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		pass time.Duration
		want int
	}{{0, 1}, {30 * time.Minute, 1}, {25 * time.Minute, 2}} {
		now = now.Add(step.pass)
		if _, err := c.Get(t.Context(), "/x", nil); err != nil || *asked != step.want {
			t.Errorf("after %s: %d tokens, want %d: %v", step.pass, *asked, step.want, err)
		}
	}
	*asked = 7 // the server forgot our token
	if _, err := c.Get(t.Context(), "/x", nil); err != nil || *asked != 8 {
		t.Errorf("%d tokens, %v", *asked, err)
	}
}

func TestARefusalHasAHintAndNoSecret(t *testing.T) {
	base, _ := server(t, func(*http.Request) bool { return false })
	tokens, err := New(Client{Endpoint: base + "/as/token", ID: "c", Secret: "s3cret", Hint: "check the app"}, rest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c, err := rest.New(base, tokens, rest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Get(t.Context(), "/x", nil)
	if err == nil || access.HintOf(err) != "check the app" || !strings.Contains(err.Error(), "invalid_client") || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("got %v (%s)", err, access.HintOf(err))
	}
	for _, c := range []Client{{Endpoint: base}, {Endpoint: "x", ID: "c", Secret: "s"}, {Endpoint: "http://example.com/t", ID: "c", Secret: "s"}} {
		if _, err := New(c, rest.Options{}); err == nil {
			t.Errorf("%+v was accepted", c)
		}
	}
}
