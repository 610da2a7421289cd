package mining

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
)

// A night is what the inventories of a source were at the end of one pull. Its
// streams are pulled one after the other; what could not be pulled, or is not
// believed, stands as it was.
type night struct {
	start time.Time // when its first stream was pulled, believed or not: names the night while it goes on
	state map[access.StreamName]lake.Manifest
	fresh map[access.StreamName]bool // believed this night
}

// nightGap is the pause between two pulls that lies between two nights, whatever
// was pulled.
const nightGap = 12 * time.Hour

// nights divides the pulls of a source's inventories: one ends where a stream
// is pulled again, or where nothing was pulled for long.
func nights(manifests []lake.Manifest) (out []night) {
	manifests = slices.DeleteFunc(slices.Clone(manifests), func(m lake.Manifest) bool { return m.Events })
	slices.SortFunc(manifests, func(a, b lake.Manifest) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Pull, b.Pull), cmp.Compare(a.Batch, b.Batch), cmp.Compare(a.Stream, b.Stream))
	})
	pulled := map[access.StreamName]string{}
	var rested time.Time
	state := map[access.StreamName]lake.Manifest{}
	for _, m := range manifests {
		last := len(out) - 1
		if pull, again := pulled[m.Stream]; last < 0 || again && pull != m.Pull || m.At.Sub(rested) > nightGap {
			start := m.At.UTC()
			if last >= 0 {
				start = later(out[last].start, start)
			}
			out = append(out, night{start: start, fresh: map[access.StreamName]bool{}})
			clear(pulled)
			last++
		}
		pulled[m.Stream], rested = m.Pull, m.At
		if m.Complete && m.Held == "" {
			state[m.Stream] = m
			out[last].fresh[m.Stream] = true
		}
		out[last].state = maps.Clone(state)
	}
	return out
}

// later returns at, moved behind the earlier instant where a clock went back.
func later(before, at time.Time) time.Time {
	if at.After(before) {
		return at
	}
	return before.Add(time.Microsecond)
}
