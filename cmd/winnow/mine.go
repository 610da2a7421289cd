package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/store"
	"winnow/mining"
)

func mineCommand(a *app) *cobra.Command {
	var accept bool
	cmd := &cobra.Command{
		Use: "mine", Short: "work out the verdicts from what has landed and publish them", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.job(cmd.Context(), "mine", func(ctx context.Context, j *job) error {
				return errors.Join(j.mine(ctx, accept), ctx.Err())
			})
		},
	}
	cmd.Flags().BoolVar(&accept, "accept-drop", false, "publish although the revokes jumped")
	return cmd
}

// mine builds the snapshot from the lake, words included, and publishes it. The
// last good snapshot stands until the new one is whole and checked; it also
// stands when the revokes jumped and nobody accepted that.
func (j *job) mine(ctx context.Context, accept bool) error {
	lk, err := lake.Open(j.site.lakeDir())
	if err != nil {
		return err
	}
	d, catalogue, err := drafter(j.site.Config, j.report.missed)
	if err != nil {
		return err
	}
	rows, err := settings(j.site.Config)
	if err != nil {
		return err
	}
	j.progress.begin("mine")
	b := &mining.Build{
		Lake: lk, Types: j.site.types(), WorkDir: j.site.workDir(), Out: j.site.snapshot(),
		AsOf: j.asOf, RunID: j.report.RunID, Settings: rows, Limits: j.site.limits(),
		AcceptJump: accept, Progress: j.mined,
		Fillers: map[string]func(context.Context, *sql.Conn) error{
			"marts.draft": func(ctx context.Context, conn *sql.Conn) error {
				return j.report.within("recommend", func() error {
					n, err := draft(ctx, conn, newKeeper(d, j.trail), catalogue, func(n int) { j.progress.advance("drafts", int64(n), 0) })
					if err == nil {
						j.progress.finish("drafts", thousands(int64(n))+" written", false)
						err = j.enterDrafts(ctx, conn)
					}
					return err
				})
			},
			"marts.audit": j.fillAudit,
		},
	}
	err = j.report.stage("mine", func() error { return j.build(ctx, b) })
	if err != nil {
		return j.standing(err)
	}
	return j.report.measure(ctx, j.site)
}

// standing adds to an error without a hint what readers see in the meantime.
func (j *job) standing(err error) error {
	info, missing := os.Stat(j.site.snapshot())
	if missing != nil || access.HintOf(err) != "" || errors.Is(err, context.Canceled) {
		return err
	}
	return access.WithHint(err, "nothing was published; the snapshot of "+info.ModTime().UTC().Format(time.RFC3339)+" stands")
}

// build runs one build to its publication.
func (j *job) build(ctx context.Context, b *mining.Build) (err error) {
	if err := j.importHistory(ctx, b.Lake); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	if err := b.Run(ctx); err != nil {
		return err
	}
	f, err := readSnapshot(ctx, b.Conn())
	if err != nil {
		return err
	}
	if err := b.Publish(ctx); err != nil {
		return err
	}
	if err := j.enterSnapshot(f); err != nil {
		return err
	}
	j.progress.finish("models", "built, checked and published", false)
	return nil
}

// importHistory takes over the roll-ups that were kept elsewhere.
func (j *job) importHistory(ctx context.Context, lk *lake.Lake) error {
	if j.site.History == "" {
		return nil
	}
	db, err := store.Open(ctx, "", j.site.limits())
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // in memory
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect to DuckDB: %w", err)
	}
	defer conn.Close() //nolint:errcheck // in memory
	return mining.ImportHistory(ctx, conn, lk, j.site.History)
}

// mined passes a step of the build on to whoever watches.
func (j *job) mined(step string, done, total int) {
	if total == 0 {
		j.progress.finish(step, "done", false)
		return
	}
	j.progress.advance("models", int64(done), int64(total))
}
