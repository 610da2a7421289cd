-- doubt_file: optional values in files of accounts, entitlements, assignments and openings that could not be read.
select distinct source, 'accounts' as stream, account_id as native_ref, doubt
from landed.file_accounts where doubt is not null
union
select source, 'entitlements', entitlement_id, doubt from landed.file_entitlements where doubt is not null
union
select source, 'assignments', account_id || ' ' || entitlement_id, doubt from landed.file_assignments where doubt is not null
union
select source, 'opens', entitlement_id || ' ' || opens_id, doubt from landed.file_opens where doubt is not null
