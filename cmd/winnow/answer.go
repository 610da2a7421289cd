package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"winnow/export"
	"winnow/export/workflow"
	"winnow/internal/access"
	"winnow/internal/audit"
)

func answerCommand(a *app) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use: "answer [PERSON]", Short: "say what a person should be given, for Okta Workflows, DaVinci and scripts", Args: cobra.MaximumNArgs(1),
		Long: `answer writes one person's groupsToAssign, appsToProvision and rolesToAssign as JSON on standard output. PERSON is an
identity, a login, an e-mail address, or an account's id with or without its source. With --out it writes a file a person
instead, for everybody or for PERSON, and an index.json that tells whose is which; answers that no longer hold are removed.

It reads the published snapshot, gives what a plan of grants would give, and changes nothing: whoever calls assigns.

  winnow answer ada@acme.example
  winnow answer --out answers`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 && out == "" {
				return usage(access.WithHint(errors.New("nobody is named"), "name a person, or give --out for a file each"))
			}
			return a.change(cmd.Context(), "answer", func(ctx context.Context, j *job) error { return j.answer(ctx, args, out) })
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "folder of files, one a person")
	return cmd
}

// answer writes the payload of a person, or everybody's.
func (j *job) answer(ctx context.Context, person []string, out string) (err error) {
	if j.site.Policy.Shadow {
		return usage(access.WithHint(errors.New("policy.shadow is on, so that nothing leaves"), "set policy.shadow: false to answer"))
	}
	db, err := j.site.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	h := export.Header{}
	if err := db.QueryRowContext(ctx, "select run_id, as_of from core.run").Scan(&h.RunID, &h.AsOf); err != nil {
		return fmt.Errorf("read the run of the snapshot: %w", err)
	}
	where, asked := "action = 'grant' and recommendation_id not in (select recommendation_id from marts.left_out)", []string(nil)
	var values []any
	if len(person) == 1 {
		id, err := identityOf(ctx, db, person[0])
		if err != nil {
			return err
		}
		where, asked, values = where+" and identity_id = ?", []string{id}, []any{id}
	}
	recs, err := recommendations(ctx, db, where, values...)
	if err != nil {
		return err
	}
	payloads := workflow.Answers(export.Input{AsOf: h.AsOf, Recommendations: recs}, h.RunID, asked...)
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for i := range payloads {
		if err := e.Encode(payloads[i]); err != nil {
			return fmt.Errorf("write the answer: %w", err)
		}
	}
	if err := j.enter(audit.Fact{Kind: audit.Export, Verb: "answer", Run: h.RunID, File: access.Digest(b.Bytes()), N: int64(len(payloads))}); err != nil {
		return err
	}
	if out == "" {
		_, err = b.WriteTo(j.app.stdout)
		return err
	}
	paths, err := workflow.Write(out, payloads)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(j.app.stdout, "%d answers in %s; nothing was sent\n", len(paths)-1, access.Printable(out))
	return err
}

// identityOf finds a person by what a caller knows of them. Only whom the
// rollout reaches is found.
func identityOf(ctx context.Context, db *sql.DB, text string) (string, error) {
	ids, err := collect(ctx, db, `select distinct i.identity_id from core.identity as i semi join marts.cohort using (identity_id)
		left join core.account_link as l on l.identity_id = i.identity_id left join core.account as a on a.account_id = l.account_id
		where i.identity_id = ?1 or a.account_id = ?1 or a.native_id = ?1 or lower(a.login) = lower(?1) or lower(a.email) = lower(?1)
		or lower(i.email) = lower(?1) order by 1 limit 2`, func(rows *sql.Rows, id *string) error { return rows.Scan(id) }, text)
	switch {
	case err != nil:
		return "", fmt.Errorf("look for the person: %w", err)
	case len(ids) == 0:
		return "", usage(access.WithHint(fmt.Errorf("nobody is known as %q, or the rollout does not reach them", text),
			"give a login, an e-mail address, or the id of an account; export.scope says whom the rollout reaches"))
	case len(ids) > 1:
		return "", usage(access.WithHint(fmt.Errorf("several people are known as %q", text), "give the identity, or the account with its source in front"))
	}
	return ids[0], nil
}
