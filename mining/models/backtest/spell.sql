-- spell: how long a person of the cut held an entitlement, by what is known today; pauses of a day or less are none.
-- grain: identity_key, entitlement_key, spell
-- column began: UTC; null when older than anything known
-- column ended: UTC; null while held
-- column by_hand: at least one path was no rule and no package
with path as (
    select i.identity_key, e.entitlement_key, coalesce(h.valid_from, timestamp '0001-01-01') as f,
           coalesce(h.valid_to, timestamp '9999-01-01') as t, h.path_kind not in ('rule', 'package') as by_hand
    from present.core.assignment_history as h
    join core.account_link as l using (account_id)
    join core.identity as i using (identity_id)
    join core.entitlement as e using (entitlement_id)
),
reached as (
    select *, max(t) over (partition by identity_key, entitlement_key order by f, t rows between unbounded preceding and 1 preceding) as reach
    from path
),
island as (
    select *, sum((reach is null or f > reach + interval 1 day)::integer)
                  over (partition by identity_key, entitlement_key order by f, t rows unbounded preceding) as spell
    from reached
)
select identity_key, entitlement_key, spell::integer as spell, nullif(min(f), timestamp '0001-01-01') as began,
       nullif(max(t), timestamp '9999-01-01') as ended, bool_or(by_hand) as by_hand
from island
group by identity_key, entitlement_key, spell
order by identity_key, entitlement_key, spell
