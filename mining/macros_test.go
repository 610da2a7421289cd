package mining

import (
	"strings"
	"testing"

	"winnow/internal/store"
)

// Of a tool that living users leave alone for half a year, never used is not
// said before it was watched for three such spans; what may rest for weeks is
// not judged on less than thirteen months.
func TestUnknownYear(t *testing.T) {
	ctx := t.Context()
	db, err := store.Open(ctx, "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	text, err := files.ReadFile("models/macros.sql")
	if err != nil {
		t.Fatal(err)
	}
	for block := range strings.SplitSeq(string(text), "\n\n") {
		if strings.Contains(block, "create macro") {
			if _, err := db.ExecContext(ctx, strings.ReplaceAll(block, "scratch.main.", "")); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, c := range []struct{ active, quiet, exposure, longest, pace, months, want string }{
		{"0", "400", "400", "0", "179", "13", "true"}, {"0", "600", "600", "0", "179", "20", "false"}, {"0", "400", "400", "0", "90", "13", "false"},
		{"3", "400", "400", "91", "179", "13", "false"}, {"0", "100", "100", "0", "60", "12", "true"}, {"2", "150", "300", "60", "20", "12", "true"},
		{"2", "250", "300", "60", "20", "12", "false"}, {"0", "30", "30", "null", "null", "1", "unknown"},
	} {
		var got string
		args := strings.Join([]string{c.active, c.quiet, c.exposure, c.longest, c.pace, c.months}, ", ")
		if err := db.QueryRowContext(ctx, "select coalesce(unknown_year("+args+")::varchar, 'unknown')").Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != c.want {
			t.Errorf("unknown_year(%s) is %s, want %s", args, got, c.want)
		}
	}
}
