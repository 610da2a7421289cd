package main

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"winnow/export"
	"winnow/export/entra"
	"winnow/export/okta"
	"winnow/internal/access"
)

// record decides by rule on the open lines of our access reviews. A line about an
// application speaks of all roles in it, and is left to people.
func (j *job) record(ctx context.Context, db *sql.DB) (entra.Record, error) {
	src, _ := j.site.Source(access.SourceName(j.site.Export.EntraReview.Source))
	s := entra.Record{Source: src.Name, TenantID: src.TenantID}
	lines, err := collect(ctx, db, `select o.review_id, coalesce(o.instance, ''), o.account_id, o.entitlement_id, b.recommendation_id, b.rule
		from core.open_review as o join core.review as v on v.source = o.source and v.review_id = o.review_id and v.mark is not null
		join marts.recommendation as r on r.account_id = o.account_id and r.entitlement_id = o.entitlement_id join marts.by_rule as b using (recommendation_id)
		where o.source = ? and not contains(o.entitlement_id, '/') order by all`, func(rows *sql.Rows, l *entra.Line) error {
		err := rows.Scan(&l.Definition, &l.Instance, &l.Principal, &l.Resource, &l.RecommendationID, &l.Rule)
		l.Principal, _ = access.NativeID(src.Name, l.Principal)
		l.Resource, _ = access.NativeID(src.Name, l.Resource)
		return err
	}, string(src.Name))
	s.Lines = lines
	if err != nil {
		return s, fmt.Errorf("read what rules decide in open reviews: %w", err)
	}
	return s, nil
}

// launches writes the plan that starts our campaigns that the last pull saw
// scheduled.
func (j *job) launches(ctx context.Context, db *sql.DB, h export.Header, dir string) error {
	r := j.site.Export.OktaCampaign
	src, ok := j.site.Source(access.SourceName(r.Source))
	if !ok {
		return usage(access.WithHint(errors.New("plan launches: there are no Okta campaigns to launch"), "set export.okta_campaign in the configuration"))
	}
	campaigns, err := collect(ctx, db, `select review_id, name from core.review where source = ? and status = 'scheduled' and mark is not null
		and starts_with(name, ?) order by name, review_id`, func(rows *sql.Rows, c *okta.Campaign) error { return rows.Scan(&c.ID, &c.Name) },
		r.Source, cmp.Or(r.Prefix, "winnow")+" ")
	if err != nil {
		return fmt.Errorf("read the scheduled campaigns: %w", err)
	}
	h.LeftOut, h.Asked, h.Ordered = nil, nil, nil
	plan, err := export.Build(h, nil, export.Directory{}, okta.Launch{Source: src.Name, OrgURL: strings.TrimRight(src.OrgURL, "/"), Campaigns: campaigns})
	if err != nil {
		return err
	}
	return j.place(plan, filepath.Join(dir, launchPlanName))
}
