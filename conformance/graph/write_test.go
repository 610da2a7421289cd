package graph

import (
	"testing"

	"github.com/google/uuid"
	"github.com/microsoftgraph/msgraph-sdk-go/identitygovernance"
	"github.com/microsoftgraph/msgraph-sdk-go/models"

	"winnow/conformance/company"
	source "winnow/ingest/entra"
	fake "winnow/internal/fake/entra"
)

// everything is every permission that the writes need.
var everything = []string{"GroupMember.ReadWrite.All", "AppRoleAssignment.ReadWrite.All", "User.ReadWrite.All", "AccessReview.ReadWrite.All"}

// done fails the test where the SDK sees a refusal.
func done(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, explain(err))
	}
}

// refer is a reference to an object of the directory.
func refer(tenant *company.Tenant, id string) models.ReferenceCreateable {
	ref := models.NewReferenceCreate()
	ref.SetOdataId(pointer(tenant.URL + "/v1.0/directoryObjects/" + id))
	return ref
}

// members are those that the SDK reads, which must be those that our own client
// reads.
func members(t *testing.T, tenant *company.Tenant, c *client, group string) []string {
	t.Helper()
	list, err := c.groups().ByGroupId(group).Members().Get(t.Context(), nil)
	ids := all[models.DirectoryObjectable](t, c, list, err, models.CreateDirectoryObjectCollectionResponseFromDiscriminatorValue)
	company.Agree(t, "members", ids, company.Of(group, tenant.Read(t, source.GroupMembers)))
	return ids
}

func TestMembersAreWritten(t *testing.T) {
	tenant, c := open(t, fake.Options{Writable: true, Roles: everything})
	who, _ := tenant.Case(t)
	since, list := company.Since(), c.groups().ByGroupId(who.Group).Members()
	done(t, "add", list.Ref().Post(t.Context(), refer(tenant, who.User), nil))
	company.Has(t, "members", members(t, tenant, c, who.Group), who.User, true)
	tenant.Told(t, since, "Add member to group", "User:"+who.User, "Group:"+who.Group)
	if status, code := refusal(t, list.Ref().Post(t.Context(), refer(tenant, who.User), nil)); status != 400 || code != "Request_BadRequest" {
		t.Errorf("a member is added twice: %d %s", status, code)
	}
	one := list.ByDirectoryObjectId(who.User).Ref()
	done(t, "remove", one.Delete(t.Context(), nil))
	company.Has(t, "members", members(t, tenant, c, who.Group), who.User, false)
	tenant.Told(t, since, "Remove member from group", "User:"+who.User, "Group:"+who.Group)
	if status, code := refusal(t, one.Delete(t.Context(), nil)); status != 404 || code != "Request_ResourceNotFound" {
		t.Errorf("a member is removed twice: %d %s", status, code)
	}
	if own := company.Value(t, tenant.Source, source.Users, who.User, "id"); own != who.User {
		t.Error("the user went with the membership")
	}
}

func TestAppRolesAreWritten(t *testing.T) {
	tenant, c := open(t, fake.Options{Writable: true, Roles: everything})
	who, role := tenant.Case(t)
	since, list := company.Since(), c.principals().ByServicePrincipalId(who.App).AppRoleAssignedTo()
	ask := models.NewAppRoleAssignment()
	for id, set := range map[string]func(*uuid.UUID){who.User: ask.SetPrincipalId, who.App: ask.SetResourceId, role: ask.SetAppRoleId} {
		set(pointer(uuid.MustParse(id)))
	}
	given, err := list.Post(t.Context(), ask, nil)
	done(t, "assign", err)
	if given.GetId() == nil || given.GetPrincipalType() == nil || *given.GetPrincipalType() != "User" || given.GetCreatedDateTime() == nil {
		t.Errorf("the SDK reads %+v", given)
	}
	found, err := list.Get(t.Context(), nil)
	ids := all[models.AppRoleAssignmentable](t, c, found, err, models.CreateAppRoleAssignmentCollectionResponseFromDiscriminatorValue)
	company.Agree(t, "assignments", ids, company.Of(who.App, tenant.Read(t, source.AppRoleAssignments)))
	company.Has(t, "assignments", ids, *given.GetId(), true)
	tenant.Told(t, since, "Add app role assignment grant to user", "ServicePrincipal:"+who.App, "User:"+who.User)
	_, err = c.users().ByUserId(who.User).AppRoleAssignments().Post(t.Context(), ask, nil)
	if status, code := refusal(t, err); status != 400 || code != "Request_BadRequest" {
		t.Errorf("a role is given twice: %d %s", status, code)
	}
	done(t, "unassign", list.ByAppRoleAssignmentId(*given.GetId()).Delete(t.Context(), nil))
	company.Has(t, "assignments", company.Of(who.App, tenant.Read(t, source.AppRoleAssignments)), *given.GetId(), false)
	tenant.Told(t, since, "Remove app role assignment from user", "ServicePrincipal:"+who.App, "User:"+who.User)
	if status, _ := refusal(t, list.ByAppRoleAssignmentId(*given.GetId()).Delete(t.Context(), nil)); status != 404 {
		t.Errorf("a role is taken twice: %d", status)
	}
}

