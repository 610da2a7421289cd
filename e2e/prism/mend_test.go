//go:build prism

package prism

import (
	"slices"
	"strings"
)

// mendOkta corrects what Okta's specification of management says of roles: they
// are to be of exactly one of two kinds, which both demand nothing but a type
// out of one enumeration, so that every role, those of its own examples among
// them, is of both. They may be of any.
func mendOkta(doc map[string]any) {
	walk(doc["paths"], func(o map[string]any) {
		kinds, _ := o["oneOf"].([]any)
		if len(kinds) == 2 && refers(kinds[0], "StandardRole") && refers(kinds[1], "CustomRole") {
			o["anyOf"] = kinds
			delete(o, "oneOf")
			delete(o, "discriminator")
		}
	})
}

// refers reports whether a schema is a reference to another.
func refers(schema any, name string) bool {
	o, _ := schema.(map[string]any)
	return o["$ref"] == "#/components/schemas/"+name
}

// expanded are the navigation properties that winnow's client asks for.
var expanded = []string{"manager", "owners"}

// mendGraph corrects what Graph's specifications have wrong all over, because a
// converter wrote them:
//
//   - An open type stands as one whose other properties must be objects, so that
//     @odata.context, which every answer carries, were forbidden: they may be
//     anything.
//   - Navigation properties, which the platform serves only when they are
//     expanded, stand among the others. They lead in circles through the whole
//     directory, in which prism does not come to an end: those that nobody
//     expands are dropped.
func mendGraph(doc map[string]any) {
	schemas := doc["components"].(map[string]any)["schemas"].(map[string]any)
	for name, s := range schemas {
		navigates := entity(schemas, name) // what is none, such as a page of a list, holds entities itself
		walk(s, func(o map[string]any) {
			if rest, ok := o["additionalProperties"].(map[string]any); ok && len(rest) == 1 && rest["type"] == "object" {
				delete(o, "additionalProperties")
			}
			properties, _ := o["properties"].(map[string]any)
			for name, p := range properties {
				if navigates && !slices.Contains(expanded, name) && leads(schemas, p) {
					delete(properties, name)
				}
			}
		})
	}
}

// leads reports whether a property refers to an entity, or to a list of such.
func leads(schemas map[string]any, property any) bool {
	p, _ := property.(map[string]any)
	if items, ok := p["items"].(map[string]any); ok {
		p = items
	}
	ref, _ := p["$ref"].(string)
	name, found := strings.CutPrefix(ref, "#/components/schemas/")
	return found && entity(schemas, name)
}

// entity reports whether a schema derives from that of all entities.
func entity(schemas map[string]any, name string) bool {
	if name == "microsoft.graph.entity" {
		return true
	}
	s, _ := schemas[name].(map[string]any)
	bases, _ := s["allOf"].([]any)
	return slices.ContainsFunc(bases, func(b any) bool {
		o, _ := b.(map[string]any)
		ref, _ := o["$ref"].(string)
		base, found := strings.CutPrefix(ref, "#/components/schemas/")
		return found && base != name && entity(schemas, base)
	})
}

// walk calls see for every object in a JSON value.
func walk(v any, see func(map[string]any)) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			walk(e, see)
		}
	case map[string]any:
		see(v)
		for _, e := range v {
			walk(e, see)
		}
	}
}
