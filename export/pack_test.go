package export_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"winnow/export"
)

// A shape is who is flagged for what: rows of users by resource.
type shape [][]int

// flags lists the pairs of a shape.
func (s shape) flags() []export.Flag {
	var out []export.Flag
	for r, users := range s {
		for _, u := range users {
			out = append(out, export.Flag{User: fmt.Sprintf("u%05d", u), Resource: fmt.Sprintf("r%04d", r), Type: "GROUP", Reviewer: fmt.Sprintf("m%d", u/9)})
		}
	}
	return out
}

// unlimited are limits that no shape here reaches.
var unlimited = export.Limits{Users: 1 << 20, Resources: 1 << 20}

// okta are the limits of a campaign.
var oktaLimits = export.Limits{Users: 100, Resources: 50}

// sameUsers counts the batches when only resources with the same users share one.
func (s shape) sameUsers(l export.Limits) int {
	counts, size := map[string]int{}, map[string]int{}
	for _, users := range s {
		if len(users) > 0 {
			users = slices.Compact(slices.Sorted(slices.Values(users)))
			counts[fmt.Sprint(users)]++
			size[fmt.Sprint(users)] = len(users)
		}
	}
	n := 0
	for key, resources := range counts {
		n += ((size[key] + l.Users - 1) / l.Users) * ((resources + l.Resources - 1) / l.Resources)
	}
	return n
}

// bound is a number of batches below which no packing gets: the rank of the
// matrix of pairs (Graham and Pollak 1971), here modulo a large prime.
func (s shape) bound() int {
	const p = 1_000_003
	width := 0
	for _, users := range s {
		for _, u := range users {
			width = max(width, u+1)
		}
	}
	var basis [][]int64
	for _, users := range s {
		row := make([]int64, width)
		for _, u := range users {
			row[u] = 1
		}
		for _, b := range basis {
			lead := slices.IndexFunc(b, func(v int64) bool { return v != 0 })
			if factor := row[lead]; factor != 0 {
				for i := lead; i < width; i++ {
					row[i] = (row[i] + (p-factor)*b[i]) % p
				}
			}
		}
		if lead := slices.IndexFunc(row, func(v int64) bool { return v != 0 }); lead >= 0 {
			inverse := power(row[lead], p-2, p)
			for i := range row {
				row[i] = row[i] * inverse % p
			}
			basis = append(basis, row)
		}
	}
	return len(basis)
}

func power(base, exponent, p int64) int64 {
	out := int64(1)
	for ; exponent > 0; exponent >>= 1 {
		if exponent&1 == 1 {
			out = out * base % p
		}
		base = base * base % p
	}
	return out
}

// exact is the fewest batches without limits, by trying everything: the cell
// that comes first is covered by each rectangle of cells that are left.
func exact(cells []uint, most int) int {
	row := slices.IndexFunc(cells, func(c uint) bool { return c != 0 })
	if row < 0 {
		return 0
	}
	if most == 0 {
		return 1 << 20
	}
	low := cells[row] & -cells[row]
	best := 1 << 20
	for cols := cells[row]; cols > 0; cols = (cols - 1) & cells[row] {
		if cols&low == 0 {
			continue
		}
		var others []int
		for r := row + 1; r < len(cells); r++ {
			if cells[r]&cols == cols {
				others = append(others, r)
			}
		}
		for pick := range 1 << len(others) {
			left := slices.Clone(cells)
			left[row] &^= cols
			for i, r := range others {
				if pick>>i&1 == 1 {
					left[r] &^= cols
				}
			}
			if n := 1 + exact(left, min(best, most)-1); n < best {
				best = n
			}
		}
	}
	return best
}

// TestPackingBesideTheExact holds the search against the exact answer on small
// shapes of every density.
func TestPackingBesideTheExact(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 2))
	cases, same, worst, plain := 0, 0, 0, 0
	for n := range 300 {
		s := make(shape, 5)
		cells := make([]uint, 5)
		for r := range s {
			for u := range 5 {
				if random.Float64() < 0.3+0.1*float64(n%5) {
					s[r] = append(s[r], u)
					cells[r] |= 1 << u
				}
			}
		}
		want, got := exact(cells, 25), len(export.Batches(s.flags(), unlimited))
		if got < want || want < s.bound() {
			t.Fatalf("%v: %d batches, the exact answer says %d, the bound %d", s, got, want, s.bound())
		}
		cases, worst = cases+1, max(worst, got-want)
		if got == want {
			same++
		}
		if s.sameUsers(unlimited) == want {
			plain++
		}
	}
	t.Logf("of %d shapes the search finds the fewest in %d, whole resources in %d; at worst %d more", cases, same, plain, worst)
	if same < cases*97/100 || worst > 1 {
		t.Errorf("the search finds the fewest in %d of %d, at worst %d more", same, cases, worst)
	}
}

// shapes are 5,000 pairs over 300 resources, of the kinds that occur.
func shapes() map[string]shape {
	random := rand.New(rand.NewPCG(9, 9))
	out := map[string]shape{}
	scattered := make(shape, 300)
	for seen := map[[2]int]bool{}; len(seen) < 5000; {
		r, u := random.IntN(300), random.IntN(1500)
		if !seen[[2]int{r, u}] {
			seen[[2]int{r, u}] = true
			scattered[r] = append(scattered[r], u)
		}
	}
	out["scattered"] = scattered
	out["teams"] = composed(random, 60, 0)
	out["teams, noise"] = composed(random, 60, 400)
	whole := make(shape, 300) // what whole teams left behind when they moved
	for n := 0; n < 5000; n += 8 {
		r, team := random.IntN(300), random.IntN(60)
		for slices.Contains(whole[r], 8*team) {
			r, team = random.IntN(300), random.IntN(60)
		}
		for u := range 8 {
			whole[r] = append(whole[r], 8*team+u)
		}
	}
	out["whole teams"] = whole
	return out
}

