-- undrafted: the recommendations of this run before their words are added.
-- grain: recommendation_id
select p.recommendation_id, getvariable('run_id')::varchar as run_id, getvariable('as_of')::timestamp as as_of, p.action,
       p.identity_id, i.name as identity_name, p.account_id, p.source, p.entitlement_id, p.entitlement_name, p.entitlement_kind,
       p.score, p.confidence, p.basis, p.bar, p.codes as reason_codes, c.claims, r.removability, r.risk, i.manager_identity_id as manager,
       coalesce(i.manager_identity_id, p.owner) as reviewer, p.owner, c.evidence_query, c.evidence_hash,
       coalesce(l.first_as_of, getvariable('as_of')::timestamp) as first_as_of,
       case when p.basis = 'contract_ends' then i.contract_end + 1
            else (coalesce(l.first_as_of, getvariable('as_of')::timestamp)::date + case when p.basis in ('left', 'contract_ended') then 0
              else (select max(wait_days) from config.policy) end)::date end as export_from
from marts.proposal as p
join core.identity as i using (identity_id)
join marts.claim as c using (recommendation_id)
join marts.removability as r using (recommendation_id)
left join marts.advised_before as l using (recommendation_id)
order by p.recommendation_id
