package export

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"winnow/internal/access"
)

// A Text says how a sink words what reviewers read.
type Text struct {
	Prefix      string                        // how names of reviews begin; empty for "winnow"
	EvidenceURL string                        // below which the pages of the evidence are published, see PageName; empty to name the command that shows it
	Label       func(access.ClaimCode) string // a few words for a kind of claim; nil to spell the code
}

// reasonLimit is how many kinds of reasons a summary counts.
const reasonLimit = 5

// Title names a review: prefix, day, what is reviewed, and a hash of the exact
// pairs, by which an apply that was interrupted recognises it. It holds neither
// double quote nor backslash, so that it can stand in a filter as it is.
func (t Text) Title(in Input, b Batch) string {
	title := cmp.Or(t.Prefix, "winnow") + " " + string(access.DayOf(in.AsOf)) + " " + b.Names()
	if b.Parts > 1 {
		title += fmt.Sprintf(", part %d of %d", b.Part, b.Parts)
	}
	title += " (" + b.Mark() + ")"
	return strings.NewReplacer(`\`, "/", `"`, "'").Replace(title)
}

// Mark is a hash of the batch's users and resources, the same every night.
func (b Batch) Mark() string {
	key := strings.Join(slices.Concat([]string{b.Type}, b.Resources, []string{""}, b.Users), "\x00")
	return access.Digest([]byte(key))[:8]
}

// Ask says in the plan what a review of the batch asks for.
func (b Batch) Ask(first access.Day, days int) string {
	return fmt.Sprintf("ask for a review of %s on %s, from %s for %s", plural(len(b.Users), "account"), b.Names(), first, plural(days, "day"))
}

// Names names the resources of a batch, by the name of the first.
func (b Batch) Names() string {
	var first string
	for _, f := range b.Flags {
		if f.Resource == b.Resources[0] {
			first = cmp.Or(strings.TrimSpace(f.Recommendation.EntitlementName), f.Recommendation.EntitlementID)
			break
		}
	}
	if rest := len(b.Resources) - 1; rest > 0 {
		return fmt.Sprintf("%s and %d more", Quoted(first), rest)
	}
	return Quoted(first)
}

// Summary tells a reviewer why these users are under review, in at most limit
// runes. It gives counts only: a review is read by the managers of all users in
// it, and the case of one is not the business of the manager of another.
func (t Text) Summary(in Input, b Batch, limit int) string {
	s := fmt.Sprintf("winnow flagged %s of %s on %s.", plural(len(b.IDs()), "assignment"), plural(len(b.Users), "account"), access.DayOf(in.AsOf))
	s += " Confidence: " + confidences(b.Flags) + "."
	if reasons := t.reasons(b.Flags); reasons != "" {
		s += " Reasons: " + reasons + "."
	}
	if t.EvidenceURL != "" {
		link := " Evidence: " + strings.TrimRight(t.EvidenceURL, "/") + "/" + PageName(b.IDs())
		if room := limit - utf8.RuneCountInString(link); room > 0 { // half a link leads nowhere
			return access.Truncate(s, room) + link
		}
		return access.Truncate(s, limit)
	}
	return access.Truncate(s+" Evidence: winnow explain "+strings.Join(b.IDs(), " "), limit)
}

// IDs returns the ids of the batch's recommendations, sorted.
func (b Batch) IDs() []string {
	recs := make([]access.Recommendation, 0, len(b.Flags))
	for _, f := range b.Flags {
		recs = append(recs, f.Recommendation)
	}
	return IDs(recs)
}

func confidences(flags []Flag) string {
	counts := map[access.Confidence]int{}
	for _, f := range flags {
		counts[f.Recommendation.Confidence]++
	}
	var parts []string
	for _, c := range access.Confidences {
		if counts[c] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[c], c))
		}
	}
	return strings.Join(parts, ", ")
}

// reasons counts the kinds of reasons, the most frequent first.
func (t Text) reasons(flags []Flag) string {
	counts := map[access.ClaimCode]int{}
	for _, f := range flags {
		for _, code := range f.Recommendation.ReasonCodes {
			counts[code]++
		}
	}
	codes := slices.SortedFunc(maps.Keys(counts), func(a, b access.ClaimCode) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	var parts []string
	for _, code := range codes[:min(len(codes), reasonLimit)] {
		parts = append(parts, fmt.Sprintf("%s (%d)", t.label(code), counts[code]))
	}
	return strings.Join(parts, ", ")
}

func (t Text) label(code access.ClaimCode) string {
	if t.Label != nil {
		return t.Label(code)
	}
	return access.CleanName(strings.ReplaceAll(string(code), "_", " "), access.NameLimit)
}
