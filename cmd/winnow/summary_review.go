package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"database/sql"
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

func (r *runReport) writeLeftOut(b *strings.Builder) {
	if l := r.LeftOut; l != nil {
		fmt.Fprintf(b, "%s revokes (%.0f %% of the risk) are more than %s reviewers are asked at a time and stay out of the export: winnow query \"from marts.left_out\"\n",
			thousands(l.Lines), 100*l.Weight, thousands(l.Reviewers))
	}
}
