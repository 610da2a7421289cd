package entra

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"winnow/internal/fake/folder"
)

// stopReview ends a review: all its instances.
func (s *Server) stopReview(w http.ResponseWriter, r *http.Request) {
	if !s.may(w, writeReviews) {
		return
	}
	review, ok := s.known(w, "access_reviews", r.PathValue("id"))
	if !ok {
		return
	}
	for _, instance := range s.inside("access_review_instances", review.id) {
		s.stop(review, instance)
	}
	s.put("access_reviews", "", folder.With(review.body, object{keyStatus: "Completed", "lastModifiedDateTime": stamp(s.now())}))
	done(w)
}

// instance finds an instance that a request is about. Those that are known from
// saved decisions alone have ended long ago and cannot be changed.
func (s *Server) instance(w http.ResponseWriter, r *http.Request) (review, instance item, ok bool) {
	if !s.may(w, writeReviews) {
		return
	}
	if review, ok = s.known(w, "access_reviews", r.PathValue("id")); !ok {
		return
	}
	for _, it := range s.inside("access_review_instances", review.id) {
		if it.id == r.PathValue("instance") {
			return review, it, true
		}
	}
	s.missing(w, r.PathValue("instance"))
	return review, instance, false
}

// stopInstance ends one instance.
func (s *Server) stopInstance(w http.ResponseWriter, r *http.Request) {
	if review, instance, ok := s.instance(w, r); ok {
		s.stop(review, instance)
		done(w)
	}
}

// recordDecisions decides on all lines of an instance that are about a principal
// and a resource. Without one of them it decides on all of the other's lines, and
// without both on everything, as the platform does.
func (s *Server) recordDecisions(w http.ResponseWriter, r *http.Request) {
	review, instance, ok := s.instance(w, r)
	var ask struct{ Decision, Justification, PrincipalID, ResourceID string }
	if !ok || !read(w, r, &ask) {
		return
	}
	if instance.text(keyStatus) != "InProgress" || !slices.Contains([]string{"Approve", "Deny", "NotReviewed", "DontKnow"}, ask.Decision) {
		refuse(w, http.StatusBadRequest, "BadRequest", "The instance is not in progress, or the decision is none.")
		return
	}
	for _, it := range s.inside("access_review_decisions", review.id+"/"+instance.id) {
		if (ask.PrincipalID == "" || it.text("principal.id") == ask.PrincipalID) && (ask.ResourceID == "" || it.text("resource.id") == ask.ResourceID) {
			s.put("access_review_decisions", it.parent, folder.With(it.body, object{"decision": ask.Decision, "justification": ask.Justification,
				"reviewedDateTime": s.now().Format(time.RFC3339), "reviewedBy": object{"id": orNull(s.opt.ClientID), keyName: "winnow", keyType: nil, keyLogin: nil}}))
		}
	}
	done(w)
}

// stop ends an instance. What nobody answered gets the default decision, and
// decisions are applied, where the settings say so: together they take access
// from everybody of whom nobody spoke.
func (s *Server) stop(review, instance item) {
	if instance.text(keyStatus) != "InProgress" {
		return
	}
	instance.body = folder.With(instance.body, object{keyStatus: "Completed", "endDateTime": stamp(s.now())})
	s.put("access_review_instances", review.id, instance.body)
	s.entry("Access Reviews", "Access review ended", "UserManagement", "Update", []object{target("Other", review)})
	var d definition
	if json.Unmarshal(review.body, &d) != nil {
		return
	}
	for _, it := range s.inside("access_review_decisions", review.id+"/"+instance.id) {
		if it.text("decision") == "NotReviewed" && d.Settings.DefaultEnabled && (d.Settings.Default == "Approve" || d.Settings.Default == "Deny") {
			s.put("access_review_decisions", it.parent, folder.With(it.body, object{"decision": d.Settings.Default}))
		}
	}
	if d.Settings.Apply {
		s.apply(review, instance)
	}
}

// applyDecisions carries the decisions of an instance out, which must have ended.
func (s *Server) applyDecisions(w http.ResponseWriter, r *http.Request) {
	review, instance, ok := s.instance(w, r)
	if !ok {
		return
	}
	if instance.text(keyStatus) != "Completed" {
		refuse(w, http.StatusBadRequest, "BadRequest", "The decisions of an access review can be applied when it is completed.")
		return
	}
	s.apply(review, instance)
	done(w)
}

// apply takes away what was denied.
func (s *Server) apply(review, instance item) {
	s.put("access_review_instances", review.id, folder.With(instance.body, object{keyStatus: "Applied"}))
	s.entry("Access Reviews", "Apply access review", "UserManagement", "Update", []object{target("Other", review)})
	for _, it := range s.inside("access_review_decisions", review.id+"/"+instance.id) {
		result := "AppliedSuccessfully"
		if it.text("decision") == "Deny" {
			result = s.deny(it.text("principal.id"), it.text("resource.id"))
		}
		if it.text("decision") != "NotReviewed" {
			s.put("access_review_decisions", it.parent, folder.With(it.body, object{"applyResult": result, "appliedDateTime": stamp(s.now())}))
		}
	}
}

// deny takes a resource from a user and returns how that went. Groups that are
// filled by a rule or elsewhere stay as they are.
func (s *Server) deny(user, resource string) string {
	result := "AppliedSuccessfullyButObjectNotFound"
	if group, ok := s.find(listGroups, resource); ok {
		if dynamic(group) || group.text("onPremisesSyncEnabled") == yes {
			return "ApplyNotSupported"
		}
		for _, m := range s.inside("group_members", group.id) {
			if m.id == user {
				s.leave(group, user)
				result = "AppliedSuccessfully"
			}
		}
	}
	for _, given := range s.inside("app_role_assignments", resource) {
		if given.text(keyPrincipal) == user {
			s.take(given)
			result = "AppliedSuccessfully"
		}
	}
	return result
}

// deleteReview forgets a review.
func (s *Server) deleteReview(w http.ResponseWriter, r *http.Request) {
	if !s.may(w, writeReviews) {
		return
	}
	review, ok := s.known(w, "access_reviews", r.PathValue("id"))
	if !ok {
		return
	}
	s.drop("access_reviews", func(it item) bool { return it.id == review.id })
	s.drop("access_review_instances", func(it item) bool { return it.parent == review.id })
	s.drop("access_review_decisions", func(it item) bool { return strings.HasPrefix(it.parent, review.id+"/") })
	s.entry("Access Reviews", "Delete access review", "UserManagement", "Delete", []object{target("Other", review)})
	done(w)
}
