-- grant_list: what each method would have proposed to a judged person, in its order, the first hundred; ties go to what more
-- people hold, which helps the simple methods most.
-- grain: identity_key, method, rank
with told as (
    select identity_key, entitlement_key, 'product' as method, -rank::double as score
    from marts.grant_rank as r semi join backtest.needed using (identity_key)
    union all
    select identity_key, entitlement_key, method, score from backtest.lacked
),
popular as (select entitlement_key, count(*) as holders from backtest.held group by all)
select t.identity_key, t.method, t.entitlement_key, row_number() over (partition by t.identity_key, t.method
           order by t.score desc, coalesce(p.holders, 0) desc, t.entitlement_key)::integer as rank
from told as t left join popular as p using (entitlement_key)
qualify rank <= 100
order by t.identity_key, t.method, rank
