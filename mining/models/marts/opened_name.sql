-- opened_name: the names of the apps that an entitlement opens, the first five by name.
-- grain: entitlement_key
select g.entitlement_key, list(distinct e.name order by e.name)[:5] as app_names
from core.entitlement_opens as o
join core.entitlement as g using (entitlement_id)
join core.entitlement as e on e.entitlement_id = o.opens_id
where e.kind <> 'app_role'
group by g.entitlement_key
order by g.entitlement_key
