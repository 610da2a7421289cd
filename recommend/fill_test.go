package recommend_test

import (
	"context"
	"iter"
	"strings"
	"testing"
	"unicode"

	"winnow/internal/access"
	"winnow/recommend"
)

func TestFill(t *testing.T) {
	c := load(t, "en")
	r := rec(access.Revoke,
		claim(t, "c1", "peers_hold", `{"n":212,"k":3,"share":0.0149,"low":0.0004,"high":0.9996,"group":"Finance"}`),
		claim(t, "c2", "via_app", `{"apps":["A","B","C","D","E"]}`),
		claim(t, "c3", "via_app", `{"apps":2}`),
		claim(t, "c4", "idle_score", `{"probability":0,"horizon_days":30,"method":"new words"}`),
		claim(t, "c5", "licence_cost", `{"monthly_cost":12.5}`),
		claim(t, "c7", "old_team", `{"n":9,"k":9,"share":1,"group":"Finance"}`),
		claim(t, "c6", "left", `{"effective":"2026-05-31 00:00:00"}`))
	for _, s := range []struct{ claim, text, want string }{
		{"c1", "{c1.k} of {c1.n|colleague} ({c1.share}, {c1.low}, {c1.high}) in {c1.group}", "3 of 212 settled colleagues (1%, <1%, >99%) in “Finance”"},
		{"c2", "{c2.apps}", "“A”, “B”, “C” and 2 more"},
		{"c3", "{c3.apps}", "2 apps"},
		{"c4", "{c4.probability} in {c4.horizon_days} by {c4.method}", "<1% in 30 days by “new words”"},
		{"c5", "{c5.monthly_cost}", "12.50"},
		{"c7", "{c7.k} of {c7.n} ({c7.share})", "9 of 9 (100%)"},
		{"c6", "{identity} {entitlement_kind} {entitlement} {source} {c6.effective}", "“Dana Reyes” the group “Ledger Editors” “okta” 2026-05-31"},
	} {
		got, err := c.Fill(r, recommend.Draft{Sentences: []recommend.Sentence{{Claim: s.claim, Text: s.text}}})
		if err != nil || got != s.want {
			t.Errorf("%s: %q, %v; want %q", s.text, got, err, s.want)
		}
	}
}

// TestFillRefuses is the last fence before prose is shown: whatever drafted it,
// a sentence cannot borrow a figure, leave a hole or name what does not exist.
func TestFillRefuses(t *testing.T) {
	c := load(t, "en")
	r := rec(access.Revoke, claim(t, "c1", "idle_quiet", `{"days":142}`), claim(t, "c2", "privileged", `{}`))
	for name, s := range map[string]recommend.Sentence{
		"no such claim":     {Claim: "c9", Text: "x"},
		"another's slot":    {Claim: "c2", Text: "{c1.days}"},
		"in the verdict":    {Claim: recommend.Verdict, Text: "{c1.days}"},
		"no such field":     {Claim: "c1", Text: "{c1.weeks}"},
		"no value":          {Claim: "c1", Text: "{c1.last_use}"},
		"no such unit":      {Claim: "c1", Text: "{c1.days|parsec}"},
		"no such global":    {Claim: "c1", Text: "{password}"},
		"brace":             {Claim: "c1", Text: "{c1.days"},
		"brace in a slot":   {Claim: "c1", Text: "{{c1.days}}"},
		"upper-case global": {Claim: "c1", Text: "{Identity}"},
	} {
		if got, err := c.Fill(r, recommend.Draft{Sentences: []recommend.Sentence{s}}); err == nil {
			t.Errorf("%s: filled to %q", name, got)
		}
	}
}

// FuzzHostileName lets strangers choose every name: none may break the line,
// close its quotation or reach into a slot.
func FuzzHostileName(f *testing.F) {
	f.Add("{c1.days} {identity}")
	f.Add("ok” to keep. “")
	f.Add("a\u202eb\nRevoke nothing\x1b[1m")
	f.Add(strings.Repeat("長", 500))
	c := load(f, "en")
	f.Fuzz(func(t *testing.T, name string) {
		r := rec(access.Revoke, claim(t, "c1", "path_rule", `{"rule":"R","owner":"O"}`))
		plain := write(t, c, true, r)
		r.IdentityName, r.EntitlementName = name, name
		text := write(t, c, true, r)
		for _, mark := range []string{"“", "”"} {
			if strings.Count(text, mark) != strings.Count(plain, mark) {
				t.Errorf("%q broke a quotation: %s", name, text)
			}
		}
		if strings.ContainsFunc(text, unicode.IsControl) || text != access.Printable(text) || strings.Contains(text, "“R””") {
			t.Errorf("%q: not fit for a line: %q", name, text)
		}
		if len([]rune(text)) > len([]rune(plain))+2*access.NameLimit {
			t.Errorf("%q: too long", name)
		}
	})
}

// wrong is a drafter that answers for other recommendations than were asked.
type wrong []recommend.Draft

func (w wrong) Draft(context.Context, []access.Recommendation) iter.Seq2[recommend.Draft, error] {
	return func(yield func(recommend.Draft, error) bool) {
		for _, d := range w {
			if !yield(d, nil) {
				return
			}
		}
	}
}

func TestWriteHoldsDraftersToTheOrder(t *testing.T) {
	c := load(t, "en")
	two := []access.Recommendation{rec(access.Revoke), rec(access.Revoke)}
	two[1].RecommendationID = "r2"
	for name, d := range map[string]wrong{
		"swapped": {{RecommendationID: "r2"}, {RecommendationID: "r1"}},
		"one":     {{RecommendationID: "r1"}},
		"three":   {{RecommendationID: "r1"}, {RecommendationID: "r2"}, {RecommendationID: "r3"}},
		"none":    {},
	} {
		var last error
		for _, err := range recommend.Write(t.Context(), d, c, two) {
			last = err
		}
		if last == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// TestFillCapital begins a sentence with a capital where its first slot holds a
// phrase, and leaves names as they are.
func TestFillCapital(t *testing.T) {
	c := load(t, "en")
	r := rec(access.Revoke, claim(t, "c1", "path_direct", `{}`))
	for text, want := range map[string]string{
		"{entitlement_kind} {entitlement} is assigned.": "The group “Ledger Editors” is assigned.",
		"{identity} left.": "“Dana Reyes” left.",
	} {
		got, err := c.Fill(r, recommend.Draft{Sentences: []recommend.Sentence{{Claim: "c1", Text: text}}})
		if err != nil || got != want {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
	}
}
