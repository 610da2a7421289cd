package rest

import (
	"net/http"
	"strings"
)

// NextLink returns the target of the Link header with rel="next", and the empty
// string at the end of a list.
func NextLink(h http.Header) string { return Link(h, "next") }

// Link returns the target of the Link header with the relation rel, and the
// empty string where there is none. Platforms send several Link headers or one
// joined by commas.
func Link(h http.Header, rel string) string {
	for _, line := range h.Values("Link") {
		for line != "" {
			var target, params string
			target, params, line = cutLink(line)
			if hasRel(params, rel) {
				return target
			}
		}
	}
	return ""
}

// cutLink splits the first <target>; params off a Link header. A comma may
// stand inside the angle brackets or inside quotes, where it separates nothing.
func cutLink(s string) (target, params, rest string) {
	_, s, found := strings.Cut(s, "<")
	if !found {
		return "", "", ""
	}
	target, s, found = strings.Cut(s, ">")
	if !found {
		return "", "", ""
	}
	quoted := false
	for i := range len(s) {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == ',' && !quoted:
			return target, s[:i], s[i+1:]
		}
	}
	return target, s, ""
}

// hasRel reports whether a link's parameters name the relation.
func hasRel(params, rel string) bool {
	for _, p := range strings.Split(params, ";") {
		name, value, _ := strings.Cut(p, "=")
		if !strings.EqualFold(strings.TrimSpace(name), "rel") {
			continue
		}
		for _, v := range strings.Fields(strings.Trim(strings.TrimSpace(value), `"`)) {
			if strings.EqualFold(v, rel) {
				return true
			}
		}
	}
	return false
}
