package okta

import (
	"fmt"
	"strings"
	"testing"
)

// asked is a campaign over the resources, with what is to happen to revoked
// access and to that on which nobody decided.
func asked(resources, revoked, silent string) string {
	return fmt.Sprintf(`{"name":"Spring","scheduleSettings":{"type":"ONE_OFF","startDate":"2026-06-01T09:00:00Z","durationInDays":7,"timeZone":"Europe/Oslo"},
		"resourceSettings":{"type":"GROUP","targetResources":[%s]},"reviewerSettings":{"type":"USER","reviewerId":"u1"},
		"remediationSettings":{"accessApproved":"NO_ACTION","accessRevoked":%q,"noResponse":%q}}`, resources, revoked, silent)
}

const (
	campaigns = "/governance/api/v1/campaigns"
	sales     = `{"resourceId":"g1","resourceType":"GROUP"}`
	wiki      = `{"resourceId":"a2","resourceType":"APPLICATION"}`
)

// made creates a campaign and returns its id.
func (d *desk) made(body string) string {
	d.t.Helper()
	return idOf([]byte(strings.TrimPrefix(d.want("POST "+campaigns+" "+body, "201"), "201 ")))
}

// reviews returns the reviews of a campaign by person.
func (d *desk) reviews(campaign string) map[string]string {
	out := map[string]string{}
	for _, it := range d.s.data.streams["reviews"] {
		if it.at("campaignId") == campaign {
			out[it.at("principalProfile.id")+" "+it.at("resourceId")] = it.id
		}
	}
	return out
}

func TestACampaignRunsItsCourse(t *testing.T) {
	d := writable(t, Options{Writable: true})
	d.want("PUT /api/v1/groups/g1/users/u1", "204")
	d.want("PUT /api/v1/groups/g1/users/u2", "204")
	d.want(`POST /api/v1/apps/a2/users {"id":"u1"}`, "200")
	id := d.made(asked(sales+","+wiki, "DENY", "NO_ACTION"))
	whole := d.want("GET "+campaigns+"/"+id, "200")
	for _, part := range []string{`"endDate":"2026-06-08T11:00:00+02:00"`, `"status":"SCHEDULED"`, `"scheduleSettings"`} {
		if !strings.Contains(whole, part) {
			t.Errorf("no %s in %s", part, whole)
		}
	}
	d.want("POST "+campaigns+"/"+id+"/end", `409 {"errorCode":"E0000170"`)
	d.want("POST "+campaigns+"/"+id+"/launch", "202")
	d.want("POST "+campaigns+"/"+id+"/launch", `409 {"errorCode":"E0000195"`)
	d.want("DELETE "+campaigns+"/"+id, "409")
	open := d.reviews(id)
	if len(open) != 3 {
		t.Fatalf("reviews: %v", open)
	}
	for who, decision := range map[string]string{"u1 g1": "APPROVE", "u1 a2": "REVOKE"} {
		if err := d.s.Decide(open[who], decision); err != nil {
			t.Error(err)
		}
	}
	d.want("POST "+campaigns+"/"+id+"/end {}", "202")
	d.same("members", d.ids("/api/v1/groups/g1/users"), "u1 u2")
	d.same("app", d.ids("/api/v1/apps/a2/users"), "")
	if err := d.s.Decide(open["u2 g1"], "REVOKE"); err == nil {
		t.Error("a campaign that ended takes decisions")
	}
	if review := d.do("GET /governance/api/v1/reviews/" + open["u1 a2"]); !strings.Contains(review, `"decision":"REVOKE"`) || !strings.Contains(review, `"remediationStatus":"SUCCESS"`) {
		t.Error(review)
	}
}

// TestSilenceMayDeny is what a careless export brings about: nobody answers,
// and everybody is out.
func TestSilenceMayDeny(t *testing.T) {
	for skip, left := range map[string]string{"": "", `{"skipRemediation":true}`: "u1"} {
		d := writable(t, Options{Writable: true})
		d.want("PUT /api/v1/groups/g1/users/u1", "204")
		id := d.made(asked(sales, "DENY", "DENY"))
		d.want("POST "+campaigns+"/"+id+"/launch", "202")
		d.want("POST "+campaigns+"/"+id+"/end "+skip, "202")
		d.same("members after "+skip, d.ids("/api/v1/groups/g1/users"), left)
	}
}

func TestCampaignsThatAreNoneAreRefused(t *testing.T) {
	d := writable(t, Options{Writable: true})
	good := asked(sales, "NO_ACTION", "NO_ACTION")
	for from, to := range map[string]string{`"Spring"`: `""`, "2026-06-01": "2026-05-30", `"durationInDays":7`: `"durationInDays":0`, "Europe/Oslo": "Oslo",
		`"reviewerId":"u1"`: `"reviewerId":""`, `"noResponse":"NO_ACTION"`: `"noResponse":""`, "g1": "g9",
		`"type":"USER"`: `"type":"REVIEWER_EXPRESSION"`} {
		d.want("POST "+campaigns+" "+strings.Replace(good, from, to, 1), `400 {"errorCode":"E0000001","errorSummary":"Api validation failed: Campaign"`)
	}
	many := strings.Repeat(`"u",`, 100) + `"u"`
	d.want("POST "+campaigns+" "+strings.Replace(good, `"name"`, `"principalScopeSettings":{"type":"USERS","userIds":[`+many+`]},"name"`, 1), "400")
	d.want("POST "+campaigns+"/none/launch", "404")
	id := d.made(good)
	d.want("DELETE "+campaigns+"/"+id, "204")
	d.want("GET "+campaigns+"/"+id, "404")
}

func TestACampaignNeedsTheLicence(t *testing.T) {
	d := writable(t, Options{Writable: true, NoGovernance: true})
	d.want("POST "+campaigns+" "+asked(sales, "DENY", "DENY"), `403 {"errorCode":"E0000015"`)
}
