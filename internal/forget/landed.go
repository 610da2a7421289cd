package forget

import (
	"fmt"

	"winnow/internal/lake"
)

// Counts say how much was removed, or would be.
type Counts struct {
	Dropped int64 `json:"records"`  // landed records
	Changed int64 `json:"mentions"` // records that only mentioned the person
	Refused int64 `json:"refused"`  // refused records
	Rows    int64 `json:"rows"`     // rows of roll-ups and history
}

// landed rewrites the landed answers of all streams, and returns the segments
// that are others now.
func (p Person) landed(lk *lake.Lake, dry bool, n *Counts) (map[lake.StreamID][]lake.Segment, error) {
	streams, err := lk.Streams()
	if err != nil {
		return nil, err
	}
	changed := map[lake.StreamID][]lake.Segment{}
	for _, id := range streams {
		m := p.matcher(id)
		if len(m.terms) == 0 {
			continue
		}
		done, err := lk.Rewrite(id, lake.Rewriter{Item: m.item, Refused: func(r lake.Refused) bool {
			return m.refused(r.Body) && m.refused([]byte(r.Value))
		}}, dry)
		n.Dropped, n.Changed, n.Refused = n.Dropped+done.Dropped, n.Changed+done.Changed, n.Refused+done.Refused
		if err != nil {
			return nil, fmt.Errorf("forget in %s %s: %w", id.Source, id.Stream, err)
		}
		if len(done.Segments) > 0 {
			changed[id] = done.Segments
		}
		if !dry { // an earlier try may have been killed before it deleted the old segments
			if err := lk.Sweep(id); err != nil {
				return nil, err
			}
		}
	}
	return changed, nil
}
