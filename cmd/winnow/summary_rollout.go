package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// A rollout is the phase and what came of what was advised so far, about the
// people of the scope; see marts.rollout.
type rollout struct {
	Phase     string `json:"phase"` // shadow, pilot or everyone
	Scope     string `json:"scope,omitempty"`
	People    int64  `json:"people"`
	Cohort    int64  `json:"cohort"`
	Proposed  int64  `json:"revokes_proposed"`
	Approved  int64  `json:"revokes_approved"`
	Kept      int64  `json:"revokes_kept"`
	Gone      int64  `json:"revokes_gone"`
	Grants    int64  `json:"grants_proposed"`
	Spared    int64  `json:"tickets_spared"`
	Given     int64  `json:"grants_given"`
	ByRule    int64  `json:"by_rule"`   // revokes that a rule approves tonight
	Withheld  int64  `json:"out_scope"` // recommendations about people outside the scope
	Days      *int64 `json:"days_to_access,omitempty"`
	DaysAhead *int64 `json:"days_to_access_advised,omitempty"`
}

const rolloutSQL = `select phase, scope, people, cohort, revokes_proposed, revokes_approved, revokes_kept, revokes_gone, grants_proposed,
	tickets_spared, grants_given, (select count(*) from marts.by_rule),
	(select count(*) from marts.recommendation anti join marts.cohort using (identity_id) where action <> 'abstain'),
	round(days_to_access)::bigint, round(days_to_access_advised)::bigint from marts.rollout`

// rolledOut reads how far the rollout has come.
func (r *runReport) rolledOut(ctx context.Context, db *sql.DB) error {
	o := &rollout{}
	err := db.QueryRowContext(ctx, rolloutSQL).Scan(&o.Phase, &o.Scope, &o.People, &o.Cohort, &o.Proposed, &o.Approved, &o.Kept, &o.Gone,
		&o.Grants, &o.Spared, &o.Given, &o.ByRule, &o.Withheld, &o.Days, &o.DaysAhead)
	if err != nil {
		return fmt.Errorf("read how far the rollout has come: %w", err)
	}
	r.Rollout = o
	return nil
}

func (r *runReport) writeRollout(b *strings.Builder) {
	o := r.Rollout
	if o == nil {
		return
	}
	fmt.Fprintf(b, "\nPhase: %s", o.Phase)
	if o.Scope != "" {
		fmt.Fprintf(b, " (%s): %s of %s people; %s recommendations about others stay here", cell(o.Scope, 200), thousands(o.Cohort), thousands(o.People), thousands(o.Withheld))
	}
	fmt.Fprintf(b, "\n  revokes: %s proposed so far, %s approved and %s kept by people, %s gone", thousands(o.Proposed), thousands(o.Approved), thousands(o.Kept), thousands(o.Gone))
	if o.ByRule > 0 {
		fmt.Fprintf(b, "; %s approved by rule tonight (marts.by_rule)", thousands(o.ByRule))
	}
	fmt.Fprintf(b, "\n  grants: %s proposed so far; %s of %s given since were proposed before (tickets spared)%s\n",
		thousands(o.Grants), thousands(o.Spared), thousands(o.Given), o.waits())
}

// waits says how long access took, where it is known.
func (o *rollout) waits() string {
	if o.Days == nil {
		return ""
	}
	text := fmt.Sprintf("; days from the first day or a move to access: %d", *o.Days)
	if o.DaysAhead != nil {
		text += fmt.Sprintf(", %d where it was proposed before", *o.DaysAhead)
	}
	return text
}
