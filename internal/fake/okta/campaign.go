package okta

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"winnow/internal/fake/folder"
)

// An order is what a client asks of a campaign.
type order struct {
	Name         string
	Description  string
	CampaignType string `json:"campaignType"`
	Schedule     struct {
		Type     string
		Start    time.Time `json:"startDate"`
		Days     int       `json:"durationInDays"`
		TimeZone string    `json:"timeZone"`
	} `json:"scheduleSettings"`
	Resources struct {
		Type    string // of targets that do not say theirs
		Targets []struct {
			ID   string `json:"resourceId"`
			Type string `json:"resourceType"`
		} `json:"targetResources"`
	} `json:"resourceSettings"`
	Scope struct {
		Users    []string `json:"userIds"`
		Groups   []string `json:"groupIds"`
		Excluded []string `json:"excludedUserIds"`
		Active   bool     `json:"includeOnlyActiveUsers"`
	} `json:"principalScopeSettings"`
	Reviewer struct {
		Type     string
		ID       string `json:"reviewerId"`
		Group    string `json:"reviewerGroupId"`
		Fallback string `json:"fallBackReviewerId"`
	} `json:"reviewerSettings"`
	Remedy struct {
		Approved   string `json:"accessApproved"`
		Revoked    string `json:"accessRevoked"`
		NoResponse string `json:"noResponse"`
	} `json:"remediationSettings"`
}

// fault is what the platform would not accept, or nothing.
func (o *order) fault(now time.Time) string {
	switch zone := o.Schedule.TimeZone; {
	case o.Name == "" || len(o.Name) > 255:
		return "Campaign Name is required"
	case o.Schedule.Type != "ONE_OFF" && o.Schedule.Type != "RECURRING" || o.Schedule.Days < 1 || zone == "" || !located(zone):
		return "Campaign schedule settings are required"
	case !o.Schedule.Start.After(now):
		return "Campaign template start date must be a future date"
	case len(o.Resources.Targets) == 0 && o.CampaignType != kindUser:
		return "Campaign target resources are required"
	case o.Reviewer.Type == "" || o.Reviewer.Type == kindUser && o.Reviewer.ID == "" || o.Reviewer.Type == kindGroup && o.Reviewer.Group == "":
		return "Campaign reviewer settings are required"
	case (o.Reviewer.Type == "RESOURCE_OWNER" || o.Reviewer.Type == "REVIEWER_EXPRESSION") && o.Reviewer.Fallback == "":
		return "Campaign fallback reviewer is required"
	case o.Remedy.Approved == "" || o.Remedy.Revoked == "" || o.Remedy.NoResponse == "":
		return "Campaign remediation settings are required"
	case len(o.Scope.Users) > 100 || len(o.Scope.Groups) > 5 || len(o.Scope.Excluded) > 50:
		return "Campaign principal scope names too many"
	}
	return ""
}

// located reports whether a name is that of a time zone.
func located(zone string) bool {
	_, err := time.LoadLocation(zone)
	return err == nil
}

// createCampaign plans a campaign. Reviews exist from its launch on.
func (s *Server) createCampaign(w http.ResponseWriter, r *http.Request) {
	var given map[string]json.RawMessage
	if !read(w, r, &given, false) {
		return
	}
	var o order
	if err := json.Unmarshal(folder.Marshal(given), &o); err != nil {
		fail(w, http.StatusBadRequest, "E0000003", "The request body was not well-formed.")
		return
	}
	if fault := o.fault(s.now()); fault != "" {
		invalid(w, "Campaign", fault)
		return
	}
	for _, target := range o.Resources.Targets {
		stream := map[string]string{kindGroup: listGroups, "APPLICATION": "apps"}[or(target.Type, o.Resources.Type)]
		if _, ok := s.data.find(stream, target.ID); !ok {
			invalid(w, "Campaign", "Resource "+target.ID+" does not exist")
			return
		}
	}
	sparse, full := s.newCampaign(r, o, given)
	s.data.put("campaigns", "", sparse)
	s.data.put("campaigns_full", "", full)
	s.tell(r, "certification.campaign.create", "Create campaign", campaignParty(idOf(full), o.Name))
	respond(w, http.StatusCreated, full)
}

