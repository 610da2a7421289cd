-- review_okta: certification campaigns.
select source, id as review_id, name, case when status = 'SCHEDULED' then 'scheduled' when status in ('LAUNCHING', 'ACTIVE') then 'open'
       when status = 'ERROR' then 'failed' else 'ended' end as status
from landed.okta_campaigns
where id is not null
qualify row_number() over (partition by source, id order by status, name) = 1
