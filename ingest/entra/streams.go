package entra

import (
	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/lake"
)

// The streams of an Entra source.
const (
	SignIns               access.StreamName = "sign_ins"
	SignInsNoninteractive access.StreamName = "sign_ins_noninteractive"
	SignInsExport         access.StreamName = "sign_ins_export"
	DirectoryAudits       access.StreamName = "directory_audits"
	AuditsExport          access.StreamName = "audits_export"
	Users                 access.StreamName = "users"
	Groups                access.StreamName = "groups"
	GroupMembers          access.StreamName = "group_members"
	ServicePrincipals     access.StreamName = "service_principals"
	AppRoleAssignments    access.StreamName = "app_role_assignments"
	RoleDefinitions       access.StreamName = "role_definitions"
	RoleAssignments       access.StreamName = "role_assignments"

	SignInsServicePrincipal access.StreamName = "sign_ins_service_principal"
	SignInsManagedIdentity  access.StreamName = "sign_ins_managed_identity"

	// Privileged identity management: who may activate a role, and who holds it
	// now, given or activated.
	RoleEligibilities       access.StreamName = "role_eligibilities"
	RoleAssignmentInstances access.StreamName = "role_assignment_instances"

	// Access packages: who was given one, and what each holds.
	AccessPackageAssignments access.StreamName = "access_package_assignments"
	AccessPackageRoles       access.StreamName = "access_package_roles" // parent: package

	AccessReviews         access.StreamName = "access_reviews"
	AccessReviewDecisions access.StreamName = "access_review_decisions" // parent: definition, a slash, instance
)

// An endpoint is a stream and where Graph serves it.
type endpoint struct {
	ingest.Stream
	path       string // of the list; of the containers' list for a sub-resource
	middle     string // sub-resource of a sub-resource: the element between, below each container
	child      string // sub-resource: the last element of the path, below each container
	query      query
	childQuery query
	event      string // reports: the field by which they are filtered
	only       string // reports: the type of sign-ins that is asked for, where there is one
	permission string // application permission that the list needs
}

// endpoints is every stream in the order in which a pull takes them. Those
// without a path come out of files only.
var endpoints = []endpoint{
	{Stream: inventory(Users, userShape, false), path: "/v1.0/users", permission: "User.Read.All",
		query: query{{optSelect, userFields}, {optExpand, "manager($select=id)"}, {optTop, directoryPage}}},
	{Stream: inventory(Groups, groupShape, true), path: "/v1.0/groups", permission: "GroupMember.Read.All",
		query: query{{optSelect, groupFields}, {optExpand, "owners($select=id)"}, {optTop, directoryPage}}},
	{Stream: inventory(GroupMembers, memberShape, true), path: "/v1.0/groups", child: "members",
		permission: "GroupMember.Read.All", query: ids, childQuery: ids},
	{Stream: inventory(ServicePrincipals, principalShape, true), path: "/v1.0/servicePrincipals",
		permission: "Application.Read.All", query: query{{optSelect, principalFields}, {optTop, directoryPage}}},
	{Stream: inventory(AppRoleAssignments, assignmentShape, true), path: "/v1.0/servicePrincipals",
		child: "appRoleAssignedTo", permission: "Application.Read.All", query: ids, childQuery: query{{optTop, directoryPage}}},
	{Stream: inventory(RoleDefinitions, roleShape, true), path: "/v1.0/roleManagement/directory/roleDefinitions",
		permission: "RoleManagement.Read.Directory"},
	{Stream: inventory(RoleAssignments, roleAssignmentShape, true), path: "/v1.0/roleManagement/directory/roleAssignments",
		permission: "RoleManagement.Read.Directory"},
	{Stream: inventory(RoleEligibilities, scheduleShape, true), path: "/v1.0/roleManagement/directory/roleEligibilityScheduleInstances",
		permission: "RoleEligibilitySchedule.Read.Directory"},
	{Stream: inventory(RoleAssignmentInstances, scheduleShape, true), path: "/v1.0/roleManagement/directory/roleAssignmentScheduleInstances",
		permission: "RoleAssignmentSchedule.Read.Directory"},
	{Stream: inventory(AccessPackageAssignments, packageShape, true), path: packagesPath + "assignments",
		permission: readPackages, query: query{{optExpand, "target,accessPackage,assignmentPolicy"}, {optTop, directoryPage}}},
	{Stream: inventory(AccessPackageRoles, packageRoleShape, true), path: packagesPath + "accessPackages", child: "resourceRoleScopes",
		permission: readPackages, query: ids, childQuery: query{{optExpand, "role,scope"}, {optTop, directoryPage}}},
	{Stream: inventory(AccessReviews, reviewShape, true), path: reviewsPath, permission: "AccessReview.Read.All", query: reviewPages},
	{Stream: inventory(AccessReviewDecisions, decisionShape, true), path: reviewsPath, middle: "instances", child: "decisions",
		permission: "AccessReview.Read.All", query: reviewPages, childQuery: reviewPages},
	{Stream: events(SignIns, signInShape, "createdDateTime"), path: "/v1.0/auditLogs/signIns",
		event: "createdDateTime", permission: readLogs},
	{Stream: events(SignInsNoninteractive, signInShape, "createdDateTime"), path: "/beta/auditLogs/signIns",
		event: "createdDateTime", only: "nonInteractiveUser", permission: readLogs},
	{Stream: events(SignInsServicePrincipal, machineShape, "createdDateTime"), path: "/beta/auditLogs/signIns",
		event: "createdDateTime", only: "servicePrincipal", permission: readLogs},
	{Stream: events(SignInsManagedIdentity, machineShape, "createdDateTime"), path: "/beta/auditLogs/signIns",
		event: "createdDateTime", only: "managedIdentity", permission: readLogs},
	{Stream: events(DirectoryAudits, auditShape, "activityDateTime"), path: "/v1.0/auditLogs/directoryAudits",
		event: "activityDateTime", permission: readLogs},
	{Stream: events(SignInsExport, signInExportShape, "properties.createdDateTime|CreationTime|time")},
	{Stream: events(AuditsExport, auditExportShape, "properties.activityDateTime|CreationTime|time")},
}

