package scim

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"winnow/internal/fake/folder"
)

// writeRoutes are the requests that change the provider.
func (s *Server) writeRoutes() {
	for path, list := range map[string]string{"Users": "users", "Groups": "groups"} {
		s.handle("GET", path+"/{id}", func(w http.ResponseWriter, r *http.Request) {
			if i := s.find(list, r.PathValue("id")); i < 0 {
				s.fail(w, http.StatusNotFound, "", "Resource "+r.PathValue("id")+" not found")
			} else {
				s.write(w, http.StatusOK, string(s.data[list][i].Body))
			}
		})
		s.handle("PATCH", path+"/{id}", func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
			status, typ, detail := http.StatusBadRequest, "invalidSyntax", "the body cannot be read"
			if err == nil {
				status, typ, detail = s.patch(list, r.PathValue("id"), body)
			}
			if status >= http.StatusBadRequest {
				s.fail(w, status, typ, detail)
				return
			}
			w.WriteHeader(http.StatusNoContent)
		})
	}
	s.handle("POST", "Bulk", s.bulk)
}

// find returns the place of a resource, -1 for none.
func (s *Server) find(list, id string) int {
	return slices.IndexFunc(s.data[list], func(it folder.Item) bool { return text(it.Body, "id") == id })
}

// text reads a string member.
func text(body []byte, key string) string {
	var o map[string]any
	if json.Unmarshal(body, &o) != nil {
		return ""
	}
	v, _ := o[key].(string)
	return v
}

// An operation of a patch.
type operation struct {
	Op    string
	Path  string
	Value json.RawMessage
}

// filtered is the one form of a path with a filter that the fake knows.
var filtered = regexp.MustCompile(`^([A-Za-z]+)\[value eq "([^"\\]*)"\]$`)

// patch changes a resource, wholly or not at all.
func (s *Server) patch(list, id string, body []byte) (status int, typ, detail string) {
	var ask struct {
		Schemas    []string
		Operations []operation
	}
	if err := json.Unmarshal(body, &ask); err != nil || !slices.Contains(ask.Schemas, "urn:ietf:params:scim:api:messages:2.0:PatchOp") {
		return http.StatusBadRequest, "invalidSyntax", "the body is no PatchOp message"
	}
	i := s.find(list, id)
	if i < 0 {
		return http.StatusNotFound, "", "Resource " + id + " not found"
	}
	var resource map[string]any
	if err := json.Unmarshal(s.data[list][i].Body, &resource); err != nil {
		return http.StatusInternalServerError, "", err.Error()
	}
	for _, o := range ask.Operations {
		if err := s.apply(resource, o); err != nil {
			return http.StatusBadRequest, "invalidPath", err.Error()
		}
	}
	s.data[list][i].Body = folder.Marshal(resource)
	return http.StatusNoContent, "", ""
}

// apply makes one change. A removal without a filter empties the list, as the
// protocol has it, even where a value names one member.
func (s *Server) apply(resource map[string]any, o operation) error {
	m := filtered.FindStringSubmatch(o.Path)
	switch op := strings.ToLower(o.Op); {
	case op == "remove" && m != nil:
		values, _ := resource[m[1]].([]any)
		resource[m[1]] = slices.DeleteFunc(values, func(v any) bool { return valueOf(v) == m[2] })
	case op == "remove" && o.Path != "" && !strings.ContainsAny(o.Path, "[.:"):
		delete(resource, o.Path)
	case op == "add" && o.Path != "" && !strings.ContainsAny(o.Path, "[.:"):
		var more []any
		if err := json.Unmarshal(o.Value, &more); err != nil {
			return errors.New("the value is no list")
		}
		values, _ := resource[o.Path].([]any)
		for _, v := range more {
			if !slices.ContainsFunc(values, func(x any) bool { return valueOf(x) == valueOf(v) }) {
				values = append(values, v)
			}
		}
		resource[o.Path] = values
	default:
		return fmt.Errorf("this fake does not know the operation %s of %q", o.Op, o.Path)
	}
	return nil
}

// valueOf is what identifies an element of a list.
func valueOf(v any) string {
	if o, ok := v.(map[string]any); ok {
		return fmt.Sprint(o["value"])
	}
	return fmt.Sprint(v)
}

// bulk carries out several requests, up to the error that was allowed.
func (s *Server) bulk(w http.ResponseWriter, r *http.Request) {
	if s.opt.MaxBulk == 0 {
		s.fail(w, http.StatusNotImplemented, "", "bulk is not supported")
		return
	}
	var ask struct {
		FailOnErrors int
		Operations   []struct {
			Method, Path, BulkID string
			Data                 json.RawMessage
		}
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20)).Decode(&ask); err != nil {
		s.fail(w, http.StatusBadRequest, "invalidSyntax", "the body is no BulkRequest message")
		return
	}
	if len(ask.Operations) > s.opt.MaxBulk {
		s.fail(w, http.StatusRequestEntityTooLarge, "tooMany", fmt.Sprintf("at most %d operations", s.opt.MaxBulk))
		return
	}
	var done []folder.Object
	for failures, i := 0, 0; i < len(ask.Operations) && (ask.FailOnErrors == 0 || failures < ask.FailOnErrors); i++ {
		o := ask.Operations[i]
		kind, id, _ := strings.Cut(strings.TrimPrefix(o.Path, "/"), "/")
		list := map[string]string{"Users": "users", "Groups": "groups"}[kind]
		status := http.StatusBadRequest
		if o.Method == http.MethodPatch && list != "" {
			status, _, _ = s.patch(list, id, o.Data)
		}
		if status >= http.StatusBadRequest {
			failures++
		}
		done = append(done, folder.Object{"method": o.Method, "bulkId": o.BulkID, "status": fmt.Sprint(status)})
	}
	s.write(w, http.StatusOK, string(folder.Marshal(folder.Object{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:BulkResponse"}, "Operations": done})))
}
