package governance

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/okta/okta-governance-sdk-golang/governance"

	"winnow/conformance/company"
	source "winnow/ingest/okta"
	fake "winnow/internal/fake/okta"
)

const (
	administrator = "00uadministrator0001" // to whom the fake says the API token belongs
	group         = "00g00000000000000002"
	reviewer      = "00u00000000000000004"
)

// spring is a campaign over the group; revoked says what is to happen to access
// that is revoked.
func spring(start time.Time, revoked governance.RevokedRemediationAction) governance.CampaignMutable {
	what := governance.NewResourceSettingsMutable(governance.CAMPAIGNRESOURCETYPE_GROUP)
	target := governance.NewTargetResourcesRequestInner(group)
	kind := governance.RESOURCETYPE_GROUP
	target.ResourceType = &kind
	what.TargetResources = []governance.TargetResourcesRequestInner{*target}
	who := governance.NewReviewerSettingsMutable(governance.CAMPAIGNREVIEWERTYPE_USER)
	id := reviewer
	who.ReviewerId = &id
	return *governance.NewCampaignMutable("Spring 4", *governance.NewScheduleSettingsMutable(governance.SCHEDULETYPE_ONE_OFF, start, 7, "Europe/Oslo"),
		*what, *who, *governance.NewRemediationSettings(governance.APPROVEDREMEDIATIONACTION_NO_ACTION, revoked, governance.NORESPONSEREMEDIATIONACTION_NO_ACTION))
}

// done fails the test where the SDK does not see the status that it should.
func done(t *testing.T, what string, status int, resp *governance.APIResponse, err error) {
	t.Helper()
	if err != nil || resp.StatusCode != status {
		t.Fatalf("%s: %v: %s", what, err, body(err))
	}
}

func TestACampaignIsWritten(t *testing.T) {
	org, c := open(t, fake.Options{Writable: true}, company.Token)
	ctx, since := t.Context(), company.Since()
	made, resp, err := c.CampaignsAPI.CreateCampaign(ctx).CampaignMutable(spring(time.Now().AddDate(0, 0, 1), governance.REVOKEDREMEDIATIONACTION_DENY)).Execute()
	done(t, "create", 201, resp, err)
	id := made.GetId()
	status := func(want string) {
		t.Helper()
		one, resp, err := c.CampaignsAPI.GetCampaign(ctx, id).Execute()
		done(t, "get", 200, resp, err)
		if own := company.Value(t, org.Source, source.Campaigns, id, "status"); string(one.GetStatus()) != want || own != want {
			t.Errorf("the SDK reads %s, our own client %s, want %s", one.GetStatus(), own, want)
		}
	}
	status("SCHEDULED")
	resp, err = c.CampaignsAPI.EndCampaign(ctx, id).Execute()
	refused(t, "the end of a campaign that was not launched", resp, err, 409, "E0000170")
	resp, err = c.CampaignsAPI.LaunchCampaign(ctx, id).Execute()
	done(t, "launch", 202, resp, err)
	status("ACTIVE")
	resp, err = c.CampaignsAPI.LaunchCampaign(ctx, id).Execute()
	refused(t, "a second launch", resp, err, 409, "E0000195")

	people := reviewed(t, org, c, id)
	members := company.Of(group, org.Read(t, source.GroupMembers))
	company.Agree(t, "people who are reviewed", slices.Sorted(maps.Keys(people)), members)
	out := members[0]
	if err := org.Fake.Decide(people[out], "REVOKE"); err != nil {
		t.Fatal(err)
	}
	resp, err = c.CampaignsAPI.EndCampaign(ctx, id).Execute()
	done(t, "end", 202, resp, err)
	status("COMPLETED")
	one, resp, err := c.ReviewsAPI.GetReview(ctx, people[out]).Execute()
	done(t, "get", 200, resp, err)
	for path, want := range map[string]string{"decision": "REVOKE", "remediationStatus": "SUCCESS"} {
		if own := company.Value(t, org.Source, source.Reviews, people[out], path); own != want {
			t.Errorf("our own client reads %s %s, want %s", path, own, want)
		}
	}
	if string(one.Decision) != "REVOKE" {
		t.Errorf("the SDK reads %s", one.Decision)
	}
	company.Has(t, "members", company.Of(group, org.Read(t, source.GroupMembers)), out, false)
	for _, event := range []string{"create", "launch", "close"} {
		org.Told(t, since, "certification.campaign."+event, administrator, "CertificationCampaign:"+id)
	}
	org.Told(t, since, "group.user_membership.remove", "sys00000000000000001", "User:"+out, "UserGroup:"+group)
}

// reviewed returns the reviews of a campaign by person, as the SDK and our own
// client read them alike.
func reviewed(t *testing.T, org *company.Org, c *governance.OktaGovernanceAPIClient, campaign string) map[string]string {
	t.Helper()
	out := map[string]string{}
	page, resp, err := c.ReviewsAPI.ListReviews(t.Context()).Filter(`campaignId eq "` + campaign + `"`).Limit(200).Execute()
	ids := all(t, (*governance.ReviewList).GetData, func(r governance.ReviewSparse) string {
		profile := r.GetPrincipalProfile()
		out[profile.GetId()] = r.GetId()
		return r.GetId()
	}, page, resp, err)
	own := org.Read(t, source.Reviews)
	for _, id := range ids {
		company.Has(t, "reviews that our own client reads", own, id, true)
	}
	return out
}

func TestACampaignThatIsNoneIsRefused(t *testing.T) {
	org, c := open(t, fake.Options{Writable: true}, company.Token)
	_, resp, err := c.CampaignsAPI.CreateCampaign(t.Context()).CampaignMutable(spring(time.Now().AddDate(0, 0, -1), governance.REVOKEDREMEDIATIONACTION_NO_ACTION)).Execute()
	refused(t, "a start in the past", resp, err, 400, "E0000001")
	made, resp, err := c.CampaignsAPI.CreateCampaign(t.Context()).CampaignMutable(spring(time.Now().AddDate(0, 0, 1), governance.REVOKEDREMEDIATIONACTION_NO_ACTION)).Execute()
	done(t, "create", 201, resp, err)
	resp, err = c.CampaignsAPI.DeleteCampaign(t.Context(), made.GetId()).Execute()
	done(t, "delete", 204, resp, err)
	company.Has(t, "campaigns", org.Read(t, source.Campaigns), made.GetId(), false)
}
