package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"winnow/internal/audit"
	"winnow/internal/forget"
	"winnow/internal/lake"
	"winnow/mining"
)

func forgetCommand(a *app) *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use: "forget PERSON", Short: "delete what is kept of a person, without breaking the audit trail", Args: cobra.ExactArgs(1),
		Long: `forget deletes what the data folder keeps of a person: the landed records about them, their mention in records about
others, what was refused, their rows in roll-ups and history, and what lies beside the audit trail with the key to it.
PERSON is an identity_id, an employee number, a mail address, a login or an account_id, as the published snapshot has it.

Without --yes it only says how much that would be. It cannot be undone. The published snapshot stands until winnow mine
makes the next one; exported files, backups and the sources themselves are left alone: a source that still lists the
person is pulled again as ever. It may be repeated after an interruption, as long as the snapshot still knows the person.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.forget(cmd.Context(), args[0], yes)
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "delete it, for good")
	return cmd
}

// A forgotten person is what was removed of them, or would be. It names nobody.
type forgotten struct {
	Done     bool `json:"done"` // false where it was only counted
	Accounts int  `json:"accounts"`
	forget.Counts
	Bodies int      `json:"bodies"`          // that lay beside the audit trail
	Notes  []string `json:"notes,omitempty"` // what a person still has to do or know
}

func (a *app) forget(ctx context.Context, text string, yes bool) (err error) {
	s, err := a.site()
	if err != nil {
		return err
	}
	asOf, err := a.asOf()
	if err != nil {
		return err
	}
	release, err := a.lock(s.DataDir, "winnow forget")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	k, err := s.known(ctx, text)
	if err != nil {
		return err
	}
	lk, err := lake.Open(s.lakeDir())
	if err != nil {
		return err
	}
	f := forgotten{Done: yes, Accounts: len(k.accountIDs), Notes: k.notes}
	if !yes {
		f.Counts, err = k.person.Forget(ctx, lk, true)
	} else {
		err = a.forgetNow(ctx, s, k, lk, runID(asOf, s.Digest()), &f)
	}
	if err != nil {
		return err
	}
	return a.tellForgotten(s, f)
}

// forgetNow removes what is kept of a person and enters that it did.
func (a *app) forgetNow(ctx context.Context, s *site, k known, lk *lake.Lake, run string, f *forgotten) error {
	trail, err := audit.Open(s.auditDir(), a.now)
	if err != nil {
		return err
	}
	step := audit.Fact{Kind: audit.Run, Run: run, Verb: "forget", State: "begun", Config: s.Digest()}
	if _, err := trail.Append(step); err != nil {
		return err
	}
	step.State = statusFailed
	if f.Bodies, err = trail.Forget(run, append(k.accountIDs, k.identityID)...); err == nil {
		f.Counts, err = k.person.Forget(ctx, lk, false)
	}
	if err == nil { // what a mine that was killed left is made of the same records
		err = errors.Join(os.RemoveAll(s.workDir()), os.RemoveAll(s.snapshot()+".next"), os.RemoveAll(s.snapshot()+".next.wal"),
			mining.WriteState(ctx, lk, s.types(), s.state()))
	}
	facts := []audit.Fact{step}
	if err == nil {
		facts[0].State = statusDone
		facts = append([]audit.Fact{{Kind: audit.Forget, Run: run, N: f.Dropped + f.Changed + f.Refused + f.Rows + int64(f.Bodies)}}, facts...)
	}
	_, told := trail.Append(facts...)
	if path := s.Audit.Anchor; told == nil && path != "" {
		if _, missed := anchor(trail, path, a.now()); missed != nil {
			f.Notes = append(f.Notes, "the head of the audit trail was not put elsewhere: "+missed.Error())
		}
	}
	return errors.Join(err, told)
}

// tellForgotten says what was removed, and what is left to be done.
func (a *app) tellForgotten(s *site, f forgotten) error {
	if s.History != "" {
		f.Notes = append(f.Notes, "history: "+s.History+" is read again when a file of it changes; remove the person there first")
	}
	f.Notes = append(f.Notes, "sources, folders of saved answers, exported files and backups are left alone")
	if _, err := os.Stat(s.changeDir()); err == nil {
		f.Notes = append(f.Notes, "plans that were applied, and their receipts in "+s.changeDir()+", name accounts and stay as they are: delete those that are no longer needed")
	}
	if f.Done {
		f.Notes = append(f.Notes, "the snapshot "+filepath.Base(s.snapshot())+" still shows the person: winnow mine publishes one that does not")
	} else {
		f.Notes = append(f.Notes, "nothing was deleted: give --yes")
	}
	if a.json {
		return json.NewEncoder(a.stdout).Encode(f)
	}
	var b strings.Builder
	verb := "would be deleted"
	if f.Done {
		verb = "deleted"
	}
	fmt.Fprintf(&b, "%s: %s records, %s mentions in records of others, %s refused records, %s rows of roll-ups and history", verb,
		thousands(f.Dropped), thousands(f.Changed), thousands(f.Refused), thousands(f.Rows))
	if f.Done {
		fmt.Fprintf(&b, ", %d bodies beside the audit trail", f.Bodies)
	}
	b.WriteString("\n")
	for _, n := range f.Notes {
		b.WriteString("note: " + printableLines(n) + "\n")
	}
	_, err := io.WriteString(a.stdout, b.String())
	return err
}
