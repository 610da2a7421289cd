package export

import (
	"fmt"
	"slices"
	"strings"

	"winnow/internal/access"
)

// ruleNotes writes one note for each rule that gives access which should end.
// There is no request for it: removing a member by hand would be undone, or
// would put the person on the rule's exclusion list for good.
func ruleNotes(sink string, recs []access.Recommendation) []access.PlanNote {
	type key struct{ entitlement, rule, owner string }
	groups := map[key][]access.Recommendation{}
	var order []key
	for _, rec := range recs {
		k := key{entitlement: rec.EntitlementID, owner: rec.Owner}
		if c, ok := rec.Claim("path_rule"); ok {
			k.rule = c.Values["rule"].Text()
			if owner := c.Values["owner"].Text(); owner != "" {
				k.owner = owner
			}
		}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], rec)
	}
	slices.SortFunc(order, func(a, b key) int {
		return slices.Compare([]string{a.entitlement, a.rule, a.owner}, []string{b.entitlement, b.rule, b.owner})
	})
	notes := make([]access.PlanNote, 0, len(order))
	for _, k := range order {
		notes = append(notes, access.PlanNote{Sink: sink, Text: ruleText(k.rule, k.owner, groups[k]), RecommendationIDs: IDs(groups[k])})
	}
	return notes
}

func ruleText(rule, owner string, recs []access.Recommendation) string {
	what := "change what assigns it automatically"
	if rule != "" {
		what = "change the rule " + quote(rule)
	}
	if owner != "" {
		what += " (owner: " + quote(owner) + ")"
	}
	name := recs[0].EntitlementName
	if strings.TrimSpace(name) == "" {
		name = recs[0].EntitlementID
	}
	return fmt.Sprintf("%s: it gives %s to %s that should not have it; an edit of the membership would not last",
		what, quote(name), plural(len(recs), "account"))
}

// IDs returns the ids of the recommendations, sorted.
func IDs(recs []access.Recommendation) []string {
	ids := make([]string, 0, len(recs))
	for _, r := range recs {
		ids = append(ids, r.RecommendationID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func quote(name string) string { return access.QuoteName(name, "“", "”") }

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
