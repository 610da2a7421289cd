package okta

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"winnow/internal/lake"
)

// governanceRoutes are the paths of Identity Governance.
func (s *Server) governanceRoutes() {
	const base = "/governance/api/v1/"
	entitlements, certifications := "okta.governance.entitlements.read", "okta.governance.accessCertifications.read"
	s.licensed(base+"entitlements", entitlements, s.governed("entitlements", 200, map[string]string{"parent.externalId": "parent.externalId", "parent.type": ""}))
	s.licensed(base+"entitlements/{id}/values", entitlements, s.values)
	s.licensed(base+"principal-entitlements", entitlements, s.governed("principal_entitlements", 0, map[string]string{
		"parent.externalId": "parent.externalId", "parent.type": "", "targetPrincipal.externalId": "targetPrincipal.externalId", "targetPrincipal.type": ""}))
	s.licensed(base+"principal-entitlements/history", entitlements, s.history)
	s.licensed(base+"campaigns", certifications, s.campaigns)
	s.licensed(base+"campaigns/{id}", certifications, s.campaign)
	s.licensed(base+"reviews/{id}", certifications, s.one("reviews", "Review"))
	s.licensed(base+"reviews", certifications, s.governed("reviews", 200, map[string]string{"campaignId": "campaignId"}))
}

// licensed registers a path that an org without the licence refuses.
func (s *Server) licensed(path, scope string, h http.HandlerFunc) {
	s.get(path, scope, s.license(h))
}

// license puts the licence for Identity Governance before a handler.
func (s *Server) license(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if s.opt.NoGovernance {
			fail(w, http.StatusForbidden, "E0000015", "You do not have permission to access the feature you are requesting")
			return
		}
		h(w, r)
	}
}

// governed answers a list of Identity Governance. A filter must name exactly
// the given properties; each is compared with the item's value at a path, or
// with nothing where the path is empty.
func (s *Server) governed(stream string, most int, properties map[string]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p, ok := s.page(w, r, 20, max(most, 20))
		if !ok {
			return
		}
		if most == 0 {
			p.limit = len(s.data.streams[stream]) // this list has no pages
		}
		terms, ok := conjunction(p.Query.Get("filter"), properties)
		if !ok {
			fail(w, http.StatusBadRequest, "E0000031", "Invalid search criteria.")
			return
		}
		s.enveloped(w, r, p, "data", stream == "entitlements", where(s.data.streams[stream], func(it item) bool {
			for property, value := range terms {
				if path := properties[property]; path != "" && lake.TextAt(it.body, path) != value {
					return false
				}
			}
			return true
		}))
	}
}

// campaigns answers the list of campaigns: all, or those of a name or a status.
func (s *Server) campaigns(w http.ResponseWriter, r *http.Request) {
	var properties map[string]string
	if m := conjunct.FindStringSubmatch(r.URL.Query().Get("filter")); m != nil && (m[1] == "name" || m[1] == keyStatus) {
		properties = map[string]string{m[1]: m[1]}
	}
	s.governed("campaigns", 200, properties)(w, r)
}

// values answers the values of one entitlement.
func (s *Server) values(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if !s.data.exists("entitlements", id) {
		missing(w, id, "Entitlement")
		return
	}
	if p, ok := s.page(w, r, 20, 200); ok {
		s.enveloped(w, r, p, "data", true, s.data.children["entitlement_values"][id])
	}
}

// history answers what a user held in an app, and when.
func (s *Server) history(w http.ResponseWriter, r *http.Request) {
	p, ok := s.page(w, r, 20, 100)
	if !ok {
		return
	}
	terms, ok := conjunction(p.Query.Get("filter"), map[string]string{"resource.externalId": "", "resource.type": "", "principal.externalId": "", "principal.type": ""})
	if !ok {
		fail(w, http.StatusBadRequest, "E0000031", "Invalid search criteria.")
		return
	}
	s.enveloped(w, r, p, "entitlementHistory", false, s.data.children["principal_entitlement_history"][terms["resource.externalId"]+"/"+terms["principal.externalId"]])
}

// enveloped answers with a page of a list inside an object, with the length of
// the whole list where the platform counts it. Its links name the org's
// administration host, as the platform's do.
func (s *Server) enveloped(w http.ResponseWriter, r *http.Request, p page, key string, counted bool, items []item) {
	out, after := p.cut(items)
	admin := func(at place) string {
		return strings.Replace(s.link(r, p, at), "://"+r.Host, "://org-admin.invalid", 1)
	}
	next, links := "", map[string]map[string]string{keySelf: {"href": admin(p.place)}}
	if after.Offset < len(items) {
		next = admin(after)
		links["next"] = map[string]string{"href": next}
	}
	tail, err := json.Marshal(links)
	if err != nil {
		panic(err) // strings marshal
	}
	if counted {
		tail = append(tail, `,"metadata":{"total":`+strconv.Itoa(len(items))+"}"...)
	}
	s.links(w, admin(p.place), next)
	write(w, slices.Concat([]byte(`{"`+key+`":`), array(out), []byte(`,"_links":`), tail, []byte("}")))
}

var conjunct = regexp.MustCompile(`^([A-Za-z.]+) eq "([^"]*)"$`)

// conjunction reads `a eq "x" AND b eq "y"` over exactly the properties; no
// properties means that no filter is needed.
func conjunction(filter string, properties map[string]string) (map[string]string, bool) {
	terms := map[string]string{}
	if len(properties) == 0 {
		return terms, filter == ""
	}
	for term := range strings.SplitSeq(filter, " AND ") {
		m := conjunct.FindStringSubmatch(strings.TrimSpace(term))
		if m == nil {
			return nil, false
		}
		if _, ok := properties[m[1]]; !ok {
			return nil, false
		}
		terms[m[1]] = m[2]
	}
	return terms, len(terms) == len(properties)
}
