-- removal_spell: from when to when a person held an entitlement of their own, through whatever accounts and paths, without a break.
-- What only nesting or an opening derives is not here: it goes when its giver goes.
-- grain: identity_key, entitlement_key, spell
-- column from_at: UTC; null when older than anything known
-- column to_at: UTC, exclusive; null while held
-- column next_at: UTC, when the person got it back; null when they did not
-- column upheaval: it ended at an instant of marts.removal_upheaval
with given as materialized (
    select i.identity_key, e.entitlement_key, h.source, h.valid_from, h.valid_to
    from core.assignment_history as h
    join core.account_link as l using (account_id)
    join core.identity as i using (identity_id)
    join core.entitlement as e using (entitlement_id)
    where i.kind = 'person'
),
repeated as (select identity_key, entitlement_key from given group by all having count(*) > 1),
marked as (
    select *, coalesce(valid_from > max(coalesce(valid_to, 'infinity'::timestamp)) over (
               partition by identity_key, entitlement_key order by valid_from nulls first, valid_to
               rows between unbounded preceding and 1 preceding), false) as fresh
    from given semi join repeated using (identity_key, entitlement_key)
),
numbered as (
    select *, sum(fresh::integer) over (partition by identity_key, entitlement_key order by valid_from nulls first, valid_to) as island from marked
),
joined as (
    select identity_key, entitlement_key, source, if(bool_or(valid_from is null), null, min(valid_from)) as from_at,
           if(bool_or(valid_to is null), null, max(valid_to)) as to_at, island::integer + 1 as spell
    from numbered group by identity_key, entitlement_key, source, island
),
merged as (
    select identity_key, entitlement_key, source, valid_from as from_at, valid_to as to_at, 1 as spell, null::timestamp as next_at
    from given anti join repeated using (identity_key, entitlement_key)
    union all
    select *, lead(from_at) over (partition by identity_key, entitlement_key order by spell) from joined
)
select m.identity_key, m.entitlement_key, m.spell, m.from_at, m.to_at, m.next_at, coalesce(u.instant is not null, false) as upheaval
from merged as m left join marts.removal_upheaval as u on u.source = m.source and u.instant = m.to_at
order by m.identity_key, m.entitlement_key, m.spell
