package okta

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/rest"
)

// A probe is the cheapest request that shows whether a scope is of use.
type probe struct {
	scope    string
	ref      string
	streams  []access.StreamName // what cannot be read without it
	optional bool
}

var probes = []probe{
	{logsScope, "/api/v1/logs?limit=1", []access.StreamName{SystemLog}, false},
	{usersScope, "/api/v1/users?limit=1", []access.StreamName{Users}, false},
	{groupsScope, "/api/v1/groups?limit=1", []access.StreamName{Groups, GroupMembers, GroupRules}, false},
	{appsScope, "/api/v1/apps?limit=1", []access.StreamName{Apps, AppUsers, AppGroups}, false},
	{rolesScope, "/api/v1/iam/assignees/users?limit=1", []access.StreamName{UserRoles, GroupRoles}, true},
	{certificationsScope, governancePath + "campaigns?limit=1", []access.StreamName{Campaigns, Reviews}, true},
}

// Check implements ingest.Checker: it gets a token, compares the scopes that
// were granted with those that were asked for, reads one item of each kind, and
// compares the clocks.
func (s *Source) Check(ctx context.Context) ([]ingest.Finding, error) {
	ahead, err := rest.Skew(ctx, s.client.Base(), "/.well-known/okta-organization", s.manners)
	out := []ingest.Finding{ingest.ClockFinding(ahead, err)}
	var missing []string
	if a, ok := s.auth.(*keyAuth); ok {
		var found []ingest.Finding
		var alive bool
		if missing, found, alive = a.check(ctx); !alive {
			return append(out, found...), ctx.Err()
		}
		out = append(out, found...)
	}
	for _, p := range probes {
		if slices.Contains(missing, p.scope) {
			continue // told already
		}
		_, err := s.client.Get(ctx, p.ref, nil)
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
		out = append(out, p.finding(err))
		if rest.StatusOf(err) == http.StatusUnauthorized {
			break // every other probe would say the same
		}
	}
	return out, nil
}

// finding tells what became of the probe.
func (p probe) finding(err error) ingest.Finding {
	f := ingest.Finding{Level: ingest.OK, Check: "scope", Stream: p.streams[0], Text: p.scope + " works"}
	if err == nil {
		return f
	}
	err = hint(err, p.scope)
	f.Level, f.Hint, f.Text = ingest.Failure, access.HintOf(err), "a cheap request failed: "+err.Error()
	switch status := rest.StatusOf(err); {
	case status == http.StatusUnauthorized:
		f.Check, f.Stream, f.Text = "credentials", "", "the credentials are refused: "+err.Error()
	case codeIs(err, "E0000015"), status == http.StatusNotFound && p.scope == certificationsScope:
		f.Check, f.Text, f.Hint = "licence", "the org has no Identity Governance: "+p.without(), "nothing to do, unless the org bought it"
	case status == http.StatusForbidden:
		f.Text = "scope " + p.scope + ", or the administrator role behind it, is missing: " + p.without()
	}
	if p.optional {
		f.Level = ingest.Warning
	}
	return f
}

// without says what is lost without the scope.
func (p probe) without() string {
	var names []string
	for _, s := range p.streams {
		names = append(names, string(s))
	}
	return "no " + strings.Join(names, ", ")
}

// check gets a token and finds out which of the configured scopes the app was
// not granted; where the platform refuses them together, each is asked for by
// itself. It reports whether there is a token at all.
func (a *keyAuth) check(ctx context.Context) (missing []string, out []ingest.Finding, alive bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	all := a.all
	a.scopes = all
	p, err := a.ask(ctx)
	if codeIs(err, "invalid_scope") {
		missing, err = a.refused(ctx, all)
		a.scopes = slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(missing, s) })
		a.all = a.scopes
		if err == nil && len(a.scopes) > 0 {
			p, err = a.ask(ctx)
		}
	}
	if err == nil && len(a.scopes) > 0 {
		err = a.keep(p)
	}
	if err != nil {
		err = a.explain(err)
		return missing, []ingest.Finding{{Level: ingest.Failure, Check: "credentials", Text: err.Error(), Hint: access.HintOf(err)}}, false
	}
	out = append(out, ingest.Finding{Level: ingest.OK, Check: "credentials", Text: "scopes asked for: " +
		strings.Join(all, ", ") + "; held: " + strings.Join(a.scopes, ", ")})
	for _, scope := range missing {
		out = append(out, lacking(scope))
	}
	return missing, out, len(a.scopes) > 0
}

// refused asks for every scope by itself and returns those that are refused.
func (a *keyAuth) refused(ctx context.Context, scopes []string) (missing []string, err error) {
	defer func() { a.scopes = scopes }()
	for _, scope := range scopes {
		a.scopes = []string{scope}
		if _, err := a.ask(ctx); codeIs(err, "invalid_scope") {
			missing = append(missing, scope)
		} else if err != nil {
			return missing, err
		}
	}
	return missing, nil
}

// lacking is the finding about a scope that the app was not granted.
func lacking(scope string) ingest.Finding {
	f := ingest.Finding{Level: ingest.Failure, Check: "scope", Text: "scope " + scope + " is not granted", Hint: needs(scope)}
	for _, p := range probes {
		if p.scope == scope {
			f.Stream, f.Text = p.streams[0], f.Text+": "+p.without()
		}
	}
	for _, set := range optionalScopes {
		if slices.Contains(set, scope) {
			f.Level = ingest.Warning
		}
	}
	return f
}

// codeIs reports whether an error is the platform's refusal with the code.
func codeIs(err error, code string) bool {
	var api *rest.APIError
	return errors.As(err, &api) && api.Code == code
}
