-- log_need: the logs without which a day says nothing about disuse. A need is met by any one of its streams.
-- grain: type, need, stream
-- column type: type of source
-- column need: what has to be seen, in words
-- column stream: a stream that shows it
select type, need, stream from (values
    ('okta', 'sign-ins to apps', 'system_log'), ('okta', 'sign-ins to apps', 'system_log_flat'),
    ('entra', 'interactive sign-ins', 'sign_ins'), ('entra', 'interactive sign-ins', 'sign_ins_export'),
    ('entra', 'non-interactive sign-ins', 'sign_ins_noninteractive'), ('entra', 'non-interactive sign-ins', 'sign_ins_export'),
    ('ping', 'sign-ins to apps', 'activities'), ('auth0', 'sign-ins to apps', 'logs'), ('file', 'usage', 'usage')) as n(type, need, stream)
order by type, need, stream
