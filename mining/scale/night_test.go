package scale

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"winnow/internal/lake"
	"winnow/internal/store"
)

// BenchmarkNight prints what the night after the log costs, when one day more of
// it has landed and the directory was read anew, beside the first night and beside
// a rebuild from nothing, and whether both come to the same tables.
func BenchmarkNight(b *testing.B) {
	s := openSite(b)
	for b.Loop() {
		s.second(b)
	}
}

// second measures the second night. What it has measured is printed, also where
// a piece fails.
func (s site) second(b *testing.B) {
	b.Helper()
	r := report{size: s.size}
	defer s.publish(b, "night", &r)
	data := s.twin(b, "night")
	at := func(dir string) func(*task) {
		return func(t *task) { t.Lake = filepath.Join(dir, "lake") }
	}
	var none struct{}
	first := s.child(b, "ingest", at(data), &none)
	r.base = first.cpu
	r.add("first ingest, 90 days", first)
	r.add("first build", s.mine(b, data, 0, false))
	s.land(b, data, "log")
	day := s.child(b, "ingest", at(data), &none)
	r.add("ingest of one day more", day)
	s.land(b, data, "directory")
	directory := s.child(b, "ingest", at(data), &none)
	r.add("ingest of the directory, read anew", directory)
	anew := s.copyOf(b, data)
	build := s.mine(b, data, 1, false)
	r.add("build of the night", build)
	full := s.mine(b, anew, 1, true)
	r.add("rebuild from what landed", full)
	night := day.plus(directory).plus(build)
	var differ []string
	s.child(b, "compare", func(t *task) { t.Args = []string{data, anew} }, &differ)
	r.say("one day ÷ first ingest %.3f; with the directory %.3f; the night ÷ a rebuild %.3f; tables that differ: %v",
		day.cpu/first.cpu, (day.cpu+directory.cpu)/first.cpu, night.cpu/full.cpu, differ)
	b.ReportMetric(day.cpu/first.cpu, "day/first")
	b.ReportMetric(night.cpu/full.cpu, "night/rebuild")
	if len(differ) > 0 {
		b.Errorf("the night and a rebuild differ in %v", differ)
	}
}

// twin makes a data folder of the same landed segments.
func (s site) twin(b *testing.B, name string) string {
	b.Helper()
	dir := filepath.Join(s.dir, name)
	if err := errors.Join(remove(dir), os.MkdirAll(dir, 0o700)); err != nil {
		b.Fatal(err)
	}
	if _, err := Link(s.lake(b), filepath.Join(dir, "lake")); err != nil {
		b.Fatal(err)
	}
	return dir
}

// land seals what the night would pull, in a process of its own.
func (s site) land(b *testing.B, data, what string) {
	b.Helper()
	var none struct{}
	s.child(b, "night", func(t *task) { t.Lake, t.Args = filepath.Join(data, "lake"), []string{what} }, &none)
}

// copyOf makes a data folder with the same segments and with the snapshot that
// stands published, which knows what was advised the night before.
func (s site) copyOf(b *testing.B, data string) string {
	b.Helper()
	dir := data + "-anew"
	if err := errors.Join(remove(dir), os.MkdirAll(dir, 0o700)); err != nil {
		b.Fatal(err)
	}
	if _, err := Link(&lake.Lake{Dir: filepath.Join(data, "lake")}, filepath.Join(dir, "lake")); err != nil {
		b.Fatal(err)
	}
	from, err := os.Open(filepath.Join(data, "winnow.duckdb"))
	if err != nil {
		b.Fatal(err)
	}
	defer from.Close()
	to, err := os.OpenFile(filepath.Join(dir, "winnow.duckdb"), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		b.Fatal(err)
	}
	_, err = io.Copy(to, from)
	if err := errors.Join(err, to.Close()); err != nil {
		b.Fatal(err)
	}
	return dir
}

// compareTask names the tables of two data folders' snapshots that differ in any
// row.
func compareTask(ctx context.Context, t task) (any, error) {
	db, err := store.Open(ctx, "", store.Options{MemoryLimit: t.Limits})
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	defer db.Close()
	for i, dir := range t.Args {
		statement := fmt.Sprintf("attach %s as s%d (read_only)", store.Quote(filepath.Join(dir, "winnow.duckdb")), i)
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return nil, fmt.Errorf("open a snapshot: %w", err)
		}
	}
	sums := [2]map[string]string{}
	for i := range sums {
		if sums[i], err = sumsOf(ctx, db, fmt.Sprintf("s%d", i)); err != nil {
			return nil, err
		}
	}
	return differing(sums[0], sums[1]), nil
}
