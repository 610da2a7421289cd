package export_test

import (
	"slices"
	"testing"

	"winnow/export"
	"winnow/export/internal/sample"
	"winnow/internal/access"
)

// What a reviewer has no line left for is in no operation, and is told.
func TestLeftOutIsAnOmission(t *testing.T) {
	recs := []access.Recommendation{sample.Revoke("okta", "u1", "g1", "group", "G"), sample.Revoke("okta", "u2", "g1", "group", "G")}
	h := header
	h.LeftOut = []string{recs[1].RecommendationID}
	p, err := export.Build(h, recs, directory, fake{name: "a", reversible: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Operations) != 1 || p.Operations[0].RecommendationIDs[0] != recs[0].RecommendationID {
		t.Errorf("operations %+v", p.Operations)
	}
	if len(p.Omitted) != 1 || p.Omitted[0].Reason != "the reviewer has enough lines that take away more risk" ||
		!slices.Equal(p.Omitted[0].RecommendationIDs, h.LeftOut) {
		t.Errorf("omissions %+v", p.Omitted)
	}
}
