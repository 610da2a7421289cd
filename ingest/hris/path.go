package hris

import (
	"regexp"
	"strings"
)

// indexed is the way in which people write a field inside a repeated group:
// Worker_s_Manager_group[0].Manager_ID.
var indexed = regexp.MustCompile(`^[^$/\[\]][^\[\]]*(\[[0-9]+\](\.[^\[\].]+)*)+$`)

var (
	escape   = strings.NewReplacer("~", "~0", "/", "~1")
	unescape = strings.NewReplacer("~1", "/", "~0", "~")
	steps    = strings.NewReplacer("].", "/", "[", "/", "]", "", ".", "/")
)

// pathOf turns a column's name into a JSON pointer (RFC 6901). What begins with
// $. or / is a path already, for reports whose fields nest; so is a name with
// an index in brackets.
func pathOf(column string) string {
	switch {
	case indexed.MatchString(column):
		return "/" + steps.Replace(strings.ReplaceAll(strings.ReplaceAll(column, "~", "~0"), "/", "~1"))
	case isPath(column):
		return column
	}
	return "/" + escape.Replace(column)
}

// isPath reports whether a mapping names a path rather than a column.
func isPath(column string) bool {
	return strings.HasPrefix(column, "$.") || strings.HasPrefix(column, "$[") || strings.HasPrefix(column, "/") ||
		indexed.MatchString(column)
}

// root returns the member of a row at which a path begins.
func root(path string) string {
	if pointer, ok := strings.CutPrefix(path, "/"); ok {
		first, _, _ := strings.Cut(pointer, "/")
		return unescape.Replace(first)
	}
	name := strings.TrimPrefix(strings.TrimPrefix(path, "$"), ".")
	if quoted, ok := strings.CutPrefix(strings.TrimPrefix(name, "["), `"`); ok {
		first, _, _ := strings.Cut(quoted, `"`)
		return first
	}
	if end := strings.IndexAny(name, ".["); end >= 0 {
		name = name[:end]
	}
	return name
}
