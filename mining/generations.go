package mining

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
)

// A historyContract is a staging contract of which every believed generation
// counts, not only the newest: what changed from one to the next is kept.
type historyContract struct {
	name    string   // the contract, for instance assignment_edge
	key     []string // its grain: the columns that name a row from one generation to the next
	columns []string // the columns that are followed
}

// historyContracts are the contracts whose history is kept. An account's
// columns that change every night, such as its last sign-in, are not followed.
var historyContracts = []historyContract{
	{"account", []string{"account_id"},
		[]string{"source", "account_id", "status", "department", "title", "location", "created_at", "disabled_at"}},
	{"assignment_edge", []string{"account_id", "entitlement_id", "path_kind", "via_id"},
		[]string{"source", "account_id", "entitlement_id", "path_kind", "via_id", "native_ref", "since", "until", "eligible"}},
	{"opens", []string{"entitlement_id", "opens_id"},
		[]string{"source", "entitlement_id", "opens_id", "native_ref", "since", "until", "direct_only"}},
	{"worker", []string{"worker_id"},
		[]string{"source", "worker_id", "email", "display_name", "department", "title", "location", "manager_id", "worker_type",
			"status", "hire_date", "termination_date", "contract_end"}},
}

// generations brings the history of the inventories up to date and makes
// lake.generation (source, contract, at: when all streams of the contract were
// seen; a row without a time says that the contract has a history), the
// variables unfollowed_<contract> (sources without one), and for each
// contract lake.<contract>_generation: its followed columns and opened_at, the
// first generation that listed the row as it is; before_at, the last full
// generation before that, null where there is none; and closed_at, the first
// one that did not list it so any more, null while it stands.
func (b *Build) generations(ctx context.Context) error {
	chains, err := b.chains(ctx)
	if err != nil {
		return err
	}
	var ledger bytes.Buffer
	for _, c := range chains {
		if err := b.extend(ctx, c); err != nil {
			return err
		}
		if err := encodeRows(&ledger, c.seen()); err != nil {
			return err
		}
	}
	err = b.loader().load(ctx, "lake.generation", `{source: 'VARCHAR', contract: 'VARCHAR', "at": 'TIMESTAMP'}`, ledger.Bytes())
	if err != nil {
		return err
	}
	for _, h := range historyContracts {
		var paths []string
		for _, c := range chains {
			if c.contract.name == h.name {
				paths = append(paths, c.files(nil)...)
			}
		}
		query, err := h.view(paths)
		if err != nil {
			return err
		}
		if err := b.exec(ctx, "set variable unfollowed_"+h.name+" = "+b.unfollowed(chains, h.name),
			"create view scratch.lake."+h.name+"_generation as "+query); err != nil {
			return err
		}
	}
	return nil
}

// unfollowed lists the sources of which a contract has no history, as a literal
// that models filter by: DuckDB then leaves out what the others would be read
// for.
func (b *Build) unfollowed(chains []*chain, contract string) string {
	var out []string
	for _, source := range slices.Sorted(maps.Keys(b.Types)) {
		if !slices.ContainsFunc(chains, func(c *chain) bool { return c.source == source && c.contract.name == contract && len(c.files(nil)) > 0 }) {
			out = append(out, string(source))
		}
	}
	return quoteList(out) + "::varchar[]"
}

// view writes the select of lake.<contract>_generation over the files of its
// links. Few rows ever close, so that the many that do not are only passed on.
// Rows are compared by a hash of 64 bits; of a night with a hundred thousand
// changes against five million rows one in 10⁷ would miss a change.
func (h historyContract) view(paths []string) (string, error) {
	m, err := contractModel(h.name)
	if err != nil {
		return "", err
	}
	if len(paths) == 0 {
		return "select " + h.list() + ", null::timestamp as opened_at, null::timestamp as before_at, null::timestamp as closed_at from (" + m.SQL + ")", nil
	}
	return strings.NewReplacer("{columns}", h.list(), "{files}", quoteList(paths)).Replace(`with op as not materialized (
	select *, hash({columns}) as h from read_parquet({files}, hive_partitioning = false)),
	closing as materialized (select h, seen_at from op where not listed)
	select {columns}, seen_at as opened_at, before_at, null::timestamp as closed_at
	from (from op where listed) anti join closing using (h)
	union all by name
	select {columns}, o.seen_at as opened_at, o.before_at, c.seen_at as closed_at
	from (from (from op where listed) semi join closing using (h)) as o
	asof left join (select h as closing_h, seen_at from closing) as c
	on c.closing_h = o.h and c.seen_at > coalesce(o.seen_at, '-infinity'::timestamp)`), nil
}

// list writes the followed columns.
func (h historyContract) list() string { return strings.Join(h.columns, ", ") }

// contractModel reads the empty select that fixes a contract.
func contractModel(name string) (Model, error) {
	all, err := Models()
	if err != nil {
		return Model{}, err
	}
	i := slices.IndexFunc(all, func(m Model) bool { return m.Schema == "staging" && m.Name == name && m.Contract == name })
	return all[i], nil
}

// A seenRow is a row of lake.generation.
type seenRow struct {
	Source   string  `json:"source"`
	Contract string  `json:"contract"`
	At       *string `json:"at"`
}

// seen lists the instants at which all streams of the contract were seen, after
// one row without a time where there is any history.
func (c *chain) seen() (out []any) {
	if len(c.links) == 0 && len(c.older) == 0 {
		return nil
	}
	out = append(out, seenRow{Source: string(c.source), Contract: c.contract.name})
	for _, at := range c.full {
		if text := at.Format("2006-01-02 15:04:05.999999"); !at.IsZero() {
			out = append(out, seenRow{string(c.source), c.contract.name, &text})
		}
	}
	return out
}
