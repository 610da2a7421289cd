package saved_test

import (
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzCSV holds the framing against encoding/csv: what the library reads
// without complaint, the table reads alike; what it refuses never panics, and
// no line goes missing.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"1,2\n", "\"a\nb\",2\n3,4\n", "\"open,2\n3,4\n", "a\"b,2\r\n\r\n3,4", "\"x\"y,1\n", "1,2,3\n", "\xff,2\n", "\"\"\"\",\n", "\"a\n\n\"\"b\",2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if strings.ContainsAny(body, "\x00\x1f\x8b") {
			return
		}
		_, rows, faults, err := read(t, "x.csv", "first,second\n"+body)
		std := csv.NewReader(strings.NewReader(body))
		std.FieldsPerRecord = 2
		want, bad := std.ReadAll()
		if bad != nil || !utf8.ValidString(body) || strings.Contains(strings.ReplaceAll(body, "\r\n", ""), "\r") {
			if lines := strings.Count(body, "\n") + 1; len(rows)+len(faults) > lines+1 {
				t.Errorf("%d rows and %d faults out of %d lines", len(rows), len(faults), lines)
			}
			return
		}
		for _, w := range want {
			for i := range w {
				w[i] = strings.TrimSpace(w[i])
			}
		}
		if err != nil || len(faults) > 0 || !slices.EqualFunc(rows, want, slices.Equal) {
			t.Errorf("got %q, faults %v, err %v; want %q", rows, faults, err, want)
		}
	})
}
