-- claim: the claims of every recommendation, with their values, and the select that asks for them again.
-- grain: recommendation_id
-- column claims: JSON list of {id, code, values}, most telling first
-- column evidence_query: runs on the published snapshot alone; each column is named claim.slot
-- column evidence_hash: sha256 of the evidence row as JSON
with row_json as (
    select p.recommendation_id, p.identity_id, p.entitlement_id, p.codes, to_json(e)::varchar as row_json
    from marts.proposal as p join marts.evidence as e using (identity_id, entitlement_id)
),
named as (select json_keys(row_json) as keys from row_json limit 1), -- the same in every row, and in the same order
slot as (
    select s.code, list({'slot': s.slot, 'col': s.evidence_column, 'nth': list_position(k.keys, s.evidence_column)} order by s.slot) as slots
    from marts.claim_spec as s cross join named as k group by s.code
),
plan as ( -- one a list of codes, of which there are few
    select c.codes, list({'place': c.place, 'code': c.code, 'slots': s.slots} order by c.place) as claims
    from (select codes, unnest(codes) as code, generate_subscripts(codes, 1) as place from (select distinct codes from marts.proposal)) as c
    join slot as s using (code)
    group by c.codes
),
valued as (select *, json_extract(row_json, '$.*') as cell from row_json),
told as (
    select v.recommendation_id, v.identity_id, v.entitlement_id, v.row_json,
           list_transform(p.claims, lambda c: {
               'place': c.place, 'code': c.code,
               'said': list_filter(list_transform(c.slots, lambda x: {'slot': x.slot, 'col': x.col, 'value': v.cell[x.nth]::varchar}),
                                   lambda x: x.slot <> '' and x.value is not null and x.value <> 'null')}) as claims
    from valued as v join plan as p using (codes)
)
select recommendation_id,
       ('[' || array_to_string(list_transform(claims, lambda c: '{"id":"c' || c.place || '","code":"' || c.code || '","values":{'
         || array_to_string(list_transform(c.said, lambda x: '"' || x.slot || '":' || x.value), ',') || '}}'), ',') || ']')::json as claims,
       'select ' || coalesce(nullif(array_to_string(list_transform(list_filter(claims, lambda c: len(c.said) > 0), lambda c:
         array_to_string(list_transform(c.said, lambda x: x.col || ' as "c' || c.place || '.' || x.slot || '"'), ', ')), ', '), ''), 'held')
         || ' from marts.evidence where identity_id = ''' || replace(identity_id, '''', '''''')
         || ''' and entitlement_id = ''' || replace(entitlement_id, '''', '''''') || '''' as evidence_query,
       sha256(row_json) as evidence_hash
from told
order by recommendation_id
