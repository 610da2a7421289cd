package recommend_test

import (
	"testing"

	"winnow/internal/access"
	"winnow/recommend"
)

// BenchmarkTemplate drafts and fills one recommendation of five claims.
func BenchmarkTemplate(b *testing.B) {
	c := load(b, "en")
	_, all := codes(b)
	var claims []access.Claim
	for i, code := range []access.ClaimCode{"idle_quiet", "moved", "rare_among_peers", "path_direct", "via_app"} {
		claims = append(claims, claim(b, "c"+string(rune('1'+i)), code, valuesOf(all[code].Fields, 5)))
	}
	recs := []access.Recommendation{rec(access.Revoke, claims...)}
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range recommend.Write(b.Context(), recommend.Template{Catalogue: c}, c, recs) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
