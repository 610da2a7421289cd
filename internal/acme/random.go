package acme

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
)

// dice is the source of chance of one part of the generator. Each part has its
// own, so that a change to one part leaves the others' draws alone.
type dice struct{ *rand.Rand }

// dice returns the part's own source of chance.
func (c *Company) dice(part string) dice {
	h := fnv.New64a()
	h.Write([]byte(part)) // a hash never fails
	//nolint:gosec // a fictional company wants repeatable chance, not secrecy
	return dice{rand.New(rand.NewPCG(c.opt.Seed, h.Sum64()))}
}

// chance is true with probability p.
func (d dice) chance(p float64) bool { return d.Float64() < p }

// between returns a number from lo to hi, both included.
func (d dice) between(lo, hi int) int {
	if hi <= lo {
		return lo
	}
	return lo + d.IntN(hi-lo+1)
}

// spread returns a log-normal factor with median 1.
func (d dice) spread(sigma float64) float64 { return math.Exp(sigma * d.NormFloat64()) }

// poisson returns a Poisson number by Knuth's product of uniforms, which is
// quick for the small means used here.
func (d dice) poisson(mean float64) int {
	limit, n := math.Exp(-mean), 0
	for p := d.Float64(); p > limit; p *= d.Float64() {
		n++
	}
	return n
}

// gap returns the number of trials up to the first success of probability p,
// at least 1, cut at limit.
func (d dice) gap(p float64, limit int) int {
	if p >= 1 {
		return 1
	}
	g := math.Log(1-d.Float64()) / math.Log(1-p)
	if !(g < float64(limit)) {
		return limit
	}
	return 1 + int(g)
}

// weighted picks an index with probability proportional to its weight.
func (d dice) weighted(weights []int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	at := d.IntN(max(total, 1))
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return len(weights) - 1
}

// mix hashes a few numbers into one (the finaliser of SplitMix64): chance that
// depends on nothing but its arguments, wherever it is asked for.
func mix(seed uint64, parts ...int) uint64 {
	h := seed + 0x9e3779b97f4a7c15
	for _, p := range parts {
		h ^= uint64(p) //nolint:gosec // a hash takes any bits
		h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9
		h = (h ^ (h >> 27)) * 0x94d049bb133111eb
		h ^= h >> 31
		h += 0x9e3779b97f4a7c15
	}
	return h
}

// below maps a hash onto 0 … n-1.
func below(h uint64, n int) int {
	return int(h>>33) % n
}
