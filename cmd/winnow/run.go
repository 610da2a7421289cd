package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"winnow/internal/access"
)

func runCommand(a *app) *cobra.Command {
	var flags pullFlags
	cmd := &cobra.Command{
		Use: "run", Short: "the nightly job: pull, mine, recommend, export", Args: cobra.NoArgs,
		Long: `run lands what the sources serve, works out the verdicts, drafts their sentences, publishes the snapshot and
writes the files of the export. It resumes what an interrupted run left, and only one runs in a data folder at a time.

When some streams do not arrive, the others are mined all the same, verdicts that would need the missing days are
withheld, and the exit status is 3. When none arrives, nothing is mined and the last snapshot stands. It stands too,
and so do the exported files, when an inventory shrank by more than policy.max_inventory_drop, or when there would be
more than three times as many revokes as before: a person has to look, and then says --accept-drop.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.job(cmd.Context(), "run", func(ctx context.Context, j *job) error {
				return j.run(ctx, flags)
			})
		},
	}
	flags.register(cmd, ", and publish although the revokes jumped")
	return cmd
}

// run does the nightly job. A pull that came through in part is told at the
// end, after everything else was done.
func (j *job) run(ctx context.Context, flags pullFlags) error {
	pulled := j.report.stage("pull", func() error { return j.pull(ctx, flags) })
	if f := (*failure)(nil); pulled != nil && (!errors.As(pulled, &f) || f.code != exitPart) {
		return pulled
	}
	if err := errors.Join(ctx.Err(), j.halt()); err != nil {
		return err
	}
	if err := j.mine(ctx, flags.accept); err != nil {
		return errors.Join(err, pulled)
	}
	if dir := j.site.Export.Files; dir != "" && !j.site.Policy.Shadow {
		if err := j.report.stage("export", func() error { return j.export(ctx, dir) }); err != nil {
			return errors.Join(err, pulled)
		}
	}
	return pulled
}

// halt ends the run before anything is mined when an inventory shrank: access
// that a source forgot to list looks like access that nobody needs.
func (j *job) halt() error {
	var held []string
	for _, s := range j.report.Streams {
		if s.Status == statusHeld {
			held = append(held, s.Source+": "+s.Note)
		}
	}
	if len(held) == 0 {
		return nil
	}
	return access.WithHint(fmt.Errorf("hold the run: %s", strings.Join(held, "; ")),
		"nothing was published or exported. Look whether the source served everything; if people or access are really gone, winnow run --accept-drop goes on")
}
