// Package sample makes the fictional recommendations on which the sinks are
// tested, and compares what they write with golden files.
package sample

import (
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/internal/access"
)

// AsOf is the instant of all samples.
var AsOf = time.Date(2026, 6, 30, 4, 30, 0, 0, time.UTC)

// Revoke makes a firm revoke of an entitlement from a user.
func Revoke(source access.SourceName, user, entitlement, kind, name string, codes ...access.ClaimCode) access.Recommendation {
	id := access.Digest([]byte(user + "/" + entitlement))[:16]
	return access.Recommendation{
		RecommendationID: id, RunID: "run-7", AsOf: AsOf, Action: access.Revoke, Confidence: access.High, Score: 0.97,
		IdentityID: "person-" + user, IdentityName: "Dana Reyes", Source: source,
		AccountID: string(source) + ":" + user, EntitlementID: string(source) + ":" + entitlement,
		EntitlementKind: kind, EntitlementName: name, ReasonCodes: codes,
		EvidenceHash: access.Digest([]byte(id)), ExportFrom: "2026-06-23",
	}
}

// RuleClaims are the claims of an access that a rule gives.
func RuleClaims(rule, owner string) []access.Claim {
	claims, err := access.ParseClaims(fmt.Appendf(nil, `[{"id":"c1","code":"path_rule","values":{"rule":%q,"owner":%q}}]`, rule, owner))
	if err != nil {
		panic(err) // the text is ours
	}
	return claims
}

var update = flag.Bool("update", false, "rewrite the golden files")

// Golden compares with a golden file, or rewrites it under -update.
func Golden(t testing.TB, file string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got); look at it, then run with -update:\n%s", file, diff)
	}
}
