package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"winnow/export/apply"
	"winnow/internal/access"
)

func applyCommand(a *app) *cobra.Command {
	var yes bool
	var approvals string
	cmd := &cobra.Command{
		Use: "apply PLAN", Short: "carry out an approved plan, exactly as it stands", Args: cobra.ExactArgs(1),
		Long: `apply reads the state on the platforms anew and says of every line of the plan whether it still holds. With --yes it sends
what is due: the canary, and when apply.canary_hours have passed, on the next call, the rest. Each request has a receipt on the
disk before it is sent and after its answer, in data_dir/apply, and entries in the audit trail. What a lost answer or a kill
left unclear is looked up on the platform before anything else is sent; nothing is sent twice on a guess.

A plan is refused, with the lines that are in the way, when the state is not the one for which it was made, when it was edited,
has expired, lacks approvals (winnow approve), passes a cap, or names another tenant. Nothing is sent while the stop file
exists (apply.stop_file, STOP in data_dir), and nothing more once people want back what the canary took.

Exit status: 0 all of it is done, 3 a wave waits for its time or some of it was refused by the platform, 1 otherwise.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			data, err := os.ReadFile(args[0])
			if err != nil {
				return usage(fmt.Errorf("read the plan: %w", err))
			}
			if approvals == "" {
				approvals = approvalsOf(args[0])
			}
			return a.change(cmd.Context(), "apply", func(ctx context.Context, j *job) error { return j.apply(ctx, data, approvals, yes) })
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "send it")
	cmd.Flags().StringVar(&approvals, "approvals", "", "the file of approvals (default: beside the plan, change.json has change.approvals.ndjson)")
	return cmd
}

// change does locked work on a plan, between the entries of the audit trail that
// say that it began and how it ended.
func (a *app) change(ctx context.Context, verb string, work func(context.Context, *job) error) (err error) {
	s, err := a.site()
	if err != nil {
		return err
	}
	release, err := a.lock(s.DataDir, "winnow "+verb)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	return a.entered(s, verb, func(j *job) error { return work(ctx, j) })
}

// apply carries out a plan, or only looks.
func (j *job) apply(ctx context.Context, data []byte, approvalsFile string, yes bool) (err error) {
	if j.site.Policy.Shadow {
		return usage(access.WithHint(errors.New("apply the plan: policy.shadow is on, so that nothing leaves"), "set policy.shadow: false to send plans"))
	}
	var approvals []apply.Approval
	var before []apply.Receipt // of earlier calls
	e, err := j.engine(ctx, data, func(r apply.Receipt, o *access.Operation) error {
		return errors.Join(j.enterApprovals(r.By, approvals, before), j.enterReceipt(r, o))
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	if approvals, err = readApprovals(approvalsFile, e.File().ID); err != nil {
		return usage(err)
	}
	before, _ = e.Receipts()
	r, err := e.Apply(ctx, approvals, yes)
	if told := j.app.tellChange(e.File(), r); told != nil {
		return errors.Join(err, told)
	}
	switch {
	case err != nil:
		return err
	case r.Next != nil && yes:
		return partly(access.WithHint(fmt.Errorf("%s wait until %s", counted(r.Count(""), "operation"), r.Next.UTC().Format(time.RFC3339)),
			"the same command goes on then, when nobody asked for their access back"))
	case yes && r.Count(apply.Refused)+r.Count(apply.Accepted) > 0:
		return partly(fmt.Errorf("the platform refused %d and has not yet carried out %d of %s", r.Count(apply.Refused), r.Count(apply.Accepted), counted(len(r.Operations), "operation")))
	}
	return nil
}

// stateWords say what became of an operation.
var stateWords = map[apply.Act]map[apply.State]string{
	apply.Applying: {"": "to be sent", apply.Done: "done", apply.Accepted: "accepted, not seen yet", apply.Already: "was so already",
		apply.Refused: "refused", apply.InDoubt: "in doubt", apply.Intent: "in doubt"},
	apply.RollingBack: {"": "to be restored", apply.Done: "restored", apply.Accepted: "accepted, not seen yet", apply.Already: "was restored already",
		apply.Refused: "refused", apply.InDoubt: "in doubt", apply.Intent: "in doubt", apply.Kept: "NOT RESTORED"},
}

// tellChange tells what became of a plan, operation by operation.
func (a *app) tellChange(f *apply.File, r *apply.Report) error {
	if a.json {
		enc := json.NewEncoder(a.stdout)
		enc.SetEscapeHTML(false)
		return enc.Encode(r)
	}
	var b strings.Builder
	verb := "apply"
	if r.Act == apply.RollingBack {
		verb = "take back"
	}
	fmt.Fprintf(&b, "%s plan %.12s of data as of %s\n", verb, f.ID, f.AsOf.UTC().Format(time.RFC3339))
	for _, o := range r.Operations {
		fmt.Fprintf(&b, "%4d. %s: %s", o.Operation, stateWords[r.Act][o.State], cell(o.Note, 400))
		if o.Reason != "" && o.State != apply.Done {
			fmt.Fprintf(&b, " (%s)", cell(o.Reason, 400))
		}
		b.WriteString("\n")
		if o.Lost != "" && o.State != apply.Already {
			fmt.Fprintf(&b, "      not brought back: %s\n", cell(o.Lost, 400))
		}
	}
	switch {
	case len(r.Operations) == 0:
		b.WriteString("nothing to do\n")
	case !r.Sent:
		b.WriteString("nothing was sent; --yes sends it\n")
	case r.Receipts != "":
		fmt.Fprintf(&b, "receipts: %s\n", cell(r.Receipts, 400))
	}
	_, err := io.WriteString(a.stdout, b.String())
	return err
}
