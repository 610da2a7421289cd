package rest

import (
	"fmt"
	"hash/maphash"

	"winnow/internal/access"
)

// A Trail remembers the links of one list that were followed, so that a list
// which leads back to where it was ends with an error and not never. The zero
// value is ready; it is used from one goroutine at a time.
type Trail struct {
	seed maphash.Seed
	seen map[uint64]bool
	last string
	same int
}

// sameLink is how often a page may name itself as the next one before the list
// is given up: a platform that serves the page before once more does so.
const sameLink = 3

// Follow says whether ref, the next link of page p, whose list had n items,
// may be followed. An empty page that names itself is the tail of a list: ref
// is not followed and there is no error. A page with items that names itself
// is asked for again a few times, since some platforms serve the page before
// once more. It fails when the list turns in a circle.
func (t *Trail) Follow(p *Page, n int, ref string) (bool, error) {
	switch {
	case ref == "" || n == 0 && (ref == p.URL || ref == t.last):
		return false, nil
	case ref == p.URL || ref == t.last: // a relative link names itself by what was followed
		if t.same++; t.same <= sameLink {
			return true, nil
		}
		return false, circle(ref)
	}
	t.same = 0
	if t.seen == nil {
		t.seed, t.seen = maphash.MakeSeed(), map[uint64]bool{}
	}
	h := maphash.String(t.seed, ref)
	if t.seen[h] {
		return false, circle(ref)
	}
	t.seen[h], t.last = true, ref
	return true, nil
}

// circle is the error of a list that has no end.
func circle(ref string) error {
	return access.WithHint(fmt.Errorf("follow the list: its next link leads back to %s", access.Printable(shorten(ref, 120))),
		"the platform repeats itself; what was landed is kept, and the next pull asks again")
}
