-- removal_spell: from when to when a person held an entitlement of their own, through whatever accounts and paths, without a break.
-- What only nesting or an opening derives is not here: it goes when its giver goes.
-- grain: identity_key, entitlement_key, spell
-- column from_at: UTC; null when older than anything known
-- column to_at: UTC, exclusive; null while held
-- column upheaval: it ended at an instant of marts.removal_upheaval
with given as (
    select i.identity_key, e.entitlement_key, e.source, h.valid_from, h.valid_to, count(*) over (partition by i.identity_key, e.entitlement_key) as n
    from core.assignment_history as h
    join core.account_link as l using (account_id)
    join core.identity as i using (identity_id)
    join core.entitlement as e using (entitlement_id)
    where i.kind = 'person'
),
marked as (
    select *, coalesce(valid_from > max(coalesce(valid_to, 'infinity'::timestamp)) over (
               partition by identity_key, entitlement_key order by valid_from nulls first, valid_to
               rows between unbounded preceding and 1 preceding), false) as fresh
    from given where n > 1
),
numbered as (
    select *, sum(fresh::integer) over (partition by identity_key, entitlement_key order by valid_from nulls first, valid_to) as island from marked
),
merged as (
    select identity_key, entitlement_key, source, valid_from as from_at, valid_to as to_at, 1 as spell from given where n = 1
    union all
    select identity_key, entitlement_key, source, if(bool_or(valid_from is null), null, min(valid_from)),
           if(bool_or(valid_to is null), null, max(valid_to)), island::integer + 1
    from numbered group by identity_key, entitlement_key, source, island
)
select m.identity_key, m.entitlement_key, m.spell, m.from_at, m.to_at, coalesce(u.instant is not null, false) as upheaval
from merged as m left join marts.removal_upheaval as u on u.source = m.source and u.instant = m.to_at
order by m.identity_key, m.entitlement_key, m.spell
