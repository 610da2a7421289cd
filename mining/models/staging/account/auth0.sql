-- account_auth0: users of the tenant. The platform knows no department and no employee number.
select source, source || ':' || user_id as account_id, user_id as native_id, coalesce(username, email) as login, email, display_name,
       null::varchar as kind, if(blocked, 'suspended', 'active') as status, null::varchar as employee_number, null::varchar as department,
       null::varchar as title, null::varchar as location, null::varchar as manager, created_at, null::timestamp as disabled_at,
       last_login_at as last_seen_at, null::json as attributes
from landed.auth0_users
qualify row_number() over (partition by source, user_id order by updated_at desc nulls last, email) = 1
