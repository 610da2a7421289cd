package mining_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"winnow/internal/lake"
	"winnow/internal/store"
	"winnow/mining"
)

// A foretold is what one cut foretold of pairs with one score, and what came.
type foretold struct {
	cut     string
	score   float64
	n, hits int
}

// keep writes foretold idle pairs and verdicts as kept cuts of a lake, and
// opens the tables made of them.
func keep(t *testing.T, idle []foretold, verdicts []foretold) *mining.Build {
	t.Helper()
	ctx := context.Background()
	lk, err := lake.Open(filepath.Join(t.TempDir(), "lake"))
	if err != nil {
		t.Fatal(err)
	}
	models, err := mining.ModelsDigest()
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	var cuts []time.Time
	seen := map[string]bool{}
	row := func(question, basis string, f foretold) {
		rows = append(rows, fmt.Sprintf(`select timestamp '%s' as cut, 90 as horizon_days, timestamp '2026-10-01' as judged_as_of, '%s' as models,
			'%s' as question, 'product' as method, 'revoke' as action, '%s' as basis, 'fitted' as fit, 'high' as confidence, true as spoken,
			%v::double as score, %d::bigint as n, %d::bigint as hits`, f.cut, models, question, basis, f.score, f.n, f.hits))
		if at, err := time.Parse(time.DateOnly, f.cut); err != nil {
			t.Fatal(err)
		} else if !seen[f.cut] {
			seen[f.cut], cuts = true, append(cuts, at)
		}
	}
	for _, f := range idle {
		row("idle", "used", f)
	}
	for _, f := range verdicts {
		row("verdict", "idle", f)
	}
	db, err := store.Open(ctx, "", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // in memory
	if err := os.MkdirAll(mining.KeptDir(lk), 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(mining.KeptDir(lk), mining.KeptName("d", "s", models, cuts[0], 90))
	if _, err := db.ExecContext(ctx, "copy ("+strings.Join(rows, " union all ")+") to "+store.Quote(path)+" (format parquet)"); err != nil {
		t.Fatal(err)
	}
	b := &mining.Build{Lake: lk, WorkDir: filepath.Join(t.TempDir(), "work"), Out: filepath.Join(t.TempDir(), "x"), AsOf: asOf,
		Settings: map[string]any{"policy": []any{newTenant(0).policy}}}
	if err := b.OpenKept(ctx, cuts); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// pava pools adjacent violators the textbook's way: the independent count for
// the max-min formula of the model.
func pava(h, w []float64) []float64 {
	type block struct{ h, w, n float64 }
	var blocks []block
	for i := range h {
		blocks = append(blocks, block{h[i], w[i], 1})
		for k := len(blocks) - 1; k > 0 && blocks[k-1].h/blocks[k-1].w >= blocks[k].h/blocks[k].w; k = len(blocks) - 1 {
			last := blocks[k]
			blocks = blocks[:k]
			blocks[k-1] = block{blocks[k-1].h + last.h, blocks[k-1].w + last.w, blocks[k-1].n + last.n}
		}
	}
	var out []float64
	for _, b := range blocks {
		for range int(b.n) {
			out = append(out, b.h/b.w)
		}
	}
	return out
}

// The maps are isotonic regressions, of the shares themselves and of the shares
// with thirty pairs a bin that behave as foretold.
func TestCalibrationIsAnIsotonicRegression(t *testing.T) {
	cases := []foretold{{"2026-01-01", 0.005, 500, 10}, {"2026-01-01", 0.015, 80, 9}, {"2026-01-01", 0.03, 60, 3}, {"2026-01-01", 0.07, 90, 1},
		{"2026-01-01", 0.15, 40, 12}, {"2026-01-01", 0.35, 30, 6}, {"2026-01-01", 0.95, 900, 870}}
	b := keep(t, cases, nil)
	for method, strength := range map[string]float64{"isotonic": 0, "shrunk": 30} {
		var h, w []float64
		for _, c := range cases {
			h, w = append(h, float64(c.hits)+strength*c.score), append(w, float64(c.n)+strength)
		}
		want := pava(h, w)
		got := ask(t, b.Conn(), "select calibrated from marts.calibration_map where fold = 'all' and method = ? order by bin", method)
		if len(got) != len(want) {
			t.Fatalf("%s: got %q", method, got)
		}
		for i := range want {
			var v float64
			if _, err := fmt.Sscan(got[i], &v); err != nil || math.Abs(v-want[i]) > 2e-6 {
				t.Errorf("%s, bin %d: got %s, want %.6f", method, i+1, got[i], want[i])
			}
		}
	}
	// Neighbouring bins meet, and where no later cut tried anything the careful map serves.
	wantRow(t, ask(t, b.Conn(), `select count(*) from (select at_high, low, high, lead(at_low) over w as next, lead(low) over w as next_low
		from marts.calibration window w as (order by bin)) where high = next_low and abs(at_high - next) > 2e-6`), "0")
	wantRow(t, ask(t, b.Conn(), "select distinct method from marts.calibration"), "shrunk")
}

// A way of calibrating is tried on cuts that lie after all it was learnt from.
func TestCalibrationIsTriedOnLaterCutsOnly(t *testing.T) {
	b := keep(t, []foretold{
		{"2026-01-01", 0.15, 1000, 20}, {"2026-03-01", 0.15, 1000, 900}, // not over by April 1
		{"2026-04-01", 0.15, 1000, 18}}, nil)
	wantRow(t, ask(t, b.Conn(), "select cuts, n, said, observed from marts.calibration_trial where method = 'isotonic'"), "1|1000|0.02|0.018")
	wantRow(t, ask(t, b.Conn(), "select distinct method from marts.calibration"), "isotonic")
}

// A threshold is the lowest score from which all that was advised was right as
// often as was asked; without enough cases it is the asked precision itself.
func TestThresholdsFollowFromThePrecision(t *testing.T) {
	b := keep(t, []foretold{{"2026-01-01", 0.1, 1, 0}}, []foretold{ // hits were used again
		{"2026-01-01", 0.99, 400, 4}, {"2026-01-01", 0.95, 400, 20}, {"2026-01-01", 0.9, 200, 80}, {"2026-01-01", 0.85, 100, 60}})
	want := []string{"high|0.95|0.97|800|backtest", "medium|0.95|0.97|800|backtest"}
	got := ask(t, b.Conn(), "select confidence, score, precision, n, rests_on from marts.threshold where basis = 'idle' and fit = 'fitted' order by 1")
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %q, want %q", got, want)
	}
	wantRow(t, ask(t, b.Conn(), "select score, rests_on from marts.threshold where basis = 'never_used' and fit = 'fitted' and confidence = 'medium'"),
		"0.95|default")
	wantRow(t, ask(t, b.Conn(), "select score is null from marts.threshold where basis = 'never_used' and fit = 'fitted' and confidence = 'high'"), "true")
	wantRow(t, ask(t, b.Conn(), "select n, value, low, high from marts.backtest where question = 'revoke' and slice_kind = 'all' and metric = 'right'"),
		"1100|0.850909|0.832384|0.867712")
}