// composed is what movers leave: each resource is held by the people of some of
// the teams, some of whom were dealt with, and noise pairs beside.
func composed(random *rand.Rand, teams, noise int) shape {
	s := make(shape, 300)
	size := 1500 / teams
	pairs := 0
	for pairs < 5000-noise {
		r, team := random.IntN(300), random.IntN(teams)
		width := min(1+random.IntN(size), 5000-noise-pairs)
		if team%2 == 0 {
			width = min(6, 5000-noise-pairs)
		}
		if slices.ContainsFunc(s[r], func(u int) bool { return u/size == team }) {
			continue
		}
		for u := range width {
			s[r] = append(s[r], team*size+u)
		}
		pairs += width
	}
	for n := 0; n < noise; {
		if r, u := random.IntN(300), random.IntN(1500); !slices.Contains(s[r], u) {
			s[r], n = append(s[r], u), n+1
		}
	}
	return s
}

// TestFiveThousandPairs packs 5,000 pairs over 300 resources within the limits
// of a campaign, each pair once and no other, in fewer batches than resources.
func TestFiveThousandPairs(t *testing.T) {
	for name, s := range shapes() {
		limits := oktaLimits
		limits.Lines = 200
		for _, l := range []export.Limits{oktaLimits, limits} {
			begun := time.Now()
			flags := s.flags()
			batches := export.Batches(flags, l)
			took := time.Since(begun)
			t.Logf("%s: %d pairs, %d batches; by same users %d, bound %d, in %s", name, len(flags), len(batches), s.sameUsers(l), s.bound(), took.Round(time.Millisecond))
			exactly(t, flags, batches, l)
			if took > 10*time.Second || l.Lines == 0 && len(batches) > s.sameUsers(l) {
				t.Errorf("%s: %d batches in %s", name, len(batches), took)
			}
		}
	}
}

// exactly demands that the batches hold each flag once and no other pair, within
// the limits.
func exactly(t *testing.T, flags []export.Flag, batches []export.Batch, l export.Limits) {
	t.Helper()
	want, got := map[string]int{}, map[string]int{}
	for _, f := range flags {
		want[f.Type+f.Apart+f.Resource+f.User] = 1
	}
	for _, b := range batches {
		if len(b.Users) > l.Users || len(b.Resources) > l.Resources || len(b.Users)*len(b.Resources) == 0 {
			t.Fatalf("%d users, %d resources", len(b.Users), len(b.Resources))
		}
		if !slices.IsSorted(b.Users) || !slices.IsSorted(b.Resources) || b.Part < 1 || b.Part > b.Parts {
			t.Fatalf("not in order: %+v", b)
		}
		lines := map[string]map[string]bool{}
		for _, f := range b.Flags {
			if f.Apart != b.Apart || f.Type != b.Type {
				t.Fatalf("a flag of %q %q stands in a batch of %q %q", f.Type, f.Apart, b.Type, b.Apart)
			}
			if lines[f.Reviewer] == nil {
				lines[f.Reviewer] = map[string]bool{}
			}
			lines[f.Reviewer][f.Resource+f.User] = true
			if l.Lines > 0 && len(lines[f.Reviewer]) > l.Lines {
				t.Fatalf("reviewer %s has more than %d lines", f.Reviewer, l.Lines)
			}
			if !slices.Contains(b.Users, f.User) || !slices.Contains(b.Resources, f.Resource) {
				t.Fatal("a batch carries the flag of another")
			}
		}
		for _, r := range b.Resources {
			for _, u := range b.Users {
				got[b.Type+b.Apart+r+u]++
			}
		}
	}
	for pair, n := range got {
		if n != want[pair] {
			t.Fatalf("%s is under review %d times, and is flagged %d times", pair, n, want[pair])
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d pairs are under review, %d are flagged", len(got), len(want))
	}
}

// A reviewer's lines in one batch are bounded whoever decides: managers, owners
// or one person for everything.
func TestLinesOfAReviewer(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 1))
	who := map[string]func(r, u int) string{
		"managers": func(_, u int) string { return fmt.Sprint(u / 40) },
		"owners":   func(r, _ int) string { return fmt.Sprint(r / 4) },
		"one":      func(int, int) string { return "" },
		"anybody":  func(r, u int) string { return fmt.Sprint((r * u) % 3) },
	}
	for name, reviewer := range who {
		for range 40 {
			var flags []export.Flag
			users, resources := 1+random.IntN(140), 1+random.IntN(12)
			for r := range resources {
				for u := range users {
					if u%3 != 0 || random.IntN(4) > 0 {
						flags = append(flags, export.Flag{Type: "GROUP", User: fmt.Sprintf("u%03d", u), Resource: fmt.Sprintf("r%03d", r), Reviewer: reviewer(r, u)})
					}
				}
			}
			l := export.Limits{Users: 100, Resources: 50, Lines: 1 + random.IntN(60)}
			exactly(t, flags, export.Batches(flags, l), l)
		}
		t.Log(name)
	}
}

func BenchmarkBatches(b *testing.B) {
	all := shapes()
	for _, name := range []string{"scattered", "teams", "teams, noise", "whole teams"} {
		flags := all[name].flags()
		b.Run(name, func(b *testing.B) {
			var n int
			for b.Loop() {
				n = len(export.Batches(flags, oktaLimits))
			}
			b.ReportMetric(float64(n), "batches")
			b.ReportMetric(float64(all[name].sameUsers(oktaLimits)), "same-users")
		})
	}
}
