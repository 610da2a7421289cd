package mining_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/mining"
)

// A tenant without a single record still gets every table, empty.
func TestBuildOfAnEmptyLakePublishesEveryTable(t *testing.T) {
	dir := t.TempDir()
	lk, err := lake.Open(filepath.Join(dir, "lake"))
	if err != nil {
		t.Fatal(err)
	}
	b := &mining.Build{Lake: lk, Types: map[access.SourceName]string{"okta": "okta"}, WorkDir: filepath.Join(dir, "work"),
		Out: filepath.Join(dir, "winnow.duckdb"), AsOf: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), RunID: "r1"}
	if err := b.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := b.Publish(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
}
