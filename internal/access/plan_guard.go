package access

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Check refuses a request that no plan may hold, whatever it is meant for. It is
// called when a plan is sealed, and again before a request is sent.
//
// In particular it refuses DELETE of a member without /$ref: Microsoft Graph may
// then delete the member itself, and so the user.
func (r Request) Check() error {
	parts, err := segments(r.Path)
	if err != nil {
		return err
	}
	switch r.Method {
	case http.MethodPost, http.MethodPut, http.MethodPatch:
	case http.MethodDelete:
		if err := checkDelete(parts); err != nil {
			return fmt.Errorf("DELETE %s %w", quoteShort(r.Path), err)
		}
	default:
		return fmt.Errorf("%s is no method that changes something", quoteShort(r.Method))
	}
	if slices.ContainsFunc(parts, func(p string) bool { return strings.EqualFold(p, "$batch") }) {
		return fmt.Errorf("%s packs several requests into one, whose answers hide in each other", quoteShort(r.Path))
	}
	return checkPatch(r.Body)
}

// references are the relations of Microsoft Graph whose members are other
// objects of the directory.
var references = []string{"members", "owners", "memberof", "registeredowners", "registeredusers", "scopedrolemembers"}

// objects are the lists whose members are people, groups and apps themselves.
var objects = []string{"users", "groups", "directoryobjects", "serviceprincipals", "applications", "apps", "devices"}

// checkDelete refuses the deletion of anything but a relation.
func checkDelete(parts []string) error {
	for i, p := range parts {
		name, _, inside := strings.Cut(strings.ToLower(p), "(") // members('id') is members/id
		at := i + 2
		if inside {
			at = i + 1
		}
		if !slices.Contains(references, name) || at > len(parts) {
			continue
		}
		if at != len(parts)-1 || parts[at] != "$ref" {
			return errors.New("lacks /$ref: it would delete the member itself")
		}
	}
	if rest := unversioned(parts); len(rest) > 0 {
		name, _, inside := strings.Cut(strings.ToLower(rest[0]), "(")
		if slices.Contains(objects, name) && (len(rest) == 2 || len(rest) == 1 && inside) {
			return errors.New("would delete the object itself, not somebody's access")
		}
	}
	return nil
}

// unversioned drops what stands before the first list of a path.
func unversioned(parts []string) []string {
	for len(parts) > 0 {
		switch strings.ToLower(parts[0]) {
		case "api", "scim", "v1", "v2", "v1.0", "beta":
			parts = parts[1:]
		case "environments": // and their id
			parts = parts[min(2, len(parts)):]
		default:
			return parts
		}
	}
	return nil
}

// lists are the attributes of SCIM that hold access.
var lists = []string{"members", "groups", "roles", "entitlements"}

// checkPatch looks for a SCIM removal that would empty a list, also inside a
// bulk request.
func checkPatch(body json.RawMessage) error {
	if body == nil || !strings.Contains(strings.ToLower(string(body)), "urn:ietf:params:scim:api:messages:2.0:") {
		return nil
	}
	type edit struct {
		Op   string          `json:"op"`
		Path *string         `json:"path"`
		Data json.RawMessage `json:"data"`
	}
	var message struct {
		Operations []edit `json:"Operations"`
	}
	if err := json.Unmarshal(body, &message); err != nil {
		return fmt.Errorf("its body is no SCIM message: %w", err)
	}
	for _, o := range message.Operations {
		if strings.EqualFold(o.Op, "remove") && empties(o.Path) {
			return errors.New("its body removes without a filter, which empties the list")
		}
		if err := checkPatch(o.Data); err != nil {
			return err
		}
	}
	return nil
}

// empties reports whether a removal of this path empties a list.
func empties(path *string) bool {
	if path == nil {
		return true
	}
	attribute := (*path)[strings.LastIndexByte(*path, ':')+1:] // behind the schema, where it is written
	name, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(attribute)), ".")
	return name == "" || slices.Contains(lists, name)
}
