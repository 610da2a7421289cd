package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"time"

	"winnow/export/apply"
	"winnow/internal/access"
)

// reviewDays is how long a reviewer's decision approves a removal.
const reviewDays = 30

// A ruling is the newest decision on an access, by the snapshot.
type ruling struct {
	account, entitlement, decision, person string // person is the reviewer's identity_id, where it is known
	source                                 access.SourceName
	at                                     time.Time
}

// rulings reads what reviewers decided last on each access. The reviewer is told
// by their identity where one is known by what the platform calls them.
func rulings(ctx context.Context, db querier) (map[[2]string]ruling, error) {
	list, err := collect(ctx, db, `select d.account_id, d.entitlement_id, arg_max(d.decision, (d.decided_at, d.decision_id)),
			arg_max(d.source, (d.decided_at, d.decision_id)), max(d.decided_at),
			coalesce(arg_max(l.identity_id, (d.decided_at, d.decision_id)), '')
		from core.decision as d left join core.account as a on lower(a.login) = lower(d.reviewer) or a.account_id = d.source || ':' || d.reviewer
		left join core.account_link as l on l.account_id = a.account_id
		where d.decided_at is not null group by all order by all`,
		func(rows *sql.Rows, r *ruling) error {
			return rows.Scan(&r.account, &r.entitlement, &r.decision, &r.source, &r.at, &r.person)
		})
	if err != nil {
		return nil, fmt.Errorf("read what reviewers decided: %w", err)
	}
	out := map[[2]string]ruling{}
	for _, r := range list {
		out[[2]string{r.account, r.entitlement}] = r
	}
	return out, nil
}

// grants gathers what reviews and rules approved of a plan: a removal that the
// newest decision on a review platform asks for, or all of whose recommendations
// stand in marts.by_rule. Decisions out of files approve nothing: whoever can
// write a file could approve.
func (j *job) grants(ctx context.Context, p *access.Plan) (_ map[string][]apply.Grant, err error) {
	db, err := j.decisions(ctx)
	if db == nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	decided, err := rulings(ctx, db)
	if err != nil {
		return nil, err
	}
	byRule := map[string]string{}
	if _, err := collect(ctx, db, "select recommendation_id, rule from marts.by_rule", func(rows *sql.Rows, _ *struct{}) error {
		var id, rule string
		err := rows.Scan(&id, &rule)
		byRule[id] = rule
		return err
	}); err != nil {
		return nil, fmt.Errorf("read what rules approve: %w", err)
	}
	for at, r := range decided {
		src, _ := j.site.Source(r.source)
		if src.Type != "okta" && src.Type != "entra" || r.at.Before(p.AsOf.AddDate(0, 0, -reviewDays)) {
			delete(decided, at)
		}
	}
	out := map[string][]apply.Grant{}
	for i := range p.Operations {
		o := &p.Operations[i]
		if g, ok := grantOf(o, decided, byRule); ok {
			out[o.ID] = append(out[o.ID], g)
		}
	}
	return out, nil
}

// decisions opens the snapshot, or returns nil where there is none: then no
// review and no rule says anything.
func (j *job) decisions(ctx context.Context) (*sql.DB, error) {
	if _, err := os.Stat(j.site.snapshot()); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return j.site.open(ctx)
}

// grantOf is the approval that a removal has without a signature. One that takes
// something else with it has none: neither reviewer nor rule was asked about
// that.
func grantOf(o *access.Operation, decided map[[2]string]ruling, byRule map[string]string) (apply.Grant, bool) {
	if o.Kind != access.OperationRemove || o.Subject == nil || len(o.Collateral) > 0 || len(o.RecommendationIDs) == 0 {
		return apply.Grant{}, false
	}
	if r, ok := decided[[2]string{o.Subject.AccountID, o.Subject.EntitlementID}]; ok && r.decision == "deny" {
		return apply.Grant{By: "the review of " + string(access.DayOf(r.at)), Person: r.person}, true
	}
	for _, id := range o.RecommendationIDs {
		if byRule[id] == "" {
			return apply.Grant{}, false
		}
	}
	return apply.Grant{By: "the rule " + byRule[o.RecommendationIDs[0]]}, true
}

// askedBack tells of removals on which somebody decided, after the plan was
// made, that the access is to stay: by a review, a ticket or a file that landed
// meanwhile.
func (j *job) askedBack(ctx context.Context, since time.Time, done []*access.Operation) (_ map[string]string, err error) {
	db, err := j.decisions(ctx)
	if db == nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	decided, err := rulings(ctx, db)
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, o := range done {
		if o.Subject == nil || o.Kind != access.OperationRemove {
			continue
		}
		r, ok := decided[[2]string{o.Subject.AccountID, o.Subject.EntitlementID}]
		if ok && r.decision == "approve" && r.at.After(since) {
			out[o.ID] = "a decision of " + r.at.UTC().Format(time.RFC3339) + " keeps it"
		}
	}
	return out, nil
}
