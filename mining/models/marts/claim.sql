-- claim: the claims of every recommendation, with their values, and the select that asks for them again.
-- grain: recommendation_id
-- column claims: JSON list of {id, code, values}, most telling first
-- column evidence_query: runs on the published snapshot alone; each column is named claim.slot
-- column evidence_hash: sha256 of the evidence row as JSON
with listed as (
    select recommendation_id, identity_id, entitlement_id, unnest(codes) as code, generate_subscripts(codes, 1) as place from marts.proposal
),
row_json as (
    select p.recommendation_id, to_json(e) as row_json
    from marts.proposal as p join marts.evidence as e using (identity_id, entitlement_id)
),
slotted as (
    select l.recommendation_id, l.identity_id, l.entitlement_id, l.place, l.code, s.slot, s.evidence_column,
           case when s.slot <> '' then json_extract(r.row_json, '$.' || s.evidence_column) end as value
    from listed as l
    join marts.claim_spec as s using (code)
    join row_json as r using (recommendation_id)
),
grouped as (
    select recommendation_id, identity_id, entitlement_id, place, code,
           '{"id":"c' || place || '","code":"' || code || '","values":{'
             || coalesce(string_agg('"' || slot || '":' || value::varchar, ',' order by slot) filter (slot <> '' and value is not null and value::varchar <> 'null'), '')
             || '}}' as claim,
           string_agg(evidence_column || ' as "c' || place || '.' || slot || '"', ', ' order by slot)
             filter (slot <> '' and value is not null and value::varchar <> 'null') as slots
    from slotted group by recommendation_id, identity_id, entitlement_id, place, code
),
spoken as (
    select recommendation_id, identity_id, entitlement_id, '[' || string_agg(claim, ',' order by place) || ']' as claims,
           coalesce(string_agg(slots, ', ' order by place), 'held') as slots
    from grouped group by recommendation_id, identity_id, entitlement_id
)
select s.recommendation_id, s.claims::json as claims,
       'select ' || s.slots || ' from marts.evidence where identity_id = ''' || replace(s.identity_id, '''', '''''')
         || ''' and entitlement_id = ''' || replace(s.entitlement_id, '''', '''''') || '''' as evidence_query,
       sha256(r.row_json::varchar) as evidence_hash
from spoken as s join row_json as r using (recommendation_id)
order by s.recommendation_id
