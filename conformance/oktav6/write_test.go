package oktav6

import (
	"testing"

	"github.com/okta/okta-sdk-golang/v6/okta"

	"winnow/conformance/company"
	source "winnow/ingest/okta"
	fake "winnow/internal/fake/okta"
)

// administrator is to whom the fake says the API token belongs.
const administrator = "00uadministrator0001"

// done fails the test where the SDK does not see the status that it should.
func done(t *testing.T, what string, status int, resp *okta.APIResponse, err error) {
	t.Helper()
	if err != nil || resp.StatusCode != status {
		t.Fatalf("%s: %v: %s", what, err, body(err))
	}
}

func appUserID(u okta.AppUser) string { return u.GetId() }

func TestMembersAreWritten(t *testing.T) {
	org, c := open(t, fake.Options{Writable: true})
	who, since := org.Case(t), company.Since()
	check := func(want bool) {
		t.Helper()
		list, resp, err := c.GroupAPI.ListGroupUsers(t.Context(), who.Group).Execute()
		ids := all(t, userID, list, resp, err)
		company.Agree(t, "members", ids, company.Of(who.Group, org.Read(t, source.GroupMembers)))
		company.Has(t, "members", ids, who.User, want)
	}
	for range 2 { // again is no fault
		resp, err := c.GroupAPI.AssignUserToGroup(t.Context(), who.Group, who.User).Execute()
		done(t, "add", 204, resp, err)
	}
	check(true)
	org.Told(t, since, "group.user_membership.add", administrator, "User:"+who.User, "UserGroup:"+who.Group)
	resp, err := c.GroupAPI.UnassignUserFromGroup(t.Context(), who.Group, who.User).Execute()
	done(t, "remove", 204, resp, err)
	check(false)
	org.Told(t, since, "group.user_membership.remove", administrator, "User:"+who.User, "UserGroup:"+who.Group)
	resp, err = c.GroupAPI.UnassignUserFromGroup(t.Context(), "00gnone", who.User).Execute()
	if e := refusal(t, err); resp.StatusCode != 404 || e.GetErrorCode() != "E0000007" {
		t.Errorf("a group that is not: %d %v", resp.StatusCode, err)
	}
}

func TestAssignmentsAreWritten(t *testing.T) {
	org, c := open(t, fake.Options{Writable: true})
	ctx, who, since := t.Context(), org.Case(t), company.Since()
	check := func(want bool) {
		t.Helper()
		list, resp, err := c.ApplicationUsersAPI.ListApplicationUsers(ctx, who.App).Execute()
		ids := all(t, appUserID, list, resp, err)
		company.Agree(t, "users of the app", ids, company.Of(who.App, org.Read(t, source.AppUsers)))
		company.Has(t, "users of the app", ids, who.User, want)
	}
	ask := okta.NewAppUserAssignRequest()
	ask.SetId(who.User)
	ask.SetScope("USER")
	given, resp, err := c.ApplicationUsersAPI.AssignUserToApplication(ctx, who.App).AppUser(*ask).Execute()
	done(t, "assign", 200, resp, err)
	if given.GetId() != who.User || given.GetScope() != "USER" || given.GetStatus() != "ACTIVE" {
		t.Errorf("the SDK reads %+v", given)
	}
	check(true)
	org.Told(t, since, "application.user_membership.add", administrator, "AppInstance:"+who.App, "User:"+who.User)
	resp, err = c.ApplicationUsersAPI.UnassignUserFromApplication(ctx, who.App, who.User).Execute()
	done(t, "unassign", 204, resp, err)
	check(false)
	org.Told(t, since, "application.user_membership.remove", administrator, "AppInstance:"+who.App, "User:"+who.User)

	resp, err = c.GroupAPI.AssignUserToGroup(ctx, who.Group, who.User).Execute()
	done(t, "add", 204, resp, err)
	_, resp, err = c.ApplicationGroupsAPI.AssignGroupToApplication(ctx, who.App, who.Group).Execute() // without a body
	done(t, "assign the group", 200, resp, err)
	check(true)
	org.Told(t, since, "group.application_assignment.add", administrator, "AppInstance:"+who.App, "UserGroup:"+who.Group)
	resp, err = c.ApplicationUsersAPI.UnassignUserFromApplication(ctx, who.App, who.User).Execute()
	if e := refusal(t, err); resp.StatusCode != 403 || e.GetErrorCode() != "E0000046" {
		t.Errorf("what a group grants is unassigned: %d %v", resp.StatusCode, err)
	}
	resp, err = c.ApplicationGroupsAPI.UnassignApplicationFromGroup(ctx, who.App, who.Group).Execute()
	done(t, "unassign the group", 204, resp, err)
	check(false)
	org.Told(t, since, "group.application_assignment.remove", administrator, "AppInstance:"+who.App, "UserGroup:"+who.Group)
}

