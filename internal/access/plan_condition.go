package access

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// A Want says whether a condition's object must be there.
type Want string

// What a condition can want.
const (
	Present Want = "present" // an object that fits is there
	Absent  Want = "absent"  // none that fits is there, or the platform answers 404
)

// WholeAnswer is the List of a condition whose answer is itself the list, as
// Okta's management API answers.
const WholeAnswer = "."

// A Condition is a GET and what its answer must show.
//
// With a List, an object of that list, on any of its pages, must fit (or none,
// where it wants Absent). Without one, the answer is the object. An object fits
// when each of Where does; with no Where, any object fits. An answer of 404 is
// an absent object, any other refusal is neither.
type Condition struct {
	Text  string  `json:"text"`           // what must be so, one sentence for people
	Path  string  `json:"path"`           // of the GET, with its query; begins with a slash
	List  string  `json:"list,omitempty"` // key of the list in the answer, for instance "value"; WholeAnswer; empty for one object
	Where []Field `json:"where,omitempty"`
	Want  Want    `json:"want"`
}

// A Field is a place in a JSON object and what stands there. Texts are compared
// as they are, numbers, true, false and null as JSON writes them. A list fits
// when one of its elements does; an object's field is reached by its key behind a
// dot. What is not there fits nothing.
type Field struct {
	Key   string `json:"key"` // for instance "id" or "profile.login"
	Value string `json:"value"`
}

// check refuses a condition that could not be looked at.
func (c Condition) check() error {
	switch {
	case strings.TrimSpace(c.Text) == "":
		return errors.New("it says nothing to people")
	case c.Want != Present && c.Want != Absent:
		return fmt.Errorf("it wants %s", quoteShort(string(c.Want)))
	case c.Want == Absent && c.List != "" && len(c.Where) == 0:
		return errors.New("it wants a whole list to be empty")
	case slices.ContainsFunc(c.Where, func(f Field) bool { return f.Key == "" }):
		return errors.New("it compares a field without a name")
	}
	_, err := segments(c.Path)
	return err
}

// segments returns the parts of a path below a tenant, unescaped and without
// the query. It refuses what is no such path, and what a server could read in
// another way than we do: empty parts, dots, and slashes that are escaped.
func segments(path string) ([]string, error) {
	bare, _, _ := strings.Cut(path, "?")
	if !strings.HasPrefix(bare, "/") || strings.ContainsAny(path, "#\\ ") || strings.ContainsFunc(path, isUnprintable) {
		return nil, fmt.Errorf("%s is no path below a tenant", quoteShort(path))
	}
	parts := strings.Split(bare[1:], "/")
	for i, p := range parts {
		plain, err := url.PathUnescape(p)
		if err != nil || plain == "" || plain == "." || plain == ".." || strings.ContainsAny(plain, "/\\") {
			return nil, fmt.Errorf("%s is no path below a tenant", quoteShort(path))
		}
		parts[i] = plain
	}
	return parts, nil
}
