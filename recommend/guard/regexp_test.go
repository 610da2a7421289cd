package guard_test

import (
	"math/rand/v2"
	"regexp/syntax"
	"strings"
	"testing"

	"winnow/recommend"
	"winnow/recommend/guard"
)

// TestPattern writes sentences at random that the patterns allow, and shows that
// the guard accepts them all: what a server is told is what the guard wants.
func TestPattern(t *testing.T) {
	g, template := fence(t)
	r := rand.New(rand.NewPCG(3, 4))
	all, refused, longest := 0, map[string]int{}, 0
	patterns(t, func(p recommend.Pattern) {
		sentences, err := template.Tell(p)
		if err != nil {
			return
		}
		for i, id := range guard.IDs(p) {
			pattern, ok := g.Pattern(p, id)
			if !ok {
				t.Errorf("%s of %s %v has no pattern", id, p.Action, p.Claims[0])
				return
			}
			longest = max(longest, len(pattern))
			sentences[i].Text = write(t, r, pattern)
		}
		all++
		if _, fault := g.Check(p, marshal(t, p, sentences)); fault != nil {
			id := map[string]int{"verdict": 0, "c1": 1, "way_back": 2}[fault.ID]
			refused[string(p.Claims[0].Code)+" "+string(fault.Code)+": "+sentences[id].Text]++
		}
	})
	t.Logf("%d answers written by the patterns, %d kinds refused; the longest pattern has %d bytes", all, len(refused), longest)
	for what, n := range refused {
		t.Logf("%d times %s", n, what)
	}
	if all < 1000 || len(refused) > 0 {
		t.Errorf("%d of %d answers are refused", len(refused), all)
	}
}

// write makes a text that a regular expression matches.
func write(t testing.TB, r *rand.Rand, pattern string) string {
	t.Helper()
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var put func(*syntax.Regexp)
	put = func(re *syntax.Regexp) {
		switch re.Op {
		case syntax.OpLiteral:
			b.WriteString(string(re.Rune))
		case syntax.OpCharClass:
			b.WriteRune(re.Rune[2*r.IntN(len(re.Rune)/2)])
		case syntax.OpAlternate:
			put(re.Sub[r.IntN(len(re.Sub))])
		case syntax.OpQuest:
			if r.IntN(2) == 0 {
				put(re.Sub[0])
			}
		default:
			for _, sub := range re.Sub {
				put(sub)
			}
		}
	}
	put(re)
	return b.String()
}
