package scale

const handPeer = `
create temp table lively as select identity_key, entitlement_key from idle where active_days > 0 and quiet_days <= greatest(h, pace_days);
create temp table who as
with p as (
  select identity_key, accounts > 0 and employment in ('active', 'unknown') and coalesce(hire_date <= as_of::date - 90, true)
    and coalesce(m.effective <= as_of::date - 90, true) as member, peer_department as d,
    if(peer_department is null, null, peer_title) as t, if(peer_department is null or peer_title is null, null, peer_location) as l
  from s.core.identity left join s.core.move m using (identity_key) cross join (select as_of from s.core.run) where kind = 'person')
select identity_key, member, 0 as g0, if(d is null, null, dense_rank() over (order by d))::integer as g1,
  if(t is null, null, dense_rank() over (order by d, t))::integer as g2, if(l is null, null, dense_rank() over (order by d, t, l))::integer as g3 from p;
create temp table size as
with m as (select w.*, i.source from who w join s.core.identity_source i using (identity_key))
select 0 as level, 0 as g, source, count(*) filter (member) as n from m group by source
union all select 1, g1, source, count(*) filter (member) from m where g1 is not null group by g1, source
union all select 2, g2, source, count(*) filter (member) from m where g2 is not null group by g2, source
union all select 3, g3, source, count(*) filter (member) from m where g3 is not null group by g3, source;
create temp table cell as
with least_one as (
  select w.g1, w.g2, w.g3, h.entitlement_key, count(*) as k, count(l.identity_key) as u
  from s.core.holding h join who w using (identity_key) left join lively l using (identity_key, entitlement_key) where w.member group by all),
two as (select g1, g2, entitlement_key, sum(k) as k, sum(u) as u from least_one group by all),
one as (select g1, entitlement_key, sum(k) as k, sum(u) as u from two group by all)
select 3 as level, g3 as g, g2 as wider, entitlement_key, k::integer as k, u::integer as u from least_one where g3 is not null
union all select 2, g2, g1, entitlement_key, k::integer, u::integer from two where g2 is not null
union all select 1, g1, 0, entitlement_key, k::integer, u::integer from one where g1 is not null
union all select 0, 0, null, entitlement_key, sum(k)::integer, sum(u)::integer from one group by entitlement_key;
create temp table strength as
with parent as (select distinct 1 as level, g1 as g, 0 as wider from who where g1 is not null
  union all select distinct 2, g2, g1 from who where g2 is not null union all select distinct 3, g3, g2 from who where g3 is not null),
grp as (select p.level, p.g, p.wider, s.source, s.n, w.n as wn from parent p join size s on s.level = p.level and s.g = p.g and s.n > 1
  join size w on w.level = p.level - 1 and w.g = p.wider and w.source = s.source),
c as (select m.level, m.n, coalesce(c.k, 0) as k, least(0.995, greatest(0.005, round(w.k / m.wn, 2))) as p, count(*) as cells from grp m join cell w on w.level = m.level - 1 and w.g = m.wider
  join ent e on e.entitlement_key = w.entitlement_key and e.source = m.source
  left join cell c on c.level = m.level and c.g = m.g and c.entitlement_key = w.entitlement_key where w.k < m.wn group by all),
tried as (select level, t.s, sum((cells * (lgamma(k + t.s * p) + lgamma(n - k + t.s * (1 - p)) - lgamma(n + t.s)
    - (lgamma(t.s * p) + lgamma(t.s * (1 - p)) - lgamma(t.s))))::decimal(28, 6)) as ln
  from c cross join (select round(0.1 * pow(1.19, unnest(range(40))), 4) as s) as t group by all)
select level, min_by(s, (-ln, s)) as strength from tried group by level;
create temp table pairs as
with hopeful as (select identity_key from s.core.identity i where kind = 'person' and protected_by is null
  and (employment = 'active' or employment = 'unknown' and not exists (select 1 from s.core.worker))),
given as (select entitlement_key, count(*) as holders, count(*) filter (removable) as directly, bool_or(by_rule) as ruled from s.core.holding group by all),
able as (select e.entitlement_key, e.source from s.core.entitlement e join given g using (entitlement_key)
  anti join s.core.rule r on r.entitlement_id = e.entitlement_id and r.status = 'active'
  where e.present and e.mastering = 'local' and not e.privileged and not g.ruled and g.directly >= 0.5 * g.holders),
told as (select c.level, c.g, c.entitlement_key, a.source from cell c join able a using (entitlement_key) join ent e using (entitlement_key)
  join size z on z.level = c.level and z.g = c.g and z.source = a.source where z.n >= 5 and if(e.visible, c.u, c.k) >= 0.3 * z.n),
place as (select identity_key, 0 as level, g0 as g from who union all select identity_key, 1, g1 from who union all select identity_key, 2, g2 from who
  union all select identity_key, 3, g3 from who),
suggested as (select p.identity_key, t.entitlement_key, max(p.level) as level from place p join hopeful using (identity_key)
  join told t on t.level = p.level and t.g = p.g semi join s.core.identity_source i on i.identity_key = p.identity_key and i.source = t.source group by all),
lacking as (select s.* from suggested s anti join s.core.holding h using (identity_key, entitlement_key)),
opened as (select l.identity_key, t.entitlement_key from lacking l join ent e using (entitlement_key) join s.core.entitlement_opens o using (entitlement_id)
  join ent t on t.entitlement_id = o.opens_id),
chosen as (select l.* from lacking l anti join opened o using (identity_key, entitlement_key)
  qualify row_number() over (partition by l.identity_key order by l.level desc, l.entitlement_key) <= 40)
select identity_key, entitlement_key, true as held from s.core.holding
union all select identity_key, entitlement_key, false from chosen;
create temp table reach as -- the narrowest group of a person, by source, that has peers enough; the sizes fall along the chain
with n as (
  select w.identity_key, w.member, w.g1, w.g2, w.g3, i.source, z1.n - w.member::integer as n1, z2.n - w.member::integer as n2, z3.n - w.member::integer as n3
  from who w join (select distinct source from size) i on true
  left join size z1 on z1.level = 1 and z1.g = w.g1 and z1.source = i.source left join size z2 on z2.level = 2 and z2.g = w.g2 and z2.source = i.source
  left join size z3 on z3.level = 3 and z3.g = w.g3 and z3.source = i.source)
select identity_key, member, source, case when n3 >= 5 then 3 when n2 >= 5 then 2 when n1 >= 5 then 1 else 0 end as level,
  case when n3 >= 5 then g3 when n2 >= 5 then g2 when n1 >= 5 then g1 else 0 end as g from n;
create temp table ask as
select p.identity_key, p.entitlement_key, p.held, r.member, r.level, r.g, l.identity_key is not null as uses
from pairs p join ent e using (entitlement_key) join reach r on r.identity_key = p.identity_key and r.source = e.source
left join lively l on l.identity_key = p.identity_key and l.entitlement_key = p.entitlement_key;`