// newCampaign is the campaign as the list shows it, and whole.
func (s *Server) newCampaign(r *http.Request, o order, given map[string]json.RawMessage) (sparse, full []byte) {
	id, now := name("ici", 17), s.now().UTC().Format(time.RFC3339)
	zone, _ := time.LoadLocation(o.Schedule.TimeZone) // it was looked at
	from := o.Schedule.Start.In(zone).Format(time.RFC3339)
	until := o.Schedule.Start.In(zone).AddDate(0, 0, o.Schedule.Days).Format(time.RFC3339)
	kind := or(o.CampaignType, "RESOURCE")
	links := object{}
	for rel, path := range map[string]string{keySelf: "", "launchCampaign": "/launch", "endCampaign": "/end"} {
		links[rel] = s.admin(r, "governance/api/v1/campaigns/"+id+path)
	}
	links["reviews"] = s.admin(r, "governance/api/v1/reviews?filter=campaignId%20eq%20%22"+id+"%22")
	common := object{"id": id, "createdBy": s.actor(r).ID, keyCreated: now, keyUpdated: now, "lastUpdatedBy": s.actor(r).ID,
		"name": o.Name, "campaignType": kind, keyStatus: "SCHEDULED", keyLinks: links}
	if o.Description != "" {
		common["description"] = o.Description
	}
	sparse = folder.With(folder.Marshal(common), object{"startDate": from, "endDate": until, "scheduleType": o.Schedule.Type, "reviewerType": o.Reviewer.Type})
	for _, part := range []string{"resourceSettings", "principalScopeSettings", "reviewerSettings", "notificationSettings", "remediationSettings"} {
		if given[part] != nil {
			common[part] = given[part]
		}
	}
	common["scheduleSettings"] = json.RawMessage(folder.With(given["scheduleSettings"], object{"startDate": from, "endDate": until}))
	return sparse, folder.Marshal(common)
}

// admin is a link as Identity Governance writes it: to the org's administration
// host.
func (s *Server) admin(r *http.Request, path string) object {
	href, _ := self(r, path)["href"].(string)
	return object{"href": strings.Replace(href, "://"+r.Host, "://org-admin.invalid", 1)}
}

// campaign answers one campaign: whole where it was created here, and as the
// list has it where it was saved.
func (s *Server) campaign(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	if it, ok := s.data.find("campaigns_full", id); ok {
		write(w, it.body)
		return
	}
	s.one("campaigns", "Campaign")(w, r)
}

// setCampaign gives a campaign another status.
func (s *Server) setCampaign(c item, status string) {
	change := object{keyStatus: status, keyUpdated: s.now().UTC().Format(time.RFC3339)}
	for _, list := range []string{"campaigns", "campaigns_full"} {
		if it, ok := s.data.find(list, c.id); ok {
			s.data.put(list, "", folder.With(it.body, change))
		}
	}
}

// deleteCampaign forgets a campaign that was not launched.
func (s *Server) deleteCampaign(w http.ResponseWriter, r *http.Request) {
	c, ok := s.known(w, "campaigns", r.PathValue("id"), "Campaign")
	if !ok {
		return
	}
	if c.status != "SCHEDULED" && c.status != "ERROR" {
		fail(w, http.StatusConflict, "E0000170", "Only a campaign that is scheduled may be deleted.")
		return
	}
	s.data.drop("campaigns", "", c.id)
	s.data.drop("campaigns_full", "", c.id)
	s.tell(r, "certification.campaign.delete", "Delete campaign", campaignParty(c.id, c.at("name")))
	w.WriteHeader(http.StatusNoContent)
}

func campaignParty(id, name string) party {
	return party{ID: id, Type: "CertificationCampaign", AlternateID: unnamed, DisplayName: or(name, unnamed)}
}

// idOf is the id of a JSON object.
func idOf(body []byte) string { return item{body: body}.at("id") }
