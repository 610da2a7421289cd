package files

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"winnow/internal/access"
)

// CustomDir is the folder of the files for reviews of custom data, below that of
// the files.
const CustomDir = "custom_data"

// customColumns are those that Microsoft Entra asks of a file for a "custom data
// provided resource": a system that it has no connection to.
var customColumns = []string{"principalId", "principalType", "permissionId", "permissionName", "permissionDescription", "permissionType"}

// A Custom is what managers are asked about one system outside Entra.
type Custom struct {
	Source access.SourceName // the system
	Lines  []CustomLine
}

// A CustomLine is one assignment, of a person whom Entra knows.
type CustomLine struct {
	Principal      string // object id in Entra
	Recommendation access.Recommendation
}

var guid = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)

// maxDescription is the length in runes to which a reason is cut.
const maxDescription = 1000

// CSV returns the file of the system's lines, ordered by permission and person,
// each pair once, and the ids of the recommendations that no line can carry: an
// id that a spreadsheet would run cannot be changed, for the decision comes back
// under it.
func (c Custom) CSV() (content []byte, refused []string) {
	slices.SortFunc(c.Lines, func(a, b CustomLine) int {
		return cmp.Or(cmp.Compare(a.Recommendation.EntitlementID, b.Recommendation.EntitlementID), cmp.Compare(a.Principal, b.Principal),
			cmp.Compare(a.Recommendation.RecommendationID, b.Recommendation.RecommendationID))
	})
	var b bytes.Buffer
	writeLine(&b, customColumns)
	seen := map[[2]string]bool{}
	for _, l := range c.Lines {
		r := l.Recommendation
		native, ok := access.NativeID(c.Source, r.EntitlementID)
		if !ok || !guid.MatchString(l.Principal) || Neutral(native) != native || access.Printable(native) != native {
			refused = append(refused, r.RecommendationID)
			continue
		}
		pair := [2]string{native, l.Principal}
		if seen[pair] {
			continue
		}
		seen[pair] = true
		name := cmp.Or(strings.TrimSpace(r.EntitlementName), native)
		why := fmt.Sprintf("%s Recommendation %s of %s, confidence %s.", access.Printable(r.Rationale), r.RecommendationID, access.DayOf(r.AsOf), r.Confidence)
		writeLine(&b, []string{l.Principal, "EntraIdUser", native, access.CleanName(name, 200), access.Truncate(strings.TrimSpace(why), maxDescription), r.EntitlementKind})
	}
	slices.Sort(refused)
	return b.Bytes(), refused
}

// WriteCustom writes one file a system into the folder custom_data of dir, takes
// away those of earlier exports, and returns the paths, and the recommendations
// that no line can carry. Only the owner may read the files.
func WriteCustom(dir string, systems []Custom) (paths, refused []string, err error) {
	dir = filepath.Join(dir, CustomDir)
	if len(systems) > 0 {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, nil, fmt.Errorf("create the folder of custom data: %w", err)
		}
	}
	for _, c := range systems {
		content, left := c.CSV()
		path := filepath.Join(dir, string(c.Source)+".csv")
		if err := place(path, func(aside string) error { return os.WriteFile(aside, content, 0o600) }); err != nil {
			return nil, nil, err
		}
		paths, refused = append(paths, path), append(refused, left...)
	}
	return paths, refused, sweep(dir, ".csv", paths)
}
