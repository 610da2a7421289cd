package backtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"time"
)

// A Figure is one row of marts.backtest.
type Figure struct {
	Question  string   `json:"question"`
	Method    string   `json:"method"`
	SliceKind string   `json:"slice_kind"`
	Slice     string   `json:"slice"`
	Metric    string   `json:"metric"`
	N         int64    `json:"n"`
	Value     *float64 `json:"value"`
	Low       *float64 `json:"low"`
	High      *float64 `json:"high"`
}

// A Bin is one row of marts.calibration.
type Bin struct {
	Kind       string  `json:"kind"`
	Fit        string  `json:"fit"`
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
	N          int64   `json:"n"`
	Predicted  float64 `json:"predicted"`
	Observed   float64 `json:"observed"`
	Calibrated float64 `json:"calibrated"`
	Method     string  `json:"method"`
}

// A Trial sums marts.calibration_trial over the bins.
type Trial struct {
	Kind   string   `json:"kind"`
	Fit    string   `json:"fit"`
	Method string   `json:"method"`
	Cuts   int      `json:"cuts"`
	N      int64    `json:"n"`
	Gap    float64  `json:"gap"`   // mean distance of said and observed over the bins, weighted by pairs
	Worst  *float64 `json:"worst"` // the largest, of the bins with at least 200 pairs
	Brier  float64  `json:"brier"`
}

// A Threshold is one row of marts.threshold.
type Threshold struct {
	Basis      string   `json:"basis"`
	Fit        string   `json:"fit"`
	Confidence string   `json:"confidence"`
	Score      *float64 `json:"score"`
	Precision  *float64 `json:"precision"`
	Low        *float64 `json:"low"`
	N          int64    `json:"n"`
	RestsOn    string   `json:"rests_on"`
}

// Figures is everything that the kept cuts show.
type Figures struct {
	Cuts        []Cut        `json:"cuts"`
	HorizonDays int          `json:"horizon_days"`
	Figures     []Figure     `json:"figures"`
	Comparisons []Comparison `json:"comparisons"`
	Reliability []Bin        `json:"reliability"`
	Trials      []Trial      `json:"calibration_trials"`
	Thresholds  []Threshold  `json:"thresholds"`
}

// Figures reads what the given cuts show, of those that are kept.
func (b *Bench) Figures(ctx context.Context, cuts []Cut) (f *Figures, err error) {
	build := b.build(b.asOf)
	build.Past, build.WorkDir = nil, filepath.Join(b.WorkDir, "figures")
	var kept []time.Time
	for _, c := range cuts {
		if c.Why == "" {
			kept = append(kept, c.At)
		}
	}
	defer func() { err = errors.Join(err, build.Close()) }()
	if err := build.OpenKept(ctx, kept); err != nil {
		return nil, err
	}
	f = &Figures{Cuts: cuts, HorizonDays: b.HorizonDays}
	conn := build.Conn()
	if f.Figures, err = list(ctx, conn, "select question, method, slice_kind, slice, metric, n, value, low, high from marts.backtest order by all",
		func(rows *sql.Rows, x *Figure) error {
			return rows.Scan(&x.Question, &x.Method, &x.SliceKind, &x.Slice, &x.Metric, &x.N, &x.Value, &x.Low, &x.High)
		}); err != nil {
		return nil, err
	}
	if err := f.calibration(ctx, conn); err != nil {
		return nil, err
	}
	return f, f.compare(ctx, conn)
}

const trialQuery = `select kind, fit, method, max(cuts), sum(n)::bigint as pairs, sum(abs(said - observed) * n) / sum(n),
	max(abs(said - observed)) filter (n >= 200), sum(loss)::double / sum(n) as brier
	from marts.calibration_trial group by kind, fit, method order by kind, fit, brier, method`

// calibration reads the tables of the calibration.
func (f *Figures) calibration(ctx context.Context, conn *sql.Conn) (err error) {
	if f.Reliability, err = list(ctx, conn, "select kind, fit, low, high, n, predicted, observed, calibrated, method from marts.calibration order by kind, fit, bin",
		func(rows *sql.Rows, x *Bin) error {
			return rows.Scan(&x.Kind, &x.Fit, &x.Low, &x.High, &x.N, &x.Predicted, &x.Observed, &x.Calibrated, &x.Method)
		}); err != nil {
		return err
	}
	if f.Trials, err = list(ctx, conn, trialQuery,
		func(rows *sql.Rows, x *Trial) error {
			return rows.Scan(&x.Kind, &x.Fit, &x.Method, &x.Cuts, &x.N, &x.Gap, &x.Worst, &x.Brier)
		}); err != nil {
		return err
	}
	f.Thresholds, err = list(ctx, conn, "select basis, fit, confidence, score, precision, low, n, rests_on from marts.threshold order by basis, fit, confidence",
		func(rows *sql.Rows, x *Threshold) error {
			return rows.Scan(&x.Basis, &x.Fit, &x.Confidence, &x.Score, &x.Precision, &x.Low, &x.N, &x.RestsOn)
		})
	return err
}

// compare draws persons again for the questions that have rows of persons.
func (f *Figures) compare(ctx context.Context, conn *sql.Conn) error {
	for _, q := range []struct {
		metric, query string
		of            statistic
	}{
		{"grant hit@5", "select method, cut, person, 0, n, (coalesce(rank, 1000) <= 5)::integer from lake.backtest_case where question = 'grant'", mean},
		{"grant MRR", "select method, cut, person, 0, n, coalesce(1 / rank, 0) from lake.backtest_case where question = 'grant'", mean},
		{"removal AUC", "select method, cut, person, score, n, hits from lake.backtest_case where question = 'removal'", meanAUC},
	} {
		methods := map[string][]Case{}
		rows, err := list(ctx, conn, q.query, func(rows *sql.Rows, x *methodCase) error {
			var cut time.Time
			err := rows.Scan(&x.method, &cut, &x.Person, &x.Score, &x.N, &x.Hits)
			x.Cut = cut.Format(time.RFC3339)
			return err
		})
		if err != nil {
			return err
		}
		for _, r := range rows {
			methods[r.method] = append(methods[r.method], r.Case)
		}
		if c, ok := compare(q.metric, methods, q.of); ok && !math.IsInf(c.Best, 0) {
			f.Comparisons = append(f.Comparisons, c)
		}
	}
	return nil
}

type methodCase struct {
	method string
	Case
}

// list reads the rows of a query.
func list[T any](ctx context.Context, conn *sql.Conn, query string, scan func(*sql.Rows, *T) error) ([]T, error) {
	rows, err := conn.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("read the figures: %w", err)
	}
	defer rows.Close()
	out := []T{}
	for rows.Next() {
		var x T
		if err := scan(rows, &x); err != nil {
			return nil, fmt.Errorf("read the figures: %w", err)
		}
		out = append(out, x)
	}
	return out, rows.Err()
}

// sortedKeys returns the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
