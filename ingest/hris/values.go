package hris

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"winnow/ingest"
	"winnow/internal/access"
)

// words are our values of the fields whose values can be translated.
var words = map[string][]string{
	"worker_type": {"employee", "contractor", "intern", "other"},
	status:        {"pending", "active", "leave", "terminated"},
}

// A Translation says what one of a source's own values means; the rows of
// config.value_map, which the models read.
type Translation struct {
	Source access.SourceName `json:"source"`
	Stream access.StreamName `json:"stream"`
	Field  string            `json:"field"`  // worker_type or status
	Theirs string            `json:"theirs"` // as the source writes it; letter case does not count
	Ours   string            `json:"ours"`
}

// Translate reads the configured values, {"worker_type": {"CON": "contractor"}},
// into rows ordered by stream, field and value. It reports every field that has
// no values of ours, every value of ours that there is not, and values that
// differ in letter case only.
func Translate(source access.SourceName, flat map[string]map[string]string) ([]Translation, error) {
	split, err := ingest.SplitColumns(flat, map[access.StreamName][]string{Workers: {status, "worker_type"}, Statuses: {status}})
	if err != nil {
		return nil, err
	}
	var out []Translation
	var errs []error
	for _, stream := range slices.Sorted(maps.Keys(split)) {
		for _, field := range slices.Sorted(maps.Keys(split[stream])) {
			seen := map[string]bool{}
			for _, theirs := range slices.Sorted(maps.Keys(split[stream][field])) {
				ours, folded := split[stream][field][theirs], strings.ToLower(strings.TrimSpace(theirs))
				switch {
				case !slices.Contains(words[field], ours):
					errs = append(errs, access.WithHint(fmt.Errorf("translate %s %q: there is no %s %q", field, theirs, field, ours),
						"it is one of "+strings.Join(words[field], ", ")))
				case seen[folded]:
					errs = append(errs, fmt.Errorf("translate %s %q: it is given twice", field, theirs))
				default:
					out = append(out, Translation{source, stream, field, folded, ours})
				}
				seen[folded] = true
			}
		}
	}
	return out, errors.Join(errs...)
}
