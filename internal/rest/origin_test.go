package rest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"winnow/internal/access"
)

func TestBaseURLs(t *testing.T) {
	for base, ok := range map[string]bool{
		"https://acme.okta.com":         true,
		"https://acme.okta.com/":        true,
		"http://127.0.0.1:8080/proxy":   true,
		"http://localhost:1":            true,
		"http://acme.okta.com":          false,
		"acme.okta.com":                 false,
		"https://u:secret@acme.okta.co": false,
		"https://acme.okta.com?x=1":     false,
		"ftp://acme.okta.com":           false,
		"":                              false,
		"https://se cret@acme.okta.co":  false,
	} {
		_, err := New(base, nil, Options{})
		if (err == nil) != ok {
			t.Errorf("%q: %v", base, err)
		}
		if err != nil && strings.Contains(err.Error(), "cret") {
			t.Errorf("%q: the error repeats the secret: %v", base, err)
		}
	}
	if _, err := New("http://fake.internal:80", nil, Options{PlainHTTP: true}); err != nil {
		t.Error(err)
	}
}

func TestResolveStaysOnTheConfiguredHost(t *testing.T) {
	base, err := parseBase("https://proxy.example:8443/okta/", false)
	if err != nil {
		t.Fatal(err)
	}
	for ref, want := range map[string]string{
		"/api/v1/users?limit=2": "https://proxy.example:8443/okta/api/v1/users?limit=2",
		"api/v1/a%2Fb":          "https://proxy.example:8443/okta/api/v1/a%2Fb",
		"https://PROXY.example:8443/okta/x?after=%3D#f": "https://PROXY.example:8443/okta/x?after=%3D",
		"https://proxy.example/okta/x":                  "",
		"http://proxy.example:8443/okta/x":              "",
		"https://evil.example:8443/x":                   "",
		"//evil.example/x":                              "",
		"https://u@proxy.example:8443/x":                "",
		"javascript:alert(1)":                           "",
		"https://proxy.example:8443.evil.example/x":     "",
		"https://proxy.example:8443%2eevil.example/x":   "",
	} {
		u, err := resolve(base, ref)
		switch {
		case want == "" && err == nil:
			t.Errorf("%s: not refused, %s", ref, u)
		case want != "" && (err != nil || u.String() != want):
			t.Errorf("%s: got %v, %v", ref, u, err)
		}
	}
}

func TestTheCredentialNeverLeavesTheHost(t *testing.T) {
	asked := 0
	evil := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer evil.Close()
	c, _ := serve(t, Options{}, &bearer{}, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/inside" {
			http.Redirect(w, r, "/there", http.StatusFound)
		} else if r.URL.Path != "/there" {
			http.Redirect(w, r, evil.URL+"/x", http.StatusTemporaryRedirect)
		}
	})
	for _, ref := range []string{"/redirected", evil.URL + "/linked"} {
		_, err := c.Get(t.Context(), ref, nil)
		if err == nil || !strings.Contains(err.Error(), "refuse a link to") || access.HintOf(err) == "" {
			t.Errorf("%s: %v", ref, err)
		}
	}
	if _, err := c.Get(t.Context(), "/inside", nil); err != nil {
		t.Errorf("a redirect inside the host: %v", err)
	}
	if asked != 0 {
		t.Errorf("the other host was asked %d times", asked)
	}
}
