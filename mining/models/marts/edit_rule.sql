-- edit_rule: for each automatic rule that gives what should end, the text that would end it, for the rule's owner to judge. Nothing is
--   ever sent to a platform from here.
-- grain: rule_id, entitlement_id
-- column expression: the rule's text today
-- column holders: accounts that the rule puts into the entitlement
-- column flagged: accounts among them that should not be there
-- column proposal: narrow (whole departments should go), exclude (single people), or retire (everybody should)
-- column proposed: the new text in the platform's language; null for retire, and where it cannot be written without guessing how the
--   platform escapes a name
with member as (
    select distinct a.source, a.via_id as rule_id, a.entitlement_id, a.account_id, c.login, c.department
    from core.assignment as a join core.account as c using (account_id)
    semi join marts.edit_step as s on s.path_kind = 'rule' and s.via_id = a.via_id and s.held_id = a.entitlement_id
    where a.path_kind = 'rule'
),
named as (
    select m.*, s.account_id is not null as bad
    from member as m left join (select distinct via_id, held_id, account_id from marts.edit_step where path_kind = 'rule') as s
      on s.via_id = m.rule_id and s.held_id = m.entitlement_id and s.account_id = m.account_id
),
team as (
    select source, rule_id, entitlement_id, department, count(*) as n, count(*) filter (bad) as k,
           list(login order by login) filter (bad) as logins, count(login) filter (bad) as told
    from named group by all
),
summed as (
    select source, rule_id, entitlement_id, sum(n)::integer as holders, sum(k)::integer as flagged, sum(told) = sum(k) as told,
           bool_and(k = n and department is not null) filter (k > 0) and sum(k) >= 3 as whole,
           list_sort(list(department) filter (k > 0)) as departments, list_sort(flatten(list(logins) filter (k > 0))) as logins
    from team group by source, rule_id, entitlement_id
),
chosen as (
    select m.*, r.name, r.owner, r.expression, s.type, case when flagged = holders then 'retire' when whole then 'narrow' else 'exclude' end as proposal,
           if(proposal = 'narrow', departments, logins) as parts
    from summed as m join core.rule as r using (rule_id, entitlement_id) join config.source as s on s.source = m.source
)
select rule_id, entitlement_id, source, type, name, owner, expression, holders, flagged, proposal,
       case when proposal = 'retire' or expression is null or len(parts) = 0 or proposal = 'exclude' and not told
              or len(list_filter(parts, lambda p: regexp_matches(p, '["\\`\p{C}]'))) > 0 then null
            when type = 'okta' then concat('(', expression, ') AND !(', array_to_string(list_transform(parts, lambda p:
              concat(if(proposal = 'narrow', 'user.department=="', 'user.login=="'), p, '"')), ' OR '), ')')
            when type = 'entra' then concat('(', expression, ') -and (', if(proposal = 'narrow', 'user.department', 'user.userPrincipalName'),
              ' -notIn [', array_to_string(list_transform(parts, lambda p: concat('"', p, '"')), ','), '])')
            when type = 'ping' and proposal = 'exclude' then concat('(', expression, ') and not (', array_to_string(list_transform(parts, lambda p:
              concat('username eq "', p, '"')), ' or '), ')') end as proposed
from chosen
order by rule_id, entitlement_id
