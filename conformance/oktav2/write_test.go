package oktav2

import (
	"testing"

	"github.com/okta/okta-sdk-golang/v2/okta"
	"github.com/okta/okta-sdk-golang/v2/okta/query"

	"winnow/conformance/company"
	source "winnow/ingest/okta"
	fake "winnow/internal/fake/okta"
)

// administrator is to whom the fake says the API token belongs.
const administrator = "00uadministrator0001"

// done fails the test where the SDK does not see the status that it should.
func done(t *testing.T, what string, status int, resp *okta.Response, err error) {
	t.Helper()
	if err != nil || resp.StatusCode != status {
		t.Fatalf("%s: %v, %v", what, resp, err)
	}
}

// members are those that the SDK reads, which must be those that our own client
// reads.
func members(t *testing.T, org *company.Org, c *okta.Client, group string) []string {
	t.Helper()
	list, resp, err := c.Group.ListGroupUsers(t.Context(), group, nil)
	ids := all(t, userID, list, resp, err)
	company.Agree(t, "members", ids, company.Of(group, org.Read(t, source.GroupMembers)))
	return ids
}

func TestMembersAreWritten(t *testing.T) {
	org, c := open(t, fake.Options{Writable: true})
	who, since := org.Case(t), company.Since()
	for range 2 { // again is no fault
		resp, err := c.Group.AddUserToGroup(t.Context(), who.Group, who.User)
		done(t, "add", 204, resp, err)
	}
	company.Has(t, "members", members(t, org, c, who.Group), who.User, true)
	org.Told(t, since, "group.user_membership.add", administrator, "User:"+who.User, "UserGroup:"+who.Group)
	resp, err := c.Group.RemoveUserFromGroup(t.Context(), who.Group, who.User)
	done(t, "remove", 204, resp, err)
	company.Has(t, "members", members(t, org, c, who.Group), who.User, false)
	org.Told(t, since, "group.user_membership.remove", administrator, "User:"+who.User, "UserGroup:"+who.Group)
	resp, err = c.Group.AddUserToGroup(t.Context(), who.Group, "00unone")
	if e := refusal(t, err); resp.StatusCode != 404 || e.ErrorCode != "E0000007" {
		t.Errorf("a user that is not: %d %+v", resp.StatusCode, e)
	}
}

func TestAssignmentsAreWritten(t *testing.T) {
	org, c := open(t, fake.Options{Writable: true})
	ctx, who, since := t.Context(), org.Case(t), company.Since()
	given, resp, err := c.Application.AssignUserToApplication(ctx, who.App, okta.AppUser{Id: who.User, Scope: "USER"})
	done(t, "assign", 200, resp, err)
	if given.Id != who.User || given.Scope != "USER" || given.Status != "ACTIVE" || given.Created == nil {
		t.Errorf("the SDK reads %+v", given)
	}
	list, resp, err := c.Application.ListApplicationUsers(ctx, who.App, nil)
	users := all(t, func(u *okta.AppUser) string { return u.Id }, list, resp, err)
	company.Agree(t, "users of the app", users, company.Of(who.App, org.Read(t, source.AppUsers)))
	company.Has(t, "users of the app", users, who.User, true)
	org.Told(t, since, "application.user_membership.add", administrator, "AppInstance:"+who.App, "User:"+who.User)
	resp, err = c.Application.DeleteApplicationUser(ctx, who.App, who.User, nil)
	done(t, "unassign", 204, resp, err)
	company.Has(t, "users of the app", company.Of(who.App, org.Read(t, source.AppUsers)), who.User, false)
	org.Told(t, since, "application.user_membership.remove", administrator, "AppInstance:"+who.App, "User:"+who.User)

	_, resp, err = c.Application.CreateApplicationGroupAssignment(ctx, who.App, who.Group, okta.ApplicationGroupAssignment{})
	done(t, "assign the group", 200, resp, err)
	company.Has(t, "groups of the app", company.Of(who.App, org.Read(t, source.AppGroups)), who.Group, true)
	org.Told(t, since, "group.application_assignment.add", administrator, "AppInstance:"+who.App, "UserGroup:"+who.Group)
	resp, err = c.Group.AddUserToGroup(ctx, who.Group, who.User)
	done(t, "add", 204, resp, err)
	resp, err = c.Application.DeleteApplicationUser(ctx, who.App, who.User, nil)
	if e := refusal(t, err); resp.StatusCode != 403 || e.ErrorCode != "E0000046" || len(e.ErrorCauses) != 1 {
		t.Errorf("what a group grants is unassigned: %d %+v", resp.StatusCode, e)
	}
	resp, err = c.Application.DeleteApplicationGroupAssignment(ctx, who.App, who.Group)
	done(t, "unassign the group", 204, resp, err)
	company.Has(t, "users of the app", company.Of(who.App, org.Read(t, source.AppUsers)), who.User, false)
}

