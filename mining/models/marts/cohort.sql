-- cohort: the people about whom anything may be exported: those of export.scope, or everybody where it names nothing. Every file and
-- every plan reads its recommendations through this table, and there is no other way out.
-- grain: identity_id
with asked as (select distinct attribute, fold(value) as value from config.scope),
own as (
    select identity_id, unnest(['department', 'title', 'location', 'worker_type']) as attribute,
           unnest([peer_department, peer_title, peer_location, fold(worker_type)]) as value
    from core.identity
),
met as (select o.identity_id, count(*) as n from own as o join asked as a using (attribute, value) group by o.identity_id)
select i.identity_id
from core.identity as i left join met as m using (identity_id)
where coalesce(m.n, 0) = (select count(distinct attribute) from asked)
order by i.identity_id
