package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"winnow/mining/backtest"
)

// backtestText writes the figures for people.
func backtestText(f *backtest.Figures) string {
	var b strings.Builder
	var cuts []string
	for _, c := range f.Cuts {
		if c.Why == "" {
			cuts = append(cuts, c.At.Format(time.DateOnly))
		}
	}
	fmt.Fprintf(&b, "\nStood at %s; looked %d days ahead.\n", strings.Join(cuts, ", "), f.HorizonDays)
	for _, x := range f.Figures {
		if x.Metric == "spells" && x.N > 0 {
			fmt.Fprintf(&b, "Left out: %s holdings of which nobody knows whether they existed then.\n", thousands(x.N))
		}
	}
	section(&b, "Revokes: of what would have been advised, was it used again?", revokeGrid(f))
	section(&b, "Grants: what people were given, would winnow have named it?", methodGrid(f, "grant", []string{"hit1", "hit5", "hit10", "mrr"},
		[]string{"hit@1", "hit@5", "hit@10", "MRR"}))
	section(&b, "Idle: does the score tell what will be used?", methodGrid(f, "idle", []string{"auc", "brier", "base_rate"},
		[]string{"AUC", "Brier", "used"}))
	section(&b, "Removals within 180 days: does the score tell what people take away?", methodGrid(f, "removal", []string{"auc", "base_rate"},
		[]string{"AUC", "withdrawn"}))
	section(&b, "winnow against the best simple method (90 % interval of the difference, persons drawn again 1,000 times)", comparisonGrid(f))
	section(&b, "Calibration: what was foretold, and what came true", reliabilityGrid(f))
	section(&b, "Calibration, learnt at a cut from what was over by then and tried on what followed", trialGrid(f))
	section(&b, "Thresholds for the precision that the configuration asks for", thresholdGrid(f))
	return b.String()
}

// section writes a title and a table, or nothing where the table is empty.
func section(b *strings.Builder, title string, g *grid) {
	if len(g.rows) > 0 {
		b.WriteString("\n" + title + "\n" + g.String())
	}
}

// numbers aligns all columns from the given one on to the right.
func numbers(from int, head ...string) *grid {
	g := &grid{head: head, right: map[int]bool{}}
	for i := from; i < len(head); i++ {
		g.right[i] = true
	}
	return g
}

// revokeGrid has one row for all, each confidence, basis, cut and the ten
// largest departments and apps.
func revokeGrid(f *backtest.Figures) *grid {
	g := numbers(2, "of", "", "judged", "not used again", "90 % interval", "people agreed", "of")
	agreed := map[string]backtest.Figure{}
	for _, x := range f.Figures {
		if x.Question == "revoke" && x.Metric == "agreed" {
			agreed[x.SliceKind+"\x00"+x.Slice] = x
		}
	}
	for _, kind := range []string{"all", "confidence", "basis", "cut", "department", "app"} {
		rows := slices.DeleteFunc(slices.Clone(f.Figures), func(x backtest.Figure) bool {
			return x.Question != "revoke" || x.Metric != "right" || x.SliceKind != kind || x.N == 0
		})
		if kind == "department" || kind == "app" {
			slices.SortStableFunc(rows, func(a, b backtest.Figure) int { return cmp.Compare(b.N, a.N) })
			rows = rows[:min(10, len(rows))]
		}
		for _, x := range rows {
			with := agreed[kind+"\x00"+x.Slice]
			g.add(kind, x.Slice, thousands(x.N), share(x.Value), interval(x.Low, x.High), share(with.Value), thousands(with.N))
		}
	}
	return g
}

// methodGrid has one row a method.
func methodGrid(f *backtest.Figures, question string, metrics, head []string) *grid {
	g := numbers(1, append([]string{"method", "cases"}, head...)...)
	for _, method := range []string{"product", "recency", "popularity", "user_knn", "item_cosine", "rarity", "age"} {
		row, found := make([]string, len(metrics)+2), false
		row[0] = strings.ReplaceAll(strings.Replace(method, "product", "winnow", 1), "_", " ")
		for _, x := range f.Figures {
			for i, m := range metrics {
				if x.Question == question && x.Method == method && x.SliceKind == "all" && x.Metric == m && x.Value != nil {
					row[1], row[i+2], found = thousands(x.N), fmt.Sprintf("%.3f", *x.Value), true
				}
			}
		}
		if found {
			g.add(row...)
		}
	}
	return g
}

func comparisonGrid(f *backtest.Figures) *grid {
	g := numbers(1, "", "winnow", "best simple", "", "difference", "interval", "draws better", "cases")
	for _, c := range f.Comparisons {
		g.add(c.Metric, fmt.Sprintf("%.3f", c.Product), fmt.Sprintf("%.3f", c.Best), strings.ReplaceAll(c.BestMethod, "_", " "),
			fmt.Sprintf("%+.3f", c.Product-c.Best), fmt.Sprintf("%+.3f … %+.3f", c.Low, c.High), fmt.Sprintf("%.0f %%", 100*c.Better),
			thousands(int64(c.Cases)))
	}
	return g
}

func reliabilityGrid(f *backtest.Figures) *grid {
	g := numbers(3, "kind", "fit", "use foretold", "pairs", "foretold", "came true", "difference", "calibrated")
	for _, x := range f.Reliability {
		g.add(strings.ReplaceAll(x.Kind, "_", " "), x.Fit, fmt.Sprintf("%.2f – %.2f", x.Low, min(x.High, 1)), thousands(x.N), fmt.Sprintf("%.3f", x.Predicted),
			fmt.Sprintf("%.3f", x.Observed), fmt.Sprintf("%+.3f", x.Observed-x.Predicted), fmt.Sprintf("%.3f", x.Calibrated))
	}
	return g
}

func trialGrid(f *backtest.Figures) *grid {
	g := numbers(3, "kind", "fit", "calibration", "later cuts", "pairs", "mean distance", "largest, of bins from 200 pairs", "Brier")
	for _, x := range f.Trials {
		worst := ""
		if x.Worst != nil {
			worst = fmt.Sprintf("%.3f", *x.Worst)
		}
		g.add(strings.ReplaceAll(x.Kind, "_", " "), x.Fit, x.Method, strconv.Itoa(x.Cuts), thousands(x.N), fmt.Sprintf("%.3f", x.Gap), worst,
			fmt.Sprintf("%.4f", x.Brier))
	}
	return g
}

func thresholdGrid(f *backtest.Figures) *grid {
	g := numbers(3, "basis", "fit", "confidence", "score from", "right", "at least", "judged", "rests on")
	for _, x := range f.Thresholds {
		score := "none"
		if x.Score != nil {
			score = fmt.Sprintf("%.3f", *x.Score)
		}
		g.add(strings.ReplaceAll(x.Basis, "_", " "), x.Fit, x.Confidence, score, share(x.Precision), share(x.Low), thousands(x.N), x.RestsOn)
	}
	return g
}

// share writes a share in per cent; nothing where there is none.
func share(v *float64) string {
	if v == nil {
		return ""
	}
	return fmt.Sprintf("%.1f %%", 100**v)
}

func interval(low, high *float64) string {
	if low == nil || high == nil {
		return ""
	}
	return fmt.Sprintf("%.1f – %.1f", 100**low, 100**high)
}