func TestUsersAreWritten(t *testing.T) {
	org, c := open(t, fake.Options{Writable: true})
	ctx, since := t.Context(), company.Since()
	who := okta.NewUserProfile()
	who.SetLogin("new@acme.example")
	who.SetEmail("new@acme.example")
	who.SetFirstName("New")
	who.SetLastName("Person")
	made, resp, err := c.UserAPI.CreateUser(ctx).Body(*okta.NewCreateUserRequest(*who)).Activate(false).Execute()
	done(t, "create", 200, resp, err)
	id := made.GetId()
	status := func(want string) {
		t.Helper()
		u, resp, err := c.UserAPI.GetUser(ctx, id).Execute()
		done(t, "get", 200, resp, err)
		if own := company.Value(t, org.Source, source.Users, id, "status"); u.GetStatus() != want || own != want {
			t.Errorf("the SDK reads %s, our own client %s, want %s", u.GetStatus(), own, want)
		}
	}
	status("STAGED")
	_, resp, err = c.UserLifecycleAPI.ActivateUser(ctx, id).SendEmail(false).Execute()
	done(t, "activate", 200, resp, err)
	status("PROVISIONED")
	_, resp, err = c.UserLifecycleAPI.ActivateUser(ctx, id).Execute()
	if e := refusal(t, err); resp.StatusCode != 403 || e.GetErrorCode() != "E0000016" {
		t.Errorf("a user is activated twice: %d %v", resp.StatusCode, err)
	}
	resp, err = c.UserLifecycleAPI.DeactivateUser(ctx, id).Execute()
	done(t, "deactivate", 200, resp, err)
	status("DEPROVISIONED")
	resp, err = c.UserAPI.DeleteUser(ctx, id).Execute()
	done(t, "delete", 204, resp, err)
	if own := company.Value(t, org.Source, source.Users, id, "status"); own != "gone" {
		t.Errorf("our own client still reads the user as %s", own)
	}
	for _, event := range []string{"user.lifecycle.create", "user.lifecycle.activate", "user.lifecycle.deactivate", "user.lifecycle.delete.initiated"} {
		org.Told(t, since, event, administrator, "User:"+id)
	}
	id = org.Case(t).User
	resp, err = c.UserLifecycleAPI.SuspendUser(ctx, id).Execute()
	done(t, "suspend", 200, resp, err)
	status("SUSPENDED")
	resp, err = c.UserLifecycleAPI.UnsuspendUser(ctx, id).Execute()
	done(t, "unsuspend", 200, resp, err)
	status("ACTIVE")
	org.Told(t, since, "user.lifecycle.suspend", administrator, "User:"+id)
}

func TestAWriteNeedsItsScope(t *testing.T) {
	org, _ := open(t, fake.Options{Writable: true})
	who, since := org.Case(t), company.Since()
	resp, err := client(t, org, byKey(org, "okta.groups.read")...).GroupAPI.AssignUserToGroup(t.Context(), who.Group, who.User).Execute()
	if e := refusal(t, err); resp.StatusCode != 403 || e.GetErrorCode() != "E0000006" {
		t.Errorf("a scope that only reads: %d %v", resp.StatusCode, err)
	}
	resp, err = client(t, org, byKey(org, "okta.groups.manage")...).GroupAPI.AssignUserToGroup(t.Context(), who.Group, who.User).Execute()
	done(t, "add", 204, resp, err)
	org.Told(t, since, "group.user_membership.add", company.ClientID, "User:"+who.User, "UserGroup:"+who.Group)
}

// TestAnOrgThatIsNotWritable refuses as one that does not know the request.
func TestAnOrgThatIsNotWritable(t *testing.T) {
	_, c := open(t, fake.Options{})
	resp, err := c.GroupAPI.AssignUserToGroup(t.Context(), "00g", "00u").Execute()
	if e := refusal(t, err); resp.StatusCode != 404 || e.GetErrorCode() != "E0000022" {
		t.Errorf("%d %v", resp.StatusCode, err)
	}
}
