-- kept: all that a backtest keeps of a cut, in one form: counts, and for grants and removals one row a person.
-- column question: verdict, idle, grant, removal, or unknown for holdings of which nobody knows whether they existed
-- column method: product, or the simple method beside it
-- column basis: of a verdict; for idle the branch: used or never
-- column fit: fitted, stretched or prior, where the idle model speaks
-- column person: 15 hex digits of a hash, the same in every cut, so that persons can be drawn again; null for counts
-- column score: what the method said; higher is likelier (idle: to be used; removal: to be withdrawn; verdict: to be right)
-- column rank: grant: the place of the first that was given; null when it was not among the first hundred
-- column n: pairs; for grant persons
-- column hits: pairs that were used within the horizon (verdict, idle), or withdrawn (removal)
-- column agreed_n: verdicts of which it is known what people did; agreed: those they followed
-- column why: verdict: why use is not judged
with person as (select identity_key, sha256(identity_id)[:15] as person from core.identity)
select 'verdict' as question, 'product' as method, action, basis, fit, confidence, source, entitlement_name as app, department,
       null::boolean as spoken, null::varchar as person, floor(score * 200) / 200 as score, null::integer as rank, count(*)::bigint as n,
       count(*) filter (used_again)::bigint as hits, count(agreed)::bigint as agreed_n, count(*) filter (agreed)::bigint as agreed, why
from backtest.verdict_case group by all
union all
select 'idle', m.method, null, c.branch, c.fit, null, c.source, null, null, c.spoken, null,
       case m.method when 'product' then c.p_use else -c.recency_days end, null, count(*), count(*) filter (c.used), null, null, null
from backtest.idle_case as c cross join (select unnest(['product', 'recency']) as method) as m group by all
union all
select 'grant', c.method, null, null, null, null, null, null, null, null, p.person, null, c.rank, 1, null, c.given, null, null
from backtest.grant_case as c join person as p using (identity_key)
union all
select 'removal', m.method, null, null, null, null, null, null, null, null, p.person,
       case m.method when 'product' then c.product when 'rarity' then c.rarity when 'age' then c.age else c.support end, null,
       count(*), count(*) filter (c.removed), null, null, null
from backtest.removal_case as c join person as p using (identity_key)
cross join (select unnest(['product', 'rarity', 'age', 'user_knn']) as method) as m group by all
union all
select 'unknown', 'product', null, null, null, null, source, null, null, null, null, null, null, spells, null, null, null, null from past.unknown
order by all
