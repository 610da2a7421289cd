package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/config"
	"winnow/internal/lake"
	"winnow/mining"
)

// pullFlags are the choices that a person has about a pull.
type pullFlags struct {
	sources []string
	accept  bool // a person has looked at what shrank or jumped
}

func (f *pullFlags) register(cmd *cobra.Command, accepted string) {
	cmd.Flags().StringSliceVar(&f.sources, "source", nil, "pull these sources only (default: all)")
	cmd.Flags().BoolVar(&f.accept, "accept-drop", false, "believe an inventory although it shrank by more than policy.max_inventory_drop"+accepted)
}

func pullCommand(a *app) *cobra.Command {
	var flags pullFlags
	cmd := &cobra.Command{
		Use: "pull", Short: "land what the sources serve, resuming where the last pull rested", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.job(cmd.Context(), "pull", func(ctx context.Context, j *job) error {
				return j.report.stage("pull", func() error { return j.pull(ctx, flags) })
			})
		},
	}
	flags.register(cmd, "")
	return cmd
}

// pull lands every stream of the chosen sources. The sources are independent
// and are read at the same time; a source that fails does not stop the others.
func (j *job) pull(ctx context.Context, flags pullFlags) error {
	chosen, err := j.site.choose(flags.sources)
	if err != nil {
		return err
	}
	if err := chosen.Ready(j.app.config); err != nil {
		return err
	}
	lk, err := lake.Open(j.site.lakeDir())
	if err != nil {
		return err
	}
	opt := ingest.Options{AsOf: j.asOf, MaxDrop: j.site.Policy.MaxInventoryDrop, Accept: flags.accept, Clock: j.app.now}
	reports := make([][]ingest.StreamReport, len(chosen))
	errs := make([]error, len(chosen))
	var wg sync.WaitGroup
	j.progress.begin("pull")
	for i, c := range chosen {
		wg.Go(func() { reports[i], errs[i] = pullOne(ctx, lk, c, opt, j.progress) })
	}
	wg.Wait()
	for _, list := range reports {
		for _, s := range list {
			j.report.Streams = append(j.report.Streams, tell(s))
		}
	}
	// The ledger is worth most when something failed: it is written in any case.
	errs = append(errs, mining.WriteState(context.WithoutCancel(ctx), lk, j.site.types(), j.site.state()))
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return pullVerdict(j.report.Streams)
}

func pullOne(ctx context.Context, lk *lake.Lake, c config.Source, opt ingest.Options, p progress) ([]ingest.StreamReport, error) {
	src, err := open(c)
	if err != nil {
		return nil, err
	}
	opt.Progress = func(s ingest.StreamReport) {
		item := string(s.Source) + "/" + string(s.Stream)
		if !s.Done {
			p.advance(item, s.Served, 0)
			return
		}
		t := tell(s)
		p.finish(item, t.line(), t.Status == statusFailed || t.Status == statusHeld)
	}
	return ingest.Pull(ctx, lk, c.Name, src, opt)
}

// line says in one line what a stream brought.
func (t streamTold) line() string {
	switch t.Status {
	case statusAbsent:
		return "absent: " + t.Note
	case statusFailed:
		return fmt.Sprintf("%s landed, then: %s", thousands(t.Landed), t.Note)
	case statusHeld:
		return "held: " + t.Note
	}
	line := thousands(t.Landed) + " landed"
	if t.Quarantined > 0 {
		line += ", " + thousands(t.Quarantined) + " quarantined"
	}
	return line + t.delay()
}

// delay says what slowed the stream down, where that is worth a word.
func (t streamTold) delay() string {
	text := ""
	if t.Waited >= 1 {
		text += ", waited " + duration(t.Waited) + " for the platform"
	}
	if t.Repeats > 0 {
		text += ", " + thousands(t.Repeats) + " requests sent again"
	}
	return text
}

// pullVerdict says whether the pull went well: in part where some streams did
// not arrive whole, and not at all where none did.
func pullVerdict(streams []streamTold) error {
	var bad []streamTold
	asked, failed := 0, 0
	for _, s := range streams {
		if s.Status != statusAbsent {
			asked++
		}
		if s.Status == statusFailed {
			failed++
		}
		if s.Status == statusFailed || s.Status == statusHeld {
			bad = append(bad, s)
		}
	}
	if len(bad) == 0 {
		return nil
	}
	first := bad[0]
	err := access.WithHint(fmt.Errorf("%d of %d streams did not arrive whole: %s %s %s: %s",
		len(bad), asked, first.Source, first.Stream, first.Status, first.Note), first.Hint)
	if failed == asked {
		return err
	}
	return partly(err)
}

// runID names a run by what it is a function of: the instant at which it
// stands and the configuration.
func runID(asOf time.Time, digest string) string {
	return asOf.UTC().Format("20060102T150405Z") + "-" + digest[:8]
}
