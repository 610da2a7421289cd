-- grant_case: a person who was given something within the horizon, and at which place each method had named it.
-- grain: identity_key, method
-- column rank: of the first that was given; null when it was not among the first hundred
-- column given: how many entitlements were given
with person as (select identity_key, count(*)::integer as given from backtest.needed group by all),
method as (select unnest(['product', 'popularity', 'user_knn', 'item_cosine']) as method),
hit as (
    select l.identity_key, l.method, min(l.rank) as rank
    from backtest.grant_list as l semi join backtest.needed as n on n.identity_key = l.identity_key and n.entitlement_key = l.entitlement_key
    group by all
)
select p.identity_key, m.method, h.rank, p.given
from person as p cross join method as m
left join hit as h using (identity_key, method)
order by p.identity_key, m.method
