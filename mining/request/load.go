package request

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// MaxCases is how many decisions are learnt from at most, the newest.
const MaxCases = 200_000

// A Tenant is a published snapshot to learn from and to ask. DB must hold one
// connection, since what is asked stands in a temporary table.
type Tenant struct {
	DB       *sql.DB
	Peers    []string // the chain of attributes that makes peer groups, widest first
	MinPeers int      // members that a group needs
}

// learnt is the statement that lists what was decided, oldest first: at one
// instant in the order of a hash, so that no order of ids tells anything.
const learnt = `with decided as (
	select d.decision_id, d.account_id, d.entitlement_id, d.decided_at, l.needed, l.weight
	from marts.decision_label as l join core.decision as d using (decision_id)
	order by d.decided_at desc, md5(d.decision_id) limit ?)
select row_number() over (order by decided_at, md5(decision_id))::integer as i, decision_id as id, account_id, entitlement_id, needed, weight
from decided`

// Cases reads the decisions of the tenant with what is known of the persons.
func (t Tenant) Cases(ctx context.Context) ([]Case, error) {
	if err := t.ask(ctx, learnt, MaxCases); err != nil {
		return nil, err
	}
	return t.asked(ctx)
}

// An Ask is a request as somebody wrote it, its account and entitlement by the
// ids of the snapshot. Attributes stand over those of the account.
type Ask struct {
	I             int               `json:"i"`
	ID            string            `json:"id"`
	AccountID     string            `json:"account_id"`
	EntitlementID string            `json:"entitlement_id"`
	Attributes    map[string]string `json:"attributes"`
}

// written is the statement that lists what is asked.
const written = `select i, id, nullif(account_id, '') as account_id, entitlement_id, 0 as needed, 1 as weight, attributes from (
	select unnest(from_json(?::json, '[{"i": "INTEGER", "id": "VARCHAR", "account_id": "VARCHAR", "entitlement_id": "VARCHAR",
		"attributes": "MAP(VARCHAR, VARCHAR)"}]'), recursive := true))`

// Requests adds to what is asked what is known of persons and peers, in order.
func (t Tenant) Requests(ctx context.Context, asks []Ask) ([]Case, error) {
	text, err := json.Marshal(asks)
	if err != nil {
		return nil, fmt.Errorf("encode what is asked: %w", err)
	}
	if err := t.ask(ctx, written, string(text)); err != nil {
		return nil, err
	}
	return t.asked(ctx)
}

// told are the attributes of a person: what HR or the account says, and every
// further column that the account came with.
const told = `create or replace temp table told as
select a.i, a.id, coalesce(a.account_id, '') as account_id, a.entitlement_id, a.needed::double as needed, a.weight::double as weight, i.identity_key,
	json_merge_patch(coalesce(c.attributes, '{}'), to_json({department: i.department, title: i.title, location: i.location,
		manager: coalesce(i.manager_identity_id, c.manager)}))::json as known
from ask as a
left join core.account as c using (account_id)
left join core.account_link as l using (account_id)
left join core.identity as i using (identity_id)`

// ask makes the temporary tables of what is asked.
func (t Tenant) ask(ctx context.Context, query string, args ...any) error {
	if _, err := t.DB.ExecContext(ctx, "create or replace temp table ask as "+query, args...); err != nil {
		return fmt.Errorf("list the requests: %w", err)
	}
	if _, err := t.DB.ExecContext(ctx, told); err != nil {
		return fmt.Errorf("look up the persons of the requests: %w", err)
	}
	return nil
}

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

// attributes reads an object of scalars; what is null or empty is left out.
func attributes(text []byte) (map[string]string, error) {
	var raw map[string]any
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber() // an id that looks like a number keeps its digits
	if err := dec.Decode(&raw); err != nil {
		return nil, err
	}
	out := map[string]string{}
	for name, v := range raw {
		switch v := v.(type) {
		case nil, map[string]any, []any:
		case string:
			if v = strings.TrimSpace(v); v != "" {
				out[name] = v
			}
		default:
			out[name] = fmt.Sprint(v)
		}
	}
	return out, nil
}

// Select leaves to the cases the attributes that may tell something: at most
// most of them, those that vary, are known of at least a twentieth of the cases
// and are not different for nearly each.
func Select(cases []Case, most int) (names []string) {
	known, values := map[string]int{}, map[string]map[string]bool{}
	for _, c := range cases {
		for name, v := range c.Attributes {
			if values[name] == nil {
				values[name] = map[string]bool{}
			}
			known[name]++
			values[name][v] = true
		}
	}
	for name, n := range known {
		if v := len(values[name]); v > 1 && n*20 >= len(cases) && (v < 20 || v*2 < n) {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if known[a] != known[b] {
			return known[b] - known[a]
		}
		return strings.Compare(a, b)
	})
	names = names[:min(len(names), most)]
	for i := range cases {
		kept := map[string]string{}
		for _, name := range names {
			if v, ok := cases[i].Attributes[name]; ok {
				kept[name] = v
			}
		}
		cases[i].Attributes = kept
	}
	return names
}
