package mining_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"winnow/internal/lake"
	"winnow/internal/store"
	"winnow/mining"
)

// What was imported is not read again until its file changes, and then it is
// replaced.
func TestHistoryIsImportedOnce(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	lk, err := lake.Open(filepath.Join(dir, "lake"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(ctx, "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	out := filepath.Join(lk.Dir, "usage_day", "source=s", "month=2026-01", "imported.parquet")
	given := func(uses string) string {
		t.Helper()
		line := `{"source":"s","day":"2026-01-02","account":"a","entitlement":"e","successes":` + uses + `,"failures":0,"interactive":0}`
		if err := os.WriteFile(filepath.Join(dir, "usage_day.ndjson"), []byte(line+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := mining.ImportHistory(ctx, conn, lk, dir); err != nil {
			t.Fatal(err)
		}
		return ask(t, conn, "select successes from read_parquet("+store.Quote(out)+")")[0]
	}
	if got := given("3"); got != "3" {
		t.Fatalf("imported %s uses, want 3", got)
	}
	if err := os.Truncate(out, 0); err != nil { // stands for hours of work that must not be done again
		t.Fatal(err)
	}
	if err := mining.ImportHistory(ctx, conn, lk, dir); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(out); err != nil || info.Size() != 0 {
		t.Errorf("the same file was imported again: %v, %v", info, err)
	}
	if err := os.Remove(filepath.Join(lk.Dir, "usage_day", "imported.sha256")); err != nil { // as a kill in the middle of an import leaves it
		t.Fatal(err)
	}
	if got := given("3"); got != "3" {
		t.Errorf("without its mark the import stands at %s uses, want 3", got)
	}
	if got := given("4"); got != "4" {
		t.Errorf("after the file changed %s uses stand, want 4", got)
	}
}
