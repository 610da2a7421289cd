package export

import (
	"encoding/binary"
	"iter"
	"math/bits"
)

// A bitset is a set of small numbers. Sets that belong to a tile are never
// changed in place.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, ceil(n, 64)) }

func (b bitset) set(i int)      { b[i/64] |= 1 << (i % 64) }
func (b bitset) has(i int) bool { return b[i/64]&(1<<(i%64)) != 0 }

// within reports whether all of b is in c.
func (b bitset) within(c bitset) bool {
	for i, w := range b {
		if w&^c[i] != 0 {
			return false
		}
	}
	return true
}

// merge returns what is in b by the rule for one word, for instance or.
func (b bitset) merge(c bitset, rule func(x, y uint64) uint64) bitset {
	out := make(bitset, len(b))
	for i := range b {
		out[i] = rule(b[i], c[i])
	}
	return out
}

func (b bitset) or(c bitset) bitset {
	return b.merge(c, func(x, y uint64) uint64 { return x | y })
}

func (b bitset) and(c bitset) bitset {
	return b.merge(c, func(x, y uint64) uint64 { return x & y })
}

func (b bitset) without(c bitset) bitset {
	return b.merge(c, func(x, y uint64) uint64 { return x &^ y })
}

func (b bitset) xor(c bitset) bitset {
	return b.merge(c, func(x, y uint64) uint64 { return x ^ y })
}

// first is the smallest number in the set, which is not empty.
func (b bitset) first() int {
	for i := range b.all() {
		return i
	}
	return -1
}

func (b bitset) empty() bool {
	for _, w := range b {
		if w != 0 {
			return false
		}
	}
	return true
}

// key is the set as a key of a map.
func (b bitset) key() string {
	out := make([]byte, 0, 8*len(b))
	for _, w := range b {
		out = binary.LittleEndian.AppendUint64(out, w)
	}
	return string(out)
}

// all yields the numbers in the set, ascending.
func (b bitset) all() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, w := range b {
			for ; w != 0; w &= w - 1 {
				if !yield(64*i + bits.TrailingZeros64(w)) {
					return
				}
			}
		}
	}
}
