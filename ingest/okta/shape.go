package okta

import "winnow/internal/lake"

// The shapes list what the models of mining/models/landing/okta_*.sql read,
// with the same nesting: a line that passes is a line that they can read.

// logTime is where an event of the log tells its own time.
const logTime = "published"

var (
	logChecker = logShape.Checker(logTime)

	logShape = lake.Shape{
		must("uuid"), must("published"), must("eventType"), text("legacyEventType"),
		actorField, outcomeField, targetField,
	}

	// flatShape holds both forms of the log that data lakes keep, so that no
	// key is required here; the model refuses rows without an id or a type.
	flatShape = lake.Shape{
		text("uuid_g"), text("published_t"), text("eventType_s"), text("legacyEventType_s"), text("actor_id_s"),
		text("actor_type_s"), text("actor_alternateId_s"), text("outcome_result_s"), text("target_s"),
		text("uuid"), text("published"), text("eventtype"), text("legacyeventtype"),
		actorField, outcomeField, targetField,
	}

	actorField   = object("actor", text("id"), text("type"), text("alternateId"))
	outcomeField = object("outcome", text("result"))
	targetField  = lake.Field{Key: "target", Type: lake.Objects, Fields: texts("id", "type")}
)

var (
	userShape = lake.Shape{
		must("id"), text("status"), text("created"), text("statusChanged"), text("lastLogin"), text("lastUpdated"),
		object("profile", texts("login", "email", "displayName", "firstName", "lastName", "employeeNumber", "department",
			"title", "city", "location", "managerId", "manager", "userType", "organization", "division", "costCenter",
			"state", "countryCode")...),
	}
	groupShape = lake.Shape{
		must("id"), text("type"), text("lastUpdated"), object("profile", texts("name", "description")...),
	}
	ruleShape = lake.Shape{
		must("id"), text("name"), text("status"), text("lastUpdated"),
		object("conditions", object("expression", text("value")), object("people", object("users", list("exclude")))),
		object("actions", object("assignUserToGroups", list("groupIds"))),
	}
	appShape = lake.Shape{
		must("id"), text("name"), text("label"), text("status"), text("signOnMode"), text("lastUpdated"),
		object("credentials", object("oauthClient", text("client_id"))),
	}
	memberShape  = []lake.Field{must("id")}
	appUserShape = append(texts("scope", "status", "created", "lastUpdated"), must("id"))
	roleShape    = append(texts("role", "resource-set", "label", "status", "assignmentType", "created"), must("id"), must("type"))
)

// Identity Governance.
var (
	valueShape       = append(texts("name", "externalValue", "description"), must("id"))
	entitlementShape = lake.Shape{
		must("id"), text("name"), text("externalValue"), text("description"), object("parent", must("externalId"), text("type")),
	}
	principalShape = lake.Shape{
		must("id"), text("name"), text("externalValue"), object("parent", must("externalId"), text("type")),
		object("targetPrincipal", must("externalId"), text("type")), {Key: "values", Type: lake.Objects, Fields: valueShape},
	}
	historyShape = []lake.Field{
		text("startDate"), text("endDate"), text("lifecycle"),
		{Key: "entitlements", Type: lake.Objects, Fields: []lake.Field{must("id"), {Key: "values", Type: lake.Objects, Fields: []lake.Field{must("id")}}}},
	}
	campaignShape = append(lake.Shape{must("id")}, texts("name", "status", "campaignType", "created", "lastUpdated")...)
	reviewShape   = append(lake.Shape{must("id"), must("decision"), object("principalProfile", text("id")), object("reviewerProfile", text("id")),
		object("entitlementValue", text("id"))}, texts("campaignId", "resourceId", "decided", "remediationStatus")...)
)

// child is the shape of an item of a sub-resource as it lands.
func child(item []lake.Field) lake.Shape {
	return lake.Shape{must("parent_id"), {Key: "item", Type: lake.Object, Required: true, Fields: item}}
}

func must(key string) lake.Field { return lake.Field{Key: key, Type: lake.Text, Required: true} }
func text(key string) lake.Field { return lake.Field{Key: key, Type: lake.Text} }
func list(key string) lake.Field { return lake.Field{Key: key, Type: lake.Texts} }

func texts(keys ...string) []lake.Field {
	var out []lake.Field
	for _, k := range keys {
		out = append(out, text(k))
	}
	return out
}

func object(key string, fields ...lake.Field) lake.Field {
	return lake.Field{Key: key, Type: lake.Object, Fields: fields}
}
