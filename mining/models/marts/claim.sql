-- claim: the claims of every recommendation, with their values, and the select that asks for them again.
-- grain: recommendation_id
-- column claims: JSON list of {id, code, values}, most telling first
-- column evidence_query: runs on the published snapshot alone; each column is named claim.slot
-- column evidence_hash: sha256 of the evidence row as JSON
with spec as (
    select map_from_entries(list((code, slots))) as of_code
    from (select code, list({'slot': slot, 'col': evidence_column} order by slot) as slots from marts.claim_spec group by code)
),
row_json as (
    select p.recommendation_id, p.identity_id, p.entitlement_id, p.codes, to_json(e)::varchar as row_json
    from marts.proposal as p join marts.evidence as e using (identity_id, entitlement_id)
),
valued as (
    select *, from_json(row_json, '"MAP(VARCHAR, JSON)"') as cell from row_json
),
told as (
    select v.recommendation_id, v.identity_id, v.entitlement_id, v.row_json,
           list_transform(list_filter(range(1, len(v.codes) + 1), lambda i: map_contains(s.of_code, v.codes[i])), lambda i: {
               'place': i, 'code': v.codes[i],
               'said': list_filter(list_transform(s.of_code[v.codes[i]], lambda x: {'slot': x.slot, 'col': x.col, 'value': v.cell[x.col]::varchar}),
                                   lambda x: x.slot <> '' and x.value is not null and x.value <> 'null')}) as claims
    from valued as v cross join spec as s
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
where len(claims) > 0
order by recommendation_id
