-- protected_account: an account that never gets a revoke unless it is asked for by name.
-- grain: account_id
-- column pattern: the configured pattern, or kind:service, kind:shared
select a.account_id, min(coalesce(p.pattern, 'kind:' || a.kind)) as pattern
from core.account as a
left join config.protect as p
       on lower(a.login) glob lower(p.pattern) or lower(a.email) glob lower(p.pattern) or lower(a.native_id) glob lower(p.pattern)
where p.pattern is not null or a.kind in ('service', 'shared')
group by a.account_id
order by a.account_id
