package export

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"winnow/internal/access"
)

// ruleNotes writes one note for each rule that gives access which should end.
// There is no request for it: removing a member by hand would be undone, or
// would put the person on the rule's exclusion list for good.
func ruleNotes(sink string, recs []access.Recommendation) []access.PlanNote {
	groups := map[cause][]access.Recommendation{}
	var order []cause
	for _, rec := range recs {
		k := causeOf(rec)
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], rec)
	}
	slices.SortFunc(order, func(a, b cause) int {
		return slices.Compare([]string{a.entitlement, a.what, a.owner}, []string{b.entitlement, b.what, b.owner})
	})
	notes := make([]access.PlanNote, 0, len(order))
	for _, k := range order {
		notes = append(notes, access.PlanNote{Sink: sink, Text: k.text(groups[k]), RecommendationIDs: IDs(groups[k])})
	}
	return notes
}

// A cause is what gives an access and would give it again.
type cause struct{ entitlement, what, owner string }

// causeOf reads the cause out of the claims on the path.
func causeOf(rec access.Recommendation) cause {
	k := cause{entitlement: rec.EntitlementID, what: "what assigns it", owner: rec.Owner}
	for _, p := range []struct {
		code        access.ClaimCode
		field, noun string
	}{{"path_rule", "rule", "the rule "}, {"path_package", "via", "the access package "}, {"path_nested", "via", "the nested group "}} {
		c, ok := rec.Claim(p.code)
		if name := c.Values[p.field].Text(); ok && name != "" {
			k.what = p.noun + Quoted(name)
			k.owner = cmp.Or(c.Values["owner"].Text(), k.owner)
			break
		}
	}
	return k
}

func (k cause) text(recs []access.Recommendation) string {
	change := "change " + k.what
	if k.owner != "" {
		change += " (owner: " + Quoted(k.owner) + ")"
	}
	name := cmp.Or(strings.TrimSpace(recs[0].EntitlementName), recs[0].EntitlementID)
	return fmt.Sprintf("%s: it gives %s to %s that should not have it; an edit of the membership would not last",
		change, Quoted(name), plural(len(recs), "account"))
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

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
