-- account_ping: users of the environment. A disabled one can be enabled again: suspended.
select source, source || ':' || id as account_id, id as native_id, username as login, email, display_name, null::varchar as kind,
       case when enabled = 'false' then 'suspended' when lifecycle in ('INVITED', 'VERIFICATION_REQUIRED') then 'staged' else 'active' end as status,
       null::varchar as employee_number, null::varchar as department, title, location, null::varchar as manager, created_at,
       null::timestamp as disabled_at, last_sign_on_at as last_seen_at, attributes::json as attributes
from landed.ping_users
qualify row_number() over (partition by source, id order by updated_at desc nulls last, username) = 1
