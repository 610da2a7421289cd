package recommend_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"winnow/internal/access"
	"winnow/recommend"
)

func TestLanguages(t *testing.T) {
	got := recommend.Languages()
	if !slices.Contains(got, "en") || !slices.Contains(got, "de") {
		t.Fatalf("languages = %v", got)
	}
	versions := map[string]bool{}
	for _, language := range got {
		c := load(t, language)
		if c.Language() != language {
			t.Errorf("the file of %s says it is %s", language, c.Language())
		}
		versions[c.Version()] = true
	}
	if len(versions) != len(got) {
		t.Error("two languages have the same version")
	}
	if _, err := recommend.Load("../codes"); err == nil || access.HintOf(err) == "" {
		t.Errorf("error = %v", err)
	}
}

func TestLabel(t *testing.T) {
	c := load(t, "en")
	if got := c.Label("idle_quiet"); got != "no use for long" {
		t.Error(got)
	}
	if got := c.Label("moon_phase"); got != "moon phase" {
		t.Error(got)
	}
}

// TestFaultsOfACatalogue spoils the English file in one place after the other.
func TestFaultsOfACatalogue(t *testing.T) {
	data, err := os.ReadFile("catalogue/en.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, spoiled, want string }{
		{`The account could not be`, `The 2 accounts could not be`, "claims.unlinked.revoke.1: a digit stands outside a slot"},
		{`is {age_days} old, too old for a verdict.", other`, `is {age_weeks} old.", other`, "there is no slot {age_weeks}"},
		{`"It is privileged: it grants`, `"It is {privileged: it grants`, "a brace is not part of a slot"},
		{`{n|colleague} in {group}, {k} hold it (estimated share {share})."}`, `{n|peer} in {group}, {k} hold it."}`, `there is no unit "peer"`},
		{`one: "There is {months} of`, `few: "There is {months} of`, "form one is missing"},
		{`  day: {one: "{n} day", other: "{n} days"}`, ``, "units.day: is missing"},
		{`  unlinked:`, `  unlinkd:`, "claims.unlinkd: is not in codes.yaml"},
		{`  unlinked:`, `  unlinkd:`, "claims.unlinked: needs label and any"},
		{`  grant: "Give {identity}`, `  gran: "Give {identity}`, "verdicts.grant: must be one text"},
		{`  licence: the licence`, ``, "kinds.licence: is missing"},
		{`count: active, zero`, `count: holder, zero`, `count names "holder"`},
		{`prior: a built-in model`, `prior: model 3`, "words.idle_score.method.prior: must hold no digit"},
		{`quotes: ["“", "”"]`, `quotes: ["“"]`, "quotes: must be"},
		{`language: en`, `langage: en`, "langage"},
	} {
		if !strings.Contains(string(data), c.old) {
			t.Errorf("%q is not in the file", c.old)
			continue
		}
		_, err := recommend.Parse([]byte(strings.Replace(string(data), c.old, c.spoiled, 1)))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want %q", c.spoiled, err, c.want)
		}
	}
}

// TestOtherPlurals adds a language with three plural forms, and a sentence in
// them, without a line of code.
func TestOtherPlurals(t *testing.T) {
	data, err := os.ReadFile("catalogue/en.yaml")
	if err != nil {
		t.Fatal(err)
	}
	polish := strings.NewReplacer(
		"language: en", "language: pl",
		"  - {form: one, is: [1]}", "  - {form: one, is: [1]}\n  - {form: few, mod: 10, is: [2, 3, 4], unless_mod: 100, unless: [12, 13, 14]}",
		`day: {one: "{n} day", other: "{n} days"}`, `day: {one: "{n} dzień", few: "{n} dni", other: "{n} dni"}`,
		`month: {one: "{n} month", other: "{n} months"}`, `month: {one: "{n} miesiąc", few: "{n} miesiące", other: "{n} miesięcy"}`,
	).Replace(string(data))
	// Every other message with forms gets its few from other.
	lines := strings.Split(polish, "\n")
	for i, line := range lines {
		if at := strings.Index(line, "other: "); at > 0 && strings.Contains(line, "one: ") && !strings.Contains(line, "few: ") {
			lines[i] = line[:at] + "few: " + strings.TrimSuffix(line[at+len("other: "):], "}") + ", " + line[at:]
		}
	}
	c, err := recommend.Parse([]byte(strings.Join(lines, "\n")))
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[string]string{
		"0": "0 miesięcy", "1": "1 miesiąc", "2": "2 miesiące", "5": "5 miesięcy", "12": "12 miesięcy", "22": "22 miesiące", "112": "112 miesięcy",
	} {
		r := rec(access.Abstain, claim(t, "c1", "yearly_unknown", `{"months":`+n+`}`))
		d := recommend.Draft{Sentences: []recommend.Sentence{{Claim: "c1", Text: "{c1.months}"}}}
		if got, err := c.Fill(r, d); err != nil || got != want {
			t.Errorf("%s: %q, %v", n, got, err)
		}
	}
}

func TestKey(t *testing.T) {
	c := load(t, "en")
	key := func(versions string, r access.Recommendation) string {
		p, _, err := c.Brief(r).Pattern()
		if err != nil {
			t.Fatal(err)
		}
		k, err := p.Key(c.Version(), versions)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	a, b := claim(t, "c1", "idle_quiet", `{"days":142}`), claim(t, "c2", "own_pace", `{"gap_days":9}`)
	base := key("m1", rec(access.Revoke, a, b))
	same := rec(access.Revoke, claim(t, "c1", "idle_quiet", `{"days":143}`), b)
	same.IdentityName, same.RecommendationID, same.Score, same.Confidence = "Somebody Else", "r9", 0.91, access.Low
	if key("m1", same) != base {
		t.Error("a new day's count and another person must not cost a new draft")
	}
	for name, k := range map[string]string{
		"grammar": key("m1", rec(access.Revoke, claim(t, "c1", "idle_quiet", `{"days":1}`), b)),
		"slots":   key("m1", rec(access.Revoke, claim(t, "c1", "idle_quiet", `{"days":142,"last_use":"2026-03-02"}`), b)),
		"action":  key("m1", rec(access.ChangeRule, a, b)),
		"order":   key("m1", rec(access.Revoke, b, a)),
		"version": key("m2", rec(access.Revoke, a, b)),
	} {
		if k == base {
			t.Errorf("another %s must be another draft", name)
		}
	}
}
