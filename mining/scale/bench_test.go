package scale

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"winnow/internal/lake"
)

// fromEnv reads a number from the environment.
func fromEnv(tb testing.TB, name, unsaid string) float64 {
	tb.Helper()
	f, err := strconv.ParseFloat(cmp.Or(os.Getenv(name), unsaid), 64)
	if err != nil {
		tb.Fatalf("read %s: %v", name, err)
	}
	return f
}

// sizeOf is the size of the benchmarks and the name of its folder: WINNOW_SCALE,
// 0.01 unless it is said, and WINNOW_SCALE_DENSITY, the events a person and day.
func sizeOf(tb testing.TB) (size Size, name string) {
	tb.Helper()
	factor := fromEnv(tb, "WINNOW_SCALE", "0.01")
	size, err := Of(factor)
	if err != nil {
		tb.Fatal(err)
	}
	name = "factor-" + strconv.FormatFloat(factor, 'g', -1, 64)
	if density := fromEnv(tb, "WINNOW_SCALE_DENSITY", "0"); density > 0 {
		size, name = size.Dense(density), name+"-density-"+strconv.FormatFloat(density, 'g', -1, 64)
	}
	return size, name
}

// A site is the folder of one company: WINNOW_SCALE_DIR keeps it from run to
// run, since a large one takes minutes to make.
type site struct {
	dir  string
	size Size
}

// openSite makes the company, in a process of its own so that this one stays small:
// the system counts what a parent occupies as a child's peak.
func openSite(b *testing.B) site {
	b.Helper()
	size, name := sizeOf(b)
	dir := os.Getenv("WINNOW_SCALE_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	s := site{dir: filepath.Join(dir, name), size: size}
	var told struct{ Made bool }
	cost := s.child(b, "land", nil, &told)
	if told.Made {
		b.Logf("made %d people, %d entitlements, %d events: %s", size.People, size.Groups+size.Apps, size.Events, cost)
	}
	return s
}

func (s site) lake(tb testing.TB) *lake.Lake {
	tb.Helper()
	lk, err := lake.Open(filepath.Join(s.dir, "lake"))
	if err != nil {
		tb.Fatal(err)
	}
	return lk
}

// wanted reports whether a part of a benchmark is asked for: WINNOW_SCALE_PARTS
// lists them; all are, unless it is said.
func wanted(part string) bool {
	list := os.Getenv("WINNOW_SCALE_PARTS")
	return list == "" || slices.Contains(strings.Split(list, ","), part)
}

// BenchmarkScale prints what a night costs at the size of WINNOW_SCALE, beside a
// bare read of the same events, beside the same numbers from hand-written SQL,
// and from pandas.
func BenchmarkScale(b *testing.B) {
	s := openSite(b)
	for b.Loop() {
		s.night(b)
	}
}

// night prints what it has measured, also where a piece fails.
func (s site) night(b *testing.B) {
	b.Helper()
	r := report{size: s.size}
	defer s.publish(b, "scale", &r)
	bare := s.bare(b)
	r.base = bare.cpu
	r.add("bare read of the log", bare)
	if wanted("whole") {
		whole := s.mine(b, s.dir, 0, true)
		r.add("the whole run, winnow mine", whole)
		b.ReportMetric(whole.cpu/bare.cpu, "whole/bare")
		b.ReportMetric(whole.wall, "whole-s")
		b.ReportMetric(whole.peak, "whole-MiB")
	}
	var stages []step
	if wanted("stages") {
		var all cost
		stages, all = s.stages(b)
		r.add("the same, drafts left out", all)
		r.stages(stages)
	}
	if wanted("sql") {
		s.bySQL(b, &r, stages)
	}
	if wanted("pandas") {
		s.byPandas(b, &r, sumOf(stages, byHand))
	}
}
