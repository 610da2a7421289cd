package bamboohr

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"winnow/ingest/hris"
	"winnow/ingest/saved"
	"winnow/internal/lake"
	"winnow/internal/rest"
)

// reportID is the member that every row has unasked.
const reportID = "id"

// report asks for everyone, with the fields of the mapping. The platform reads
// the body as JSON under exactly this content type.
func (s *Source) report(ctx context.Context) (*rest.Page, error) {
	fields := slices.DeleteFunc(s.columns.Members(hris.Workers), func(f string) bool { return f == reportID })
	body, err := json.Marshal(struct {
		Title  string   `json:"title"`
		Fields []string `json:"fields"`
	}{"winnow", fields})
	if err != nil {
		return nil, fmt.Errorf("write the report's question: %w", err)
	}
	header := http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}}
	return s.client.Do(ctx, http.MethodPost, s.version+"/reports/custom?format=json&onlyCurrent=true", header, body)
}

// complete fails where the answer lacks a field that was configured by name, or
// the status: a field that the key may not see is left out, not refused.
func (s *Source) complete(p *rest.Page) error {
	have := []string{reportID}
	for f, err := range rest.Items(p.Body, "fields") {
		if err != nil {
			return fmt.Errorf("read %s: %w", p.URL, err)
		}
		have = append(have, lake.TextAt(f, "id"))
	}
	for item, err := range rest.Items(p.Body, "employees") {
		if err != nil {
			return fmt.Errorf("read %s: %w", p.URL, err)
		}
		// A header may name a field by its number and the row by its name. What
		// is no object is refused when it lands.
		_ = saved.Members(item, func(key string, _ json.RawMessage) error {
			have = append(have, key)
			return nil
		})
		break
	}
	return s.columns.Complete(p.URL, hris.Workers, have, "status")
}
