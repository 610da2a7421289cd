-- account_history: what an account was, from when to when, with what the beginning rests on. While the inventory does not list it there is no spell.
-- grain: account_id, spell
-- column spell: 1 for the oldest
-- column valid_from: UTC; null when older than anything known
-- column valid_to: UTC, exclusive; null while the inventory lists it so
-- column status: staged, active, suspended or deprovisioned; null when unknown
-- column department: null when empty or unknown; title and location likewise
-- column basis: of valid_from: platform (created or disabled), log (a change that it tells), inventory (a generation), unknown
-- check a spell ends after it begins: select * from core.account_history where valid_to <= valid_from
with point as (
    select distinct on (account_id, marked_at) account_id, marked_at, basis,
           last_value(if(attribute = 'status', {'v': value}, null) ignore nulls) over w as status,
           last_value(if(attribute = 'department', {'v': value}, null) ignore nulls) over w as department,
           last_value(if(attribute = 'title', {'v': value}, null) ignore nulls) over w as title,
           last_value(if(attribute = 'location', {'v': value}, null) ignore nulls) over w as location
    from core.account_mark
    window w as (partition by account_id order by marked_at, seq, attribute rows unbounded preceding)
    order by account_id, marked_at, seq desc, attribute desc
),
changed as (
    select account_id, marked_at, basis, status.v as status, department.v as department, title.v as title, location.v as location
    from point
    window w as (partition by account_id order by marked_at)
    qualify (status, department, title, location) is distinct from lag((status, department, title, location)) over w
),
spell as (
    select *, lead(marked_at) over (partition by account_id order by marked_at) as valid_to from changed
)
select account_id, row_number() over (partition by account_id order by marked_at)::integer as spell,
       nullif(marked_at, '-infinity'::timestamp) as valid_from, valid_to, status, department, title, location, basis
from spell where status is distinct from 'absent'
order by account_id, spell
