package config

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDirectoriesNeedAnAddressAndACredential(t *testing.T) {
	for text, want := range map[string][]string{
		`{type: pingone, environment_id: e1, region: eu, client_id: c, client_secret: "${S}"}`:                                                 nil,
		`{type: pingone, environment_id: e1, url: "https://a.example/v1", auth_url: "https://b.example", client_id: c, client_secret: "${S}"}`: nil,
		`{type: pingone, region: eu, client_id: c}`:                                                                                            {"environment_id is missing", " has no credentials"},
		`{type: pingone, environment_id: e1, url: "https://a.example", client_id: c, client_secret: "${S}"}`:                                   {"region is missing"},
		`{type: pingone, environment_id: e1, region: mars, client_id: c, client_secret: "${S}"}`:                                               {"region must be one of na, ca, eu, ap, au, sg"},
		`{type: pingone, environment_id: e1, region: eu, client_id: c, client_secret: plain}`:                                                  {"client_secret is not a reference to a secret"},
		`{type: auth0, url: "https://acme.eu.auth0.com", client_id: c, client_secret: "${S}", audience: a}`:                                    nil,
		`{type: auth0, url: "https://acme.eu.auth0.com", access_token: "${T}"}`:                                                                nil,
		`{type: auth0, url: "https://acme.eu.auth0.com", client_id: c, client_secret: "${S}", access_token: "${T}"}`:                           {"access_token must not stand beside another credential"},
		`{type: auth0, region: eu}`: {"region is not a setting of type auth0", "url is missing", " has no credentials"},
		`{type: scim, url: "https://p.example/scim/v2", username: u, password: "file:p"}`: nil,
		`{type: scim, url: "https://p.example/scim/v2", access_token: "${T}"}`:            nil,
		`{type: scim, url: "http://p.example/scim/v2", username: u}`:                      {"url must use https", " has no credentials"},
		`{type: scim, dir: saved}`: nil,
	} {
		_, err := Load(write(t, "sources:\n  x: "+text+"\n"))
		var f *Faults
		var got []string
		if errors.As(err, &f) {
			for _, fault := range f.List {
				field := fault.Field
				if field == "sources.x" {
					field = ""
				} else {
					field = field[len("sources.x."):]
				}
				got = append(got, fmt.Sprintf("%s %s", field, fault.Reason))
			}
		} else if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if !cmp.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
			t.Errorf("%s:\n got %q\nwant %q", text, got, want)
		}
	}
}
