package access

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// ReadPlan reads a plan file. A plan that was changed after it was written is
// refused with the line of what was changed: its seals no longer fit its content.
func ReadPlan(data []byte) (Plan, error) {
	var p Plan
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return Plan{}, fmt.Errorf("read the plan: line %d: %w", lineAt(data, errorOffset(err, d)), err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Plan{}, fmt.Errorf("read the plan: line %d: there is more after its end", lineAt(data, d.InputOffset()))
	}
	if p.Format != PlanFormat {
		return Plan{}, WithHint(fmt.Errorf("read the plan: format %d is not %d", p.Format, PlanFormat),
			"make the plan again with this version of winnow")
	}
	if err := p.checkSeals(data); err != nil {
		return Plan{}, fmt.Errorf("read the plan: %w", err)
	}
	return p, nil
}

// changedByHand is the way out for who edits a plan.
const changedByHand = "the file was changed after it was written; make the plan again, and approve that one"

// checkSeals seals the plan that was read anew: it must come out as it was read.
// What Seal works out (ids, seals, tenants, orders) must be so in the file, too.
func (p *Plan) checkSeals(data []byte) error {
	read, err := CanonicalJSON(json.RawMessage(data))
	if err != nil {
		return err
	}
	lines, id := OperationLines(data), p.ID
	if len(lines) != len(p.Operations) {
		return WithHint(errors.New("line 1: its operations are not written as they were"), changedByHand)
	}
	for i, o := range p.Operations {
		if seal, err := o.digest(); err != nil || seal != o.Seal {
			return WithHint(fmt.Errorf("line %d: operation %d is not as it was written", lines[i], i+1), changedByHand)
		}
	}
	if err := p.Seal(); err != nil {
		return err
	}
	again, err := CanonicalJSON(p)
	if err == nil && (p.ID != id || !bytes.Equal(again, read)) {
		return WithHint(errors.New("line 1: its content does not fit its id: something beside the operations is not as it was written, or one is missing or moved"), changedByHand)
	}
	return err
}

// OperationLines returns the line of a plan file, from 1, on which each of its
// operations begins.
func OperationLines(data []byte) []int {
	var lines []int
	d := json.NewDecoder(bytes.NewReader(data))
	for depth, inside, key := 0, false, false; ; {
		t, err := d.Token()
		if err != nil {
			return lines
		}
		switch t := t.(type) {
		case json.Delim:
			switch t {
			case '{', '[':
				if inside && depth == 2 && t == '{' {
					lines = append(lines, lineAt(data, d.InputOffset()-1))
				}
				inside = inside && depth >= 2 || key && t == '[' && depth == 1
				depth++
			default:
				depth--
			}
			key = false
		case string:
			key = depth == 1 && t == "operations"
		default:
			key = false
		}
	}
}

// lineAt returns the number of the line, from 1, in which an offset lies.
func lineAt(data []byte, offset int64) int {
	return 1 + bytes.Count(data[:min(max(offset, 0), int64(len(data)))], []byte("\n"))
}

// errorOffset is where a decoder stumbled.
func errorOffset(err error, d *json.Decoder) int64 {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return syntax.Offset
	case errors.As(err, &kind):
		return kind.Offset
	}
	return d.InputOffset()
}
