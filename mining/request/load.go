package request

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"winnow/internal/access"
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
		return access.WithHint(fmt.Errorf("list the requests: %w", err), "a snapshot of an older version knows no decisions: winnow mine publishes one that does")
	}
	if _, err := t.DB.ExecContext(ctx, told); err != nil {
		return fmt.Errorf("look up the persons of the requests: %w", err)
	}
	return nil
}
