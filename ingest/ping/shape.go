package ping

import "winnow/internal/lake"

// The shapes list what the models of mining/models/landing/ping_*.sql read,
// with the same nesting: a line that passes is a line that they can read.
var (
	activityShape = lake.Shape{
		must("id"), must("recordedAt"),
		{Key: "action", Type: lake.Object, Required: true, Fields: []lake.Field{must("type")}},
		object("actors", object("user", text("id")), object("client", text("id"))),
		{Key: "resources", Type: lake.Objects, Fields: texts("id", "type", "href")},
		object("result", text("status")),
	}
	userShape = append(texts("username", "email", "title", "type", "enabled", "externalId", "createdAt", "updatedAt"), must("id"),
		object("name", texts("formatted", "given", "family")...), object("lastSignOn", text("at")),
		object("lifecycle", text("status")), object("address", text("locality")), object("population", text("id")))

	groupShape = append(texts("name", "description", "userFilter", "sourceId"), must("id"), object("population", text("id")))

	membershipShape = lake.Shape{must("parent_id"),
		{Key: "item", Type: lake.Object, Required: true, Fields: append(texts("type"), must("id"))}}

	applicationShape = append(texts("name", "description", "protocol", "type"), must("id"),
		object("accessControl", object("group", text("type"),
			lake.Field{Key: "groups", Type: lake.Objects, Fields: texts("id")})))
)

func must(key string) lake.Field { return lake.Field{Key: key, Type: lake.Text, Required: true} }
func text(key string) lake.Field { return lake.Field{Key: key, Type: lake.Text} }

func texts(keys ...string) lake.Shape {
	var out lake.Shape
	for _, k := range keys {
		out = append(out, text(k))
	}
	return out
}

func object(key string, fields ...lake.Field) lake.Field {
	return lake.Field{Key: key, Type: lake.Object, Fields: fields}
}
