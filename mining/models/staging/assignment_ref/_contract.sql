-- assignment_ref: the platform's own ids of what an account was given directly, where account and entitlement do not suffice to take it
-- away: one row each, for one entitlement may be given several times, over several parts of the directory.
-- grain: account_id, entitlement_id, native_ref
-- column native_ref: the platform's id of the assignment
-- column scope: the part of the directory over which it is given, as the platform writes it; of a package the policy; null where it has none
-- column eligible: given to be activated before use
select null::varchar as source, null::varchar as account_id, null::varchar as entitlement_id, null::varchar as native_ref,
       null::varchar as scope, null::boolean as eligible
where false
