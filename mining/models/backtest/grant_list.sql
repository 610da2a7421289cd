-- grant_list: what each method would have proposed to a judged person, in its order, the first hundred.
-- grain: identity_key, method, rank
with told as (
    select identity_key, entitlement_key, 'product' as method, -rank::double as score
    from marts.grant_rank as r semi join backtest.needed using (identity_key)
    union all
    select identity_key, entitlement_key, method, score from backtest.lacked
)
select identity_key, method, entitlement_key, row_number() over (partition by identity_key, method order by score desc, entitlement_key)::integer as rank
from told
qualify rank <= 100
order by identity_key, method, rank
