-- entitlement: something that an account can hold.
-- grain: entitlement_id
-- column entitlement_id: source, a colon, native_id
-- column native_id: the platform's immutable id; app roles are <service principal>/<role>
-- column kind: group, app, app_role, directory_role, licence or access_package
-- column name: as served; strangers can write it
-- column description: as served
-- column owner: native account id, login or name of the owner, as served
-- column privileged: grants administration, as far as the platform or the file says
-- column monthly_cost: per holder, in the currency of the configuration; null when unknown
-- column mastering: who decides on membership: local, dynamic (attribute rule of the platform), synced (another directory), imported (an app), mail (the mail system: mailing lists), builtin
-- column sign_on: federated, password, bookmark or none: what a sign-in log can show of its use; null when it is not an app
select null::varchar as source, null::varchar as entitlement_id, null::varchar as native_id, null::varchar as kind,
       null::varchar as name, null::varchar as description, null::varchar as owner, null::boolean as privileged,
       null::decimal(18, 2) as monthly_cost, null::varchar as mastering, null::varchar as sign_on
where false
