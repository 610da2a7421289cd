package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/store"
)

// An explainer reads the snapshot, which is fenced, and the typed lake, through
// a second connection that may read files.
type explainer struct {
	site     *site
	lake     *lake.Lake
	snapshot *sql.DB
	files    *sql.DB
}

func (x *explainer) open(ctx context.Context) (err error) {
	if x.snapshot, err = x.site.open(ctx); err != nil {
		return err
	}
	x.lake = &lake.Lake{Dir: x.site.lakeDir()}
	if x.files, err = store.Open(ctx, "", x.site.limits()); err != nil {
		return errors.Join(err, x.snapshot.Close())
	}
	return nil
}

func (x *explainer) close() error { return errors.Join(x.snapshot.Close(), x.files.Close()) }

// explain gathers everything behind the recommendation that id begins.
func (x *explainer) explain(ctx context.Context, id string) (*explanation, error) {
	e := &explanation{}
	var err error
	if e.Recommendation, err = x.recommendation(ctx, id); err != nil {
		return nil, err
	}
	if e.Evidence, err = x.evidence(ctx, e.Recommendation); err != nil {
		return nil, err
	}
	err = x.snapshot.QueryRowContext(ctx, `select coalesce(bool_or(sha256(to_json(e)::varchar) = ?), false)
		from marts.evidence as e where identity_id = ? and entitlement_id = ?`,
		e.Recommendation.EvidenceHash, e.Recommendation.IdentityID, e.Recommendation.EntitlementID).Scan(&e.HashMatches)
	if err != nil {
		return nil, fmt.Errorf("check the evidence's hash: %w", err)
	}
	if err := x.use(ctx, e); err != nil {
		return nil, err
	}
	return e, x.records(ctx, e)
}

// recommendation finds the one recommendation whose id begins with id.
func (x *explainer) recommendation(ctx context.Context, id string) (rec access.Recommendation, err error) {
	rows, err := collect(ctx, x.snapshot, `select to_json(r)::varchar from marts.recommendation as r
		where starts_with(recommendation_id, ?) order by recommendation_id limit 2`,
		func(rows *sql.Rows, text *string) error { return rows.Scan(text) }, strings.ToLower(strings.TrimSpace(id)))
	if err != nil {
		return rec, fmt.Errorf("look for the recommendation: %w", err)
	}
	switch len(rows) {
	case 0:
		return rec, usage(access.WithHint(fmt.Errorf("explain %q: the snapshot holds no recommendation of that id", id),
			`winnow query "select recommendation_id, action, identity_name, entitlement_name from marts.recommendation" lists them`))
	case 2:
		return rec, usage(access.WithHint(fmt.Errorf("explain %q: several recommendations begin so", id), "write more of the id"))
	}
	if err := json.Unmarshal([]byte(rows[0]), &rec); err != nil {
		return rec, fmt.Errorf("read the recommendation: %w", err)
	}
	return rec, nil
}

// evidence runs the recommendation's own query.
func (x *explainer) evidence(ctx context.Context, rec access.Recommendation) (out []pair, err error) {
	rows, err := selectText(ctx, x.snapshot, rec.EvidenceQuery)
	if err != nil {
		return nil, fmt.Errorf("run the evidence query: %w", err)
	}
	names, err := rows.Columns()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read the evidence: %w", err), rows.Close())
	}
	return out, each(rows, func(row []sql.NullString) error {
		for i, v := range row {
			out = append(out, pair{names[i], v.String})
		}
		return nil
	})
}

// whatCounts is every entitlement whose use is use of the one in question: the
// thing itself and what it opens.
const whatCounts = `select ? as entitlement_id union select opens_id from core.entitlement_opens where entitlement_id = ?`

// use reads the newest days of use and how many there are in all.
func (x *explainer) use(ctx context.Context, e *explanation) (err error) {
	from := ` from core.usage_day as u join core.account_link as l using (account_id)
		where l.identity_id = ? and u.entitlement_id in (` + whatCounts + `)`
	r := e.Recommendation
	e.UseDays, err = collect(ctx, x.snapshot, `select u.day::varchar, u.account_id, u.entitlement_id, u.successes, u.failures`+from+`
		order by u.day desc, u.account_id, u.entitlement_id limit 7`, func(rows *sql.Rows, u *useDay) error {
		return rows.Scan(&u.Day, &u.AccountID, &u.EntitlementID, &u.Successes, &u.Failures)
	}, r.IdentityID, r.EntitlementID, r.EntitlementID)
	if err == nil {
		err = x.snapshot.QueryRowContext(ctx, "select count(*)"+from, r.IdentityID, r.EntitlementID, r.EntitlementID).Scan(&e.UseDaysInAll)
	}
	if err != nil {
		return fmt.Errorf("read the days of use: %w", err)
	}
	return nil
}
