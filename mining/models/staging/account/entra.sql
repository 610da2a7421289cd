-- account_entra: users of Entra ID: members are users, guests are guests; who may not sign in is suspended.
-- Deleted users are not listed. Where the answer leaves accountEnabled out, the account is taken as active.
-- Service principals and managed identities that sign in are accounts of machines.
select source, source || ':' || id as account_id, id as native_id, login, email, display_name,
       case user_type when 'guest' then 'guest' when 'member' then 'user' end as kind,
       if(enabled is false, 'suspended', 'active') as status, employee_id as employee_number,
       department, title, location, manager, created_at, null::timestamp as disabled_at, last_seen_at,
       json_object('user_type', user_type, 'employee_type', employee_type, 'hired_at', hired_at::date,
                   'on_premises_sync_enabled', synced) as attributes
from landed.entra_users as u
qualify row_number() over (partition by source, id order by u) = 1
union all
select source, source || ':' || id, id, min(app_id), null, min(name), 'service', if(bool_and(enabled is false), 'suspended', 'active'),
       null, null, null, null, null, null, null, null, json_object('principal_type', min(principal_type))
from landed.entra_service_principals
where (source, id) in (select (source, account) from lake.usage_account)
group by source, id
