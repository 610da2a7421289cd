-- peer_strength: how much a level's groups resemble the next wider group: the strength of the beta-binomial prior.
-- grain: level
-- column strength: the prior's weight in members: of forty values between 0.1 and 90, each a fifth above the one before, the one under
--   which the counts are likeliest, sum of ln B(k + s p, n - k + s (1 - p)) - ln B(s p, s (1 - p)), where p is the wider group's
--   share (maximum marginal likelihood, Griffiths 1973, Biometrics 29). Compared in docs/decisions/0007
-- column rho: intra-class correlation, 1 / (1 + strength)
-- column log_likelihood: mean of that sum's terms, without ln(n choose k)
with cell as (
    select m.level, m.n, coalesce(c.k, 0) as k, least(0.995, greatest(0.005, round(w.k / w.n, 2))) as p
    from marts.peer_wider as m
    join marts.peer_share as w on w.group_id = m.wider_id
    join core.entitlement as e on e.entitlement_key = w.entitlement_key and e.source = m.source
    left join marts.peer_share as c on c.group_id = m.group_id and c.entitlement_key = w.entitlement_key
    where w.k < w.n
),
bin as (select level, n, k, p, count(*) as cells from cell group by level, n, k, p), -- the same counts have the same likelihood
grid as (select round(0.1 * pow(1.19, i), 4) as s from range(40) as t(i)),
tried as (
    select b.level, g.s, sum(b.cells) as cells, sum((b.cells * (lgamma(b.k + g.s * b.p) - lgamma(g.s * b.p) + lgamma(b.n - b.k + g.s * (1 - b.p))
             - lgamma(g.s * (1 - b.p)) + lgamma(g.s) - lgamma(b.n + g.s)))::decimal(28, 6)) as ln
    from bin as b cross join grid as g group by b.level, g.s
)
select level, round(1 / (1 + s), 6) as rho, s as strength, round(ln::double / cells, 6) as log_likelihood
from tried
qualify row_number() over (partition by level order by ln desc, s) = 1
order by level
