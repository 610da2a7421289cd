package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"winnow/internal/lake"
	"winnow/mining"
)

func mineCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "mine", Short: "work out the verdicts from what has landed and publish them", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.job(cmd.Context(), "mine", func(ctx context.Context, j *job) error {
				return j.mine(ctx)
			})
		},
	}
}

// mine builds the snapshot from the lake and publishes it. The last good
// snapshot stands until the new one is whole and checked.
func (j *job) mine(ctx context.Context) (err error) {
	lk, err := lake.Open(j.site.lakeDir())
	if err != nil {
		return err
	}
	b := &mining.Build{
		Lake: lk, Types: j.site.types(), WorkDir: j.site.workDir(), Out: j.site.snapshot(),
		AsOf: j.asOf, RunID: j.report.RunID, Settings: settings(j.site.Config), Limits: j.site.limits(),
		Progress: j.mined,
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	j.progress.begin("mine")
	if err := b.Run(ctx); err != nil {
		return err
	}
	j.progress.finish("models", "built and checked", false)
	return b.Publish(ctx)
}

// mined passes a step of the build on to whoever watches.
func (j *job) mined(step string, done, total int) {
	if total == 0 {
		j.progress.finish(step, "done", false)
		return
	}
	j.progress.advance("models", int64(done), int64(total))
}
