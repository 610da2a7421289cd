-- decision_label: what a decision and what followed it say about whether the access was needed. Use after the decision and a
-- re-grant outrank the decision itself.
-- grain: decision_id
-- column needed: 1 when the access was needed, 0 when it was not
-- column judged_by: request (given again after a denial), use (used after it, or not used within the covered horizon after an
--   approval) or decision (nothing followed that could tell)
-- column weight: 1 for request and use, and for a denial; the reviewer's weight for an approval that nothing bears out; 0 to 1
-- column agreed: the decision was borne out; null where only the decision speaks
with told as (
    select decision_id, source, reviewer, decision, case when regranted_on is not null then 'request' when used_on is not null or over and decision = 'approve'
           then 'use' else 'decision' end as judged_by,
           case when regranted_on is not null or used_on is not null then 1 when over and decision = 'approve' then 0
                else (decision = 'approve')::integer end as needed
    from marts.decision_case
)
select t.decision_id, t.needed, t.judged_by, case when t.judged_by = 'decision' and t.decision = 'approve' then r.weight else 1 end as weight,
       case when t.judged_by <> 'decision' then t.needed = (t.decision = 'approve')::integer end as agreed
from told as t join marts.reviewer as r using (source, reviewer)
order by t.decision_id
