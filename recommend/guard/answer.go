package guard

import (
	"bytes"
	"encoding/json"
	"io"
	"unicode/utf8"

	"winnow/recommend"
)

// The most that an answer may hold.
const (
	maxAnswer    = 16 << 10 // bytes
	maxSentences = 20
)

// An answer is the JSON that a model is asked for.
type answer struct {
	Sentences []struct {
		Claim *string `json:"claim"`
		Text  *string `json:"text"`
	} `json:"sentences"`
}

// decode reads an answer: one object with nothing missing, nothing added and
// nothing after it.
func decode(data []byte) ([]recommend.Sentence, *Fault) {
	if len(data) > maxAnswer {
		return nil, &Fault{Code: Overlong}
	}
	if !utf8.Valid(data) || repeats(data) {
		return nil, &Fault{Code: BrokenJSON}
	}
	var a answer
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&a); err != nil || len(a.Sentences) == 0 {
		return nil, &Fault{Code: BrokenJSON}
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, &Fault{Code: BrokenJSON}
	}
	if len(a.Sentences) > maxSentences {
		return nil, &Fault{Code: Overlong}
	}
	out := make([]recommend.Sentence, 0, len(a.Sentences))
	for _, s := range a.Sentences {
		if s.Claim == nil || s.Text == nil {
			return nil, &Fault{Code: BrokenJSON}
		}
		out = append(out, recommend.Sentence{Claim: *s.Claim, Text: *s.Text})
	}
	return out, nil
}

// repeats reports whether an object names a key twice, of which a reader would
// keep whichever came last.
func repeats(data []byte) bool {
	d := json.NewDecoder(bytes.NewReader(data))
	var keys []map[string]bool // by depth; nil for a list
	key := false               // a key of the innermost object is due
	for {
		t, err := d.Token()
		if err != nil {
			return false // what is broken, decode finds
		}
		switch x := t.(type) {
		case json.Delim:
			switch x {
			case '{':
				keys, key = append(keys, map[string]bool{}), true
			case '[':
				keys, key = append(keys, nil), false
			default:
				keys = keys[:len(keys)-1]
				key = len(keys) > 0 && keys[len(keys)-1] != nil
			}
			continue
		case string:
			if key {
				if keys[len(keys)-1][x] {
					return true
				}
				keys[len(keys)-1][x] = true
				key = false
				continue
			}
		}
		key = len(keys) > 0 && keys[len(keys)-1] != nil
	}
}
