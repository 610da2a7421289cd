package access

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A ClaimCode names a kind of fact, for instance "idle_quiet". The codes, their
// fields and the types of these are listed in recommend/codes.yaml.
type ClaimCode string

// A Claim is one fact on which a verdict rests. SQL makes the claims and all
// their values; nothing downstream adds or changes one.
type Claim struct {
	ID     string           `json:"id"` // unique within its recommendation, for instance "c1"
	Code   ClaimCode        `json:"code"`
	Values map[string]Value `json:"values"`
}

// claimID is what an id must look like, so that it can stand in a slot such as
// {c3.days}.
var claimID = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// ParseClaims reads the claims column of marts.recommendation. Null and the
// empty text are no claims. It refuses ids that are missing, malformed or given
// twice, and claims without a code.
func ParseClaims(data []byte) ([]Claim, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, nil
	}
	var claims []Claim
	if err := json.Unmarshal(data, &claims); err != nil {
		return nil, fmt.Errorf("read the claims: %w", err)
	}
	seen := map[string]bool{}
	for _, c := range claims {
		switch {
		case !claimID.MatchString(c.ID):
			return nil, fmt.Errorf("read the claims: id %s is not of the form c1", quoteShort(c.ID))
		case seen[c.ID]:
			return nil, fmt.Errorf("read the claims: id %s is given twice", c.ID)
		case c.Code == "":
			return nil, fmt.Errorf("read the claims: claim %s has no code", c.ID)
		}
		seen[c.ID] = true
	}
	return claims, nil
}

// A Value is one value of a claim: a number, a text, a truth value, or a list
// of those. The zero Value is unknown (null). Numbers keep their digits as SQL
// wrote them.
type Value struct {
	kind valueKind
	text string   // digits of a number, the text itself, "true" or "false"
	list []string // elements of a list, as text
}

type valueKind int

const (
	valueUnknown valueKind = iota
	valueNumber
	valueText
	valueBool
	valueList
)

// IsUnknown reports whether nothing is known, which is not the same as zero.
func (v Value) IsUnknown() bool { return v.kind == valueUnknown }

// IsNumber reports whether v is a number.
func (v Value) IsNumber() bool { return v.kind == valueNumber }

// IsList reports whether v is a list.
func (v Value) IsList() bool { return v.kind == valueList }

// Text returns the value as text: the digits of a number, the elements of a
// list parted by commas, and nothing for an unknown value.
func (v Value) Text() string {
	if v.kind == valueList {
		return strings.Join(v.list, ", ")
	}
	return v.text
}

// List returns the elements of a list, and the value itself as only element
// where it is known and no list.
func (v Value) List() []string {
	switch v.kind {
	case valueUnknown:
		return nil
	case valueList:
		return v.list
	default:
		return []string{v.text}
	}
}

// Float returns the number, and false when v is no number.
func (v Value) Float() (float64, bool) {
	if v.kind != valueNumber {
		return 0, false
	}
	f, err := strconv.ParseFloat(v.text, 64)
	return f, err == nil
}

// UnmarshalJSON reads a scalar or a list of scalars. Objects are refused: a
// claim's value is something that a sentence can show.
func (v *Value) UnmarshalJSON(data []byte) error {
	data = bytes.TrimSpace(data)
	if len(data) > 0 && data[0] == '[' {
		var elements []Value
		if err := json.Unmarshal(data, &elements); err != nil {
			return err
		}
		list := make([]string, 0, len(elements))
		for _, e := range elements {
			if e.kind == valueList {
				return fmt.Errorf("read a claim's value: a list inside a list")
			}
			list = append(list, e.text)
		}
		*v = Value{kind: valueList, list: list}
		return nil
	}
	return v.unmarshalScalar(data)
}

func (v *Value) unmarshalScalar(data []byte) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var scalar any
	if err := d.Decode(&scalar); err != nil {
		return err
	}
	switch x := scalar.(type) {
	case nil:
		*v = Value{}
	case json.Number:
		*v = Value{kind: valueNumber, text: x.String()}
	case string:
		*v = Value{kind: valueText, text: x}
	case bool:
		*v = Value{kind: valueBool, text: strconv.FormatBool(x)}
	default:
		return fmt.Errorf("read a claim's value: an object is not a scalar")
	}
	return nil
}

// MarshalJSON writes the value as it was read. The elements of a list are
// written as texts.
func (v Value) MarshalJSON() ([]byte, error) {
	switch v.kind {
	case valueNumber, valueBool:
		return []byte(v.text), nil
	case valueText:
		return json.Marshal(v.text)
	case valueList:
		return json.Marshal(v.list)
	default:
		return []byte("null"), nil
	}
}