func TestUsersAreWritten(t *testing.T) {
	org, c := open(t, fake.Options{Writable: true})
	ctx, since := t.Context(), company.Since()
	made, resp, err := c.User.CreateUser(ctx, okta.CreateUserRequest{Profile: &okta.UserProfile{"login": "new@acme.example",
		"email": "new@acme.example", "firstName": "New", "lastName": "Person"}}, query.NewQueryParams(query.WithActivate(false)))
	done(t, "create", 200, resp, err)
	id := made.Id
	status := func(want string) {
		t.Helper()
		u, resp, err := c.User.GetUser(ctx, id)
		done(t, "get", 200, resp, err)
		if own := company.Value(t, org.Source, source.Users, id, "status"); u.Status != want || own != want {
			t.Errorf("the SDK reads %s, our own client %s, want %s", u.Status, own, want)
		}
	}
	status("STAGED")
	token, resp, err := c.User.ActivateUser(ctx, id, query.NewQueryParams(query.WithSendEmail(false)))
	done(t, "activate", 200, resp, err)
	if token.ActivationToken == "" {
		t.Error("the SDK reads no activation token")
	}
	status("PROVISIONED")
	resp, err = c.User.SuspendUser(ctx, id)
	if e := refusal(t, err); resp.StatusCode != 400 || e.ErrorCode != "E0000001" {
		t.Errorf("a user who is not active is suspended: %d %+v", resp.StatusCode, e)
	}
	resp, err = c.User.DeactivateUser(ctx, id, nil)
	done(t, "deactivate", 200, resp, err)
	status("DEPROVISIONED")
	resp, err = c.User.DeactivateOrDeleteUser(ctx, id, nil)
	done(t, "delete", 204, resp, err)
	if own := company.Value(t, org.Source, source.Users, id, "status"); own != "gone" {
		t.Errorf("our own client still reads the user as %s", own)
	}
	for _, event := range []string{"user.lifecycle.create", "user.lifecycle.activate", "user.lifecycle.deactivate", "user.lifecycle.delete.initiated"} {
		org.Told(t, since, event, administrator, "User:"+id)
	}
	who := org.Case(t).User
	resp, err = c.User.SuspendUser(ctx, who)
	done(t, "suspend", 200, resp, err)
	id = who
	status("SUSPENDED")
	resp, err = c.User.UnsuspendUser(ctx, who)
	done(t, "unsuspend", 200, resp, err)
	status("ACTIVE")
}

func TestAWriteNeedsItsScope(t *testing.T) {
	org, _ := open(t, fake.Options{Writable: true})
	who, since := org.Case(t), company.Since()
	for scope, want := range map[string]int{"okta.groups.read": 403, "okta.groups.manage": 204} {
		resp, err := client(t, org, byKey(org, scope)...).Group.AddUserToGroup(t.Context(), who.Group, who.User)
		if resp == nil || resp.StatusCode != want || (err == nil) != (want == 204) {
			t.Errorf("%s: %v, %v", scope, resp, err)
		}
	}
	org.Told(t, since, "group.user_membership.add", company.ClientID, "User:"+who.User, "UserGroup:"+who.Group)
}
