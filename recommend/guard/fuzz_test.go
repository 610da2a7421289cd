package guard_test

import (
	"regexp"
	"strings"
	"testing"
)

// FuzzSentence puts any text in the place of a sentence. What is accepted is
// plain: letters, a few marks and the claim's own slots, with the figure that
// the claim is about.
func FuzzSentence(f *testing.F) {
	g, template := fence(f)
	for _, s := range sayings(f, "testdata/rewordings.en.txt") {
		f.Add(s.text)
	}
	for _, s := range sayings(f, "testdata/lies.en.txt") {
		f.Add(s.text)
	}
	plain := regexp.MustCompile(`^[A-Za-z ,;:()'-]*\.$`)
	slots := regexp.MustCompile(`\{(identity|entitlement|entitlement_kind|c1\.(days|last_use|covered_days))\}`)
	_, p := subject(f, "idle_quiet", "")
	sentences, err := template.Tell(p)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		sentences[1].Text = strings.ReplaceAll(strings.ReplaceAll(text, "{days}", "{c1.days}"), "{last_use}", "{c1.last_use}")
		accepted, fault := g.Check(p, marshal(t, p, sentences))
		if fault != nil {
			return
		}
		said := accepted[1].Text
		if !plain.MatchString(slots.ReplaceAllString(said, "")) || strings.Count(said, "{c1.days}") != 1 || len(said) > 400 {
			t.Errorf("accepted: %q", said)
		}
	})
}
