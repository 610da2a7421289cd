package auth0

import "winnow/internal/lake"

// The shapes list what the models of mining/models/landing/auth0_*.sql read,
// with the same nesting: a line that passes is a line that they can read.
var (
	eventFields = append(texts("log_id", "date", "type", "user_id", "client_id"), lake.Field{Key: "details"})

	// logShape holds both forms of the log, so that no key is required here; the
	// model refuses rows without an id or a type.
	logShape = append(append(texts("_id"), eventFields...), lake.Field{Key: "data", Type: lake.Object, Fields: eventFields})

	userShape = append(texts("email", "username", "name", "nickname", "given_name", "family_name", "created_at", "updated_at",
		"last_login", "blocked"), must("user_id"))
	roleShape     = append(texts("name", "description"), must("id"))
	roleUserShape = lake.Shape{must("parent_id"),
		{Key: "item", Type: lake.Object, Required: true, Fields: []lake.Field{must("user_id")}}}
	clientShape = append(texts("name", "description", "app_type"), must("client_id"))
)

func must(key string) lake.Field { return lake.Field{Key: key, Type: lake.Text, Required: true} }

func texts(keys ...string) lake.Shape {
	var out lake.Shape
	for _, k := range keys {
		out = append(out, lake.Field{Key: k, Type: lake.Text})
	}
	return out
}
