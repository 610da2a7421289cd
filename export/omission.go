package export

import (
	"cmp"
	"maps"
	"slices"

	"winnow/internal/access"
)

func compare(a, b string) int { return cmp.Compare(a, b) }

// omissions collects, by reason, what a sink does not act on.
type omissions struct {
	sink   string
	ids    map[string][]string
	counts map[string]int
}

func newOmissions(sink string) *omissions {
	return &omissions{sink: sink, ids: map[string][]string{}, counts: map[string]int{}}
}

// add records recommendations that a reader will want to find.
func (o *omissions) add(reason string, ids ...string) {
	o.ids[reason] = append(o.ids[reason], ids...)
	o.counts[reason] += len(ids)
}

// count records a recommendation that is out of scope.
func (o *omissions) count(reason string) { o.counts[reason]++ }

// list returns the omissions by reason, their ids sorted.
func (o *omissions) list() []access.Omission {
	var all []access.Omission
	for _, reason := range slices.Sorted(maps.Keys(o.counts)) {
		ids := slices.Sorted(slices.Values(o.ids[reason]))
		all = append(all, access.Omission{Sink: o.sink, Reason: reason, Count: o.counts[reason], RecommendationIDs: ids})
	}
	return all
}
