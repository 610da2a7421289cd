package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"winnow/internal/access"
	"winnow/internal/acme"
)

// demoDay is the night on which the demo stands unless --as-of says otherwise.
var demoDay = time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)

// demoMark opens the configuration of every demo.
const demoMark = "# Written by winnow demo"

//go:embed demo.yaml
var demoConfig []byte

// demoFlags say how large the company is and where it goes.
type demoFlags struct {
	people int
	seed   uint64
	cold   bool
	tested bool
	dir    string
}

func demoCommand(a *app) *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{
		Use: "demo", Short: "invent a whole company, mine it, and hold the verdicts against the truth", Args: cobra.NoArgs,
		Long: `demo invents a company whose truth is known, saves the answers that its Okta, Entra, HR and warehouse systems
would give, runs the nightly job on them, and tells how much of what is wrong was found and who was wrongly accused.
It needs no credentials and no network. The same flags give the same company and the same verdicts.`,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.demo(cmd.Context(), f) },
	}
	cmd.Flags().IntVar(&f.people, "people", 0, "how many people work there (default 1500)")
	cmd.Flags().Uint64Var(&f.seed, "seed", 0, "another number, another company")
	cmd.Flags().BoolVar(&f.cold, "cold", false, "the first night: 30 days of log and no longer memory")
	cmd.Flags().BoolVar(&f.tested, "backtest", false, "backtest on the company's own year as well, and advise again by what that shows")
	cmd.Flags().StringVar(&f.dir, "keep", "demo", "the folder for the company and what is mined from it")
	return cmd
}

// demo invents the company, runs the nightly job on it and judges the result.
func (a *app) demo(ctx context.Context, f demoFlags) error {
	opt := acme.Options{People: f.people, Seed: f.seed, Cold: f.cold, AsOf: demoDay}
	if a.asOfText != "" {
		asOf, err := a.asOf()
		if err != nil {
			return err
		}
		opt.AsOf = asOf
	}
	company, err := acme.Generate(opt)
	if err != nil {
		return usage(err)
	}
	if err := clearDemo(f.dir); err != nil {
		return err
	}
	began := a.now()
	manifest, err := company.Write(f.dir)
	if err != nil {
		return err
	}
	a.config = filepath.Join(f.dir, "winnow.yaml")
	if err := writeDemoConfig(f.dir); err != nil {
		return err
	}
	a.asOfText = opt.AsOf.Format(time.RFC3339)
	if !a.json {
		a.say(fmt.Sprintf("invented a company in %s: %s raw events in %s", f.dir, thousands(int64(manifest.Events)), duration(a.now().Sub(began).Seconds())))
	}
	if err := a.job(ctx, "demo", func(ctx context.Context, j *job) error { return j.run(ctx, pullFlags{}) }); err != nil {
		return err
	}
	if f.tested {
		if err := a.retest(ctx); err != nil {
			return err
		}
	}
	return a.judgeDemo(ctx, f.dir)
}

// retest backtests on the company's own history, and mines again.
func (a *app) retest(ctx context.Context) error {
	figures, err := a.backtested(ctx, backtestFlags{})
	if err != nil {
		return err
	}
	if !a.json {
		a.say(backtestText(figures))
	}
	return a.job(ctx, "mine", func(ctx context.Context, j *job) error {
		if err := j.mine(ctx, true); err != nil {
			return err
		}
		dir, err := j.exportTo("")
		if err != nil {
			return err
		}
		return j.report.stage("export", func() error { return j.export(ctx, dir) })
	})
}

// judgeDemo prints the comparison with the truth, and what to try next.
func (a *app) judgeDemo(ctx context.Context, dir string) error {
	s, err := a.site()
	if err != nil {
		return err
	}
	v, err := judge(ctx, s.snapshot(), filepath.Join(dir, "truth.csv"))
	if err != nil {
		return err
	}
	if a.json {
		return json.NewEncoder(a.stdout).Encode(v)
	}
	_, err = io.WriteString(a.stdout, v.String()+fmt.Sprintf(`
Try next:
  winnow -c %[1]s recommend --action revoke --confidence high
  winnow -c %[1]s explain <id>
  winnow -c %[1]s query "from core.identity limit 10"
  winnow demo --cold        # the same company on its first night
`, a.config))
	return err
}

// clearDemo makes room for a new company. It removes what an earlier demo left
// and nothing else: a folder without the demo's configuration is not ours.
func clearDemo(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(entries) == 0 {
		return os.MkdirAll(dir, 0o700)
	}
	if err != nil {
		return fmt.Errorf("open the demo's folder: %w", err)
	}
	mark, err := os.ReadFile(filepath.Join(dir, "winnow.yaml"))
	if err != nil || !strings.HasPrefix(string(mark), demoMark) {
		return usage(access.WithHint(fmt.Errorf("use %s for the demo: it holds something else", dir), "--keep names another folder"))
	}
	for _, name := range []string{"data", "out", acme.Okta, acme.Entra, acme.HR, acme.Legacy, "history", "truth.csv"} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("clear the demo's folder: %w", err)
		}
	}
	return nil
}
