package oktav6

import (
	"strings"
	"testing"

	"github.com/okta/okta-sdk-golang/v6/okta"

	"winnow/conformance/company"
	source "winnow/ingest/okta"
	fake "winnow/internal/fake/okta"
)

func userID(u okta.User) string   { return u.GetId() }
func groupID(g okta.Group) string { return g.GetId() }

// appID takes the id out of the kind of application that the SDK chose by the
// sign-on mode, or "" where it knew none.
func appID(a okta.ListApplications200ResponseInner) string {
	if kind, ok := a.GetActualInstance().(interface{ GetId() string }); ok {
		return kind.GetId()
	}
	return ""
}

// roleID takes the id out of the kind of role.
func roleID(r okta.ListGroupAssignedRoles200ResponseInner) string {
	if kind, ok := r.GetActualInstance().(interface{ GetId() string }); ok {
		return kind.GetId()
	}
	return ""
}

// everybody is a filter that admits every status.
var everybody = `status eq "` + strings.Join([]string{"STAGED", "PROVISIONED", "ACTIVE", "RECOVERY", "PASSWORD_EXPIRED",
	"LOCKED_OUT", "SUSPENDED", "DEPROVISIONED"}, `" or status eq "`) + `"`

func TestTheDirectory(t *testing.T) {
	org, c := open(t, fake.Options{})
	ctx := t.Context()
	users, resp, err := c.UserAPI.ListUsers(ctx).Filter(everybody).Limit(200).Execute()
	company.Same(t, "users", all(t, userID, users, resp, err), org.IDs(t, source.Users))

	groups, resp, err := c.GroupAPI.ListGroups(ctx).Limit(200).Execute()
	groupIDs := all(t, groupID, groups, resp, err)
	company.Same(t, "groups", groupIDs, org.IDs(t, source.Groups))

	rules, resp, err := c.GroupRuleAPI.ListGroupRules(ctx).Limit(200).Execute()
	company.Same(t, "rules", all(t, func(r okta.GroupRule) string { return r.GetId() }, rules, resp, err), org.IDs(t, source.GroupRules))

	var members, roles []string
	for _, g := range groupIDs {
		list, resp, err := c.GroupAPI.ListGroupUsers(ctx, g).Limit(200).Execute()
		members = append(members, all(t, in(g, userID), list, resp, err)...)
		held, resp, err := c.RoleAssignmentBGroupAPI.ListGroupAssignedRoles(ctx, g).Execute()
		roles = append(roles, all(t, in(g, roleID), held, resp, err)...)
	}
	company.Same(t, "members", members, org.IDs(t, source.GroupMembers))
	company.Same(t, "roles of groups", roles, org.IDs(t, source.GroupRoles))
	if n := org.Fake.Asked("/api/v1/users"); n < 4 {
		t.Errorf("the users came on %d pages: paging was not tried", n)
	}
}

func TestTheApplications(t *testing.T) {
	org, c := open(t, fake.Options{})
	ctx := t.Context()
	apps, resp, err := c.ApplicationAPI.ListApplications(ctx).Limit(200).Execute()
	appIDs := all(t, appID, apps, resp, err)
	company.Same(t, "apps", appIDs, org.IDs(t, source.Apps))

	var users, groups []string
	for _, a := range appIDs {
		list, resp, err := c.ApplicationUsersAPI.ListApplicationUsers(ctx, a).Limit(500).Execute()
		users = append(users, all(t, in(a, func(u okta.AppUser) string { return u.GetId() }), list, resp, err)...)
		given, resp, err := c.ApplicationGroupsAPI.ListApplicationGroupAssignments(ctx, a).Limit(200).Execute()
		groups = append(groups, all(t, in(a, func(g okta.ApplicationGroupAssignment) string { return g.GetId() }), given, resp, err)...)
	}
	company.Same(t, "users of apps", users, org.IDs(t, source.AppUsers))
	company.Same(t, "groups of apps", groups, org.IDs(t, source.AppGroups))
}

func TestTheLog(t *testing.T) {
	const stamp = "2006-01-02T15:04:05.000Z"
	since, until := company.Window.Since.Format(stamp), company.Window.Until.Format(stamp)
	org, c := open(t, fake.Options{MaxPage: 100})
	own := org.IDs(t, source.SystemLog)
	eventID := func(e okta.LogEvent) string { return e.GetUuid() }

	polled, resp, err := c.SystemLogAPI.ListLogEvents(t.Context()).Since(since).Limit(1000).Execute()
	company.Same(t, "the log, polled", all(t, eventID, polled, resp, err), own)

	bounded, resp, err := c.SystemLogAPI.ListLogEvents(t.Context()).Since(since).Until(until).Limit(1000).Execute()
	company.SameSet(t, "the log, by time", all(t, eventID, bounded, resp, err), own)
}

func TestAdministrators(t *testing.T) {
	org, c := open(t, fake.Options{})
	var roles []string
	for _, id := range org.IDs(t, source.Users) {
		list, resp, err := c.RoleAssignmentAUserAPI.ListAssignedRolesForUser(t.Context(), id).Execute()
		roles = append(roles, all(t, in(id, roleID), list, resp, err)...)
	}
	company.SameSet(t, "roles of users", roles, org.IDs(t, source.UserRoles))
}
