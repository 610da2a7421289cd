-- grant_past: a stretch of time in which an identity held an entitlement, and that has ended.
-- grain: identity_key, entitlement_key, account_id, path_kind, via_id, spell
-- column spell: see core.assignment_history
-- column began: UTC; null when older than anything known
-- column ended: UTC
select i.identity_key, e.entitlement_key, s.account_id, s.path_kind, s.via_id, s.spell, s.valid_from as began, s.valid_to as ended
from core.assignment_history as s
join core.account_link as l using (account_id)
join core.identity as i using (identity_id)
join core.entitlement as e on e.entitlement_id = s.entitlement_id
where s.valid_to is not null
order by i.identity_key, e.entitlement_key, s.account_id, s.path_kind, s.via_id, s.spell
