-- review_entra: definitions of access reviews.
select source, id as review_id, name, case when status in ('NotStarted', 'Scheduled', 'Initializing', 'Starting') then 'scheduled'
       when status in ('InProgress', 'Active') then 'open' else 'ended' end as status
from landed.entra_access_reviews
where id is not null
qualify row_number() over (partition by source, id order by status, name) = 1
