-- identity_last_seen: the last day on which a person was alive in any log, seen from each reference.
-- grain: ref, identity_key
select r.ref, i.identity_key, max(p.day) as last_seen
from core.presence_day as p
join core.account_link as l using (account_id)
join core.identity as i using (identity_id)
join (select ref, max(day) as day from core.reference group by ref) as r on p.day < r.day
group by all
order by r.ref, i.identity_key
