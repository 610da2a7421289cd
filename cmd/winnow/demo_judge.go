package main

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"strings"

	"winnow/internal/store"
)

//go:embed demo_judge.sql
var judgeSQL string

// A verdictCheck holds what winnow said against what the company knows.
type verdictCheck struct {
	Wrong  []kindRow  `json:"wrong"`  // held and wrong: how much was found
	Kept   []kindRow  `json:"kept"`   // looks wrong and is right: how much was accused
	Needed []kindRow  `json:"needed"` // missing: how much was proposed
	Due    []kindRow  `json:"due"`    // given in the first days after: how much was proposed, which is neither right nor wrong
	Right  []rightRow `json:"right"`  // of what winnow said, how much was right
}

// A kindRow counts the pairs of one planted kind.
type kindRow struct {
	Kind    string `json:"kind"`
	Pairs   int64  `json:"pairs"`
	Visible int64  `json:"visible"` // a log that covers the horizon can show it
	Hit     int64  `json:"hit"`     // found, accused or proposed
	Shown   int64  `json:"shown"`   // hits among the visible
}

// A rightRow says how much of one kind of advice was right.
type rightRow struct {
	Action     string `json:"action"`
	Confidence string `json:"confidence"`
	N          int64  `json:"n"`
	Right      int64  `json:"right"`
}

// kindSQL counts the planted pairs whose truth is one of the actions.
const kindSQL = `select kind, count(*), count(*) filter (visible), count(*) filter (%[1]s), count(*) filter (%[1]s and visible)
	from judged where wanted in (%[2]s) and (not derived or wanted = 'keep') group by kind order by kind`

const rightSQL = `from (select a.action, a.confidence, count(*) as given,
	count(*) filter (case when a.proposed then t.wanted = 'grant' else t.wanted in ('revoke', 'change_rule') end)
	from advised as a left join truth as t using (identity_id, entitlement_id)
	where (a.accused or a.proposed) and t.wanted is distinct from 'due' group by a.action, a.confidence
	union all
	select 'a plain 90-day rule', '', count(*), count(*) filter (t.wanted in ('revoke', 'change_rule'))
	from plain left join truth as t using (identity_id, entitlement_id)
	union all
	select 'as many grants by popularity', '', count(*), count(*) filter (t.wanted = 'grant')
	from popular left join truth as t using (identity_id, entitlement_id) where t.wanted is distinct from 'due')
	order by starts_with(action, 'a'), list_position(['revoke', 'change_rule', 'grant'], action), list_position(['high', 'medium', 'low'], confidence)`

// judge compares the published recommendations with truth.csv.
func judge(ctx context.Context, snapshot, truth string) (v *verdictCheck, err error) {
	db, err := store.Open(ctx, "", store.Options{})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1) // temporary tables belong to one connection
	_, err = db.ExecContext(ctx, "attach "+store.Quote(snapshot)+" as snapshot (read_only); set variable truth = "+store.Quote(truth)+"; "+judgeSQL)
	if err != nil {
		return nil, fmt.Errorf("compare with the truth: %w", err)
	}
	v = &verdictCheck{}
	for _, part := range []struct {
		into        *[]kindRow
		hit, wanted string
	}{
		{&v.Wrong, "accused", "'revoke', 'change_rule'"}, {&v.Kept, "accused", "'keep'"}, {&v.Needed, "proposed", "'grant'"}, {&v.Due, "proposed", "'due'"},
	} {
		*part.into, err = collect(ctx, db, fmt.Sprintf(kindSQL, part.hit, part.wanted), func(rows *sql.Rows, k *kindRow) error {
			return rows.Scan(&k.Kind, &k.Pairs, &k.Visible, &k.Hit, &k.Shown)
		})
		if err != nil {
			return nil, fmt.Errorf("compare with the truth: %w", err)
		}
	}
	v.Right, err = collect(ctx, db, rightSQL, func(rows *sql.Rows, r *rightRow) error {
		return rows.Scan(&r.Action, &r.Confidence, &r.N, &r.Right)
	})
	if err != nil {
		return nil, fmt.Errorf("compare with the truth: %w", err)
	}
	return v, nil
}

// String writes the comparison for people.
func (v *verdictCheck) String() string {
	var b strings.Builder
	b.WriteString("\nAccess that is wrong: how much was found\n" + foundGrid(v.Wrong).String())
	b.WriteString("HR shows some that no log does: leavers, ended contracts, movers.\n")
	b.WriteString("\nAccess that looks wrong and is right: how much was accused\n" + hitGrid("wrongly accused", v.Kept).String())
	b.WriteString("\nAccess that is missing: how much was proposed\n" + hitGrid("proposed", v.Needed).String())
	for _, k := range v.Due {
		fmt.Fprintf(&b, "%s more proposals were given in the days after anyway; they count neither as right nor as wrong.\n", thousands(k.Hit))
	}
	g := &grid{head: []string{"advice", "confidence", "given", "right", "share"}, right: map[int]bool{2: true, 3: true, 4: true}}
	for _, r := range v.Right {
		g.add(r.Action, r.Confidence, thousands(r.N), thousands(r.Right), fmt.Sprintf("%.1f %%", 100*float64(r.Right)/float64(max(r.N, 1))))
	}
	b.WriteString("\nOf what winnow advised, so much was right\n" + g.String())
	return b.String()
}

// foundGrid shows, for wrong access, how much of what a log can show was found.
func foundGrid(rows []kindRow) *grid {
	g := &grid{head: []string{"kind", "planted", "found", "a log can show", "of these found", "share"},
		right: map[int]bool{1: true, 2: true, 3: true, 4: true, 5: true}}
	all := kindRow{Kind: "all"}
	for _, k := range rows {
		all.Pairs, all.Hit, all.Visible, all.Shown = all.Pairs+k.Pairs, all.Hit+k.Hit, all.Visible+k.Visible, all.Shown+k.Shown
		g.add(k.found()...)
	}
	g.add(all.found()...)
	return g
}

// found writes one row of foundGrid.
func (k kindRow) found() []string {
	return []string{strings.ReplaceAll(k.Kind, "_", " "), thousands(k.Pairs), thousands(k.Hit), thousands(k.Visible), thousands(k.Shown),
		fmt.Sprintf("%.0f %%", 100*float64(k.Shown)/float64(max(k.Visible, 1)))}
}

// hitGrid shows how much of each kind was hit.
func hitGrid(hit string, rows []kindRow) *grid {
	g := &grid{head: []string{"kind", "planted", hit}, right: map[int]bool{1: true, 2: true}}
	for _, k := range rows {
		g.add(strings.ReplaceAll(k.Kind, "_", " "), thousands(k.Pairs), thousands(k.Hit))
	}
	return g
}
