package entra

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// A kind is a family of lists that share their limits.
type kind struct {
	page, most int // items on a page: default, and the largest $top
	filters    bool
}

var (
	directory = kind{page: 100, most: 999}
	reports   = kind{page: 1000, most: 1000, filters: true}
)

// list answers with one page.
func (s *Server) list(w http.ResponseWriter, r *http.Request, k kind, items []item) {
	q := r.URL.Query()
	if q.Has("$filter") && !k.filters {
		refuse(w, http.StatusBadRequest, "Request_UnsupportedQuery", "This fake filters the logs only.")
		return
	}
	size, err := s.pageSize(q, k)
	if err != nil {
		refuse(w, http.StatusBadRequest, "Request_BadRequest", err.Error())
		return
	}
	start, first, err := position(q.Get("$skiptoken"), len(items))
	if err != nil {
		refuse(w, http.StatusBadRequest, "Request_UnsupportedQuery", "The skip token is not valid.")
		return
	}
	end := min(start+size, len(items))
	if first && s.opt.EmptyPages {
		end = start
	}
	next := ""
	if end < len(items) {
		next = nextLink(r, end)
	}
	writePage(w, r, items[start:end], next)
}

// pageSize is how many items the request gets.
func (s *Server) pageSize(q url.Values, k kind) (int, error) {
	size := k.page
	if top := q.Get("$top"); top != "" {
		n, err := strconv.Atoi(top)
		if err != nil || n < 1 || n > k.most {
			return 0, fmt.Errorf("invalid page size specified: '%s'. Must be between 1 and %d inclusive", top, k.most)
		}
		size = n
	}
	if s.opt.MaxPage > 0 {
		size = min(size, s.opt.MaxPage)
	}
	return size, nil
}

// position reads a skip token, which is opaque to clients: where the next page
// begins.
func position(token string, n int) (start int, first bool, err error) {
	if token == "" {
		return 0, true, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return 0, false, err
	}
	start, err = strconv.Atoi(strings.TrimPrefix(string(b), "from:"))
	if err != nil || start < 0 || start > n {
		return 0, false, fmt.Errorf("the token points outside the list")
	}
	return start, false, nil
}

// nextLink is the same request with another skip token.
func nextLink(r *http.Request, start int) string {
	q := r.URL.Query()
	q.Set("$skiptoken", base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "from:%d", start)))
	return origin(r) + r.URL.EscapedPath() + "?" + q.Encode()
}

// writePage writes the envelope by hand, so that the items stay as they are.
func writePage(w http.ResponseWriter, r *http.Request, items []item, next string) {
	version, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	var b bytes.Buffer
	b.WriteString(`{"@odata.context":` + quoted(origin(r)+"/"+version+"/$metadata#"+path))
	if next != "" {
		b.WriteString(`,"@odata.nextLink":` + quoted(next))
	}
	b.WriteString(`,"value":[`)
	for i, it := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(it.body)
	}
	b.WriteString("]}")
	w.Header().Set("Content-Type", "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8")
	_, _ = w.Write(b.Bytes()) // the client may have gone
}

// quoted writes a JSON string.
func quoted(s string) string {
	b, _ := json.Marshal(s) // a string always marshals
	return string(b)
}
