package entra

import "winnow/internal/lake"

// The shapes list exactly the keys and types that the landing models read
// (mining/models/landing/entra_*.sql): what fits never makes read_json fail.

// text lists optional scalars.
func text(keys ...string) lake.Shape {
	out := make(lake.Shape, 0, len(keys))
	for _, k := range keys {
		out = append(out, lake.Field{Key: k, Type: lake.Text})
	}
	return out
}

// need is a scalar that must be there.
func need(key string) lake.Field { return lake.Field{Key: key, Type: lake.Text, Required: true} }

// object is a member with members of its own.
func object(key string, fields ...lake.Field) lake.Field {
	return lake.Field{Key: key, Type: lake.Object, Fields: fields}
}

// objects is an array of objects.
func objects(key string, fields ...lake.Field) lake.Field {
	return lake.Field{Key: key, Type: lake.Objects, Fields: fields}
}

// framed is the shape of an item of a sub-resource as it lands.
func framed(fields ...lake.Field) lake.Shape {
	item := object("item", fields...)
	item.Required = true
	return lake.Shape{need("parent_id"), item}
}

var (
	userShape = append(text("userPrincipalName", "mail", "displayName", "accountEnabled", "userType", "employeeId",
		"employeeType", "department", "jobTitle", "officeLocation", "createdDateTime", "employeeHireDate",
		"onPremisesSyncEnabled"), need("id"), object("manager", text("id")...),
		object("signInActivity", text("lastSuccessfulSignInDateTime")...))

	groupShape = append(text("displayName", "description", "membershipRule", "membershipRuleProcessingState",
		"isAssignableToRole", "onPremisesSyncEnabled", "securityEnabled", "mailEnabled", "createdDateTime"),
		need("id"), lake.Field{Key: "groupTypes", Type: lake.Texts}, objects("owners", text("id")...))

	memberShape = framed(append(text("@odata.type"), need("id"))...)

	principalShape = append(text("appId", "displayName", "description", "notes", "servicePrincipalType",
		"preferredSingleSignOnMode", "accountEnabled"), need("id"),
		objects("appRoles", append(text("id", "displayName", "value", "description"),
			lake.Field{Key: "allowedMemberTypes", Type: lake.Texts})...))

	assignmentShape = framed(append(text("resourceId", "resourceDisplayName", "appRoleId", "createdDateTime",
		"creationTimestamp"), need("id"), need("principalId"), need("principalType"))...)

	roleShape = append(text("templateId", "displayName", "description", "isEnabled"), need("id"))

	roleAssignmentShape = append(text("directoryScopeId"), need("id"), need("principalId"), need("roleDefinitionId"))

	scheduleShape = append(text("directoryScopeId", "assignmentType", "memberType", "startDateTime", "endDateTime", "roleAssignmentOriginId",
		"roleEligibilityScheduleId"), need("id"), need("principalId"), need("roleDefinitionId"))

	packageShape = append(text("state"), need("id"), object("target", text("objectId")...), object("accessPackage", text("id", "displayName")...),
		object("assignmentPolicy", text("id")...), object("schedule", object("expiration", text("endDateTime")...)))
	packageRoleShape = framed(need("id"), object("role", text("originId", "originSystem")...), object("scope", text("originId", "originSystem")...))

	reviewShape   = append(text("displayName", "status", "createdDateTime"), need("id"))
	decisionShape = framed(append(text("accessReviewId", "reviewedDateTime", "applyResult", "justification"), need("id"), need("decision"),
		object("principal", text("id")...), object("resource", text("id", "type")...), object("reviewedBy", text("id")...))...)
)

var (
	signInShape = append(text("userId", "appId", "isInteractive"), need("id"), need("createdDateTime"),
		object("status", text("errorCode")...))

	machineShape = append(text("appId", "resourceId", "resourceServicePrincipalId", "servicePrincipalId"), need("id"), need("createdDateTime"),
		object("status", text("errorCode")...))

	targets = objects("targetResources", append(text("id", "type", "Type"),
		objects("modifiedProperties", text("displayName", "oldValue", "newValue")...))...)
	initiator = object("initiatedBy", object("user", text("id")...), object("app", text("servicePrincipalId", "appId")...))

	auditShape = append(text("result"), need("id"), need("activityDateTime"), need("activityDisplayName"), targets, initiator)

	// Exports hold one of two forms, so that no key is required of both; a line
	// of neither form has no time and is refused for that.
	signInExportShape = append(text("category", "time", "resultType", "Id", "Operation", "CreationTime", "ApplicationId",
		"LogonError"), objects("Actor", text("ID", "Type")...), objects("ExtendedProperties", text("Name", "Value")...),
		object("properties", append(text("id", "createdDateTime", "userId", "appId", "isInteractive", "servicePrincipalId", "resourceId",
			"resourceServicePrincipalId"),
			object("status", text("errorCode")...))...))

	auditExportShape = append(text("category", "time", "Id", "Operation", "CreationTime", "ResultStatus", "UserId"),
		objects("Target", text("ID", "Type")...), objects("ModifiedProperties", text("Name", "OldValue", "NewValue")...),
		object("properties", append(text("id", "activityDateTime", "activityDisplayName", "result"), targets, initiator)...))
)
