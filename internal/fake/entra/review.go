package entra

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"time"

	"winnow/internal/fake/folder"
)

// A query is a scope of an access review: whom, or what, it is about.
type query struct {
	Type  string  `json:"@odata.type"`
	Query string  `json:"query"`
	Kind  string  `json:"queryType"`
	Who   []query `json:"principalScopes"`
	What  []query `json:"resourceScopes"`
}

// A definition is what a client asks of an access review.
type definition struct {
	DisplayName string
	Scope       query
	Settings    struct {
		Days           int    `json:"instanceDurationInDays"`
		Apply          bool   `json:"autoApplyDecisionsEnabled"`
		DefaultEnabled bool   `json:"defaultDecisionEnabled"`
		Default        string `json:"defaultDecision"`
	}
}

// The queries that the fake understands: the members of a group, those assigned
// to an app, and chosen users.
var (
	ofGroup = regexp.MustCompile(`^(?:/v1\.0)?/groups/([^/]+)(?:/(members|transitiveMembers)(?:/microsoft\.graph\.user/?)?)?$`)
	ofApp   = regexp.MustCompile(`^(?:/v1\.0)?/servicePrincipals/([^/]+)$`)
	ofUser  = regexp.MustCompile(`^(?:/v1\.0)?/users/([^/]+)$`)
)

// createReview starts an access review with one instance, and asks about each
// user in its scope. On the platform that takes a while; here it is done at once.
func (s *Server) createReview(w http.ResponseWriter, r *http.Request) {
	var given map[string]json.RawMessage
	if !s.may(w, writeReviews) || !read(w, r, &given) {
		return
	}
	var d definition
	if err := json.Unmarshal(folder.Marshal(given), &d); err != nil || d.DisplayName == "" || d.Scope.Type == "" || given["settings"] == nil || d.Settings.Days < 0 {
		refuse(w, http.StatusBadRequest, "BadRequest", "The access review has no displayName, no typed scope or no settings.")
		return
	}
	resource, kind, ok := s.reviewed(d.Scope)
	if !ok {
		refuse(w, http.StatusBadRequest, "BadRequest", "The scope of the access review is not one that this fake knows.")
		return
	}
	now := s.now()
	delete(given, "@odata.type") // which SDKs add
	body := folder.With(folder.Marshal(given), object{"id": guid(), keyStatus: "InProgress", keyCreated: stamp(now), "lastModifiedDateTime": stamp(now),
		"createdBy": object{"id": orNull(s.opt.ClientID), keyName: "winnow", keyType: nil, keyLogin: nil}})
	s.put("access_reviews", "", body)
	review, _ := s.find("access_reviews", item{body: body}.text("id"))
	instance := guid()
	s.put("access_review_instances", review.id, folder.Marshal(object{"id": instance, keyStatus: "InProgress", "startDateTime": stamp(now),
		"endDateTime": stamp(now.AddDate(0, 0, max(d.Settings.Days, 1))), "scope": given["scope"]}))
	for _, user := range s.subjects(d.Scope, resource, kind) {
		s.put("access_review_decisions", review.id+"/"+instance, s.newDecision(instance, user, resource, kind))
	}
	s.entry("Access Reviews", "Create access review", "UserManagement", "Add", []object{target("Other", review)})
	writeEntity(w, r, http.StatusCreated, body)
}

// reviewed finds the group or the app that a scope is about.
func (s *Server) reviewed(q query) (it item, kind string, ok bool) {
	for _, part := range append([]query{q}, q.What...) {
		if part.Kind != "MicrosoftGraph" && part.Query != "" {
			return item{}, "", false
		}
		if m := ofGroup.FindStringSubmatch(part.Query); m != nil {
			it, ok = s.find(listGroups, m[1])
			return it, kindGroup, ok
		}
		if m := ofApp.FindStringSubmatch(part.Query); m != nil {
			it, ok = s.find(listApps, m[1])
			return it, kindApp, ok
		}
	}
	return item{}, "", false
}

// subjects are the users whose access is reviewed: those of the resource, cut to
// the chosen ones where the scope names users.
func (s *Server) subjects(q query, resource item, kind string) []item {
	var chosen []string
	for _, who := range q.Who {
		if m := ofUser.FindStringSubmatch(who.Query); m != nil {
			chosen = append(chosen, m[1])
		}
	}
	var ids []string
	if kind == kindGroup {
		ids = s.people(resource.id, map[string]bool{})
	}
	for _, given := range s.inside("app_role_assignments", resource.id) {
		ids = append(ids, given.text(keyPrincipal))
	}
	var out []item
	for _, id := range ids {
		user, ok := s.find(listUsers, id)
		if ok && (len(chosen) == 0 || slices.Contains(chosen, id)) && !slices.ContainsFunc(out, func(u item) bool { return u.id == id }) {
			out = append(out, user)
		}
	}
	return out
}

// people are the members of a group and of the groups in it.
func (s *Server) people(group string, seen map[string]bool) []string {
	var out []string
	seen[group] = true
	for _, m := range s.inside("group_members", group) {
		if _, nested := s.find(listGroups, m.id); !nested {
			out = append(out, m.id)
		} else if !seen[m.id] {
			out = append(out, s.people(m.id, seen)...)
		}
	}
	return out
}

// newDecision is a question that nobody has answered.
func (s *Server) newDecision(instance string, user, resource item, kind string) []byte {
	unset := object{"id": nobody, keyName: "", keyType: nil, keyLogin: ""}
	return folder.Marshal(object{"id": guid(), "accessReviewId": instance, "decision": "NotReviewed", "justification": "", "applyResult": "New",
		"recommendation": "NoInfoAvailable", "reviewedDateTime": nil, "appliedDateTime": nil, "reviewedBy": unset, "appliedBy": unset,
		"principal": object{"@odata.type": "#microsoft.graph.userIdentity", "id": user.id, keyName: orNull(user.text(keyName)),
			keyType: "user", keyLogin: orNull(user.text(keyLogin))},
		"resource": object{"id": resource.id, keyName: orNull(resource.text(keyName)),
			keyType: map[string]string{kindGroup: "group", kindApp: "servicePrincipal"}[kind]}})
}

// Decide records what a reviewer decides about a user, Approve or Deny, as the
// reviewer does on the platform's own pages. It fails when no open review asks.
func (s *Server) Decide(review, user, decision string) error {
	s.state.Lock()
	defer s.state.Unlock()
	for _, instance := range s.inside("access_review_instances", review) {
		for _, it := range s.inside("access_review_decisions", review+"/"+instance.id) {
			if instance.text(keyStatus) != "InProgress" || it.text("principal.id") != user {
				continue
			}
			s.put("access_review_decisions", it.parent, folder.With(it.body, object{"decision": decision, "reviewedDateTime": s.now().Format(time.RFC3339),
				"reviewedBy": object{"id": guid(), keyName: "Reviewer", keyType: nil, keyLogin: "reviewer@acme.example"}}))
			return nil
		}
	}
	return fmt.Errorf("decide on %s in review %s: nobody asks", user, review)
}
