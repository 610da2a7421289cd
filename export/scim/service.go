package scim

import (
	"encoding/json"
	"errors"
	"fmt"

	"winnow/internal/access"
)

// A Service is what a provider says of itself.
type Service struct {
	Patch          bool // it takes PATCH
	Bulk           bool // it takes several requests in one
	MaxOperations  int  // most requests in one bulk request; 0 where it takes none
	MaxPayloadSize int  // most bytes of one bulk request; 0 for no bound
}

// Describe reads the answer of /ServiceProviderConfig (RFC 7643, section 5).
// Errors: it is no such answer.
func Describe(answer []byte) (Service, error) {
	var a struct {
		Schemas []string `json:"schemas"`
		Patch   *struct{ Supported bool }
		Bulk    *struct {
			Supported                     bool
			MaxOperations, MaxPayloadSize int
		}
	}
	if err := json.Unmarshal(answer, &a); err != nil {
		return Service{}, fmt.Errorf("read what the SCIM provider says of itself: %w", err)
	}
	if a.Patch == nil {
		return Service{}, errors.New("read what the SCIM provider says of itself: it does not say whether it takes PATCH")
	}
	s := Service{Patch: a.Patch.Supported}
	if a.Bulk != nil && a.Bulk.Supported && a.Bulk.MaxOperations > 0 {
		s.Bulk, s.MaxOperations, s.MaxPayloadSize = true, a.Bulk.MaxOperations, a.Bulk.MaxPayloadSize
	}
	return s, nil
}

// A bulk is the message of RFC 7644, section 3.7.
type bulk struct {
	Schemas      []string      `json:"schemas"`
	FailOnErrors int           `json:"failOnErrors"`
	Operations   []bulkRequest `json:"Operations"`
}

type bulkRequest struct {
	Method string          `json:"method"`
	Path   string          `json:"path"`
	BulkID string          `json:"bulkId,omitempty"`
	Data   json.RawMessage `json:"data,omitempty"`
}

// Pack packs requests into as few bulk requests as the provider's bounds allow,
// in their order. It is for provisioning scripts, which have no receipts; a plan
// keeps to one request each. The first error ends a bulk request: what comes
// behind it is not done.
//
// It fails for a provider that takes no bulk requests, and on a request that is
// larger than one may be or that no plan may hold.
func (s Service) Pack(requests []access.Request) ([]access.Request, error) {
	if !s.Bulk {
		return nil, errors.New("pack SCIM requests: the provider takes no bulk requests")
	}
	var out []access.Request
	for len(requests) > 0 {
		n := min(len(requests), s.MaxOperations)
		packed, err := pack(requests[:n])
		for err == nil && s.MaxPayloadSize > 0 && len(packed.Body) > s.MaxPayloadSize && n > 1 {
			n = max(1, n/2)
			packed, err = pack(requests[:n])
		}
		if err != nil {
			return nil, fmt.Errorf("pack SCIM requests: %w", err)
		}
		if s.MaxPayloadSize > 0 && len(packed.Body) > s.MaxPayloadSize {
			return nil, fmt.Errorf("pack SCIM requests: one of %d bytes is larger than the provider takes", len(packed.Body))
		}
		out, requests = append(out, packed), requests[n:]
	}
	return out, nil
}

// pack makes one bulk request.
func pack(requests []access.Request) (access.Request, error) {
	b := bulk{Schemas: []string{"urn:ietf:params:scim:api:messages:2.0:BulkRequest"}, FailOnErrors: 1}
	for i, r := range requests {
		if err := r.Check(); err != nil {
			return access.Request{}, err
		}
		b.Operations = append(b.Operations, bulkRequest{r.Method, r.Path, fmt.Sprint("r", i+1), r.Body})
	}
	body, err := json.Marshal(b)
	if err != nil {
		return access.Request{}, err
	}
	made := access.Request{Method: "POST", Path: "/Bulk", Body: body}
	return made, made.Check()
}
