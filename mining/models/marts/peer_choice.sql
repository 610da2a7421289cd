-- peer_choice: how well each way to form peer groups foretells what people were given within the last year.
-- A person's grant is foretold by the share of holders among the others of the group, four parts of everybody's share added,
-- against the shares of all that can be given; where the group is smaller than the policy's least, by everybody's share alone.
-- The grant itself is left out of the counts. It is a comparison: marts.peer_view follows the configured chain.
-- grain: definition
-- column definition: everyone, manager (people with the same manager), or the attributes of the chain down to a level, with plus signs
-- column n: grants judged, the same for every definition
-- column own: share of them whose person has such a group narrower than everyone, with enough others, 0 to 1
-- column log_loss: mean of -ln(probability of the entitlement that was given), lower is better
-- column chosen: the lowest log_loss; ties go to the first by name
with held as (
    select h.identity_key, h.entitlement_key, h.source,
           h.since >= getvariable('as_of') - interval 365 day and h.since < getvariable('as_of') as fresh
    from core.holding as h semi join marts.grantable using (entitlement_key)
    semi join (select identity_key from core.identity where kind = 'person' and employment in ('active', 'leave', 'unknown')) as i using (identity_key)
    where not h.only_opened
),
named as (
    select level, coalesce(string_agg(attribute, '+') over (order by level), 'everyone') as definition from config.peer_level
),
member as (
    select n.definition, g.group_key, g.identity_key from marts.peer_group as g join named as n using (level) where g.member
    union all
    select 'manager', manager_identity_id, identity_key from core.identity
    where manager_identity_id is not null and kind = 'person' and accounts > 0 and employment in ('active', 'leave', 'unknown')
),
size as (select definition, group_key, count(*) - 1 as n from member group by all),
everybody as (select count(distinct identity_key) as n, (select coalesce(min(min_peers), 5) from config.policy) as least from held),
share as (select h.entitlement_key, count(*) as k, count(*) / any_value(e.n) as q from held as h cross join everybody as e group by all),
mass as (select sum(q) as q from share),
cell as (
    select m.definition, m.group_key, h.entitlement_key, count(*) as k
    from member as m join held as h using (identity_key) group by all
),
total as (select definition, group_key, sum(k) as k from cell group by all),
def as (select distinct definition from member union select 'everyone'),
judged as (
    select d.definition, coalesce(z.n >= e.least, false) as own,
           greatest(1e-9, (s.k - 1) / greatest(1, e.n - 1)) as p,
           case when own then (c.k - 1 + 4 * p) / (z.n + 4) / ((t.k - 1 + 4 * a.q) / (z.n + 4)) else p / a.q end as given
    from (select * from held where fresh) as h
    cross join def as d cross join everybody as e cross join mass as a
    join share as s using (entitlement_key)
    left join member as m on m.identity_key = h.identity_key and m.definition = d.definition
    left join size as z on z.definition = m.definition and z.group_key = m.group_key
    left join cell as c on c.definition = m.definition and c.group_key = m.group_key and c.entitlement_key = h.entitlement_key
    left join total as t on t.definition = m.definition and t.group_key = m.group_key
),
told as (
    select definition, count(*)::integer as n, round(count(*) filter (own) / count(*), 6) as own,
           round((sum((-ln(given))::decimal(18, 6)) / count(*))::double, 6) as log_loss
    from judged group by definition
)
select definition, n, own, log_loss, row_number() over (order by log_loss, definition) = 1 as chosen
from told
order by definition
