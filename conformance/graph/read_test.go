package graph

import (
	"testing"
	"time"

	"github.com/microsoftgraph/msgraph-sdk-go/auditlogs"
	"github.com/microsoftgraph/msgraph-sdk-go/groups"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/users"

	"winnow/conformance/company"
	source "winnow/ingest/entra"
	fake "winnow/internal/fake/entra"
)

func TestTheDirectory(t *testing.T) {
	tenant, c := open(t, fake.Options{})
	ctx := t.Context()
	ask := &users.UsersRequestBuilderGetRequestConfiguration{QueryParameters: &users.UsersRequestBuilderGetQueryParameters{
		Select: []string{"id", "userPrincipalName", "accountEnabled"}, Expand: []string{"manager($select=id)"}, Top: pointer(int32(999))}}
	people, err := c.users().Get(ctx, ask)
	var ids []string
	managers, named := 0, 0
	each(t, c, people, err, models.CreateUserCollectionResponseFromDiscriminatorValue, func(u models.Userable) {
		ids = append(ids, *u.GetId())
		if u.GetManager() != nil && u.GetManager().GetId() != nil {
			managers++
		}
		if u.GetUserPrincipalName() != nil && u.GetAccountEnabled() != nil {
			named++
		}
	})
	company.Same(t, "users", ids, tenant.IDs(t, source.Users))
	if managers == 0 || named != len(ids) {
		t.Errorf("of %d users the SDK reads %d with a manager and %d with name and state", len(ids), managers, named)
	}

	found, err := c.groups().Get(ctx, nil)
	groupIDs := all[models.Groupable](t, c, found, err, models.CreateGroupCollectionResponseFromDiscriminatorValue)
	company.Same(t, "groups", groupIDs, tenant.IDs(t, source.Groups))
	var members []string
	for _, g := range groupIDs {
		list, err := c.groups().ByGroupId(g).Members().Get(ctx, &groups.ItemMembersRequestBuilderGetRequestConfiguration{
			QueryParameters: &groups.ItemMembersRequestBuilderGetQueryParameters{Select: []string{"id"}}})
		for _, m := range all[models.DirectoryObjectable](t, c, list, err, models.CreateDirectoryObjectCollectionResponseFromDiscriminatorValue) {
			members = append(members, g+"/"+m)
		}
	}
	company.Same(t, "members", members, tenant.IDs(t, source.GroupMembers))
}

func TestServicePrincipals(t *testing.T) {
	tenant, c := open(t, fake.Options{})
	found, err := c.principals().Get(t.Context(), nil)
	ids := all[models.ServicePrincipalable](t, c, found, err, models.CreateServicePrincipalCollectionResponseFromDiscriminatorValue)
	company.Same(t, "service principals", ids, tenant.IDs(t, source.ServicePrincipals))
	var given []string
	for _, p := range ids {
		list, err := c.principals().ByServicePrincipalId(p).AppRoleAssignedTo().Get(t.Context(), nil)
		for _, a := range all[models.AppRoleAssignmentable](t, c, list, err, models.CreateAppRoleAssignmentCollectionResponseFromDiscriminatorValue) {
			given = append(given, p+"/"+a)
		}
	}
	company.Same(t, "app role assignments", given, tenant.IDs(t, source.AppRoleAssignments))
}

// stamp is how times stand in filters.
const stamp = "2006-01-02T15:04:05Z"

func TestSignIns(t *testing.T) {
	tenant, c := open(t, fake.Options{MaxPage: 50})
	filter := "createdDateTime ge " + company.Window.Since.Format(stamp) + " and createdDateTime le " + company.Window.Until.Format(stamp)
	list, err := c.logs().SignIns().Get(t.Context(), &auditlogs.SignInsRequestBuilderGetRequestConfiguration{
		QueryParameters: &auditlogs.SignInsRequestBuilderGetQueryParameters{Filter: &filter, Top: pointer(int32(1000))}})
	var ids []string
	last, bare := company.AsOf, 0
	each(t, c, list, err, models.CreateSignInCollectionResponseFromDiscriminatorValue, func(s models.SignInable) {
		ids = append(ids, *s.GetId())
		if s.GetCreatedDateTime() == nil || s.GetAppId() == nil || s.GetStatus() == nil || s.GetStatus().GetErrorCode() == nil {
			bare++
			return
		}
		if s.GetCreatedDateTime().After(last) {
			t.Errorf("%s is newer than the one before it", *s.GetId())
		}
		last = *s.GetCreatedDateTime()
	})
	company.SameSet(t, "sign-ins", company.Once(ids), tenant.IDs(t, source.SignIns))
	if bare > 0 {
		t.Errorf("the SDK finds %d of %d sign-ins without time, app or status", bare, len(ids))
	}
}

func TestDirectoryAudits(t *testing.T) {
	tenant, c := open(t, fake.Options{})
	filter := "activityDateTime ge " + company.Window.Since.Format(stamp) + " and activityDateTime le " + company.Window.Until.Format(stamp)
	list, err := c.logs().DirectoryAudits().Get(t.Context(), &auditlogs.DirectoryAuditsRequestBuilderGetRequestConfiguration{
		QueryParameters: &auditlogs.DirectoryAuditsRequestBuilderGetQueryParameters{Filter: &filter}})
	ids := []string{}
	var oldest time.Time
	each(t, c, list, err, models.CreateDirectoryAuditCollectionResponseFromDiscriminatorValue, func(a models.DirectoryAuditable) {
		ids = append(ids, *a.GetId())
		if a.GetActivityDisplayName() == nil || a.GetResult() == nil || len(a.GetTargetResources()) == 0 {
			t.Errorf("%s has no activity, result or target", *a.GetId())
		}
		oldest = *a.GetActivityDateTime()
	})
	company.SameSet(t, "directory audits", company.Once(ids), tenant.IDs(t, source.DirectoryAudits))
	if oldest.Before(company.Window.Since) {
		t.Errorf("the filter lets %s through", oldest)
	}
}

// TestThrottling refuses every third request: the SDK's own handler waits as
// the refusal says and asks again, and nothing is lost.
func TestThrottling(t *testing.T) {
	tenant, c := open(t, fake.Options{Throttle: 3, MaxPage: 10})
	people, err := c.users().Get(t.Context(), nil)
	ids := all[models.Userable](t, c, people, err, models.CreateUserCollectionResponseFromDiscriminatorValue)
	company.Same(t, "users", ids, tenant.IDs(t, source.Users))
}

func pointer[T any](v T) *T { return &v }
