package okta

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"winnow/internal/fake/folder"
)

// launchCampaign starts a campaign: a review for each holder of each resource
// who is in its scope. On the platform that takes a while; here it is done at
// once. Saved campaigns cannot be launched, as the folder does not hold their
// settings.
func (s *Server) launchCampaign(w http.ResponseWriter, r *http.Request) {
	c, ok := s.known(w, "campaigns", r.PathValue("id"), "Campaign")
	if !ok {
		return
	}
	full, ours := s.data.find("campaigns_full", c.id)
	if c.status != "SCHEDULED" || !ours {
		fail(w, http.StatusConflict, "E0000195", "Api validation failed due to conflict: Campaign", "Campaign must be scheduled before it can be started")
		return
	}
	var o order
	if err := json.Unmarshal(full.body, &o); err != nil {
		panic(err) // it was read when it was made
	}
	for _, target := range o.Resources.Targets {
		holders := map[string]string{kindGroup: "group_members", "APPLICATION": "app_users"}[or(target.Type, o.Resources.Type)]
		for _, holder := range s.data.children[holders][target.ID] {
			if user := s.person(holder); s.inScope(o, user) {
				s.data.put("reviews", "", s.newReview(r, c.id, target.ID, o, user))
			}
		}
	}
	s.setCampaign(c, statusActive)
	s.tell(r, "certification.campaign.launch", "Launch campaign", campaignParty(c.id, c.at("name")))
	s.locate(w, r, c)
	w.WriteHeader(http.StatusAccepted)
}

// inScope reports whether a campaign reviews a user. An expression is not
// evaluated: it excludes nobody.
func (s *Server) inScope(o order, user item) bool {
	within := len(o.Scope.Groups) == 0 || slices.ContainsFunc(o.Scope.Groups, func(g string) bool {
		_, ok := s.data.below("group_members", g, user.id)
		return ok
	})
	named := len(o.Scope.Users) == 0 || slices.Contains(o.Scope.Users, user.id)
	return within && named && !slices.Contains(o.Scope.Excluded, user.id) && (!o.Scope.Active || user.status == statusActive)
}

// newReview is an open review.
func (s *Server) newReview(r *http.Request, campaign, resource string, o order, user item) []byte {
	id, now := name("icr", 17), s.now().UTC().Format(time.RFC3339)
	review := object{"id": id, "createdBy": s.actor(r).ID, keyCreated: now, keyUpdated: now, "lastUpdatedBy": s.actor(r).ID,
		"campaignId": campaign, "resourceId": resource, "decision": "UNREVIEWED", "remediationStatus": "NONE",
		"principalProfile": profileOf(user), "reviewerType": kindUser, keyLinks: object{
			keySelf:          s.admin(r, "governance/api/v1/reviews/"+id),
			"reassignReview": s.admin(r, "governance/api/v1/campaigns/"+campaign+"/reviews/reassign")}}
	if o.Reviewer.Type == kindGroup || o.Reviewer.Type == "RESOURCE_OWNER" {
		review["reviewerType"] = o.Reviewer.Type
	}
	if g, ok := s.data.find(listGroups, o.Reviewer.Group); ok {
		review["reviewerGroupProfile"] = object{"groupId": g.id, "groupType": review["reviewerType"], "name": g.at("profile.name")}
	} else if reviewer, ok := s.data.find("users", or(o.Reviewer.ID, o.Reviewer.Fallback)); ok {
		review["reviewerProfile"] = profileOf(reviewer)
	}
	return folder.Marshal(review)
}

// profileOf is what a review says of a person.
func profileOf(u item) object {
	status := "INACTIVE"
	if u.status == statusActive {
		status = statusActive
	}
	return object{"id": u.id, "email": u.at("profile.email"), "firstName": u.at("profile.firstName"), "lastName": u.at("profile.lastName"),
		"login": u.at("profile.login"), keyStatus: status, keyType: kindUser}
}

// Decide records what a reviewer decides, APPROVE or REVOKE, as the reviewer
// does on the platform's own pages: no service app can. It fails when there is
// no such review or it is no longer open.
func (s *Server) Decide(review, decision string) error { return s.Answer(review, decision, "") }

