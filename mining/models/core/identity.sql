-- identity: a person or a machine, with the attributes that peers are made of.
-- grain: identity_id
-- column identity_key: dense number of the identity in this snapshot, for joins
-- column kind: person, machine (service and shared accounts) or guest
-- column worker_id: employee number; null when HR does not know the identity
-- column employment: HR's status at the as-of time; unknown without HR
-- column left_on: first day without employment
-- column department: as HR has it, else as an account has it
-- column peer_department: the same, folded: lower case, without accents and punctuation
-- column manager_identity_id: null when vacant or unknown
-- column protected_by: the pattern that protects it from any revoke; null when none does
-- column accounts: number of accounts
with linked as (
    select l.identity_id, a.*, w.pattern
    from core.account_link as l
    join core.account as a using (account_id)
    left join core.protected_account as w using (account_id)
),
grouped as (
    select identity_id, count(*) as accounts, min(pattern) as protected_by,
           bool_or(kind in ('service', 'shared')) as machine, bool_and(kind = 'guest') as guest,
           min(display_name order by present desc, source, account_id) as display_name,
           min(lower(email) order by present desc, source, account_id) as email,
           min(department order by present desc, source, account_id) as department,
           min(title order by present desc, source, account_id) as title,
           min(location order by present desc, source, account_id) as location,
           min(created_at) as first_seen_at
    from linked group by identity_id
),
hr as (select 'hr:' || worker_id as identity_id, * from core.worker),
every as (
    select coalesce(g.identity_id, h.identity_id) as identity_id, coalesce(g.accounts, 0) as accounts, g.protected_by,
           coalesce(g.machine, false) as machine, coalesce(g.guest, false) as guest,
           coalesce(h.display_name, g.display_name) as name, coalesce(h.email, g.email) as email,
           coalesce(h.department, g.department) as department, coalesce(h.title, g.title) as title,
           coalesce(h.location, g.location) as location, h.worker_id, h.manager_id, h.worker_type,
           coalesce(h.status, 'unknown') as employment, h.hire_date, h.left_on, h.moved_on, h.contract_end, g.first_seen_at
    from grouped as g full join hr as h using (identity_id)
)
select row_number() over (order by identity_id)::integer as identity_key, identity_id,
       case when machine then 'machine' when guest then 'guest' else 'person' end as kind, name, email, worker_id,
       worker_type, employment, hire_date, left_on, moved_on, contract_end, department, title, location,
       fold(department) as peer_department,
       fold(title) as peer_title,
       fold(location) as peer_location,
       case when manager_id is not null and manager_id <> worker_id
             and ('hr:' || manager_id) in (select identity_id from hr) then 'hr:' || manager_id end as manager_identity_id,
       protected_by, accounts, first_seen_at
from every
order by identity_id
