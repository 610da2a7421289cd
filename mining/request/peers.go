package request

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// chain is the expression of the group key at each level, as marts.peer_group
// has it: folded values joined by bars; null where one is missing.
func (t Tenant) chain() string {
	levels := []string{"{level: 0, key: ''}"}
	key := ""
	for i, p := range t.Peers {
		value := `nullif(trim(regexp_replace(lower(strip_accents(person->>'` + strings.ReplaceAll(p, "'", "''") + `')), '[^\p{L}\p{N}]+', ' ', 'g')), '')`
		if key != "" {
			key += " || '|' || "
		}
		key += value
		levels = append(levels, fmt.Sprintf("{level: %d, key: %s}", i+1, key))
	}
	return "[" + strings.Join(levels, ", ") + "]"
}

// peersOf finds the narrowest group with enough members, and counts.
const peersOf = `with person as (
	select t.*, %[2]s as person, e.entitlement_key, e.source, e.signal <> 'none' and e.observed as seen
	from told as t left join core.entitlement as e using (entitlement_id)
), place as (
	select i, identity_key, entitlement_key, source, unnest(%[1]s, recursive := true) from person
), own as (
	select distinct p.i, g.member, h.identity_key is not null as held, l.identity_key is not null as used
	from person as p
	left join (select identity_key, member from marts.peer_group where level = 0) as g using (identity_key)
	left join core.holding as h on h.identity_key = p.identity_key and h.entitlement_key = p.entitlement_key
	left join marts.lively as l on l.identity_key = p.identity_key and l.entitlement_key = p.entitlement_key
), best as (
	select p.i, p.entitlement_key, max_by(z, z.level) as z
	from place as p join marts.peer_size as z on z.level = p.level and z.group_key = p.key and z.source = p.source
	semi join marts.peer_share as s on s.entitlement_key = p.entitlement_key -- what nobody holds, peers say nothing of
	join own as o using (i) where z.n - coalesce(o.member, false)::integer >= ?
	group by p.i, p.entitlement_key
)
select p.id, p.account_id, p.entitlement_id, p.needed, p.weight, p.person::varchar, coalesce(b.z.label, ''), coalesce(b.z.n - coalesce(o.member, false)::integer, 0),
	greatest(0, coalesce(s.k, 0) - (coalesce(o.member, false) and o.held)::integer), greatest(0, coalesce(s.k_use, 0) - (coalesce(o.member, false) and o.used)::integer),
	coalesce(p.seen, false)
from person as p join own as o using (i) left join best as b using (i)
left join marts.peer_share as s on s.group_id = b.z.group_id and s.entitlement_key = p.entitlement_key
order by p.i`

// asked reads the temporary tables as cases.
func (t Tenant) asked(ctx context.Context) (out []Case, err error) {
	person := "t.known"
	var has bool
	err = t.DB.QueryRowContext(ctx, "select count(*) > 0 from duckdb_columns() where table_name = 'ask' and column_name = 'attributes'").Scan(&has)
	if err != nil {
		return nil, fmt.Errorf("look at the requests: %w", err)
	}
	if has {
		person = "json_merge_patch(t.known, (select to_json(a.attributes) from ask as a where a.i = t.i))"
	}
	rows, err := t.DB.QueryContext(ctx, fmt.Sprintf(peersOf, t.chain(), person), t.MinPeers)
	if err != nil {
		return nil, fmt.Errorf("look up the peers of the requests: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var c Case
		var known []byte
		err := rows.Scan(&c.ID, &c.Who, &c.Entitlement, &c.Needed, &c.Weight, &known, &c.Peers.Group, &c.Peers.N, &c.Peers.K, &c.Peers.U, &c.Peers.Seen)
		if err != nil {
			return nil, fmt.Errorf("read a request: %w", err)
		}
		if c.Attributes, err = attributes(known); err != nil {
			return nil, fmt.Errorf("read the attributes of request %s: %w", c.ID, err)
		}
		out = append(out, c)
	}
	return out, rows.Err()
}
