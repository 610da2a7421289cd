package okta

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/rest"
)

// governancePath begins every path of Identity Governance.
const governancePath = "/governance/api/v1/"

// An ask is the first page of one list, and what its items are remembered by.
type ask struct {
	ref    string
	parent string // lands as the items' parent_id; empty where items name their container themselves
	app    string
	user   string
}

// A govern is a stream of Identity Governance: the lists to ask for, the member
// of the answers that holds their items, and what to remember of each item.
type govern struct {
	asks     func(context.Context) ([]ask, error)
	key      string
	scope    string
	remember func(ask, []byte)
}

// governance returns how a stream of Identity Governance is read.
func (s *Source) governance(stream access.StreamName) (govern, bool) {
	g := govern{key: "data", scope: entitlementsScope, remember: func(ask, []byte) {}}
	switch stream {
	case Entitlements:
		g.asks, g.remember = s.askApps, s.noteEntitlement
	case EntitlementValues:
		g.asks = s.askValues
	case PrincipalEntitlements:
		g.asks, g.remember = s.askPrincipals, s.noteHolder
	case PrincipalEntitlementHistory:
		g.asks, g.key = s.askHistory, "entitlementHistory"
	case Campaigns:
		g.scope, g.remember = certificationsScope, s.noteCampaign
		g.asks = func(context.Context) ([]ask, error) { return []ask{{ref: governancePath + "campaigns?limit=200"}}, nil }
	case Reviews:
		g.asks, g.scope = s.askReviews, certificationsScope
	default:
		return g, false
	}
	return g, true
}

// governed yields the items of a stream of Identity Governance, in the order of
// its lists. One that is refused because it does not exist (an app without
// entitlement management, a campaign that was deleted) is passed over, unless
// all of them are.
func (s *Source) governed(ctx context.Context, g govern) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) {
		asks, err := g.asks(ctx)
		if err != nil {
			yield(access.Record{}, g.refused(err))
			return
		}
		first := func(ctx context.Context, a ask) (*rest.Page, error) { return s.client.Get(ctx, a.ref, nil) }
		i, missing := 0, 0
		for p, err := range inOrder(ctx, ahead, asks, first) {
			a := asks[i]
			i++
			if status := rest.StatusOf(err); status == http.StatusNotFound || status == http.StatusBadRequest {
				if missing++; missing < len(asks) {
					continue
				}
			}
			if err != nil {
				yield(access.Record{}, g.refused(err))
				return
			}
			if !s.items(ctx, g, a, p, yield) {
				return
			}
		}
	}
}

// items yields one list, whose first page is p. Its links point at another host
// (the org's -admin one): only their path and query are followed.
func (s *Source) items(ctx context.Context, g govern, a ask, p *rest.Page, yield func(access.Record, error) bool) bool {
	for {
		n := 0
		for item, err := range rest.Items(p.Body, g.key) {
			if err != nil {
				yield(access.Record{}, fmt.Errorf("read %s: %w", p.URL, err))
				return false
			}
			n++
			g.remember(a, item)
			if !yield(access.Record{Body: item, Parent: a.parent, Origin: access.Origin{Place: p.URL, Line: n}}, nil) {
				return false
			}
		}
		link := next(p)
		if link == "" {
			return true
		}
		ref := s.absolute(relative(link))
		if ref == p.URL {
			return true
		}
		var err error
		if p, err = s.client.Get(ctx, ref, nil); err != nil {
			yield(access.Record{}, g.refused(err))
			return false
		}
	}
}

// refused tells an org without the licence or the scope from one that fails.
func (g govern) refused(err error) error {
	var api *rest.APIError
	if errors.As(err, &api) && (api.Status == http.StatusForbidden || api.Status == http.StatusNotFound) {
		return &ingest.Absent{Reason: api.Error(),
			Hint: "this needs a licence for Okta Identity Governance; with one, " + needs(g.scope)}
	}
	return hint(err, g.scope)
}

// askApps asks for the entitlements of every app.
func (s *Source) askApps(ctx context.Context) ([]ask, error) {
	apps, err := s.containers(ctx, sub{of: Apps, scope: appsScope})
	out := make([]ask, 0, len(apps))
	for _, id := range apps {
		out = append(out, ask{app: id, ref: filtered("entitlements?limit=200", `parent.externalId eq "`+id+`" AND parent.type eq "APPLICATION"`)})
	}
	return out, err
}

// askValues asks for the values of every entitlement.
func (s *Source) askValues(ctx context.Context) ([]ask, error) {
	ids, err := s.known(ctx, Entitlements)
	out := make([]ask, 0, len(ids))
	for _, id := range ids {
		out = append(out, ask{parent: id, ref: governancePath + "entitlements/" + url.PathEscape(id) + "/values?limit=200"})
	}
	return out, err
}

// askPrincipals asks what every user of an app with entitlements holds there:
// the platform answers for one pair of user and app at a time.
func (s *Source) askPrincipals(ctx context.Context) ([]ask, error) {
	apps, err := s.known(ctx, governedApps)
	if err != nil {
		return nil, err
	}
	var out []ask
	for _, app := range apps {
		for p, err := range s.pages(ctx, fmt.Sprintf(appUsersPath, url.PathEscape(app))) {
			if err != nil {
				return nil, err
			}
			for item, err := range rest.Items(p.Body, "") {
				if err != nil {
					return nil, fmt.Errorf("read %s: %w", p.URL, err)
				}
				if user := lake.TextAt(item, "id"); isID(user) {
					out = append(out, ask{app: app, user: user, ref: filtered("principal-entitlements?", `parent.externalId eq "`+app+
						`" AND parent.type eq "APPLICATION" AND targetPrincipal.externalId eq "`+user+`" AND targetPrincipal.type eq "OKTA_USER"`)})
				}
			}
		}
	}
	return out, nil
}

// askHistory asks for the history of every pair that holds anything.
func (s *Source) askHistory(ctx context.Context) ([]ask, error) {
	if _, err := s.known(ctx, PrincipalEntitlements); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []ask
	for _, h := range s.holders {
		out = append(out, ask{parent: h.app + "/" + h.user, ref: filtered("principal-entitlements/history?limit=100", `resource.externalId eq "`+h.app+
			`" AND resource.type eq "APPLICATION" AND principal.externalId eq "`+h.user+`" AND principal.type eq "OKTA_USER"`)})
	}
	return out, nil
}

// askReviews asks for the reviews of every campaign that was launched.
func (s *Source) askReviews(ctx context.Context) ([]ask, error) {
	ids, err := s.known(ctx, Campaigns)
	out := make([]ask, 0, len(ids))
	for _, id := range ids {
		out = append(out, ask{ref: filtered("reviews?limit=200", `campaignId eq "`+id+`"`)})
	}
	return out, err
}

// filtered is a governance list with a filter. The ids in it were checked: none
// can close its quotes.
func filtered(path, filter string) string {
	sep := "&"
	if path[len(path)-1] == '?' {
		sep = ""
	}
	return governancePath + path + sep + url.Values{"filter": {filter}}.Encode()
}
