package main

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"winnow/export"
	"winnow/export/entra"
	"winnow/export/files"
	"winnow/export/okta"
	"winnow/internal/access"
	"winnow/internal/config"
	"winnow/internal/lake"
	"winnow/recommend"
)

// planName is the file of the plan in the folder of the export.
const planName = "plan.json"

// launchPlanName is the file of the plan that starts campaigns, which is made on
// request only.
const launchPlanName = "launch.json"

// plan writes the plan of the configured reviews: every request, with what it
// is for and what undoes it, for a person to read. Nothing is sent. Verdicts
// that are still in their waiting time stay out of it.
func (j *job) plan(ctx context.Context, db *sql.DB, dir string) error {
	sinks, err := j.sinks()
	if err != nil || len(sinks) == 0 {
		return err
	}
	recs, err := recommendations(ctx, db, "export_from <= as_of")
	if err != nil {
		return err
	}
	h, directory, err := j.basis(ctx, db)
	if err != nil {
		return err
	}
	if j.site.Export.EntraReview.RecordByRule {
		record, err := j.record(ctx, db)
		if err != nil {
			return err
		}
		sinks = append(sinks, record)
	}
	plan, err := export.Build(h, recs, directory, sinks...)
	if err != nil {
		return err
	}
	if err := j.place(plan, filepath.Join(dir, planName)); err != nil {
		return err
	}
	if j.launch {
		if err := j.launches(ctx, db, h, dir); err != nil {
			return err
		}
	}
	return j.pages(dir, plan, recs)
}

// basis reads what every plan of an export rests on.
func (j *job) basis(ctx context.Context, db *sql.DB) (h export.Header, directory export.Directory, err error) {
	if directory, err = readDirectory(ctx, db); err != nil {
		return h, directory, err
	}
	if err := db.QueryRowContext(ctx, "select run_id, as_of, data_digest from core.run").Scan(&h.RunID, &h.AsOf, &h.DataDigest); err != nil {
		return h, directory, fmt.Errorf("read the run of the snapshot: %w", err)
	}
	return h, directory, j.around(ctx, db, &h)
}

// place writes a plan to its file.
func (j *job) place(plan access.Plan, path string) error {
	text, err := plan.Encode()
	if err != nil {
		return err
	}
	if err := lake.WriteFile(path, text); err != nil {
		return err
	}
	j.report.Files = append(j.report.Files, writtenFile{path, int64(len(text))})
	j.progress.finish("plan", fmt.Sprintf("%s requests on %s recommendations, id %.12s",
		thousands(int64(len(plan.Operations))), thousands(int64(plan.Recommendations())), plan.ID), false)
	return nil
}

// decidedSQL gives the recommendations on which somebody has decided within the
// last 90 days: that the access is to go, and it was not given again since, or
// that it is to stay, and the evidence is still the same.
const decidedSQL = `select distinct r.recommendation_id from marts.recommendation as r join (
		select account_id, entitlement_id, arg_max(decision, (decided_at, decision_id)) as decision,
			arg_max(advised_basis, (decided_at, decision_id)) as basis, max(decided_at) as at
		from core.decision where decided_at < (select as_of from core.run) group by all) as d using (account_id, entitlement_id)
	where r.action = 'revoke' and (d.decision = 'deny' or d.basis = r.basis) and d.at >= r.as_of - interval 90 day and not exists (
		select 1 from core.assignment_event as e where e.action = 'grant' and e.account_id = d.account_id and e.entitlement_id = d.entitlement_id and e.occurred_at > d.at)
	order by 1`

// around reads what else a plan must know: the phase, what is left out, and what
// is being asked already.
func (j *job) around(ctx context.Context, db *sql.DB, h *export.Header) error {
	if err := db.QueryRowContext(ctx, "select phase, scope, people from marts.rollout").Scan(&h.Phase, &h.Scope, &h.People); err != nil {
		return fmt.Errorf("read the phase of the rollout: %w", err)
	}
	text := func(rows *sql.Rows, id *string) error { return rows.Scan(id) }
	var errs [4]error
	h.LeftOut, errs[0] = collect(ctx, db, "select recommendation_id from marts.left_out order by recommendation_id", text)
	h.Asked, errs[1] = collect(ctx, db, `select distinct r.recommendation_id from marts.recommendation as r
		join core.open_review as o using (account_id, entitlement_id) order by 1`, text)
	h.Ordered, errs[2] = collect(ctx, db, "select distinct mark from core.review where mark is not null and status in ('scheduled', 'open') order by 1", text)
	h.Decided, errs[3] = collect(ctx, db, decidedSQL, text)
	if err := errors.Join(errs[:]...); err != nil {
		return fmt.Errorf("read what was left out and what is being asked: %w", err)
	}
	return nil
}

