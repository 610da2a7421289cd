-- grant_person: an employed person to whom access may be proposed.
-- grain: identity_key
select i.identity_key
from core.identity as i
where i.kind = 'person' and i.protected_by is null and i.accounts > 0
  and (i.employment = 'active' or i.employment = 'unknown' and not exists (select 1 from core.worker))
order by i.identity_key
