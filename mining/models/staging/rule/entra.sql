-- rule_entra: the membership rules of dynamic groups of Entra ID; a rule has no id but its group's.
select source, source || ':' || id as rule_id, source || ':' || id as entitlement_id, name, rule as expression,
       if(rule_state = 'paused', 'inactive', 'active') as status, owner, []::varchar[] as excluded
from landed.entra_groups as g
where dynamic
qualify row_number() over (partition by source, id order by g) = 1
