-- identity_source: an identity has an account in a source that is not deprovisioned.
-- grain: identity_key, source
select i.identity_key, a.source, count(*)::integer as accounts
from core.account as a
join core.account_link as l using (account_id)
join core.identity as i using (identity_id)
where a.present and a.status <> 'deprovisioned'
group by i.identity_key, a.source
order by i.identity_key, a.source
