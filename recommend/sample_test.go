package recommend_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/internal/access"
	"winnow/recommend"
)

// load returns a catalogue that is built in.
func load(t testing.TB, language string) *recommend.Catalogue {
	t.Helper()
	c, err := recommend.Load(language)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// codes lists the codes in their order.
func codes(t testing.TB) ([]access.ClaimCode, map[access.ClaimCode]recommend.Code) {
	t.Helper()
	all, err := recommend.Codes()
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(all)), all
}

// claim makes a claim out of JSON, since that is how claims come.
func claim(t testing.TB, id string, code access.ClaimCode, values string) access.Claim {
	t.Helper()
	claims, err := access.ParseClaims(fmt.Appendf(nil, `[{"id":%q,"code":%q,"values":%s}]`, id, code, values))
	if err != nil {
		t.Fatal(err)
	}
	return claims[0]
}

// valuesOf writes a value for each field, with n for all whole numbers.
func valuesOf(fields map[string]recommend.Type, n int) string {
	values := map[string]any{}
	for field, t := range fields {
		switch t {
		case recommend.Count, recommend.Days, recommend.Months:
			values[field] = n
		case recommend.Percent, recommend.Ratio:
			values[field] = 0.031
		case recommend.Money:
			values[field] = 12.5
		case recommend.Date:
			values[field] = "2026-03-02"
		case recommend.Names:
			values[field] = []string{"Ledger", "Payroll", "Treasury", "Expenses", "Budget"}[:max(n, 1)]
		case recommend.Word:
			values[field] = "prior"
		default:
			values[field] = "Finance · Analyst"
		}
	}
	data, err := json.Marshal(values)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// rec makes a recommendation on fictional people and things.
func rec(action access.Action, claims ...access.Claim) access.Recommendation {
	return access.Recommendation{
		RecommendationID: "r1", RunID: "run-7", AsOf: time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC),
		Action: action, Confidence: access.High, Score: 0.97,
		IdentityID: "p1", IdentityName: "Dana Reyes", AccountID: "okta:00u1", Source: "okta",
		EntitlementID: "okta:00g1", EntitlementName: "Ledger Editors", EntitlementKind: "group",
		Claims: claims, Removability: json.RawMessage(`{"reversible":true,"paths":[{"path_kind":"direct"}]}`),
	}
}

// write drafts and fills one recommendation.
func write(t testing.TB, c *recommend.Catalogue, strict bool, r access.Recommendation) string {
	t.Helper()
	d := recommend.Template{Catalogue: c, Strict: strict}
	for written, err := range recommend.Write(t.Context(), d, c, []access.Recommendation{r}) {
		if err != nil {
			t.Fatal(err)
		}
		return written.Rationale
	}
	t.Fatal("nothing was drafted")
	return ""
}

// sound fails when a text could not be shown as it is.
func sound(t testing.TB, text string) {
	t.Helper()
	if strings.ContainsAny(text, "{}\n\r\t") || strings.Contains(text, "  ") || text != strings.TrimSpace(text) || text != access.Printable(text) {
		t.Errorf("not fit to be shown: %q", text)
	}
}
