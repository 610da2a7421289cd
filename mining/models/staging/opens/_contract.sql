-- opens: holding one entitlement gives the use of another: a group opens an app, an app role belongs to an app.
-- grain: entitlement_id, opens_id
-- column entitlement_id: the entitlement that is held
-- column opens_id: the entitlement whose use it gives
-- column native_ref: the platform's id of the assignment
-- column since: UTC, if known
-- column until: UTC, if it has ended
-- column direct_only: only direct members are given the use, members of nested groups are not (Entra's app assignments); null means all
select null::varchar as source, null::varchar as entitlement_id, null::varchar as opens_id,
       null::varchar as native_ref, null::timestamp as since, null::timestamp as until,
       null::boolean as direct_only
where false
