package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// A leftOut says what policy.max_lines_per_reviewer kept away from reviewers.
type leftOut struct {
	Lines     int64   `json:"lines"`
	Reviewers int64   `json:"reviewers"`
	Kept      int64   `json:"kept"` // lines that all reviewers are shown
	Weight    float64 `json:"weight_share"`
}

const leftOutSQL = `select count(*) filter (not kept), count(distinct reviewer) filter (not kept), count(*) filter (kept),
	coalesce(round(sum(weight::decimal(18, 6)) filter (not kept) / nullif(sum(weight::decimal(18, 6)), 0), 4), 0)::double from marts.reviewer_line`

// capped reads how many lines were left out; where none was, it says nothing.
func (r *runReport) capped(ctx context.Context, db *sql.DB) error {
	var l leftOut
	err := db.QueryRowContext(ctx, leftOutSQL).Scan(&l.Lines, &l.Reviewers, &l.Kept, &l.Weight)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("count what was left out: %w", err)
	}
	if l.Lines > 0 {
		r.LeftOut = &l
	}
	return nil
}

// A shadowWeek says how far a week's decisions agree with what was advised.
type shadowWeek struct {
	Week      string  `json:"week"` // its Monday
	Decisions int64   `json:"decisions"`
	Advised   int64   `json:"advised"`
	Followed  int64   `json:"followed"`
	Agreement float64 `json:"agreement"`
	Refuted   int64   `json:"advice_right"` // decisions against the advice that what followed has refuted
	BorneOut  int64   `json:"borne_out"`    // and those that it has borne out
}

// shadowSQL reads the last weeks, all sources together.
const shadowSQL = `select week::varchar, sum(decisions)::bigint, sum(advised)::bigint, sum(followed)::bigint,
	round(sum(followed + silent_kept) / sum(decisions), 4), sum(advice_right)::bigint, sum(borne_out)::bigint
	from marts.shadow_week group by week qualify row_number() over (order by week desc) <= 6 order by week`

// decided reads how far people followed what was advised.
func (r *runReport) decided(ctx context.Context, db *sql.DB) (err error) {
	r.Decisions, err = collect(ctx, db, shadowSQL, func(rows *sql.Rows, w *shadowWeek) error {
		return rows.Scan(&w.Week, &w.Decisions, &w.Advised, &w.Followed, &w.Agreement, &w.Refuted, &w.BorneOut)
	})
	if err != nil {
		return fmt.Errorf("read the decisions by week: %w", err)
	}
	return nil
}

func (r *runReport) writeDecisions(b *strings.Builder) {
	if len(r.Decisions) == 0 {
		return
	}
	g := &grid{head: []string{"week of", "decisions", "on advice", "followed", "agreement", "against, borne out", "against, refuted"},
		right: map[int]bool{1: true, 2: true, 3: true, 4: true, 5: true, 6: true}}
	for _, w := range r.Decisions {
		g.add(w.Week, thousands(w.Decisions), thousands(w.Advised), thousands(w.Followed), fmt.Sprintf("%.0f %%", 100*w.Agreement),
			thousands(w.BorneOut), thousands(w.Refuted))
	}
	b.WriteString("\nWhat people decided beside what was advised then (marts.shadow_week)\n" + g.String())
}

func (r *runReport) writeLeftOut(b *strings.Builder) {
	if l := r.LeftOut; l != nil {
		fmt.Fprintf(b, "%s revokes (%.0f %% of the risk) are more than %s reviewers are asked at a time and stay out of the export: winnow query \"from marts.left_out\"\n",
			thousands(l.Lines), 100*l.Weight, thousands(l.Reviewers))
	}
}
