package recommend_test

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"testing"

	"winnow/internal/access"
	"winnow/recommend"
)

// TestEverySentence drafts each code under each action in each language, for
// nought, one, two and many.
func TestEverySentence(t *testing.T) {
	order, all := codes(t)
	for _, language := range recommend.Languages() {
		c := load(t, language)
		for _, code := range order {
			for _, action := range access.Actions {
				for _, n := range []int{0, 1, 2, 5} {
					cl := claim(t, "c1", code, valuesOf(all[code].Fields, n))
					text := write(t, c, true, rec(action, cl))
					sound(t, text)
					if language == "en" {
						grammatical(t, text)
					}
					if got := drafted(t, c, rec(action, cl), "c1"); got == "" {
						t.Errorf("%s %s %s: no sentence is bound to the claim", language, code, action)
					}
				}
			}
		}
	}
}

// TestHolesInValues takes values away, every combination of them: the sentences
// grow shorter, and none has a hole.
func TestHolesInValues(t *testing.T) {
	order, all := codes(t)
	for _, language := range recommend.Languages() {
		c := load(t, language)
		for _, code := range order {
			full := claim(t, "c1", code, valuesOf(all[code].Fields, 2))
			fields := make([]string, 0, len(full.Values))
			for f := range full.Values {
				fields = append(fields, f)
			}
			for subset := range 1 << len(fields) {
				cl := access.Claim{ID: "c1", Code: code, Values: map[string]access.Value{}}
				for i, f := range fields {
					if subset>>i&1 == 1 {
						cl.Values[f] = full.Values[f]
					}
				}
				for _, action := range access.Actions {
					sound(t, write(t, c, false, rec(action, cl)))
				}
			}
		}
	}
}

func drafted(t *testing.T, c *recommend.Catalogue, r access.Recommendation, id string) string {
	t.Helper()
	for d, err := range (recommend.Template{Catalogue: c, Strict: true}).Draft(t.Context(), []access.Recommendation{r}) {
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range d.Sentences {
			if s.Claim == id {
				return s.Text
			}
		}
	}
	return ""
}

var ungrammatical = regexp.MustCompile(`\b1 (days|months|apps|colleagues|holders|attempts|groups|hold|use|have)\b` +
	`|\b(0|2|5) (day|month|app|colleague|holder|attempt|group|holds|uses|has)\b|\bnone (hold|use)\b|  |\.\.`)

func grammatical(t *testing.T, text string) {
	t.Helper()
	if bad := ungrammatical.FindString(text); bad != "" {
		t.Errorf("%q in: %s", bad, text)
	}
}

func TestUnknownCode(t *testing.T) {
	c := load(t, "en")
	r := rec(access.Revoke, claim(t, "c1", "moon_phase", `{"phase":"full"}`), claim(t, "c2", "left", `{"effective":"2026-05-31"}`))
	text := write(t, c, false, r)
	sound(t, text)
	if !strings.Contains(text, "“moon_phase”") || !strings.Contains(text, "2026-05-31") || strings.Contains(text, "full") {
		t.Error(text)
	}
	for _, err := range (recommend.Template{Catalogue: c, Strict: true}).Draft(t.Context(), []access.Recommendation{r}) {
		if err == nil || !strings.Contains(err.Error(), "moon_phase") {
			t.Errorf("strict: %v", err)
		}
	}
}

// TestWrongTypes gives values that are not what their type says. They count as
// unknown.
func TestWrongTypes(t *testing.T) {
	c := load(t, "en")
	for _, values := range []string{
		`{"days":"many","covered_days":180,"last_use":"2026-03-02"}`,
		`{"days":-3,"covered_days":180,"last_use":"yesterday"}`,
		`{"days":null,"covered_days":[1],"last_use":20260302}`,
	} {
		text := write(t, c, false, rec(access.Revoke, claim(t, "c1", "idle_quiet", values)))
		sound(t, text)
		for _, bad := range []string{"many", "-3", "yesterday", "20260302", "null"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s: %s", values, text)
			}
		}
	}
}

func TestWayBack(t *testing.T) {
	c := load(t, "en")
	r := rec(access.Revoke, claim(t, "c1", "left", `{"effective":"2026-05-31"}`))
	texts := map[string]bool{}
	for _, removability := range []string{`{"reversible":true}`, `{"reversible":false}`, `{}`} {
		r.Removability = json.RawMessage(removability)
		texts[write(t, c, true, r)] = true
	}
	if len(texts) != 3 {
		t.Errorf("what happens if the verdict is wrong must be told apart: %v", texts)
	}
}

// TestShort holds the prose to a length that people read.
func TestShort(t *testing.T) {
	order, all := codes(t)
	c := load(t, "en")
	var claims []access.Claim
	for i, code := range order {
		claims = append(claims, claim(t, "c"+string(rune('a'+i%26))+string(rune('a'+i/26)), code, valuesOf(all[code].Fields, 5)))
	}
	for _, action := range access.Actions {
		if text := write(t, c, true, rec(action, claims...)); strings.Count(text, ". ")+1 > 11 {
			t.Errorf("%s: too long: %s", action, text)
		}
	}
}

func TestDraftStops(t *testing.T) {
	c := load(t, "en")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range recommend.Write(ctx, recommend.Template{Catalogue: c}, c, []access.Recommendation{rec(access.Revoke)}) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error = %v", err)
		}
	}
}
