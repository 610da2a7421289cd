package mining_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/mining"
)

// seal lands lines as one batch of the manifest's stream.
func seal(t *testing.T, lk *lake.Lake, m lake.Manifest, lines ...string) {
	t.Helper()
	b, err := lk.Begin(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		var on access.Day
		if m.Events {
			when, err := lake.ParseTime(lake.TextAt([]byte(line), "at"))
			if err != nil {
				t.Fatal(err)
			}
			on = access.DayOf(when)
		}
		if err := b.Append(on, []byte(line), ""); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Seal(func(*lake.Manifest) {}); err != nil {
		t.Fatal(err)
	}
}

// build makes the histories of a lake and returns a connection on which they
// resolve.
func build(t *testing.T, lk *lake.Lake, types map[access.SourceName]string, at time.Time) *sql.Conn {
	t.Helper()
	dir := t.TempDir()
	c := newTenant(0)
	b := &mining.Build{Lake: lk, Types: types, WorkDir: filepath.Join(dir, "work"), Out: filepath.Join(dir, "winnow.duckdb"),
		AsOf: at, RunID: "r1", Settings: map[string]any{"policy": []any{c.policy}, "column_map": columnMap}}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := b.RunFor(context.Background(), "core.assignment_history", "core.opens_history", "core.account_history", "core.worker_history", "core.assignment"); err != nil {
		t.Fatal(err)
	}
	return b.Conn()
}

// emptyLake opens a lake in a folder of the test's own.
func emptyLake(t *testing.T) *lake.Lake {
	t.Helper()
	lk, err := lake.Open(filepath.Join(t.TempDir(), "lake"))
	if err != nil {
		t.Fatal(err)
	}
	return lk
}
