package store_test

import (
	"context"
	"path/filepath"
	"testing"

	"winnow/internal/access"
	"winnow/internal/store"
)

func TestParquetRows(t *testing.T) {
	ctx := context.Background()
	db, err := store.Open(ctx, "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	path := filepath.Join(t.TempDir(), "it's.parquet")
	if _, err := db.ExecContext(ctx, `copy (select i as "a b", case when i > 1 then 'x"' || i end as name,
		timestamptz '2026-03-01 10:00:00+02' as at, date '2026-03-01' as day, true as yes
		from range(3) t(i) order by i) to `+store.Quote(path)+` (format parquet)`); err != nil {
		t.Fatal(err)
	}
	var got []string
	for row, err := range store.ParquetRows(ctx, path) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(row))
	}
	want := []string{
		`{"a b":0,"name":null,"at":"2026-03-01 08:00:00","day":"2026-03-01","yes":true}`,
		`{"a b":1,"name":null,"at":"2026-03-01 08:00:00","day":"2026-03-01","yes":true}`,
		`{"a b":2,"name":"x\"2","at":"2026-03-01 08:00:00","day":"2026-03-01","yes":true}`,
	}
	if len(got) != len(want) {
		t.Fatalf("got %q", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("row %d: %s", i, got[i])
		}
	}
}

func TestParquetRowsFails(t *testing.T) {
	for _, path := range []string{"/none/x.parquet", "parquet_test.go"} {
		var last error
		for _, err := range store.ParquetRows(context.Background(), path) {
			last = err
		}
		if last == nil {
			t.Errorf("%s was read", path)
		}
	}
	for _, err := range store.ParquetRows(context.Background(), "a*.parquet") {
		if access.HintOf(err) == "" {
			t.Errorf("no hint: %v", err)
		}
	}
}
