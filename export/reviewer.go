package export

import (
	"strings"

	"winnow/internal/access"
)

// Who decides, where it is not who is configured to: the values of Flag.Apart.
const (
	Fallback  = "fallback"  // the fall-back, since the one who would decide is concerned
	Alternate = "alternate" // the alternate, since the fall-back, or the one reviewer, is concerned
)

// The reason why a pair is in no review.
const selfReview = "the reviewer would be the person concerned, and no alternate is configured"

// Concerns reports whether the flagged account belongs to the person who has the
// account of that id.
func (in Input) Concerns(f Flag, id string) bool {
	if id == "" {
		return false
	}
	other := in.Directory.Accounts[string(f.Recommendation.Source)+":"+id].Identity
	return f.User == id || other != "" && (other == f.Account.Identity || other == f.Recommendation.IdentityID)
}

// Owns reports whether the flagged account belongs to the owner of the
// entitlement, as far as its source names one.
func (in Input) Owns(f Flag) bool {
	owner := strings.TrimSpace(f.Recommendation.Owner)
	return owner != "" && (owner == f.User || owner == f.Recommendation.IdentityID ||
		strings.EqualFold(owner, f.Account.Login) || in.Concerns(f, owner) || strings.EqualFold(owner, strings.TrimSpace(f.Recommendation.IdentityName)))
}

// Seat sets the flag apart where the person concerned would decide, and says
// why it can be in no review, or nothing. The last to decide is who is asked
// where nobody else is: the fall-back, or the one reviewer of everything.
func (in Input) Seat(f *Flag, last, alternate string) string {
	if !in.Concerns(*f, last) {
		return ""
	}
	if alternate == "" || in.Concerns(*f, alternate) {
		return selfReview
	}
	f.Apart = Alternate
	return ""
}

// PageName is the name of the file with the evidence of a review, by the ids of
// its recommendations.
func PageName(ids []string) string {
	return access.Digest([]byte(strings.Join(ids, "\n")))[:16] + ".html"
}

// Unasked splits the batches into those that are to be ordered and an omission
// for those that are ordered already.
func (in Input) Unasked(sink string, batches []Batch) ([]Batch, []access.Omission) {
	out := newOmissions(sink)
	var fresh []Batch
	for _, b := range batches {
		if in.Ordered[b.Mark()] {
			out.add("a review of the same people and access is ordered already", b.IDs()...)
			continue
		}
		fresh = append(fresh, b)
	}
	return fresh, out.list()
}