func TestAccountsAreWritten(t *testing.T) {
	tenant, c := open(t, fake.Options{Writable: true, Roles: everything})
	who, _ := tenant.Case(t)
	since, one := company.Since(), c.users().ByUserId(who.User)
	for _, enabled := range []bool{false, true} {
		change := models.NewUser()
		change.SetAccountEnabled(pointer(enabled))
		_, err := one.Patch(t.Context(), change, nil)
		done(t, "patch", err)
		u, err := one.Get(t.Context(), nil)
		done(t, "get", err)
		own := company.Value(t, tenant.Source, source.Users, who.User, "accountEnabled")
		if u.GetAccountEnabled() == nil || *u.GetAccountEnabled() != enabled || own != map[bool]string{false: "false", true: "true"}[enabled] {
			t.Errorf("the SDK reads %v, our own client %s, want %t", u.GetAccountEnabled(), own, enabled)
		}
	}
	tenant.Told(t, since, "Disable account", "User:"+who.User)
	tenant.Told(t, since, "Enable account", "User:"+who.User)
}

func TestAnAccessReviewIsWritten(t *testing.T) {
	tenant, c := open(t, fake.Options{Writable: true, Roles: everything})
	who, _ := tenant.Case(t)
	done(t, "add", c.groups().ByGroupId(who.Group).Members().Ref().Post(t.Context(), refer(tenant, who.User), nil))
	reviews := identitygovernance.NewAccessReviewsDefinitionsRequestBuilderInternal(c.at, c.adapter)
	scope, settings, ask := models.NewAccessReviewQueryScope(), models.NewAccessReviewScheduleSettings(), models.NewAccessReviewScheduleDefinition()
	scope.SetQuery(pointer("/groups/" + who.Group + "/transitiveMembers/microsoft.graph.user"))
	scope.SetQueryType(pointer("MicrosoftGraph"))
	settings.SetInstanceDurationInDays(pointer(int32(7)))
	settings.SetDefaultDecision(pointer("None"))
	ask.SetDisplayName(pointer("Spring"))
	ask.SetScope(scope)
	ask.SetSettings(settings)
	made, err := reviews.Post(t.Context(), ask, nil)
	done(t, "create", err)
	one := reviews.ByAccessReviewScheduleDefinitionId(*made.GetId())
	instances, err := one.Instances().Get(t.Context(), nil)
	instance := all[models.AccessReviewInstanceable](t, c, instances, err, models.CreateAccessReviewInstanceCollectionResponseFromDiscriminatorValue)[0]
	open := one.Instances().ByAccessReviewInstanceId(instance).Decisions()
	list, err := open.Get(t.Context(), nil)
	ids := all[models.AccessReviewInstanceDecisionItemable](t, c, list, err, models.CreateAccessReviewInstanceDecisionItemCollectionResponseFromDiscriminatorValue)
	company.Agree(t, "decisions", ids, company.Of(*made.GetId()+"/"+instance, tenant.Read(t, source.AccessReviewDecisions)))
	if err := tenant.Fake.Decide(*made.GetId(), who.User, "Deny"); err != nil {
		t.Fatal(err)
	}
	done(t, "stop", one.Stop().Post(t.Context(), nil))
	again, err := one.Get(t.Context(), nil)
	done(t, "get", err)
	if own := company.Value(t, tenant.Source, source.AccessReviews, *made.GetId(), "status"); *again.GetStatus() != "Completed" || own != "Completed" {
		t.Errorf("the SDK reads %s, our own client %s", *again.GetStatus(), own)
	}
	denied := 0
	list, err = open.Get(t.Context(), nil)
	each(t, c, list, err, models.CreateAccessReviewInstanceDecisionItemCollectionResponseFromDiscriminatorValue, func(d models.AccessReviewInstanceDecisionItemable) {
		own := company.Value(t, tenant.Source, source.AccessReviewDecisions, *d.GetId(), "decision")
		if d.GetDecision() == nil || *d.GetDecision() != own || d.GetPrincipal() == nil || d.GetResource() == nil {
			t.Errorf("the SDK reads %+v, our own client %s", d, own)
		}
		if own == "Deny" && *d.GetPrincipal().GetId() == who.User {
			denied++
		}
	})
	if denied != 1 {
		t.Errorf("%d decisions deny", denied)
	}
	company.Has(t, "members", members(t, tenant, c, who.Group), who.User, true) // nothing was to be applied
}

func TestAWriteNeedsItsPermission(t *testing.T) {
	tenant, c := open(t, fake.Options{Writable: true, Roles: []string{"GroupMember.Read.All"}})
	who, _ := tenant.Case(t)
	err := c.groups().ByGroupId(who.Group).Members().Ref().Post(t.Context(), refer(tenant, who.User), nil)
	if status, code := refusal(t, err); status != 403 || code != "Authorization_RequestDenied" {
		t.Errorf("a permission that only reads: %d %s", status, code)
	}
	company.Has(t, "members", members(t, tenant, c, who.Group), who.User, false)
}
