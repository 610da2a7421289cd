-- rule_okta: group rules, one row for each group that a rule fills.
select distinct on (source, id, group_id) source, source || ':' || id as rule_id, source || ':' || group_id as entitlement_id,
       name, expression, case status when 'ACTIVE' then 'active' when 'INVALID' then 'invalid' else 'inactive' end as status,
       null::varchar as owner, coalesce(excluded_users, []) as excluded
from (select *, unnest(group_ids) as group_id from landed.okta_group_rules)
order by source, id, group_id, updated_at desc nulls last, name
