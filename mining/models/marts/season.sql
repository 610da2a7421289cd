-- season: an app whose users had fallen silent together by a reference, and whose use comes, or may come, in seasons; or one whose
-- use began together and lately, so that nobody knows its rhythm. Neither silence nor use proves anything there.
-- grain: ref, entitlement_key
-- column users: identities that used it at all, over the retained days
-- column lively: holders who used it lately, see marts.idle_share
-- column why: cluster (use came in one short time), lull (it was silent as long before and came back), short_history,
--   burst (hardly used before in 75 days of log, and all its use came within 75 days: a season that runs, or something new)
select s.ref, s.entitlement_key, p.users, s.lively_holders as lively,
       case when s.lively_holders > 0.15 * p.users then 'burst' when p.span_days <= 75 then 'cluster'
            when p.lull_days >= 60 then 'lull' else 'short_history' end as why
from marts.idle_share as s
join core.pace as p using (entitlement_key)
join core.entitlement as e using (entitlement_key)
join marts.source_age as a using (source)
where p.users >= 3 and (s.lively_holders <= 0.15 * p.users and (p.span_days <= 75 or p.lull_days >= 60 or a.months < 13)
                        or p.span_days <= 75 and p.span_from >= a.log_start + 75)
order by s.ref, s.entitlement_key
