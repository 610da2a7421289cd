-- reviewer: how somebody decides, how that agrees with what followed, and how much an approval of theirs says.
-- grain: source, reviewer
-- column reviewer: as served; empty for decisions that name nobody
-- column share_approved: approvals among the decisions, 0 to 1; approved_low: lower end of its 90 % interval
-- column lines_per_minute: decisions by minute in which any was made; null where the decisions carry days and no times
-- column largest_bulk: most decisions made in one minute; null likewise
-- column judged: decisions that use or a re-grant has judged since; agreed: those that were borne out
-- column agreement: agreed by judged, 0 to 1; null while nothing is judged
-- column weight: how much an approval counts as evidence that the access is needed, 0 to 1: the share of denials over that of all
--   reviewers, times the agreement over theirs, each at most 1 and shrunk by 20 decisions like everybody's. Who has been right in 95
--   of 100 judged cases is not blamed for approving all. Rounded to 0.01
-- column rubber_stamp: at least 20 decisions, 98 % approved, at 5 a minute or faster or at unknown times, not borne out by use
-- check weight: select reviewer from marts.reviewer where weight is null or weight not between 0 and 1
with judged as (
    select source, reviewer, decided_at, decision, case when regranted_on is not null then false when used_on is not null then decision = 'approve'
           when over and decision = 'approve' then false end as agreed
    from marts.decision_case
),
minute as (
    select source, reviewer, date_trunc('minute', decided_at) as minute, count(*) as n from judged group by all
),
pace as (
    select source, reviewer, bool_or(minute::time <> time '00:00:00') as timed, sum(n) / count(*) as lines_per_minute, max(n)::integer as largest_bulk
    from minute group by all
),
counted as (
    select source, reviewer, count(*)::integer as decisions, (count(*) filter (decision = 'approve'))::integer as approvals,
           count(agreed)::integer as judged, (count(*) filter (agreed))::integer as agreed, min(decided_at) as first_at, max(decided_at) as last_at
    from judged group by all
),
common as (
    select (sum(decisions - approvals) + 0.5) / (sum(decisions) + 1) as denied, (sum(agreed) + 1) / (sum(judged) + 2) as agreed from counted
),
shrunk as (
    select c.*, least(1, (c.decisions - c.approvals + 20 * m.denied) / (c.decisions + 20) / m.denied) as chooses,
           least(1, (c.agreed + 20 * m.agreed) / (c.judged + 20) / m.agreed) as right_often, c.judged >= 20 and c.agreed >= 0.95 * c.judged as proven
    from counted as c cross join common as m
)
select s.source, s.reviewer, s.decisions, s.approvals, round(s.approvals / s.decisions, 4) as share_approved,
       wilson_low(s.approvals / s.decisions, s.decisions) as approved_low, case when p.timed then round(p.lines_per_minute, 2) end as lines_per_minute,
       case when p.timed then p.largest_bulk end as largest_bulk, s.judged, s.agreed, round(s.agreed / nullif(s.judged, 0), 4) as agreement,
       round(s.right_often * if(s.proven, 1, s.chooses), 2) as weight,
       s.decisions >= 20 and s.approvals >= 0.98 * s.decisions and not s.proven and (not p.timed or p.lines_per_minute >= 5) as rubber_stamp,
       s.first_at, s.last_at
from shrunk as s join pace as p using (source, reviewer)
order by s.source, s.reviewer
