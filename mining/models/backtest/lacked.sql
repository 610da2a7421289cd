-- lacked: what a judged person lacked at the cut and somebody held, as the simple methods score it.
-- grain: identity_key, entitlement_key, method
-- column method: popularity, user_knn (the sum of the similarities of the neighbours who hold it) or item_cosine (the sum,
--   over what the person holds, of the cosine of the two sets of holders); what these two do not reach follows by popularity
with judged as (select distinct identity_key from backtest.needed),
popular as (select entitlement_key, count(*) as holders from backtest.held group by all),
knn as (
    select n.identity_key, h.entitlement_key, sum(n.similarity::decimal(18, 6))::double as score
    from backtest.neighbour as n join backtest.held as h on h.identity_key = n.neighbour_key
    semi join judged on judged.identity_key = n.identity_key group by all
),
item as (
    select a.entitlement_key, b.entitlement_key as other_key, count(*) / sqrt(any_value(a.holders) * any_value(b.holders)) as cosine
    from backtest.held as a join backtest.held as b using (identity_key)
    where a.tells and b.tells and a.entitlement_key <> b.entitlement_key group by all
),
item_score as (
    select h.identity_key, i.other_key as entitlement_key, sum(i.cosine::decimal(18, 6))::double as score
    from backtest.held as h semi join judged using (identity_key) join item as i using (entitlement_key) group by all
),
common as (
    select j.identity_key, p.entitlement_key, p.holders::double as holders
    from judged as j cross join (select * from popular order by holders desc, entitlement_key limit 500) as p
),
scored as (
    select identity_key, entitlement_key, 'popularity' as method, holders as score from common
    union all select identity_key, entitlement_key, 'user_knn', score from knn
    union all select identity_key, entitlement_key, 'item_cosine', score from item_score
    union all select c.identity_key, c.entitlement_key, m.method, 0 from common as c cross join (values ('user_knn'), ('item_cosine')) as m(method)
)
select identity_key, entitlement_key, method, round(max(score), 6) as score
from scored anti join core.holding using (identity_key, entitlement_key)
group by identity_key, entitlement_key, method
order by identity_key, entitlement_key, method
