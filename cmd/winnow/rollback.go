package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/spf13/cobra"

	"winnow/export/apply"
	"winnow/internal/access"
)

func rollbackCommand(a *app) *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use: "rollback PLAN", Short: "take back what a plan did, by its receipts", Args: cobra.ExactArgs(1),
		Long: `rollback sends the inverse of everything that the plan did, the last thing first, and says what could not be restored and
why. PLAN is the plan's file, or the file of its receipts. What was so already, was refused, or was given back by others since
is left alone. Without --yes it only says what it would do. It may be repeated after an interruption, and asks for no approval;
the stop file stops it too. A plan that was taken back is not applied again.

Exit status: 0 all is restored, 3 something could not be.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.change(cmd.Context(), "rollback", func(ctx context.Context, j *job) error { return j.rollback(ctx, args[0], yes) })
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "send it")
	return cmd
}

// planBytes reads the plan that a file is, or of whose receipts it is.
func (s *site) planBytes(path string) ([]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, usage(fmt.Errorf("read the plan: %w", err))
	}
	id := planOf(data)
	if id == "" {
		return data, nil // it is the plan itself
	}
	data, err = os.ReadFile(filepath.Join(s.changeDir(), id, "plan.json")) //nolint:gosec // G703: the id is letters of a hash
	if err != nil {
		return nil, fmt.Errorf("read the plan of the receipts: %w", err)
	}
	return data, nil
}

// planID is a plan's id.
var planID = regexp.MustCompile(`^[0-9a-f]{64}$`)

// planOf is the plan of which receipts speak; empty for what are no receipts.
func planOf(data []byte) string {
	first, _, _ := bytes.Cut(data, []byte("\n"))
	list, err := apply.ReadReceipts(append(bytes.Clone(first), '\n'))
	if err != nil || len(list) == 0 || !planID.MatchString(list[0].Plan) {
		return ""
	}
	return list[0].Plan
}

// rollback takes a plan back, or only looks.
func (j *job) rollback(ctx context.Context, path string, yes bool) (err error) {
	data, err := j.site.planBytes(path)
	if err != nil {
		return err
	}
	_, o, err := j.options(data)
	if err != nil {
		return err
	}
	e, err := apply.Open(data, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	r, err := e.Rollback(ctx, yes)
	if told := j.app.tellChange(e.File(), r); told != nil || err != nil {
		return errors.Join(err, told)
	}
	if n := r.Count(apply.Accepted); yes && n > 0 {
		return partly(access.WithHint(fmt.Errorf("the platform took the request for %s, and what it is to restore is not there yet", counted(n, "operation")),
			"the same command looks again"))
	}
	if kept := r.Whole(); kept != nil {
		return partly(access.WithHint(kept, "restore these by hand; the same command tries them again"))
	}
	return nil
}
