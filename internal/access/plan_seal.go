package access

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Seal gives every operation and the plan their IDs. Two plans with the same
// content have the same ID. It refuses operations that could not be carried out
// as they stand: without tenant, method or absolute path, or twice the same.
func (p *Plan) Seal() error {
	p.Format = PlanFormat
	p.AsOf = p.AsOf.UTC()
	p.Operations = emptyNotNil(p.Operations)
	p.Notes = emptyNotNil(p.Notes)
	p.Omitted = emptyNotNil(p.Omitted)
	seen := map[string]bool{}
	for i := range p.Operations {
		o := &p.Operations[i]
		if err := o.seal(); err != nil {
			return fmt.Errorf("seal the plan: operation %d of %s: %w", i+1, o.Sink, err)
		}
		if seen[o.ID] {
			return fmt.Errorf("seal the plan: operation %s of %s is there twice", o.ID, o.Sink)
		}
		seen[o.ID] = true
	}
	id, err := p.digest()
	if err != nil {
		return fmt.Errorf("seal the plan: %w", err)
	}
	p.ID = id
	return nil
}

func emptyNotNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func (o *Operation) seal() error {
	if o.Tenant == "" {
		return errors.New("it has no tenant")
	}
	if err := o.Request.seal(); err != nil {
		return err
	}
	for i := range o.Inverse {
		if err := o.Inverse[i].seal(); err != nil {
			return fmt.Errorf("its inverse: %w", err)
		}
	}
	if o.Reversible && len(o.Inverse) == 0 {
		return errors.New("it is called reversible and has no inverse")
	}
	slices.Sort(o.RecommendationIDs)
	o.RecommendationIDs = emptyNotNil(slices.Compact(o.RecommendationIDs))
	content, err := CanonicalJSON(struct {
		Tenant string
		Request
	}{o.Tenant, o.Request})
	if err != nil {
		return err
	}
	o.ID = "op-" + Digest(content)[:16]
	return nil
}

// seal brings the body into its canonical form, so that the bytes that are sent
// are the bytes that were hashed: a key given twice would let the two differ.
func (r *Request) seal() error {
	if r.Method == "" || !strings.HasPrefix(r.Path, "/") || strings.HasPrefix(r.Path, "//") {
		return fmt.Errorf("%s %s is no request below a tenant", quoteShort(r.Method), quoteShort(r.Path))
	}
	if r.Body == nil {
		return nil
	}
	body, err := CanonicalJSON(r.Body)
	if err != nil {
		return fmt.Errorf("its body: %w", err)
	}
	r.Body = body
	return nil
}

// digest hashes the plan without its own ID.
func (p *Plan) digest() (string, error) {
	bare := *p
	bare.ID = ""
	content, err := CanonicalJSON(bare)
	if err != nil {
		return "", err
	}
	return Digest(content), nil
}

// Encode writes a sealed plan as the bytes of plan.json: indented, for people
// and for diff, and always the same for the same plan.
func (p *Plan) Encode() ([]byte, error) {
	if p.ID == "" {
		return nil, errors.New("write the plan: it is not sealed")
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // the file is for eyes, and a body must keep its bytes
	e.SetIndent("", "  ")
	if err := e.Encode(p); err != nil {
		return nil, fmt.Errorf("write the plan: %w", err)
	}
	return b.Bytes(), nil
}

// ReadPlan reads a plan file. A plan that was changed after it was written is
// refused: its ID no longer fits its content.
func ReadPlan(data []byte) (Plan, error) {
	var p Plan
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return Plan{}, fmt.Errorf("read the plan: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Plan{}, errors.New("read the plan: there is more after its end")
	}
	if p.Format != PlanFormat {
		return Plan{}, WithHint(fmt.Errorf("read the plan: format %d is not %d", p.Format, PlanFormat),
			"make the plan again with this version of winnow")
	}
	read := p.ID
	if err := p.Seal(); err != nil {
		return Plan{}, fmt.Errorf("read the plan: %w", err)
	}
	if read != p.ID {
		return Plan{}, WithHint(errors.New("read the plan: its content does not fit its id"),
			"the file was changed after it was written; make the plan again, and approve that one")
	}
	return p, nil
}
