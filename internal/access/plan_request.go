package access

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
)

// answerSlot is a place in a path that the operation's answer fills, for
// instance {answer.id}.
var answerSlot = regexp.MustCompile(`\{answer\.([A-Za-z]+)\}`)

// Fill puts the values of the operation's answer, a JSON object, into the slots
// of the path, escaped as one path segment each. It returns an error when the
// answer does not have them as texts that are not empty.
func (r Request) Fill(answer []byte) (Request, error) {
	if !answerSlot.MatchString(r.Path) {
		return r, nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(answer, &fields); err != nil {
		return Request{}, fmt.Errorf("fill %s from the answer: %w", r.Path, err)
	}
	var missing string
	r.Path = answerSlot.ReplaceAllStringFunc(r.Path, func(slot string) string {
		key := answerSlot.FindStringSubmatch(slot)[1]
		var value string
		if json.Unmarshal(fields[key], &value) != nil || value == "" || value == "." || value == ".." {
			missing = key
		}
		return url.PathEscape(value)
	})
	if missing != "" {
		return Request{}, fmt.Errorf("fill the path from the answer: it has no text in %s", missing)
	}
	return r, nil
}
