package entra

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/rest"
)

// Check implements ingest.Checker: it gets a token, reads the permissions that
// the token carries, asks for one item of each list, which also shows whether
// the tenant has the licence, and compares the clocks.
func (s *Source) Check(ctx context.Context) ([]ingest.Finding, error) {
	ahead, err := rest.Skew(ctx, s.client.Base(), "/v1.0/organization", rest.Options{Transport: s.opt.Transport, Now: s.opt.Now, Sleep: s.opt.Sleep})
	out := []ingest.Finding{ingest.ClockFinding(ahead, err)}
	found, alive := s.checkToken(ctx)
	out = append(out, found...)
	for _, e := range endpoints {
		if !alive || e.path == "" || e.child != "" {
			continue
		}
		q := query{{optTop, "1"}}
		if e.event != "" {
			now := s.opt.Now().UTC()
			q = append(query{e.within(span{now.Add(-time.Hour), now})[0]}, q...)
		}
		_, err := s.client.Get(ctx, e.path+q.String(), nil)
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
		out = append(out, probed(e, err))
		alive = rest.StatusOf(err) != http.StatusUnauthorized // every other probe would say the same
	}
	return out, ctx.Err()
}

// probed tells what became of a cheap request.
func probed(e endpoint, err error) ingest.Finding {
	f := ingest.Finding{Level: ingest.OK, Check: "permission", Stream: e.Name, Text: e.permission + " works"}
	if err == nil {
		return f
	}
	var api *rest.APIError
	if errors.As(err, &api) && isLicence(api) {
		f.Check = "licence"
	}
	err = refused(e, err)
	f.Level, f.Text, f.Hint = ingest.Failure, err.Error(), access.HintOf(err)
	var absent *ingest.Absent
	if errors.As(err, &absent) {
		f.Level, f.Hint = ingest.Warning, absent.Hint
	}
	if rest.StatusOf(err) == http.StatusUnauthorized {
		f.Check, f.Stream, f.Hint = "credentials", "", "the access token is wrong or expired: make a new one, or configure an app registration"
	}
	return f
}

// checkToken gets a token and reads what it says about itself. It reports
// whether there is one.
func (s *Source) checkToken(ctx context.Context) (out []ingest.Finding, alive bool) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.client.Base(), nil)
	if err == nil {
		err = s.auth.Authorize(ctx, r)
	}
	if err != nil {
		return []ingest.Finding{{Level: ingest.Failure, Check: "credentials", Text: err.Error(), Hint: access.HintOf(err)}}, false
	}
	c, ok := claimsOf(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	if !ok {
		return []ingest.Finding{{Level: ingest.OK, Check: "credentials", Text: "there is a token; what it permits cannot be read from it"}}, true
	}
	asked := asked()
	out = append(out, ingest.Finding{Level: ingest.OK, Check: "credentials", Text: "permissions asked for: " +
		strings.Join(asked, ", ") + "; held: " + access.Printable(strings.Join(c.Roles, ", "))})
	if left := time.Unix(int64(c.Expires), 0).Sub(s.opt.Now()); s.opt.AccessToken != "" && c.Expires > 0 && left < time.Hour {
		out = append(out, ingest.Finding{Level: ingest.Warning, Check: "credentials",
			Text: fmt.Sprintf("the access token ends in %s and is not renewed", left.Round(time.Minute)),
			Hint: "configure tenant_id, client_id and client_secret for jobs that run every night"})
	}
	return out, true
}

// asked lists the permissions of the streams, once each.
func asked() []string {
	var out []string
	for _, e := range endpoints {
		if e.permission != "" && !slices.Contains(out, e.permission) {
			out = append(out, e.permission)
		}
	}
	return out
}

// claims are what an access token says about itself. They are shown, never
// trusted.
type claims struct {
	Roles   []string `json:"roles"`
	Expires float64  `json:"exp"`
}

// claimsOf reads the claims of a token, where it is of the form that shows them.
func claimsOf(token string) (c claims, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return c, false
	}
	b, err := base64.RawURLEncoding.DecodeString(parts[1])
	return c, err == nil && json.Unmarshal(b, &c) == nil
}
