package access

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Seal gives every operation and the plan their IDs. Two plans with the same
// content have the same ID. It refuses operations that could not be carried out
// as they stand: without tenant, method or absolute path, without what tells
// before and after apart, twice the same, or such as no plan may hold
// (Request.Check).
func (p *Plan) Seal() error {
	p.Format = PlanFormat
	p.AsOf = p.AsOf.UTC()
	p.Operations = emptyNotNil(p.Operations)
	p.Notes = emptyNotNil(p.Notes)
	p.Omitted = emptyNotNil(p.Omitted)
	waves := map[string]int{} // of the operations so far, by id
	for i := range p.Operations {
		o := &p.Operations[i]
		if err := o.seal(waves); err != nil {
			return fmt.Errorf("seal the plan: operation %d of %s: %w", i+1, o.Sink, err)
		}
		if _, there := waves[o.ID]; there {
			return fmt.Errorf("seal the plan: operation %s of %s is there twice", o.ID, o.Sink)
		}
		waves[o.ID] = o.Wave
	}
	if err := p.sealHeader(); err != nil {
		return fmt.Errorf("seal the plan: %w", err)
	}
	id, err := p.digest()
	if err != nil {
		return fmt.Errorf("seal the plan: %w", err)
	}
	p.ID = id
	return nil
}

// sealHeader gathers the tenants, and looks at what stands above the operations.
func (p *Plan) sealHeader() error {
	if p.Expires != nil {
		utc := p.Expires.UTC()
		p.Expires = &utc
	}
	if c := p.Caps; c.Person < 0 || c.App < 0 || c.Manager < 0 || c.Day < 0 || !(c.Share >= 0 && c.Share <= 1) || p.People < 0 {
		return errors.New("its caps are no limits")
	}
	p.Tenants = []PlanTenant{}
	for _, o := range p.Operations {
		p.Tenants = append(p.Tenants, PlanTenant{o.Source, o.Tenant})
	}
	slices.SortFunc(p.Tenants, func(a, b PlanTenant) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Tenant, b.Tenant))
	})
	p.Tenants = slices.Compact(p.Tenants)
	return nil
}

func emptyNotNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// seal checks an operation and gives it its ID. waves holds the operations that
// stand before it.
func (o *Operation) seal(waves map[string]int) (err error) {
	if o.Tenant == "" {
		return errors.New("it has no tenant")
	}
	if !slices.Contains(OperationKinds, o.Kind) {
		return fmt.Errorf("its kind is %s", quoteShort(string(o.Kind)))
	}
	if err := o.sealRequests(); err != nil {
		return err
	}
	if err := o.checkChange(); err != nil {
		return err
	}
	for _, id := range o.After {
		if wave, there := waves[id]; !there || wave > o.Wave {
			return fmt.Errorf("it is to come after %s, which does not stand before it", quoteShort(id))
		}
	}
	slices.Sort(o.RecommendationIDs)
	o.RecommendationIDs = emptyNotNil(slices.Compact(o.RecommendationIDs))
	if o.ID, err = OperationID(o.Tenant, o.Request); err != nil {
		return err
	}
	o.Seal, err = o.digest()
	return err
}

// digest hashes an operation without its own seal.
func (o *Operation) digest() (string, error) {
	bare := *o
	bare.Seal = ""
	content, err := CanonicalJSON(bare)
	if err != nil {
		return "", err
	}
	return Digest(content)[:32], nil
}

// sealRequests checks the request and what undoes it.
func (o *Operation) sealRequests() error {
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
	return nil
}

// checkChange looks at what an operation must have that changes access.
func (o *Operation) checkChange() error {
	if o.Wave < 0 {
		return errors.New("its wave is below 0")
	}
	for _, list := range [][]Condition{o.Preconditions, o.Verify} {
		for _, c := range list {
			if err := c.check(); err != nil {
				return fmt.Errorf("its condition %s: %w", quoteShort(c.Text), err)
			}
		}
	}
	if !o.Kind.Changes() {
		return nil
	}
	switch {
	case o.Subject == nil || o.Subject.AccountID == "" || o.Subject.EntitlementID == "":
		return errors.New("it does not say whose access it changes")
	case len(o.Preconditions) == 0 || len(o.Verify) == 0:
		return errors.New("it does not say what must be so before and after it")
	case !o.Reversible && o.Lost == "":
		return errors.New("it does not say why it cannot be undone")
	}
	return nil
}

// OperationID returns the id that an operation with this request gets, for
// another operation's After. It fails on a body that is no JSON.
func OperationID(tenant string, r Request) (string, error) {
	content, err := CanonicalJSON(struct {
		Tenant string
		Request
	}{tenant, r})
	if err != nil {
		return "", err
	}
	return "op-" + Digest(content)[:16], nil
}

// seal brings the body into its canonical form, so that the bytes that are sent
// are the bytes that were hashed: a key given twice would let the two differ.
func (r *Request) seal() error {
	if r.Method == "" || !strings.HasPrefix(r.Path, "/") || strings.HasPrefix(r.Path, "//") {
		return fmt.Errorf("%s %s is no request below a tenant", quoteShort(r.Method), quoteShort(r.Path))
	}
	if err := r.Check(); err != nil {
		return err
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