// pages writes the evidence of each review of the plan as a page for reviewers.
func (j *job) pages(dir string, plan access.Plan, recs []access.Recommendation) error {
	byID := map[string]access.Recommendation{}
	for _, r := range recs {
		byID[r.RecommendationID] = r
	}
	var pages []files.Page
	for _, o := range plan.Operations {
		if o.Kind != access.OperationReview || len(o.RecommendationIDs) == 0 {
			continue
		}
		p := files.Page{Name: export.PageName(o.RecommendationIDs), Title: o.Note}
		for _, id := range o.RecommendationIDs {
			p.Recommendations = append(p.Recommendations, byID[id])
		}
		pages = append(pages, p)
	}
	paths, err := files.WritePages(dir, pages)
	if err == nil && len(paths) > 0 {
		j.progress.finish("pages", fmt.Sprintf("%s pages of evidence in %s", thousands(int64(len(paths))), filepath.Join(dir, files.PagesDir)), false)
	}
	return err
}

// sinks returns the sinks of the reviews that are configured, and reports what
// is wrong with all of them at once.
func (j *job) sinks() ([]export.Sink, error) {
	catalogue, err := recommend.Load(j.site.Language)
	if err != nil {
		return nil, usage(err)
	}
	var sinks []export.Sink
	var errs []error
	if r := j.site.Export.OktaCampaign; r.Source != "" {
		src, _ := j.site.Source(access.SourceName(r.Source))
		sink, err := okta.New(okta.Config{Source: src.Name, OrgURL: src.OrgURL, Lead: time.Duration(r.LeadHours) * time.Hour,
			DurationDays: r.DurationDays, Lines: r.Lines, Text: reviewText(r, catalogue),
			Reviewer: okta.Reviewer{By: okta.By(r.Reviewer), Expression: r.Expression, Fallback: r.Fallback, User: r.User, Alternate: r.Alternate}})
		sinks, errs = append(sinks, sink), append(errs, err)
	}
	if r := j.site.Export.EntraReview; r.Source != "" {
		src, _ := j.site.Source(access.SourceName(r.Source))
		sink, err := entra.New(entra.Config{Source: src.Name, TenantID: src.TenantID, Lead: time.Duration(r.LeadHours) * time.Hour,
			DurationDays: r.DurationDays, Lines: r.Lines, Text: reviewText(r, catalogue),
			Reviewer: entra.Reviewer{By: entra.By(r.Reviewer), Fallback: r.Fallback, User: r.User, Alternate: r.Alternate}})
		sinks, errs = append(sinks, sink), append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, usage(err)
	}
	return sinks, nil
}

func reviewText(r config.Review, c *recommend.Catalogue) export.Text {
	return export.Text{Prefix: r.Prefix, EvidenceURL: r.EvidenceURL, Label: c.Label}
}

// readDirectory reads what sinks must know of accounts and entitlements.
func readDirectory(ctx context.Context, db *sql.DB) (export.Directory, error) {
	d := export.Directory{Accounts: map[string]export.Account{}, Entitlements: map[string]export.Entitlement{}}
	_, errAccounts := collect(ctx, db, "select account_id, kind, status, coalesce(identity_id, ''), coalesce(login, '') from core.account left join core.account_link using (account_id)", func(rows *sql.Rows, _ *struct{}) error {
		var id string
		var a export.Account
		err := rows.Scan(&id, &a.Kind, &a.Status, &a.Identity, &a.Login)
		d.Accounts[id] = a
		return err
	})
	_, errEntitlements := collect(ctx, db, "select entitlement_id, coalesce(mastering, '') from core.entitlement", func(rows *sql.Rows, _ *struct{}) error {
		var id string
		var e export.Entitlement
		err := rows.Scan(&id, &e.Mastering)
		d.Entitlements[id] = e
		return err
	})
	if err := errors.Join(errAccounts, errEntitlements); err != nil {
		return d, fmt.Errorf("read what the sinks must know: %w", err)
	}
	return d, nil
}

// exportTo returns the folder of the export: the flag's or the configured one.
func (j *job) exportTo(flag string) (string, error) {
	if j.site.Policy.Shadow {
		return "", usage(access.WithHint(errors.New("export: policy.shadow is on, so that nothing leaves"),
			"marts.shadow_week says how far the recommendations and the decisions agree; set policy.shadow: false to export"))
	}
	dir := cmp.Or(flag, j.site.Export.Files)
	if dir == "" {
		return "", usage(access.WithHint(errors.New("export: there is no folder to write to"),
			"set export.files in the configuration, or give --out"))
	}
	return dir, os.MkdirAll(dir, 0o700)
}
