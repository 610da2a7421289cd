package mining

import (
	"strings"
	"testing"

	"winnow/internal/store"
)

// The conditions that keep a verdict back, at their edges.
func TestConditionsThatKeepAVerdictBack(t *testing.T) {
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
	for call, want := range map[string]string{
		"unknown_year(100, 0, 60, 12)": "true", "unknown_year(150, 60, 20, 12)": "true", "unknown_year(250, 60, 20, 12)": "false",
		"unknown_year(100, 0, 60, 13)": "false", "unknown_year(30, null, null, 1)": "unknown",
		"slow_tool(400, 179)": "true", "slow_tool(600, 179)": "false", "slow_tool(400, 90)": "false",
		"unaccounted('unknown', 31, 5)": "true", "unaccounted('unknown', 30, 5)": "false", "unaccounted('unknown', 31, 0)": "false",
		"unaccounted('active', 31, 5)": "false",
	} {
		var got string
		if err := db.QueryRowContext(ctx, "select coalesce("+call+"::varchar, 'unknown')").Scan(&got); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s is %s, want %s", call, got, want)
		}
	}
}
