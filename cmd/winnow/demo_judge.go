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
	Right  []rightRow `json:"right"`  // of what winnow said, how much was right
}

// A kindRow counts the pairs of one planted kind.
type kindRow struct {
	Kind    string `json:"kind"`
	Pairs   int64  `json:"pairs"`
	Visible int64  `json:"visible"` // a log that covers the horizon can show it
	Hit     int64  `json:"hit"`     // found, accused or proposed
}

// A rightRow says how much of one kind of advice was right.
type rightRow struct {
	Action     string `json:"action"`
	Confidence string `json:"confidence"`
	N          int64  `json:"n"`
	Right      int64  `json:"right"`
}

// kindSQL counts the planted pairs whose truth is one of the actions.
const kindSQL = `select kind, count(*), count(*) filter (visible), count(*) filter (%s) from judged
	where wanted in (%s) group by kind order by kind`

const rightSQL = `select a.action, a.confidence, count(*),
	count(*) filter (case when a.proposed then t.wanted = 'grant' else t.wanted in ('revoke', 'change_rule') end)
	from advised as a left join truth as t using (identity_id, entitlement_id)
	where a.accused or a.proposed group by a.action, a.confidence
	order by list_position(['revoke', 'change_rule', 'grant'], a.action), list_position(['high', 'medium', 'low'], a.confidence)`

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
		{&v.Wrong, "accused", "'revoke', 'change_rule'"}, {&v.Kept, "accused", "'keep'"}, {&v.Needed, "proposed", "'grant'"},
	} {
		*part.into, err = collect(ctx, db, fmt.Sprintf(kindSQL, part.hit, part.wanted), func(rows *sql.Rows, k *kindRow) error {
			return rows.Scan(&k.Kind, &k.Pairs, &k.Visible, &k.Hit)
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
	kinds := func(title, hit string, rows []kindRow, visible bool) {
		g := &grid{head: []string{"kind", "planted", hit}, right: map[int]bool{1: true, 2: true, 3: true}}
		if visible {
			g.head = []string{"kind", "planted", "a log can show it", hit}
		}
		for _, k := range rows {
			cells := []string{strings.ReplaceAll(k.Kind, "_", " "), thousands(k.Pairs), thousands(k.Hit)}
			if visible {
				cells = []string{cells[0], cells[1], thousands(k.Visible), cells[2]}
			}
			g.add(cells...)
		}
		b.WriteString("\n" + title + "\n" + g.String())
	}
	kinds("Access that is wrong: how much was found", "found", v.Wrong, true)
	b.WriteString("HR shows some that no log does: leavers, ended contracts, movers.\n")
	kinds("Access that looks wrong and is right: how much was accused", "wrongly accused", v.Kept, false)
	kinds("Access that is missing: how much was proposed", "proposed", v.Needed, false)
	g := &grid{head: []string{"advice", "confidence", "given", "right", "share"}, right: map[int]bool{2: true, 3: true, 4: true}}
	for _, r := range v.Right {
		g.add(r.Action, r.Confidence, thousands(r.N), thousands(r.Right), fmt.Sprintf("%.1f %%", 100*float64(r.Right)/float64(max(r.N, 1))))
	}
	b.WriteString("\nOf what winnow advised, so much was right\n" + g.String())
	return b.String()
}
