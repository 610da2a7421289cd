package acceptance_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// cells reads a CSV text and holds every cell against what a spreadsheet would
// run. It returns the cells that were made harmless.
func cells(t *testing.T, text string) (disarmed []string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		for i, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				t.Errorf("a cell of %s begins with %q: %q", rows[0][i], cell[0], cell)
			}
			if strings.HasPrefix(cell, "'") {
				disarmed = append(disarmed, cell)
			}
		}
	}
	return disarmed
}

// harmless demands that a text for a terminal moves no cursor and turns no line.
func harmless(t *testing.T, what, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		for _, r := range strings.TrimRight(line, "\n") {
			if unicode.In(r, unicode.Cc, unicode.Bidi_Control) || r == '\u2028' || r == '\u2029' || r == unicode.ReplacementChar {
				t.Errorf("%s prints %U in %q", what, r, line)
				break
			}
		}
	}
}

// Names from directories, some of which were written by strangers, do nothing
// in a spreadsheet and nothing on a terminal.
func TestHostileNamesAreInert(t *testing.T) {
	t.Parallel()
	p := secondNight(t)
	exported, err := os.ReadFile(filepath.Join(p.out(), "recommendations.csv"))
	if err != nil {
		t.Fatal(err)
	}
	cells(t, string(exported))

	const names = "select name from core.entitlement union select name from core.identity union select display_name from core.account order by 1"
	e := p.winnow(t, "query", "--csv", names)
	if e.code != 0 {
		t.Fatal(e)
	}
	if n := len(cells(t, e.stdout)); n < 2 {
		t.Errorf("%d names in CSV were made harmless: the company has too few hostile ones", n)
	}
	for _, args := range [][]string{
		{"query", "--limit", "0", names}, {"recommend", "--limit", "0"}, {"query", "--limit", "0", "from marts.recommendation"},
	} {
		e := p.winnow(t, args...)
		if e.code != 0 {
			t.Fatal(e)
		}
		harmless(t, strings.Join(args, " "), e.stdout+e.stderr)
		if args[0] == "query" && len(args[3]) > 40 {
			says(t, e.stdout, `\u001b[31m`, `\u202e`, `\u2066`)
		}
	}
	ids := texts(t, shell(t, p.snapshot()), `select recommendation_id from marts.recommendation
		where regexp_matches(entitlement_name || identity_name, '[\x00-\x1f\x{200b}-\x{202e}\x{2066}-\x{2069}<>]') order by 1 limit 5`)
	if len(ids) == 0 {
		t.Error("no recommendation is about a hostile name")
	}
	for _, id := range ids {
		e := p.winnow(t, "explain", id)
		if e.code != 0 {
			t.Fatal(e)
		}
		harmless(t, "explain "+id, e.stdout+e.stderr)
	}
}
