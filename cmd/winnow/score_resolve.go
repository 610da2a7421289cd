package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
)

// The statements that find what a text names, without regard to case: the exact
// id first, else every other name of it.
const (
	accountNamed = `with named as (
		select account_id as id, unnest([account_id, native_id, login, email]) as name from core.account)` + namedAs
	entitlementNamed = `with named as (
		select entitlement_id as id, unnest([entitlement_id, native_id, name]) as name from core.entitlement)` + namedAs
	namedAs = ` select t.text, coalesce(max(n.id) filter (n.id = t.text), min(n.id)) as id, count(*) filter (n.id = t.text) as exact,
		count(distinct n.id) as n
		from (select distinct unnest(from_json(?::json, '["VARCHAR"]')) as text) as t join named as n on lower(n.name) = lower(t.text)
		group by t.text`
)

// A named is what a text names in the snapshot.
type named struct {
	id       string
	exact, n int
}

// resolve turns what the lines call accounts and entitlements into their ids,
// and notes what is unknown or names several.
func resolve(ctx context.Context, db *sql.DB, lines []asked) error {
	for _, x := range []struct {
		query, field, noun string
		of                 func(*asked) *string
	}{
		{accountNamed, "account_id", "account", func(l *asked) *string { return &l.account }},
		{entitlementNamed, "entitlement_id", "entitlement", func(l *asked) *string { return &l.entitlement }},
	} {
		found, err := lookUp(ctx, db, x.query, lines, x.of)
		if err != nil {
			return fmt.Errorf("look up the %ss of the requests: %w", x.noun, err)
		}
		for i := range lines {
			text := x.of(&lines[i])
			if *text == "" || lines[i].fault != nil {
				continue
			}
			switch hit, ok := found[*text]; {
			case !ok:
				lines[i].wrong(x.field, *text, "is no "+x.noun+" that the snapshot knows")
			case hit.exact == 0 && hit.n > 1:
				lines[i].wrong(x.field, *text, fmt.Sprintf("names %d %ss: write the id with its source", hit.n, x.noun))
			default:
				*text = hit.id
			}
		}
	}
	return nil
}

// lookUp asks for every text of the lines at once.
func lookUp(ctx context.Context, db *sql.DB, query string, lines []asked, of func(*asked) *string) (map[string]named, error) {
	var texts []string
	for i := range lines {
		if lines[i].fault == nil && *of(&lines[i]) != "" {
			texts = append(texts, *of(&lines[i]))
		}
	}
	param, err := json.Marshal(texts)
	if err != nil {
		return nil, err
	}
	type row struct {
		text string
		named
	}
	rows, err := collect(ctx, db, query, func(rows *sql.Rows, r *row) error { return rows.Scan(&r.text, &r.id, &r.exact, &r.n) }, string(param))
	out := map[string]named{}
	for _, r := range rows {
		out[r.text] = r.named
	}
	return out, err
}
