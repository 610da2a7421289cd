package okta

import (
	"time"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/lake"
)

// The streams of an org.
const (
	SystemLog     access.StreamName = "system_log"
	SystemLogFlat access.StreamName = "system_log_flat"
	Users         access.StreamName = "users"
	Groups        access.StreamName = "groups"
	GroupMembers  access.StreamName = "group_members"
	GroupRules    access.StreamName = "group_rules"
	Apps          access.StreamName = "apps"
	AppUsers      access.StreamName = "app_users"
	AppGroups     access.StreamName = "app_groups"
	UserRoles     access.StreamName = "user_roles"
	GroupRoles    access.StreamName = "group_roles"

	// Identity Governance.
	Entitlements                access.StreamName = "entitlements"
	EntitlementValues           access.StreamName = "entitlement_values"            // parent: the entitlement
	PrincipalEntitlements       access.StreamName = "principal_entitlements"        // of a user in an app
	PrincipalEntitlementHistory access.StreamName = "principal_entitlement_history" // parent: app, a slash, user
	Campaigns                   access.StreamName = "campaigns"
	Reviews                     access.StreamName = "reviews"
)

// retention is how far back the System Log is served.
const retention = 90 * 24 * time.Hour

// Streams lists what the API serves, and the forms of the log that only saved
// files have. Rules and roles are optional: not every read-only role sees them;
// and so is Identity Governance, which needs a licence of its own.
func Streams() []ingest.Stream {
	inventory := func(name access.StreamName, shape lake.Shape, optional bool) ingest.Stream {
		return ingest.Stream{Name: name, Kind: ingest.Inventory, Shape: shape, Optional: optional}
	}
	return []ingest.Stream{
		{Name: SystemLog, Kind: ingest.Events, Shape: logShape, Time: logTime, Retention: retention},
		{Name: SystemLogFlat, Kind: ingest.Events, Shape: flatShape, Time: "published_t|published", Optional: true},
		inventory(Users, userShape, false),
		inventory(Groups, groupShape, false),
		inventory(GroupMembers, child(memberShape), false),
		inventory(GroupRules, ruleShape, true),
		inventory(Apps, appShape, false),
		inventory(AppUsers, child(appUserShape), false),
		inventory(AppGroups, child(memberShape), false),
		inventory(UserRoles, child(roleShape), true),
		inventory(GroupRoles, child(roleShape), true),
		inventory(Entitlements, entitlementShape, true),
		inventory(EntitlementValues, child(valueShape), true),
		inventory(PrincipalEntitlements, principalShape, true),
		inventory(PrincipalEntitlementHistory, child(historyShape), true),
		inventory(Campaigns, campaignShape, true),
		inventory(Reviews, reviewShape, true),
	}
}

// Saved returns the source that serves the same streams from a folder of saved
// answers: <stream>.ndjson, recorded exchanges in *_http.ndjson, and logs in any
// of their forms. All streams are optional there. files names the files of
// streams that are called otherwise; it may be nil.
func Saved(dir string, files map[access.StreamName][]string) *ingest.Dir {
	streams := Streams()
	for i := range streams {
		streams[i].Optional = true
	}
	return ingest.NewDir(dir, streams, ingest.DirOptions{Files: files, Route: Route, Exchange: Exchange})
}
