package guard_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"winnow/internal/access"
	"winnow/recommend"
	"winnow/recommend/guard"
)

// fence returns the guard and the catalogue's drafter in English.
func fence(t testing.TB) (*guard.Guard, recommend.Template) {
	t.Helper()
	g, err := guard.New("en")
	if err != nil {
		t.Fatal(err)
	}
	c, err := recommend.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	return g, recommend.Template{Catalogue: c, Strict: true}
}

// claimWith returns a claim of a code with those slots.
func claimWith(t testing.TB, code access.ClaimCode, form string, names []string) recommend.BriefClaim {
	t.Helper()
	codes, err := recommend.Codes()
	if err != nil {
		t.Fatal(err)
	}
	c := recommend.BriefClaim{ID: "c1", Code: code, Section: codes[code].Section, Slots: []recommend.BriefSlot{}}
	for _, name := range slices.Sorted(slices.Values(names)) {
		typ := codes[code].Fields[name]
		if typ == "" {
			t.Fatalf("claim %s has no slot %s", code, name)
		}
		s := recommend.BriefSlot{Name: name, Type: typ}
		if typ == recommend.Count || typ == recommend.Days || typ == recommend.Months {
			s.Form = form
		}
		c.Slots = append(c.Slots, s)
	}
	return c
}

// fields lists the slots that a kind of claim can have.
func fields(t testing.TB, code access.ClaimCode) []string {
	t.Helper()
	codes, err := recommend.Codes()
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(codes[code].Fields))
}

// marshal writes an answer.
func marshal(t testing.TB, p recommend.Pattern, sentences []recommend.Sentence) []byte {
	t.Helper()
	type row struct {
		Claim string `json:"claim"`
		Text  string `json:"text"`
	}
	var rows []row
	for i, s := range sentences {
		if i == len(sentences)-1 && s.Claim == recommend.Verdict {
			s.Claim = guard.WayBack
		}
		rows = append(rows, row{s.Claim, s.Text})
	}
	data, err := json.Marshal(map[string]any{"sentences": rows})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// patterns yields patterns of one claim: every code, verdict, way back and form,
// with all the slots, with none, and with all but one.
func patterns(t testing.TB, visit func(recommend.Pattern)) {
	t.Helper()
	codes, err := recommend.Codes()
	if err != nil {
		t.Fatal(err)
	}
	backs := []access.WayBack{access.Reversible, access.Irreversible, access.Unknown}
	n := 0
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		all := fields(t, code)
		choices := [][]string{all, {}}
		for i := range all {
			choices = append(choices, slices.Delete(slices.Clone(all), i, i+1))
		}
		for _, names := range choices {
			for _, action := range access.Actions {
				for _, form := range []string{"zero", "one", "other"} {
					n++
					visit(recommend.Pattern{Action: action, WayBack: backs[n%3], Claims: []recommend.BriefClaim{claimWith(t, code, form, names)}})
				}
			}
		}
	}
}

// TestTemplate holds the guard against our own sentences: it must accept what
// the template says, whatever is known of a claim.
func TestTemplate(t *testing.T) {
	g, template := fence(t)
	n, refused := 0, map[string]int{}
	patterns(t, func(p recommend.Pattern) {
		if !g.Knows(p) {
			t.Errorf("there is no grammar for %s", p.Claims[0].Code)
			return
		}
		sentences, err := template.Tell(p)
		if err != nil {
			return // the catalogue has no sentence without those slots
		}
		n++
		if _, fault := g.Check(p, marshal(t, p, sentences)); fault != nil {
			said := ""
			for _, s := range sentences {
				if s.Claim == fault.ID {
					said = s.Text
					break
				}
			}
			if fault.ID == guard.WayBack {
				said = sentences[len(sentences)-1].Text
			}
			refused[fmt.Sprintf("%v %s %s: %s", fault, p.Action, p.Claims[0].Code, said)]++
		}
	})
	for _, what := range slices.Sorted(maps.Keys(refused)) {
		t.Errorf("%d times %s", refused[what], what)
	}
	t.Logf("%d patterns, refused %d kinds", n, len(refused))
}

// TestNoGrammar names a language in which no model may draft.
func TestNoGrammar(t *testing.T) {
	if _, err := guard.New("de"); err == nil || !strings.Contains(access.HintOf(err), "en") {
		t.Errorf("a language without a grammar: %v, %s", err, access.HintOf(err))
	}
}

func BenchmarkCheck(b *testing.B) {
	g, template := fence(b)
	_, p := subject(b, "peers_hold", "")
	sentences, err := template.Tell(p)
	if err != nil {
		b.Fatal(err)
	}
	answer := marshal(b, p, sentences)
	b.ReportAllocs()
	for b.Loop() {
		if _, fault := g.Check(p, answer); fault != nil {
			b.Fatal(fault)
		}
	}
}
