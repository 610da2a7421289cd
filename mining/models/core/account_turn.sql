-- account_turn: an attribute of an account took a value at an instant, as the log tells.
-- grain: account_id, attribute, turned_at
-- column attribute: status, department, title or location
-- column turned_at: UTC, the event's own time
-- column value: the new value, a status in the words of staging.account; null when it was emptied
select source || ':' || account as account_id, other as attribute, "at" as turned_at, source,
       case when other <> 'status' then nullif(trim(value), '')
            when regexp_matches(lower(value), '^(deprovisioned|disabled|inactive|deleted|terminated|closed|false|no|0)$') then 'deprovisioned'
            when regexp_matches(lower(value), '^(suspended|locked|locked_out|blocked)$') then 'suspended'
            when regexp_matches(lower(value), '^(staged|pending|invited|provisioned|new)$') then 'staged' else 'active' end as value
from lake.change
where kind = 'account_change' and account is not null and other in ('status', 'department', 'title', 'location')
  and coalesce(outcome, 'success') = 'success' and "at" < getvariable('as_of')
qualify row_number() over (partition by source, account, other, "at" order by event_id desc, value) = 1
order by account_id, attribute, turned_at
