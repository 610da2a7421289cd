package recommend_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"winnow/internal/access"
	"winnow/recommend"
)

// TestModelsClaims holds the claims that the models make against the claims that
// the catalogue can word: a code or a slot that only one of them knows would
// leave a reader without its sentence.
func TestModelsClaims(t *testing.T) {
	_, all := codes(t)
	sql, err := os.ReadFile(filepath.Join("..", "mining", "models", "marts", "claim_spec.sql"))
	if err != nil {
		t.Fatal(err)
	}
	rows := regexp.MustCompile(`\('(\w+)', '(\w*)', '\w*'\)`).FindAllSubmatch(sql, -1)
	if len(rows) < 30 {
		t.Fatalf("only %d claims were read: the model has another form now", len(rows))
	}
	for _, row := range rows {
		code, slot := access.ClaimCode(row[1]), string(row[2])
		known, ok := all[code]
		if !ok {
			t.Errorf("claim %s is not in codes.yaml", code)
		} else if _, ok := known.Fields[slot]; slot != "" && !ok {
			t.Errorf("slot %s.%s is not in codes.yaml", code, slot)
		}
	}
}

// TestSlotsAreWorded shows every field of every code to a reader at least once,
// in each language: a value that no sentence holds would be evidence for nobody.
func TestSlotsAreWorded(t *testing.T) {
	order, all := codes(t)
	for _, language := range recommend.Languages() {
		c := load(t, language)
		for _, code := range order {
			text := drafted(t, c, rec(access.Abstain, claim(t, "c1", code, valuesOf(all[code].Fields, 5))), "c1")
			slots, err := recommend.Slots(text)
			if err != nil {
				t.Fatal(err)
			}
			shown := map[string]bool{"covered_days": code == "idle_quiet"} // the claim coverage says it
			for _, s := range slots {
				shown[s.Name] = true
			}
			for field := range all[code].Fields {
				if !shown[field] {
					t.Errorf("%s: no sentence shows %s.%s", language, code, field)
				}
			}
		}
	}
}
