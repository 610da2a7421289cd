package oktav2

import (
	"testing"

	"github.com/okta/okta-sdk-golang/v2/okta"
	"github.com/okta/okta-sdk-golang/v2/okta/query"

	"winnow/conformance/company"
	source "winnow/ingest/okta"
	fake "winnow/internal/fake/okta"
)

func userID(u *okta.User) string   { return u.Id }
func groupID(g *okta.Group) string { return g.Id }
func appID(a okta.App) string      { return a.(*okta.Application).Id }

// everybody is a filter that admits every status: without one, the list leaves
// out those that are deprovisioned.
const everybody = `status eq "STAGED" or status eq "PROVISIONED" or status eq "ACTIVE" or status eq "RECOVERY" or ` +
	`status eq "PASSWORD_EXPIRED" or status eq "LOCKED_OUT" or status eq "SUSPENDED" or status eq "DEPROVISIONED"`

func TestTheDirectory(t *testing.T) {
	org, c := open(t, fake.Options{})
	ctx := t.Context()
	users, resp, err := c.User.ListUsers(ctx, query.NewQueryParams(query.WithFilter(everybody), query.WithLimit(200)))
	company.Same(t, "users", all(t, userID, users, resp, err), org.IDs(t, source.Users))

	groups, resp, err := c.Group.ListGroups(ctx, query.NewQueryParams(query.WithLimit(200)))
	groupIDs := all(t, groupID, groups, resp, err)
	company.Same(t, "groups", groupIDs, org.IDs(t, source.Groups))

	rules, resp, err := c.Group.ListGroupRules(ctx, query.NewQueryParams(query.WithLimit(200)))
	company.Same(t, "rules", all(t, func(r *okta.GroupRule) string { return r.Id }, rules, resp, err), org.IDs(t, source.GroupRules))

	var members, roles []string
	for _, g := range groupIDs {
		list, resp, err := c.Group.ListGroupUsers(ctx, g, nil)
		members = append(members, all(t, func(u *okta.User) string { return g + "/" + u.Id }, list, resp, err)...)
		held, resp, err := c.Group.ListGroupAssignedRoles(ctx, g, nil)
		roles = append(roles, all(t, func(r *okta.Role) string { return g + "/" + r.Id }, held, resp, err)...)
	}
	company.Same(t, "members", members, org.IDs(t, source.GroupMembers))
	company.Same(t, "roles of groups", roles, org.IDs(t, source.GroupRoles))
}

func TestTheListOfUsersLeavesOutThoseWhoLeft(t *testing.T) {
	org, c := open(t, fake.Options{})
	users, resp, err := c.User.ListUsers(t.Context(), nil)
	some := all(t, userID, users, resp, err)
	left, resp, err := c.User.ListUsers(t.Context(), query.NewQueryParams(query.WithFilter(`status eq "DEPROVISIONED"`)))
	gone := all(t, userID, left, resp, err)
	company.SameSet(t, "users in two parts", append(some, gone...), org.IDs(t, source.Users))
	if len(some) == 0 || len(gone) == 0 {
		t.Errorf("%d users and %d that left: the company does not show the difference", len(some), len(gone))
	}
}

func TestTheApplications(t *testing.T) {
	org, c := open(t, fake.Options{})
	ctx := t.Context()
	apps, resp, err := c.Application.ListApplications(ctx, query.NewQueryParams(query.WithLimit(200)))
	appIDs := appsOf(t, apps, resp, err)
	company.Same(t, "apps", appIDs, org.IDs(t, source.Apps))

	var users, groups []string
	for _, a := range appIDs {
		list, resp, err := c.Application.ListApplicationUsers(ctx, a, query.NewQueryParams(query.WithLimit(500)))
		users = append(users, all(t, func(u *okta.AppUser) string { return a + "/" + u.Id }, list, resp, err)...)
		given, resp, err := c.Application.ListApplicationGroupAssignments(ctx, a, query.NewQueryParams(query.WithLimit(200)))
		groups = append(groups, all(t, func(g *okta.ApplicationGroupAssignment) string { return a + "/" + g.Id }, given, resp, err)...)
	}
	company.Same(t, "users of apps", users, org.IDs(t, source.AppUsers))
	company.Same(t, "groups of apps", groups, org.IDs(t, source.AppGroups))
}

// appsOf reads the list of applications, whose items the SDK decodes into an
// interface on the first page and into nothing that it knows on later ones.
func appsOf(t *testing.T, first []okta.App, resp *okta.Response, err error) []string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, a := range first {
		ids = append(ids, appID(a))
	}
	if !resp.HasNextPage() {
		return ids
	}
	var page []*okta.Application
	resp, err = resp.Next(t.Context(), &page)
	return append(ids, all(t, func(a *okta.Application) string { return a.Id }, page, resp, err)...)
}

func TestTheLog(t *testing.T) {
	since, until := company.Window.Since.Format("2006-01-02T15:04:05.000Z"), company.Window.Until.Format("2006-01-02T15:04:05.000Z")
	org, c := open(t, fake.Options{MaxPage: 100})
	eventID := func(e *okta.LogEvent) string { return e.Uuid }
	own := org.IDs(t, source.SystemLog)

	polled, resp, err := c.LogEvent.GetLogs(t.Context(), query.NewQueryParams(query.WithSince(since), query.WithLimit(1000)))
	company.Same(t, "the log, polled", all(t, eventID, polled, resp, err), own)

	bounded, resp, err := c.LogEvent.GetLogs(t.Context(), query.NewQueryParams(query.WithSince(since), query.WithUntil(until), query.WithLimit(1000)))
	company.SameSet(t, "the log, by time", all(t, eventID, bounded, resp, err), own)
}

func TestAdministrators(t *testing.T) {
	org, c := open(t, fake.Options{})
	own := org.IDs(t, source.UserRoles)
	var roles []string
	for _, id := range org.IDs(t, source.Users) {
		list, resp, err := c.User.ListAssignedRolesForUser(t.Context(), id, nil)
		roles = append(roles, all(t, func(r *okta.Role) string { return id + "/" + r.Id }, list, resp, err)...)
	}
	company.SameSet(t, "roles of users", roles, own)
}
