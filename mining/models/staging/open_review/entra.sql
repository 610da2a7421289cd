-- open_review_entra: items of access reviews without an answer; of an application, one for each role in it that the user was given
-- directly: Graph has no question about a single one.
with open as (
    select * from landed.entra_access_review_decisions
    where decision = 'NotReviewed' and principal_id is not null and resource_id is not null
    qualify row_number() over (partition by source, id order by review_id) = 1
),
role as (
    select distinct source, resource_id, principal_id, role_id
    from landed.entra_app_role_assignments where role_id is not null and principal_type = 'user'
)
select o.source, concat_ws('/', o.id, r.role_id) as item_id, o.review_id, o.instance, o.source || ':' || o.principal_id as account_id,
       o.source || ':' || concat_ws('/', o.resource_id, r.role_id) as entitlement_id
from open as o left join role as r on r.source = o.source and r.resource_id = o.resource_id and r.principal_id = o.principal_id
