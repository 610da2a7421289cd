package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// A coverRow says which days one stream covers.
type coverRow struct {
	Source  string `json:"source"`
	Stream  string `json:"stream"`
	First   string `json:"first_day"`
	Last    string `json:"last_day"`
	Days    int64  `json:"complete_days"`
	Partial int64  `json:"partial_days"`
	Gaps    int64  `json:"gap_days"`
}

// A verdictRow counts recommendations of one action and confidence.
type verdictRow struct {
	Action     string `json:"action"`
	Confidence string `json:"confidence"`
	N          int64  `json:"n"`
}

// totals are the figures of the whole snapshot.
type totals struct {
	Identities  int64 `json:"identities"`
	Accounts    int64 `json:"accounts"`
	Assignments int64 `json:"assignments"`
	Landed      int64 `json:"landed"`
	Duplicate   int64 `json:"duplicate"`
	Quarantined int64 `json:"quarantined"`
}

const coverageSQL = `select source, stream, min(day)::varchar, max(day)::varchar,
	count(*) filter (status = 'complete'), count(*) filter (status = 'partial'), count(*) filter (status = 'gap')
	from core.coverage group by source, stream order by source, stream`

const totalsSQL = `select (select count(*) from core.identity), (select count(*) from core.account),
	(select count(*) from core.assignment), coalesce(sum(landed), 0)::bigint, coalesce(sum(duplicate), 0)::bigint,
	coalesce(sum(quarantined), 0)::bigint from core.ingest_count`

const verdictSQL = `select action, confidence, count(*) from marts.recommendation group by action, confidence
	order by list_position(['revoke', 'change_rule', 'grant', 'abstain'], action), list_position(['high', 'medium', 'low'], confidence)`

// measure reads the closing figures from the published snapshot.
func (r *runReport) measure(ctx context.Context, s *site) (err error) {
	db, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	r.Coverage, err = collect(ctx, db, coverageSQL, func(rows *sql.Rows, c *coverRow) error {
		return rows.Scan(&c.Source, &c.Stream, &c.First, &c.Last, &c.Days, &c.Partial, &c.Gaps)
	})
	if err != nil {
		return fmt.Errorf("read the coverage: %w", err)
	}
	r.Recommendations, err = collect(ctx, db, verdictSQL, func(rows *sql.Rows, v *verdictRow) error {
		return rows.Scan(&v.Action, &v.Confidence, &v.N)
	})
	if err != nil {
		return fmt.Errorf("count the recommendations: %w", err)
	}
	t := &totals{}
	err = db.QueryRowContext(ctx, totalsSQL).Scan(&t.Identities, &t.Accounts, &t.Assignments, &t.Landed, &t.Duplicate, &t.Quarantined)
	if err != nil {
		return fmt.Errorf("count what was mined: %w", err)
	}
	r.Totals = t
	if err := errors.Join(r.capped(ctx, db), r.decided(ctx, db), r.rolledOut(ctx, db)); err != nil {
		return err
	}
	r.warn(s)
	return r.unread(ctx, db)
}

// warn names what a person should look at although nothing failed: logs that
// stopped, and records that were refused.
func (r *runReport) warn(s *site) {
	for _, c := range r.Coverage {
		end, err := time.Parse(time.DateOnly, c.Last)
		if err != nil {
			continue
		}
		if age := int(r.AsOf.Sub(end.AddDate(0, 0, 1)).Hours() / 24); age > s.Policy.MaxInputAgeDays {
			r.Warnings = append(r.Warnings, fmt.Sprintf("%s %s ends on %s, %d days ago: no disuse is concluded from it", c.Source, c.Stream, c.Last, age))
		}
	}
	if n := r.Totals.Quarantined; n > 0 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%s records were refused: winnow query \"from core.quarantine\" says why", thousands(n)))
	}
}

// A querier is a database or one connection of it.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// collect scans every row of a query.
func collect[T any](ctx context.Context, db querier, query string, scan func(*sql.Rows, *T) error, args ...any) (out []T, err error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var row T
		if err := scan(rows, &row); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, rows.Err()
}
