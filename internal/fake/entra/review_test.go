package entra

import (
	"fmt"
	"strings"
	"testing"
)

const reviews = "identityGovernance/accessReviews/definitions"

// asked is a review over a scope with settings of its own.
func asked(scope, settings string) string {
	return fmt.Sprintf(`{"displayName":"Spring","scope":%s,"settings":{"instanceDurationInDays":7%s}}`, scope, settings)
}

const (
	ofSales  = `{"@odata.type":"#microsoft.graph.accessReviewQueryScope","query":"/groups/g1/transitiveMembers/microsoft.graph.user","queryType":"MicrosoftGraph"}`
	ofLedger = `{"@odata.type":"#microsoft.graph.principalResourceMembershipsScope","principalScopes":[{"query":"/users/u1","queryType":"MicrosoftGraph"}],
		"resourceScopes":[{"query":"/servicePrincipals/s1","queryType":"MicrosoftGraph"}]}`
)

// review starts one and returns its path, that of its instance, and its id.
func (d *desk) review(body string) (review, instance, id string) {
	d.t.Helper()
	id = item{body: []byte(d.want("POST "+reviews+" "+body, "201", `"status":"InProgress"`))}.text("id")
	review = reviews + "/" + id
	return review, review + "/instances/" + d.ids(review+"/instances"), id
}

func TestAReviewRunsItsCourse(t *testing.T) {
	d := tenant(t, every...)
	d.want("POST groups/g1/members/$ref "+reference, "204", "")
	review, instance, id := d.review(asked(ofSales, ""))
	d.want("GET "+review, "200", `"displayName":"Spring"`)
	if got := d.do("GET " + instance + "/decisions"); strings.Count(got, `"decision":"NotReviewed"`) != 2 {
		t.Error(got)
	}
	d.want("POST "+instance+"/applyDecisions", "400", "completed")
	if err := d.s.Decide(id, "u2", "Deny"); err != nil {
		t.Error(err)
	}
	d.want("POST "+review+"/stop", "204", "")
	d.same("members", d.ids("groups/g1/members"), "u2 u1") // nothing is applied unless asked
	if err := d.s.Decide(id, "u1", "Deny"); err == nil {
		t.Error("a review that ended takes decisions")
	}
	d.want("GET "+review, "200", `"status":"Completed"`)
	d.want("POST "+instance+"/microsoft.graph.applyDecisions", "204", "")
	d.same("members", d.ids("groups/g1/members"), "u1")
	d.want("GET "+instance+"/decisions", "200", `"applyResult":"AppliedSuccessfully"`)
	d.want("DELETE "+review, "204", "")
	d.want("GET "+review, "404", "")
	if told := d.told(); !strings.Contains(told, "Create access review") || !strings.Contains(told, `Remove member from group User:u2 Group.ObjectID"g1">`) {
		t.Error(told)
	}
}

// TestSilenceMayDeny is what a careless export brings about: nobody answers,
// and everybody is out.
func TestSilenceMayDeny(t *testing.T) {
	d := tenant(t, every...)
	review, _, _ := d.review(asked(ofSales, `,"autoApplyDecisionsEnabled":true,"defaultDecisionEnabled":true,"defaultDecision":"Deny"`))
	d.want("POST "+review+"/microsoft.graph.stop", "204", "")
	d.same("members", d.ids("groups/g1/members"), "")
}

func TestAReviewOfAnAppAsksAboutChosenUsers(t *testing.T) {
	d := tenant(t, every...)
	for _, u := range []string{"u1", "u2"} {
		d.want(`POST servicePrincipals/s1/appRoleAssignedTo {"principalId":"`+u+`","resourceId":"s1","appRoleId":"r1"}`, "201", "")
	}
	_, instance, _ := d.review(asked(ofLedger, ""))
	if got := d.do("GET " + instance + "/decisions"); strings.Count(got, `"decision"`) != 1 || !strings.Contains(got, `"id":"u1"`) {
		t.Error(got)
	}
	d.want("POST "+instance+"/stop", "204", "")
	d.want("GET "+reviews, "200", `"status":"InProgress"`)
}

func TestReviewsThatAreNoneAreRefused(t *testing.T) {
	d := tenant(t, every...)
	good := asked(ofSales, "")
	for from, to := range map[string]string{"Spring": "", "#microsoft.graph.accessReviewQueryScope": "", "MicrosoftGraph": "ARM", "g1": "g9", "/groups/": "/teams/"} {
		d.want("POST "+reviews+" "+strings.Replace(good, from, to, 1), "400", "BadRequest")
	}
	d.want("POST "+reviews+"/none/stop", "404", "")
	review, _, _ := d.review(good)
	d.want("POST "+review+"/instances/none/stop", "404", "")
	if err := d.s.Decide("none", "u1", "Deny"); err == nil {
		t.Error("a review that is not takes decisions")
	}
}
