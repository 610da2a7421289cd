-- okta_campaigns: access certification campaigns, one row each.
-- column status: SCHEDULED, LAUNCHING, ACTIVE, COMPLETED, DELETED or ERROR
select id, "name", status, campaignType as campaign_type, null::varchar as fault
from read_json(getvariable('files'), format = 'newline_delimited', hive_partitioning = false, columns = {
  id: 'VARCHAR', "name": 'VARCHAR', status: 'VARCHAR', campaignType: 'VARCHAR', created: 'VARCHAR', lastUpdated: 'VARCHAR'})
