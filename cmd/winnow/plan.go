package main

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"winnow/export"
	"winnow/export/apply"
	"winnow/internal/access"
	"winnow/internal/audit"
	"winnow/internal/lake"
)

// changePlanName is the file of a plan that changes access.
const changePlanName = "change.json"

// planFlags say what goes into a plan.
type planFlags struct {
	out, action  string
	only         []string
	irreversible bool
}

func planCommand(a *app) *cobra.Command {
	var f planFlags
	cmd := &cobra.Command{
		Use: "plan", Short: "write the plan that changes access, for people to approve", Args: cobra.NoArgs,
		Long: `plan writes change.json out of the published snapshot: for every recommendation that is firm enough to be exported, the
smallest edits that truly end the access (or give it, with --action grant), each with the state that was seen, what goes with
it, and what undoes it. Nothing is sent, and no platform is asked: winnow approve and winnow apply are next.

What no edit does well stands in the plan as a note to whoever decides; what is left out, with its reason: what cannot be undone
(unless --include-irreversible), what is over the caps of apply.caps, what a reviewer is being asked about already. The first
wave is the canary (apply.canary).

  winnow plan                                  all revokes
  winnow plan --only 3f9a,77c0                 these recommendations (ids, or how they begin)
  winnow plan --action grant --out give.json   what people lack`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.change(cmd.Context(), "plan", func(ctx context.Context, j *job) error { return j.planChange(ctx, f) })
		},
	}
	cmd.Flags().StringVar(&f.out, "out", "", "the file (default: change.json in export.files, or else in data_dir)")
	cmd.Flags().StringVar(&f.action, "action", "revoke", "revoke or grant")
	cmd.Flags().StringSliceVar(&f.only, "only", nil, "recommendations, by id or how it begins; those that a reviewer is asked about, too")
	cmd.Flags().BoolVar(&f.irreversible, "include-irreversible", false, "also what cannot be undone; each needs a second approver")
	return cmd
}

// planChange writes the plan and tells it.
func (j *job) planChange(ctx context.Context, f planFlags) (err error) {
	if f.action != "revoke" && f.action != "grant" {
		return usage(fmt.Errorf("plan %q: the actions are revoke and grant", f.action))
	}
	if j.site.Policy.Shadow {
		return usage(access.WithHint(errors.New("write a plan: policy.shadow is on, so that nothing leaves"), "set policy.shadow: false to plan changes"))
	}
	if f.out == "" {
		f.out = filepath.Join(cmp.Or(j.site.Export.Files, j.site.DataDir), changePlanName)
	}
	db, err := j.site.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	p, err := j.changePlan(ctx, db, f)
	if err != nil {
		return err
	}
	data, err := p.Encode()
	if err != nil {
		return err
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(f.out), 0o700), lake.WriteFile(f.out, data)); err != nil {
		return err
	}
	fact := audit.Fact{Kind: audit.Export, Verb: audit.Word(filepath.Base(f.out)), File: access.Digest(data), Plan: p.ID, N: int64(p.Recommendations())}
	if err := j.enter(fact); err != nil {
		return err
	}
	if j.app.json {
		return json.NewEncoder(j.app.stdout).Encode(map[string]any{"plan": p.ID, "file": f.out, "operations": len(p.Operations),
			"recommendations": p.Recommendations(), "notes": len(p.Notes), "expires": p.Expires})
	}
	_, err = io.WriteString(j.app.stdout, planText(p)+fmt.Sprintf("\nwritten to %s; nothing was sent\nnext: winnow approve %[1]s --key FILE, then winnow apply %[1]s\n", access.Printable(f.out)))
	return err
}

// changePlan makes the plan of the chosen recommendations.
func (j *job) changePlan(ctx context.Context, db *sql.DB, f planFlags) (*access.Plan, error) {
	sinks, err := j.editSinks()
	if err != nil {
		return nil, err
	}
	h := export.Header{IncludeIrreversible: f.irreversible}
	if err := db.QueryRowContext(ctx, "select run_id, as_of, data_digest from core.run").Scan(&h.RunID, &h.AsOf, &h.DataDigest); err != nil {
		return nil, fmt.Errorf("read the run of the snapshot: %w", err)
	}
	if err := j.around(ctx, db, &h); err != nil {
		return nil, err
	}
	actions := "action in ('revoke', 'change_rule')"
	if f.action == "grant" {
		actions = "action = 'grant'"
	}
	recs, err := recommendations(ctx, db, actions+" and export_from <= as_of")
	if err != nil {
		return nil, err
	}
	recs, asked, err := choose(recs, f.only, h.Asked)
	if err != nil {
		return nil, err
	}
	directory, err := readDirectory(ctx, db)
	if err != nil {
		return nil, err
	}
	p, err := export.Build(h, recs, directory, sinks...)
	if err != nil {
		return nil, err
	}
	if len(asked) > 0 {
		p.Omitted = append(p.Omitted, access.Omission{Sink: "plan", Reason: "a reviewer is being asked about it", Count: len(asked), RecommendationIDs: asked})
	}
	return &p, j.finishPlan(ctx, db, &p)
}

// choose picks the recommendations of --only, or all but those that a reviewer
// is being asked about, whose ids it returns as well.
func choose(recs []access.Recommendation, only, asked []string) (out []access.Recommendation, left []string, err error) {
	used := map[string]bool{}
	for _, r := range recs {
		named := slices.IndexFunc(only, func(id string) bool { return id != "" && strings.HasPrefix(r.RecommendationID, id) })
		switch {
		case named >= 0:
			used[only[named]] = true
			out = append(out, r)
		case len(only) > 0:
		case slices.Contains(asked, r.RecommendationID):
			left = append(left, r.RecommendationID)
		default:
			out = append(out, r)
		}
	}
	for _, id := range only {
		if !used[id] {
			return nil, nil, usage(access.WithHint(fmt.Errorf("choose recommendation %q: there is none of that id that may be planned", id),
				"winnow recommend lists them; what is in its waiting time, outside export.scope, or of the other --action cannot be planned"))
		}
	}
	slices.Sort(left)
	return out, left, nil
}

// finishPlan gives the plan its end, caps and waves, and fills in who answers
// for whom.
func (j *job) finishPlan(ctx context.Context, db *sql.DB, p *access.Plan) error {
	expires := p.AsOf.Add(time.Duration(j.site.Apply.ExpireHours) * time.Hour)
	p.Expires, p.Caps = &expires, j.site.Apply.Caps.Access()
	people := map[string][2]string{} // department and manager, by identity
	if _, err := collect(ctx, db, "select identity_id, coalesce(department, ''), coalesce(manager_identity_id, '') from core.identity",
		func(rows *sql.Rows, _ *struct{}) error {
			var id, department, manager string
			err := rows.Scan(&id, &department, &manager)
			people[id] = [2]string{department, manager}
			return err
		}); err != nil {
		return fmt.Errorf("read who answers for whom: %w", err)
	}
	for i := range p.Operations {
		if s := p.Operations[i].Subject; s != nil {
			s.Department, s.ManagerID = people[s.IdentityID][0], people[s.IdentityID][1]
		}
	}
	apply.Prepare(p, j.site.Apply.Canary)
	return p.Seal()
}
