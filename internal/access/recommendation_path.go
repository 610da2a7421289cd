package access

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// A Path is one way by which an access is held.
type Path struct {
	Kind      string `json:"path_kind"`            // direct, group, nested, rule or package
	ViaID     string `json:"via_id,omitempty"`     // what gives it, with the source prefix; empty for direct
	ViaName   string `json:"via_name,omitempty"`   // as served
	NativeRef string `json:"native_ref,omitempty"` // the platform's id of the assignment, where it is needed to remove it
	Removable *bool  `json:"removable,omitempty"`  // whether an edit of this path ends it; absent when unknown
}

// A WayBack is what happens when a verdict that was carried out proves wrong.
type WayBack string

// The ways back.
const (
	Reversible   WayBack = "reversible"   // the former state can be restored as it was
	Irreversible WayBack = "irreversible" // data, a profile or a licence is lost for good
	Unknown      WayBack = "unknown"
)

// removability is the JSON of the column of that name.
type removability struct {
	Removal
	Reversible *bool  `json:"reversible"`
	Paths      []Path `json:"paths"`
}

// Paths returns all the ways by which the access is held. The column holds an
// object with the keys paths and reversible, or the bare list of paths.
func (r *Recommendation) Paths() ([]Path, error) {
	rm, err := r.removability()
	if err != nil {
		return nil, fmt.Errorf("read the paths of recommendation %s: %w", r.RecommendationID, err)
	}
	return rm.Paths, nil
}

// WayBack says whether carrying out the verdict can be undone: as the
// removability tells, else as the risk does, else unknown.
func (r *Recommendation) WayBack() WayBack {
	rm, err := r.removability()
	if err == nil && rm.Reversible != nil {
		if *rm.Reversible {
			return Reversible
		}
		return Irreversible
	}
	switch w := WayBack(strings.ToLower(r.Risk)); w {
	case Reversible, Irreversible:
		return w
	default:
		return Unknown
	}
}

func (r *Recommendation) removability() (removability, error) {
	var rm removability
	raw := bytes.TrimSpace(r.Removability)
	switch {
	case len(raw) == 0:
		return rm, nil
	case raw[0] == '[':
		return rm, json.Unmarshal(raw, &rm.Paths)
	default:
		return rm, json.Unmarshal(raw, &rm)
	}
}

// NativeID takes the source's prefix off an identifier. It returns false when
// the identifier does not belong to the source.
func NativeID(source SourceName, id string) (string, bool) {
	native, ok := strings.CutPrefix(id, string(source)+":")
	return native, ok && native != ""
}
