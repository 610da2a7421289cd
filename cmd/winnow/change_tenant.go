package main

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"winnow/export/apply"
	"winnow/ingest/auth0"
	"winnow/ingest/entra"
	"winnow/ingest/okta"
	"winnow/ingest/ping"
	"winnow/ingest/scim"
	"winnow/internal/access"
	"winnow/internal/config"
	"winnow/internal/rest"
)

// tenants opens the platforms in which a plan acts. A source that is not
// configured is left out: the plan is then refused with its lines.
func (s *site) tenants(p *access.Plan) (map[access.SourceName]apply.Tenant, error) {
	out := map[access.SourceName]apply.Tenant{}
	var errs []error
	for _, t := range p.Tenants {
		src, ok := s.Source(t.Source)
		if _, open := out[t.Source]; !ok || open {
			continue
		}
		tenant, err := openTenant(src, p, rest.Options{Transport: apply.Stopping(nil, s.stopFile())})
		if err != nil {
			errs = append(errs, fmt.Errorf("open source %s to change it: %w", src.Name, err))
		}
		out[t.Source] = tenant
	}
	return out, errors.Join(errs...)
}

// openTenant opens one platform with the credential of its source.
func openTenant(src config.Source, p *access.Plan, manners rest.Options) (t apply.Tenant, err error) {
	if src.Dir != "" {
		return t, usage(access.WithHint(errors.New("it is read from files"), "a source with dir: is read only; set its address and credential"))
	}
	var c *rest.Client
	switch src.Type {
	case "okta":
		t.Name = src.OrgURL
		c, err = oktaClient(src, p, manners)
	case "entra":
		t.Name = src.TenantID
		c, err = entraClient(src, manners)
	case "scim":
		t.Name, t.Header = src.URL, http.Header{"Accept": {"application/scim+json"}, "Content-Type": {"application/scim+json"}}
		c, err = scimClient(src, manners)
	case "pingone":
		t.Name = src.EnvironmentID
		c, err = pingClient(src, manners)
	case "auth0":
		t.Name = src.URL
		c, err = auth0Client(src, manners)
	default:
		return t, usage(fmt.Errorf("type %s has no way to be changed", src.Type))
	}
	t.Client = c
	return t, err
}

func oktaClient(src config.Source, p *access.Plan, manners rest.Options) (*rest.Client, error) {
	token, errToken := src.APIToken.Reveal()
	key, errKey := src.PrivateKey.Reveal()
	if err := errors.Join(errToken, errKey); err != nil {
		return nil, err
	}
	return okta.Config{OrgURL: src.OrgURL, APIToken: token, ClientID: src.ClientID, PrivateKey: key, KeyID: src.KeyID, Scopes: oktaScopes(src.Name, p), REST: manners}.Client()
}

// oktaAreas are the areas of the API by the start of their paths, with their
// scopes, of which the one for writing is asked for only where something is
// written.
var oktaAreas = []struct{ path, scope string }{
	{"/api/v1/groups", "okta.groups"}, {"/api/v1/apps", "okta.apps"}, {"/api/v1/users", "okta.users"}, {"/api/v1/iam", "okta.roles"},
	{"/governance/api/v1/campaigns", "okta.governance.accessCertifications"}, {"/governance/api/v1/reviews", "okta.governance.accessCertifications"},
}

// oktaScopes lists the scopes that a plan needs, and no others.
func oktaScopes(source access.SourceName, p *access.Plan) []string {
	var out []string
	need := func(path, right string) {
		for _, a := range oktaAreas {
			if !strings.HasPrefix(path, a.path) {
				continue
			}
			scope := a.scope
			if strings.HasPrefix(path, "/api/v1/users") && strings.Contains(path, "/roles") || strings.HasPrefix(path, "/api/v1/groups") && strings.Contains(path, "/roles") {
				scope = "okta.roles"
			}
			out = append(out, scope+right)
		}
	}
	for i := range p.Operations {
		o := &p.Operations[i]
		if o.Source != source {
			continue
		}
		for _, r := range append([]access.Request{o.Request}, o.Inverse...) {
			need(r.Path, ".manage")
		}
		for _, c := range slices.Concat(o.Preconditions, o.Verify) {
			need(c.Path, ".read")
		}
		if o.Probe != nil {
			need(o.Probe.Path, ".read")
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func entraClient(src config.Source, manners rest.Options) (*rest.Client, error) {
	o, err := entraOptions(src)
	if err != nil {
		return nil, err
	}
	o.Transport = manners.Transport
	return entra.Client(o)
}

func scimClient(src config.Source, manners rest.Options) (*rest.Client, error) {
	password, errPassword := src.Password.Reveal()
	token, errToken := src.AccessToken.Reveal()
	if err := errors.Join(errPassword, errToken); err != nil {
		return nil, err
	}
	return scim.Config{BaseURL: src.URL, AccessToken: token, Username: src.Username, Password: password, REST: manners}.Client()
}

func pingClient(src config.Source, manners rest.Options) (*rest.Client, error) {
	secret, err := src.ClientSecret.Reveal()
	if err != nil {
		return nil, err
	}
	return ping.Config{EnvironmentID: src.EnvironmentID, ClientID: src.ClientID, ClientSecret: secret, Region: src.Region, APIURL: src.URL, AuthURL: src.AuthURL, REST: manners}.Client()
}

func auth0Client(src config.Source, manners rest.Options) (*rest.Client, error) {
	secret, errSecret := src.ClientSecret.Reveal()
	token, errToken := src.AccessToken.Reveal()
	if err := errors.Join(errSecret, errToken); err != nil {
		return nil, err
	}
	return auth0.Config{TenantURL: src.URL, ClientID: src.ClientID, ClientSecret: secret, AccessToken: token, Audience: src.Audience, REST: manners}.Client()
}
