package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/mining/backtest"
)

// backtestFlags choose the cuts.
type backtestFlags struct {
	at, every, from, to string
	horizon             int
}

func backtestCommand(a *app) *cobra.Command {
	var f backtestFlags
	cmd := &cobra.Command{
		Use: "backtest", Short: "stand at earlier days, and see how right the advice would have been", Args: cobra.NoArgs,
		Long: `backtest stands at earlier instants of your own history, works out what winnow would have advised with only what was
known then, and holds it against what has followed: what was called idle and used again, what people removed and gave
by themselves. What it finds is kept in the lake; the next run calibrates its scores and sets its thresholds on it.

Without flags it stands at the first days of the last months that have 45 covered days before them and the horizon
after them, at most six. A cut that was judged before is not judged again while data and settings stay as they are.

  winnow backtest
  winnow backtest --at 2026-01-01,2026-04-01 --horizon 60
  winnow backtest --every quarter --from 2025-01-01 --to 2026-06-30 --json`,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.backtest(cmd.Context(), f) },
	}
	cmd.Flags().StringVar(&f.at, "at", "", "days to stand at, with commas between them")
	cmd.Flags().StringVar(&f.every, "every", "", "stand at the first day of every month or quarter between --from and --to")
	cmd.Flags().StringVar(&f.from, "from", "", "first day for --every")
	cmd.Flags().StringVar(&f.to, "to", "", "last day for --every (default: the snapshot's)")
	cmd.Flags().IntVar(&f.horizon, "horizon", 0, "days ahead that are looked at (default: idle.horizon_days of the configuration)")
	return cmd
}

// backtest judges the cuts and tells what all of them show.
func (a *app) backtest(ctx context.Context, f backtestFlags) error {
	figures, err := a.backtested(ctx, f)
	if err != nil {
		return err
	}
	if a.json {
		return json.NewEncoder(a.stdout).Encode(figures)
	}
	_, err = io.WriteString(a.stdout, backtestText(figures))
	return err
}

// backtested judges the cuts one after the other.
func (a *app) backtested(ctx context.Context, f backtestFlags) (figures *backtest.Figures, err error) {
	s, err := a.site()
	if err != nil {
		return nil, err
	}
	release, err := a.lock(s.DataDir, "winnow backtest")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, release()) }()
	err = a.entered(s, "backtest", func(*job) error {
		figures, err = a.judged(ctx, s, f)
		return err
	})
	return figures, err
}

// judged is what all the cuts of the flags show.
func (a *app) judged(ctx context.Context, s *site, f backtestFlags) (*backtest.Figures, error) {
	bench, err := a.bench(ctx, s, f.horizon)
	if err != nil {
		return nil, err
	}
	named, err := f.days(bench.AsOf())
	if err != nil {
		return nil, usage(err)
	}
	cuts, err := bench.Plan(ctx, named)
	if err != nil {
		return nil, err
	}
	if err := a.judgeCuts(ctx, bench, cuts); err != nil {
		return nil, err
	}
	return bench.Figures(ctx, cuts)
}

// bench opens the published snapshot of a site to look back from.
func (a *app) bench(ctx context.Context, s *site, horizon int) (*backtest.Bench, error) {
	if horizon < 0 || horizon > 365 {
		return nil, usage(fmt.Errorf("choose --horizon %d: it is between 1 and 365 days", horizon))
	}
	if horizon == 0 {
		horizon = s.Idle.HorizonDays
	}
	lk, err := lake.Open(s.lakeDir())
	if err != nil {
		return nil, err
	}
	rows, err := settings(s.Config)
	if err != nil {
		return nil, err
	}
	b := &backtest.Bench{Lake: lk, Types: s.types(), Present: s.snapshot(), WorkDir: filepath.Join(s.workDir(), "backtest"),
		Settings: rows, SettingsDigest: s.Digest(), Limits: s.limits(), HorizonDays: horizon}
	return b, b.Open(ctx)
}

// judgeCuts judges what is not judged yet, oldest first.
func (a *app) judgeCuts(ctx context.Context, bench *backtest.Bench, cuts []backtest.Cut) error {
	p := a.progress()
	defer p.close()
	p.begin("backtest")
	judged := 0
	for _, c := range cuts {
		day := c.At.Format(time.DateOnly)
		if c.Why != "" {
			p.finish(day, "left out: "+c.Why, true)
			continue
		}
		bench.Progress = func(_ time.Time, _ string, done, total int) { p.advance(day, int64(done), int64(total)) }
		fresh, err := bench.Judge(ctx, c.At)
		if err != nil {
			return err
		}
		note := "judged"
		if !fresh {
			note = "was judged before"
		}
		p.finish(day, note, false)
		judged++
	}
	if judged == 0 {
		return access.WithHint(errors.New("find a day to stand at: no cut has enough history before it and the horizon after it"),
			"wait for more nights, import older logs (history: in the configuration), or look less far with --horizon")
	}
	return nil
}

// days reads the instants that the flags name; none means: choose.
func (f backtestFlags) days(asOf time.Time) (out []time.Time, err error) {
	if f.at != "" && f.every != "" {
		return nil, errors.New("choose one of --at and --every")
	}
	if f.at != "" {
		for text := range strings.SplitSeq(f.at, ",") {
			day, err := parseDay("--at", strings.TrimSpace(text))
			if err != nil {
				return nil, err
			}
			out = append(out, day)
		}
		return out, nil
	}
	if f.every == "" {
		if f.from != "" || f.to != "" {
			return nil, errors.New("read --from and --to: they belong to --every")
		}
		return nil, nil
	}
	months, ok := map[string]int{"month": 1, "quarter": 3}[f.every]
	if !ok {
		return nil, fmt.Errorf("choose --every %q: it is month or quarter", f.every)
	}
	from, err := parseDay("--from", f.from)
	if err != nil {
		return nil, err
	}
	to := asOf
	if f.to != "" {
		if to, err = parseDay("--to", f.to); err != nil {
			return nil, err
		}
	}
	if out = backtest.Every(months, from, to); len(out) == 0 {
		return nil, fmt.Errorf("find the first day of a %s between %s and %s: there is none", f.every, from.Format(time.DateOnly), to.Format(time.DateOnly))
	}
	return out, nil
}

// parseDay reads one day of a flag.
func parseDay(flag, text string) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return t, access.WithHint(fmt.Errorf("read %s %q: it is no day", flag, text), "write 2026-03-01")
	}
	return t, nil
}
