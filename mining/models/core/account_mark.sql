-- account_mark: what is known of one attribute of an account from one instant on.
-- grain: account_id, attribute, marked_at, seq
-- column attribute: status, department, title or location
-- column marked_at: UTC; -infinity where it is older than anything known
-- column seq: order of what is known of the same instant
-- column value: null where it is empty or cannot be known: what an attribute was before the first change that the log tells is not
-- said, apart from the status before a suspension or an end, which was active. absent: the inventory does not list the account
-- column basis: platform (its own date), log (an event), inventory (a generation), unknown
with seen as materialized (
    select account_id, seen_at, nth, absent_at, created_at, disabled_at, attribute, value from core.account_generation
    unpivot include nulls (value for attribute in (status, department, title, location))
),
first_turn as (
    select s.account_id, s.attribute, arg_min(t.value, t.turned_at) as value
    from seen as s join core.account_turn as t on t.account_id = s.account_id and t.attribute = s.attribute and t.turned_at < s.seen_at
    where s.nth = 1 group by all
),
begun as (
    select s.account_id, s.attribute, coalesce(s.created_at, '-infinity'::timestamp) as marked_at,
           case when f.account_id is null and not (s.attribute = 'status' and coalesce(s.disabled_at < s.seen_at and s.disabled_at > marked_at, false)) then s.value
                when s.attribute = 'status' and coalesce(f.value, 'deprovisioned') in ('suspended', 'deprovisioned') then 'active' end as value,
           if(s.created_at is null, 'unknown', 'platform') as basis
    from seen as s left join first_turn as f using (account_id, attribute)
    where s.nth = 1 and (s.absent_at is null or s.created_at > s.absent_at)
)
select account_id, attribute, marked_at, 0 as seq, value, basis from begun
union all
select account_id, 'status', gone_at, 1, 'absent', 'inventory' from core.account_generation where gone_at is not null
union all
select account_id, attribute, turned_at, 2, value, 'log' from core.account_turn
union all
select account_id, 'status', disabled_at, 3, arg_min(value, seen_at), 'platform' from seen
where attribute = 'status' and value not in ('active', 'staged') and disabled_at < seen_at group by all
union all
select account_id, attribute, seen_at, 4, value, 'inventory' from seen
order by account_id, attribute, marked_at, seq
