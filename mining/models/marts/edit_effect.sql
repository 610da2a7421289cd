-- edit_effect: what else goes when an access is taken away: the accesses that rest on the same roots and on no other. And what else
--   comes when one is given: the accesses to which it leads.
-- grain: recommendation_id, account_id, entitlement_id
-- column entitlement_id: what goes besides the access that is meant
-- column step: the step of marts.edit_step with which it goes, the last of those on which it rests
-- column follows: it goes with any way to take the access away, since the access itself gives it
-- column with_others: it goes only when the other removals that are advised are made too
-- column use: used (the log shows use, and more to come), idle, or unseen where no log shows any
-- column advised: it is itself advised to be taken away
with barred as (select distinct recommendation_id from marts.edit_step where not does),
cut as (select recommendation_id, account_id, wanted_id, root_id, max(step) as step from marts.edit_step anti join barred using (recommendation_id) group by all),
every as (select distinct account_id, root_id from cut),
need as (select account_id, entitlement_id, count(*) as roots from marts.path_root group by all),
alone as (
    select c.recommendation_id, c.account_id, c.wanted_id, r.entitlement_id, count(*) as gone, max(c.step) as step
    from cut as c join marts.path_root as r using (account_id, root_id) group by all
),
together as (select r.account_id, r.entitlement_id, count(*) as gone from every join marts.path_root as r using (account_id, root_id) group by all),
lost as (
    select a.recommendation_id, a.account_id, a.wanted_id, a.entitlement_id, a.step, a.gone < n.roots as with_others
    from alone as a join need as n using (account_id, entitlement_id) join together as t using (account_id, entitlement_id)
    where t.gone = n.roots and a.entitlement_id <> a.wanted_id
),
child as (select child_id as from_id, ancestor_id as to_id from core.nesting union select entitlement_id, opens_id from core.entitlement_opens),
consequence as (
    select from_id, to_id from child
    union select n.child_id, o.opens_id from core.nesting as n join core.entitlement_opens as o on o.entitlement_id = n.ancestor_id
),
gained as (
    select g.recommendation_id, g.account_id, c.to_id as entitlement_id
    from marts.edit_grant as g join child as c on c.from_id = g.entitlement_id where g.kind like 'add_%'
    union
    select g.recommendation_id, g.account_id, o.opens_id from marts.edit_grant as g join core.nesting as n on n.child_id = g.entitlement_id
    join core.entitlement_opens as o on o.entitlement_id = n.ancestor_id where not o.direct_only and g.kind like 'add_%'
)
select l.recommendation_id, l.account_id, l.entitlement_id, l.step, e.name, e.kind, c.to_id is not null as follows, l.with_others,
       case when d.identity_key is null or d.active_days is null then 'unseen' when d.active_days > 0 and 1 - d.p_long < 0.8 then 'used' else 'idle' end as use,
       x.entitlement_id is not null as advised
from lost as l
join core.entitlement as e using (entitlement_id)
join core.account_link as k using (account_id)
join core.identity as i using (identity_id)
left join consequence as c on c.from_id = l.wanted_id and c.to_id = l.entitlement_id
left join marts.idle as d on d.identity_key = i.identity_key and d.entitlement_key = e.entitlement_key
left join (select distinct account_id, entitlement_id from marts.edit_pair) as x on x.account_id = l.account_id and x.entitlement_id = l.entitlement_id
union all
select g.recommendation_id, g.account_id, g.entitlement_id, 1, e.name, e.kind, true, false, 'unseen', false
from gained as g join core.entitlement as e using (entitlement_id) anti join core.assignment as a on a.account_id = g.account_id and a.entitlement_id = g.entitlement_id
order by recommendation_id, account_id, entitlement_id
