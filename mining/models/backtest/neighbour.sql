-- neighbour: the twenty people who hold what a judged person holds, by the cosine of the held sets: the simple method to beat.
-- grain: identity_key, neighbour_key
-- column similarity: shared / sqrt(own * theirs), 0 to 1
with judged as (select distinct identity_key from backtest.needed union select identity_key from backtest.removal_person),
size as (select identity_key, count(*) as n from backtest.held where tells group by all),
shared as (
    select a.identity_key, b.identity_key as neighbour_key, count(*) as both_hold
    from backtest.held as a semi join judged using (identity_key)
    join backtest.held as b on b.entitlement_key = a.entitlement_key and b.identity_key <> a.identity_key
    where a.tells group by all
)
select s.identity_key, s.neighbour_key, round(s.both_hold / sqrt(a.n * b.n), 6) as similarity
from shared as s
join size as a on a.identity_key = s.identity_key
join size as b on b.identity_key = s.neighbour_key
qualify row_number() over (partition by s.identity_key order by round(s.both_hold / sqrt(a.n * b.n), 6) desc, s.neighbour_key) <= 20
order by s.identity_key, s.neighbour_key
