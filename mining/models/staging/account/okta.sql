-- account_okta: users of the org in every status.
select source, source || ':' || id as account_id, id as native_id, login, email, display_name, null::varchar as kind,
       case when status in ('STAGED', 'PROVISIONED') then 'staged' when status = 'SUSPENDED' then 'suspended'
            when status = 'DEPROVISIONED' then 'deprovisioned' else 'active' end as status,
       employee_number, department, title, location, manager, created_at,
       case when status = 'DEPROVISIONED' then status_changed_at end as disabled_at, last_login_at as last_seen_at,
       attributes::json as attributes
from landed.okta_users
qualify row_number() over (partition by source, id order by updated_at desc nulls last, status, login) = 1
