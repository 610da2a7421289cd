package mining

import (
	"context"
	"fmt"
)

// A historyContract is a staging contract of which every believed generation
// counts, not only the newest: what changed from one to the next is kept.
type historyContract struct {
	name string   // the contract, for instance assignment_edge
	key  []string // the columns that name a row from one generation to the next
}

// historyContracts are the contracts whose history is kept.
var historyContracts = []historyContract{
	{"account", []string{"account_id"}},
	{"assignment_edge", []string{"account_id", "entitlement_id", "path_kind", "via_id"}},
	{"opens", []string{"entitlement_id", "opens_id"}},
	{"worker", []string{"worker_id"}},
}

// generations makes lake.generation (source, contract, at: when each was
// pulled) and for each contract lake.<contract>_generation: its columns and
// opened_at, the first generation that listed the row as it is; before_at, the
// generation before that one, null where there is none; and closed_at, the first
// one that did not list it so any more, null while it stands.
func (b *Build) generations(ctx context.Context) error {
	err := b.exec(ctx, `create table scratch.lake.generation (source varchar, contract varchar, "at" timestamp)`)
	if err != nil {
		return err
	}
	for _, c := range historyContracts {
		text, err := files.ReadFile("models/staging/" + c.name + "/_contract.sql")
		if err != nil {
			return fmt.Errorf("read the contract %s: %w", c.name, err)
		}
		m, err := parseModel("models/staging/"+c.name+"/_contract.sql", string(text))
		if err != nil {
			return err
		}
		if err := b.exec(ctx, "create table scratch.lake."+c.name+"_generation as select *, null::timestamp as opened_at, "+
			"null::timestamp as before_at, null::timestamp as closed_at from ("+m.SQL+")"); err != nil {
			return err
		}
	}
	return nil
}
