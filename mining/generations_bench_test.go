package mining

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/store"
	"winnow/internal/yardstick"
)

// historyEdges is the size of the source: 100,000 accounts with 50 edges each,
// unless WINNOW_BENCH_EDGES says another.
var historyEdges = 5_000_000

// BenchmarkHistoryNight tells what a night costs the history of a source of
// five million assignments of which one in a hundred changed, and what the
// table of spells costs then:
//
//	go test ./mining/ -run '^$' -bench HistoryNight -benchtime 1x -timeout 30m
func BenchmarkHistoryNight(b *testing.B) {
	if n, err := strconv.Atoi(os.Getenv("WINNOW_BENCH_EDGES")); err == nil {
		historyEdges = n
	}
	lk, err := lake.Open(filepath.Join(b.TempDir(), "lake"))
	if err != nil {
		b.Fatal(err)
	}
	for n := range 2 {
		landEdges(b, lk, n)
		night := &Build{Lake: lk, Types: map[access.SourceName]string{"legacy": "file"}, WorkDir: filepath.Join(b.TempDir(), "work"),
			Out: filepath.Join(b.TempDir(), "winnow.duckdb"), AsOf: time.Date(2026, 11, 3, 0, 0, 0, 0, time.UTC), RunID: "r1",
			Limits: store.Options{Threads: 2, MemoryLimit: "2GB"}}
		if _, err := cost(func() error { return night.open(b.Context()) }); err != nil {
			b.Fatal(err)
		}
		for _, step := range []struct {
			name string
			do   func(context.Context) error
		}{
			{"encode", func(ctx context.Context) error { _, err := night.enc.Encode(ctx); return err }},
			{"history", night.prepare},
			{"again", func(ctx context.Context) error { chains, err := night.chains(ctx); _ = chains; return err }},
			{"staging", night.only("staging")},
			{"assignment", night.only("core.nesting", "core.entitlement_opens", "core.assignment_event", "core.last_grant", "core.assignment")},
			{"spells", night.only("core.assignment_turn", "core.assignment_generation", "core.assignment_mark", "core.assignment_history")},
		} {
			cpu, err := cost(func() error { return step.do(b.Context()) })
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(cpu, fmt.Sprintf("%s-%d-cpu-s", step.name, n+1))
		}
		if err := night.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// only builds the named models, or all of a schema.
func (b *Build) only(tables ...string) func(context.Context) error {
	return func(ctx context.Context) error {
		ordered, _, err := Graph(ctx, b.conn)
		if err != nil {
			return err
		}
		for _, m := range ordered {
			for _, t := range tables {
				if m.Table() == t || m.Schema == t {
					if err := b.build(ctx, m); err != nil {
						return err
					}
				}
			}
		}
		return nil
	}
}

// cost measures the CPU-seconds of the process.
func cost(do func() error) (float64, error) {
	before := yardstick.Used()
	err := do()
	return (yardstick.Used() - before).Seconds(), err
}

// landEdges lands the assignments of one night.
func landEdges(b *testing.B, lk *lake.Lake, n int) {
	batch, err := lk.Begin(lake.Manifest{Source: "legacy", Stream: "assignments", Pull: fmt.Sprintf("p%06d", n+1), Complete: true,
		At: time.Date(2026, 11, 1+n, 2, 0, 0, 0, time.UTC)})
	if err != nil {
		b.Fatal(err)
	}
	for i := range historyEdges {
		group := i % 50 * 397
		if n > 0 && i%100 == 7 {
			group++
		}
		line := fmt.Sprintf(`{"account_id":"00u%017d","entitlement_id":"00g%017d","since":"2026-01-01"}`, i/50, (group+i/50*31)%20000)
		if err := batch.Append("", []byte(line), ""); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := batch.Seal(func(*lake.Manifest) {}); err != nil {
		b.Fatal(err)
	}
}
