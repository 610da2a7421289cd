package okta

import (
	"errors"
	"strings"
	"testing"

	"winnow/ingest"
	"winnow/internal/access"
	fake "winnow/internal/fake/okta"
)

var governanceStreams = []access.StreamName{Entitlements, EntitlementValues, PrincipalEntitlements, PrincipalEntitlementHistory, Campaigns, Reviews}

// Only what can hold something is asked for: users of apps that have
// entitlements, the history of those who hold one, campaigns that began.
func TestGovernanceAsksForWhatThereIs(t *testing.T) {
	s, f := org(t, fake.Options{}, Config{})
	for _, stream := range governanceStreams {
		if _, err := lines(t, s, stream, ""); err != nil {
			t.Fatal(err)
		}
	}
	const base = "/governance/api/v1/"
	for path, want := range map[string]int{"entitlements": 5, "entitlements/{id}/values": 2, "principal-entitlements": 4,
		"principal-entitlements/history": 2, "campaigns": 1, "reviews": 2} {
		if got := f.Asked(base + path); got != want {
			t.Errorf("%s was asked %d times, want %d", path, got, want)
		}
	}
}

// Each stream can be pulled by itself.
func TestGovernanceStreamsStandAlone(t *testing.T) {
	for _, stream := range governanceStreams {
		s, _ := org(t, fake.Options{MaxPage: 1}, Config{})
		for range 2 {
			if got, err := lines(t, s, stream, ""); err != nil || len(got) != len(saved(t, stream)) {
				t.Errorf("%s: %d items, %v", stream, len(got), err)
			}
		}
	}
}

// An org without the licence has no such streams, and says what they need.
func TestGovernanceNeedsALicence(t *testing.T) {
	s, _ := org(t, fake.Options{NoGovernance: true}, Config{})
	for _, stream := range governanceStreams {
		_, err := lines(t, s, stream, "")
		var absent *ingest.Absent
		if !errors.As(err, &absent) || !strings.Contains(absent.Hint, "Identity Governance") || !strings.Contains(absent.Hint, "okta.governance.") {
			t.Errorf("%s: %v", stream, err)
		}
	}
}
