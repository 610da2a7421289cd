-- account_scim: users of the provider. One that is not active can be activated again: suspended.
select source, source || ':' || id as account_id, id as native_id, login, email, display_name, null::varchar as kind,
       if(active = false, 'suspended', 'active') as status, employee_number, department, title, location, manager, created_at,
       null::timestamp as disabled_at, null::timestamp as last_seen_at, attributes::json as attributes
from landed.scim_users
qualify row_number() over (partition by source, id order by updated_at desc nulls last, login) = 1
