-- truth: what the generated company knows to be right, by identity and entitlement. What is held only because
-- another held entitlement opens it (derived) is taken away with that one, and is not counted again.
create temp table truth as
select l.identity_id, t.source || ':' || t.entitlement_native_id as entitlement_id, min(t.kind) as kind,
       min(t.action) as wanted, bool_or(t.visible = 'true') as visible,
       bool_and(t.derived = 'true') as derived
from read_csv(getvariable('truth'), header = true, all_varchar = true) as t
join snapshot.core.account_link as l on l.account_id = t.source || ':' || t.account_native_id
group by all;

-- accused: pairs that a recommendation would take away; proposed: pairs that one would give.
create temp table advised as
select identity_id, entitlement_id, min(action) filter (action <> 'abstain') as action,
       min(confidence) as confidence, bool_or(action in ('revoke', 'change_rule')) as accused, bool_or(action = 'grant') as proposed
from snapshot.marts.recommendation group by all;

create temp table judged as
select t.*, coalesce(a.accused, false) as accused, coalesce(a.proposed, false) as proposed
from truth as t left join advised as a using (identity_id, entitlement_id);

-- plain: what a rule without a model would take away: no successful use on the last 90 days, as far as a log shows it.
create temp table plain as
select d.identity_id, d.entitlement_id
from snapshot.marts.idle as d
join snapshot.core.holding as h using (identity_key, entitlement_key)
join snapshot.core.entitlement as e using (entitlement_key)
where not h.only_opened and e.observed and e.signal <> 'none' and d.dark_apps = 0 and d.recency_days >= 90;

-- popular: as many grants as winnow proposes, of what the most of a person's department hold and the person lacks.
create temp table popular as
with person as (
    select i.identity_id, i.identity_key, i.department from snapshot.core.identity as i join snapshot.marts.grant_person using (identity_key)
),
common as (
    select p.department, h.entitlement_key, count(*) / any_value(d.people) as share
    from person as p join snapshot.core.holding as h using (identity_key)
    join (select department, count(*) as people from person group by department) as d using (department)
    semi join snapshot.marts.grantable as g on g.entitlement_key = h.entitlement_key
    group by p.department, h.entitlement_key
)
select p.identity_id, e.entitlement_id
from person as p join common as c using (department) join snapshot.core.entitlement as e using (entitlement_key)
anti join snapshot.core.holding as h on h.identity_key = p.identity_key and h.entitlement_key = c.entitlement_key
qualify row_number() over (order by c.share desc, p.identity_id, e.entitlement_id) <= (select count(*) from advised where proposed);
