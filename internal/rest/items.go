package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
)

// Items splits the list in an answer into its items, verbatim: key "" means
// that the answer itself is the array, any other key names the member of the
// answer that holds it. The slices point into body. A body that is no such list,
// or breaks off, yields one error at the place where that shows.
func Items(body []byte, key string) iter.Seq2[[]byte, error] { return Walked(body, key, nil) }

// Walked is Items for whoever walks over every item in any case. walk returns
// the length of the well-formed item at the very start of its argument, so that
// the item's end need not be looked for again, or 0 where it cannot tell. It is
// called once for each item, just before that is yielded.
func Walked(body []byte, key string, walk func(b []byte) int) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		s := scanner{b: body}
		if key != "" {
			found, err := s.member(key)
			if err == nil && !found {
				err = fmt.Errorf("read the list: the answer has no member %q", key)
			}
			if err != nil {
				yield(nil, err)
				return
			}
		}
		s.elements(walk, yield)
	}
}

// StringField returns the string member key of the object in body, decoded, and
// the empty string when it is absent, null or not a string.
func StringField(body []byte, key string) (string, error) {
	s := scanner{b: body}
	found, err := s.member(key)
	if err != nil || !found {
		return "", err
	}
	raw, err := s.value()
	if err != nil || raw[0] != '"' {
		return "", err
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return "", fmt.Errorf("read %s: %w", key, err)
	}
	return text, nil
}

// member moves to the value of an object's member, and reports whether there is
// one.
func (s *scanner) member(key string) (found bool, err error) {
	if s.space(); !s.eat('{') {
		return false, errors.New("read the answer: not a json object")
	}
	for s.space(); !s.eat('}'); s.space() {
		name, err := s.value()
		if err != nil {
			return false, err
		}
		if s.space(); !s.eat(':') {
			return false, s.broken()
		}
		if s.space(); isKey(name, key) {
			return true, nil
		}
		if _, err := s.value(); err != nil {
			return false, err
		}
		if s.space(); !s.eat(',') && s.peek() != '}' {
			return false, s.broken()
		}
	}
	return false, nil
}

// isKey compares a raw JSON string with a key, decoding only when it must.
func isKey(raw []byte, key string) bool {
	if len(raw) == len(key)+2 && string(raw[1:len(raw)-1]) == key {
		return true
	}
	if !bytes.ContainsRune(raw, '\\') {
		return false
	}
	var s string
	return json.Unmarshal(raw, &s) == nil && s == key
}