// Answer is Decide with what the reviewer writes beside it.
func (s *Server) Answer(review, decision, note string) error {
	s.state.Lock()
	defer s.state.Unlock()
	it, ok := s.data.find("reviews", review)
	if !ok || it.at("decision") != "UNREVIEWED" {
		return fmt.Errorf("decide on review %s: it is not open", review)
	}
	if c, _ := s.data.find("campaigns", it.at("campaignId")); c.status != statusActive {
		return fmt.Errorf("decide on review %s: its campaign is not active", review)
	}
	now := s.now().UTC().Format(time.RFC3339)
	change := object{"decision": decision, "decided": now, keyUpdated: now}
	if note != "" {
		change["note"] = object{"id": name("icn", 17), "note": note}
	}
	s.data.put("reviews", "", folder.With(it.body, change))
	s.follow("certification.campaign.item.decide", "Decide on a review item", party{ID: review, Type: "CertificationReview", AlternateID: unnamed, DisplayName: unnamed})
	return nil
}

// endCampaign closes a campaign. What its settings deny is taken away, unless
// the client asks that it be not: revoked access, and that on which nobody
// decided.
func (s *Server) endCampaign(w http.ResponseWriter, r *http.Request) {
	c, ok := s.known(w, "campaigns", r.PathValue("id"), "Campaign")
	var ask struct {
		Skip bool `json:"skipRemediation"`
	}
	if !ok || !read(w, r, &ask, true) {
		return
	}
	full, ours := s.data.find("campaigns_full", c.id)
	if c.status != statusActive || !ours {
		fail(w, http.StatusConflict, "E0000170", "An inactive campaign may not be ended.")
		return
	}
	var o order
	if err := json.Unmarshal(full.body, &o); err != nil {
		panic(err) // it was read when it was made
	}
	denied := map[string]bool{"REVOKE": o.Remedy.Revoked == "DENY", "UNREVIEWED": o.Remedy.NoResponse == "DENY"}
	s.setCampaign(c, "COMPLETED")
	s.tell(r, "certification.campaign.close", "Close campaign", campaignParty(c.id, c.at("name")))
	for _, review := range slices.Clone(s.data.streams["reviews"]) {
		if review.at("campaignId") == c.id && !ask.Skip && denied[review.at("decision")] {
			s.data.put("reviews", "", folder.With(review.body, object{"remediationStatus": s.remedy(review)}))
		}
	}
	s.locate(w, r, c)
	w.WriteHeader(http.StatusAccepted)
}

// locate says where a campaign stands whose change was accepted.
func (s *Server) locate(w http.ResponseWriter, r *http.Request, c item) {
	href, _ := s.admin(r, "governance/api/v1/campaigns/"+c.id)["href"].(string)
	w.Header().Set("Location", href)
}

// remedy takes away what a review was about and returns how that went. What
// cannot be edited is left to people.
func (s *Server) remedy(review item) string {
	user, ok := s.data.find("users", review.at("principalProfile.id"))
	if !ok {
		return "ERROR"
	}
	told := party{ID: review.id, Type: "CertificationReview", AlternateID: unnamed, DisplayName: unnamed}
	if group, ok := s.data.find(listGroups, review.at("resourceId")); ok && group.at(keyType) == "OKTA_GROUP" {
		s.leave(group, user, func() {
			s.follow("group.user_membership.remove", "Remove user from group membership", userParty(user), groupParty(group))
		})
		s.follow("certification.campaign.item.remediate", "Remediate a review item", told, userParty(user), groupParty(group))
		return "SUCCESS"
	}
	app, ok := s.data.find("apps", review.at("resourceId"))
	if held, has := s.data.below("app_users", app.id, user.id); !ok || !has || held.at("scope") != kindUser || s.granted(app.id, user.id) {
		return "MANUAL"
	}
	s.unassign(app, user)
	s.follow("certification.campaign.item.remediate", "Remediate a review item", told, userParty(user), appParty(app))
	return "SUCCESS"
}