// OData options, and the largest pages that the directory and the reports give.
const (
	optSelect = "$select"
	optExpand = "$expand"
	optFilter = "$filter"
	optTop    = "$top"

	directoryPage = "999"
	reportPage    = "1000"
)

// What the lists are asked for: the defaults leave out most of it.
const (
	userFields = "id,userPrincipalName,mail,displayName,accountEnabled,userType,employeeId,employeeType,department," +
		"jobTitle,officeLocation,employeeHireDate,createdDateTime,onPremisesSyncEnabled"
	groupFields = "id,displayName,description,groupTypes,membershipRule,membershipRuleProcessingState,isAssignableToRole," +
		"onPremisesSyncEnabled,securityEnabled,mailEnabled,createdDateTime"
	principalFields = "id,appId,displayName,description,notes,servicePrincipalType,preferredSingleSignOnMode," +
		"accountEnabled,appRoles"
)

// The lists of access reviews, with the platform's largest page.
const reviewsPath = "/v1.0/identityGovernance/accessReviews/definitions"

var reviewPages = query{{optTop, "100"}}

// Entitlement management, and the application permission that reads it.
const (
	packagesPath = "/v1.0/identityGovernance/entitlementManagement/"
	readPackages = "EntitlementManagement.Read.All"
)

// readLogs is the application permission for all logs.
const readLogs = "AuditLog.Read.All"

// ids asks for nothing but ids, which spares the platform's budget.
var ids = query{{optSelect, "id"}, {optTop, directoryPage}}

// inventory describes a stream that is served whole.
func inventory(name access.StreamName, s lake.Shape, optional bool) ingest.Stream {
	return ingest.Stream{Name: name, Kind: ingest.Inventory, Shape: s, Optional: optional}
}

// events describes a log. Logs are optional: they need a licence, a permission
// or a file.
func events(name access.StreamName, s lake.Shape, time string) ingest.Stream {
	return ingest.Stream{Name: name, Kind: ingest.Events, Shape: s, Time: time, Optional: true}
}

// Streams lists every stream of an Entra source, those that come out of files
// only among them: the streams of a folder of saved answers.
func Streams() []ingest.Stream {
	out := make([]ingest.Stream, 0, len(endpoints))
	for _, e := range endpoints {
		out = append(out, e.Stream)
	}
	return out
}
