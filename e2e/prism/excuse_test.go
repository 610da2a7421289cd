//go:build prism

package prism

import (
	"regexp"
	"strings"
)

// An excuse is a fault of a specification: what it does not allow although the
// platform does it, by the platform's own recordings or documents. Each names
// the place and the words of the violation as narrowly as it can.
type excuse struct {
	asked    string // a regular expression for method and path
	location string // one for where it is, joined by periods
	message  string // a part of the words
	why      string
	null     bool // it covers what is null and nothing else
}

// null excuses a null that the specification does not allow.
func null(asked, location, why string) excuse {
	return excuse{asked: asked, location: location, message: "must be", why: why, null: true}
}

func (e excuse) covers(v violation) bool {
	return (v.null || !e.null) && regexp.MustCompile(e.asked).MatchString(v.asked) &&
		regexp.MustCompile(e.location).MatchString(v.place()) && strings.Contains(v.Message, e.message)
}
