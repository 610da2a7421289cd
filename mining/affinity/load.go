package affinity

import (
	"context"
	"database/sql"
	"fmt"
	"math"
)

// each runs a query and calls row after every scan into dest.
func each(ctx context.Context, conn *sql.Conn, query string, row func(), dest ...any) error {
	rows, err := conn.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		row()
	}
	return rows.Err()
}

// A pair of keys travels as one number, which halves the cost of reading it.
const pairOf = "(identity_key::bigint << 32) | entitlement_key"

func unpair(pair int64) (person, item int32) { return int32(pair >> 32), int32(pair & 0xffffffff) }

// load reads what the ranking needs.
func load(ctx context.Context, conn *sql.Conn) (*affinity, error) {
	a := &affinity{}
	for _, step := range []func(context.Context, *sql.Conn) error{a.loadSize, a.loadItems, a.loadReach, a.loadHeld, a.loadPeers} {
		if err := step(ctx, conn); err != nil {
			return nil, fmt.Errorf("read what people hold: %w", err)
		}
	}
	a.sortSpells()
	a.use = func(at int64) ([]edge, error) { return useBefore(ctx, conn, at) }
	return a, nil
}

func (a *affinity) loadSize(ctx context.Context, conn *sql.Conn) error {
	return conn.QueryRowContext(ctx, `select 1 + coalesce((select max(identity_key) from core.identity), 0),
		1 + coalesce((select max(entitlement_key) from core.entitlement), 0), epoch(getvariable('as_of'))::bigint`).Scan(&a.people, &a.items, &a.at)
}

// loadItems reads which items can be given, and where. There is room for 63
// sources of their own; the others share a number.
func (a *affinity) loadItems(ctx context.Context, conn *sql.Conn) error {
	a.given, a.source = make([]bool, a.items), make([]uint8, a.items)
	var item int32
	var source uint8
	var given bool
	return each(ctx, conn, `select entitlement_key, least(63, dense_rank() over (order by source) - 1)::utinyint,
		entitlement_key in (select entitlement_key from marts.grantable) from core.entitlement`, func() {
		a.given[item], a.source[item] = given, source
	}, &item, &source, &given)
}

// loadReach reads who may be proposed something, and where people have accounts.
func (a *affinity) loadReach(ctx context.Context, conn *sql.Conn) error {
	a.reach = make([]uint64, a.people)
	var person int32
	var source uint8
	err := each(ctx, conn, `select i.identity_key, s.number from core.identity_source as i join (
		select distinct source, least(63, dense_rank() over (order by source) - 1)::utinyint as number from core.entitlement) as s using (source)`,
		func() { a.reach[person] |= 1 << source }, &person, &source)
	if err != nil {
		return err
	}
	return each(ctx, conn, "select identity_key from marts.grant_person order by identity_key",
		func() { a.hopeful = append(a.hopeful, person) }, &person)
}

// loadHeld reads the spells of people: those that last, those that have ended,
// and apart from them what is held only because something held opens it.
func (a *affinity) loadHeld(ctx context.Context, conn *sql.Conn) error {
	var pair, from, to int64
	err := each(ctx, conn, `select `+pairOf+`, coalesce(epoch(since)::bigint, -9223372036854775808) from core.holding
		semi join (select identity_key from core.identity where kind = 'person') as i using (identity_key)
		where not only_opened`, func() {
		p, i := unpair(pair)
		a.spells = append(a.spells, spell{p, i, from, never})
	}, &pair, &from)
	if err != nil {
		return err
	}
	err = each(ctx, conn, `select `+pairOf+`, coalesce(epoch(began)::bigint, -9223372036854775808), epoch(ended)::bigint from marts.grant_past
		semi join (select identity_key from core.identity where kind = 'person') as i using (identity_key)`, func() {
		p, i := unpair(pair)
		a.spells = append(a.spells, spell{p, i, from, to})
	}, &pair, &from, &to)
	if err != nil {
		return err
	}
	return each(ctx, conn, `select `+pairOf+` from core.holding semi join marts.grantable using (entitlement_key)
		where only_opened order by 1`, func() {
		p, i := unpair(pair)
		a.hidden = append(a.hidden, edge{p, i, 1})
	}, &pair)
}

// useBefore reads how much people used what before an instant: ln(1 + days of
// use, each weighing half after 60 days). The days are summed as integers, so
// that the order of the sum does not matter.
func useBefore(ctx context.Context, conn *sql.Conn, at int64) (out []edge, err error) {
	var pair, weight int64
	query := fmt.Sprintf(`with cut as (select date '1970-01-01' + %d as day)
		select `+pairOf+`, sum(round(1000 * pow(0.5, (c.day - u.day) / %d.0))::bigint)::bigint
		from core.use_day as u semi join (select identity_key from core.identity where kind = 'person') as i using (identity_key)
		cross join cut as c
		where u.day < c.day and u.day >= c.day - %d group by 1 order by 1`, at/day, useHalf, useDays)
	err = each(ctx, conn, query, func() {
		p, i := unpair(pair)
		out = append(out, edge{p, i, math.Log1p(float64(weight) / 1000)})
	}, &pair, &weight)
	if err != nil {
		return nil, fmt.Errorf("read what people use: %w", err)
	}
	return out, nil
}

// loadPeers reads the peer groups; nil when there is none but everyone.
func (a *affinity) loadPeers(ctx context.Context, conn *sql.Conn) error {
	t := &peerTree{chain: make([][]int32, a.people)}
	if err := conn.QueryRowContext(ctx, "select coalesce(min(min_peers), 5) from config.policy").Scan(&t.least); err != nil {
		return err
	}
	var person, group, level int32
	var member bool
	err := each(ctx, conn, `select identity_key, (dense_rank() over (order by level, group_key) - 1)::integer, level, member
		from marts.peer_group order by identity_key, level`, func() { t.add(a, person, group, level, member) }, &person, &group, &level, &member)
	if err != nil {
		return err
	}
	var strength float64
	err = each(ctx, conn, "select level, strength from marts.peer_strength where strength is not null order by level", func() {
		if int(level) < len(t.strength) {
			t.strength[level] = strength
		}
	}, &level, &strength)
	if err == nil && len(t.strength) > 1 {
		a.peers = t
	}
	return err
}

// add puts a person into one of their groups; the wider ones were added before.
func (t *peerTree) add(a *affinity, person, group, level int32, member bool) {
	for int(group) >= len(t.parent) {
		t.parent, t.level = append(t.parent, -1), append(t.level, 0)
		t.members, t.bySource = append(t.members, nil), append(t.bySource, make([]int32, 64))
	}
	for int(level) >= len(t.strength) {
		t.strength = append(t.strength, defaultStrength)
	}
	if n := len(t.chain[person]); n > 0 {
		t.parent[group] = t.chain[person][n-1]
	}
	t.level[group] = level
	t.chain[person] = append(t.chain[person], group)
	if member {
		t.members[group] = append(t.members[group], person)
		for src := range 64 {
			t.bySource[group][src] += int32(a.reach[person] >> src & 1)
		}
	}
}
