-- assignment_event: an account was given an entitlement, or lost it, as the log tells.
-- grain: source, event_id
-- column occurred_at: UTC, the event's own time
-- column action: grant or revoke
-- column actor: native id of who did it
select source, event_id, "at" as occurred_at, kind as action, source || ':' || account as account_id,
       source || ':' || entitlement as entitlement_id, actor, event_type
from lake.change
where kind in ('grant', 'revoke') and account is not null and entitlement is not null
  and coalesce(outcome, 'success') = 'success' and "at" < getvariable('as_of')
qualify row_number() over (partition by source, event_id order by "at" desc, kind, account, entitlement) = 1
order by source, event_id
