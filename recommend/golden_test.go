package recommend_test

import (
	"bufio"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/internal/access"
	"winnow/recommend"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestProse drafts fictional rows as the database gives them. Read the golden
// files after a change of the catalogue: they are what a manager reads.
func TestProse(t *testing.T) {
	f, err := os.Open("testdata/recommendations.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var recs []access.Recommendation
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var r access.Recommendation
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		recs = append(recs, r)
	}
	for _, language := range recommend.Languages() {
		c := load(t, language)
		var b strings.Builder
		for r, err := range recommend.Write(t.Context(), recommend.Template{Catalogue: c, Strict: true}, c, recs) {
			if err != nil {
				t.Fatal(err)
			}
			if r.Rationale != access.Printable(r.Rationale) {
				t.Errorf("not fit to be shown: %q", r.Rationale)
			}
			b.WriteString(r.RecommendationID + ": " + r.Rationale + "\n\n")
		}
		compare(t, "testdata/prose."+language+".golden", b.String())
	}
}

func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); look at it, then run with -update:\n%s", file, diff)
	}
}
