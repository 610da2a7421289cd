package files

import "strings"

// types are the columns of the JSON file as the database reads them. They are
// explicit, so that a night without a single grant has the same columns as any
// other, and a value that does not fit is an error and not a null.
const types = `recommendation_id: 'VARCHAR', run_id: 'VARCHAR', as_of: 'TIMESTAMP', action: 'VARCHAR',
 identity_id: 'VARCHAR', identity_name: 'VARCHAR', account_id: 'VARCHAR', source: 'VARCHAR',
 entitlement_id: 'VARCHAR', entitlement_name: 'VARCHAR', entitlement_kind: 'VARCHAR', score: 'DOUBLE',
 confidence: 'VARCHAR', reason_codes: 'VARCHAR[]', claims: 'JSON', rationale: 'VARCHAR', drafted_by: 'VARCHAR',
 guard: 'VARCHAR', removability: 'JSON', risk: 'VARCHAR', reviewer: 'VARCHAR', manager: 'VARCHAR', owner: 'VARCHAR',
 evidence_query: 'VARCHAR', evidence_hash: 'VARCHAR', export_from: 'DATE'`

// Select returns the query that reads the JSON file; COPY writes its rows as
// Parquet. It orders them as access.SortRecommendations does, since the database
// does not keep the order of a file. Times are UTC.
func Select(jsonFile string) string {
	return `select * from read_json('` + strings.ReplaceAll(jsonFile, "'", "''") + `', format = 'array', columns = {` + types + `}, maximum_object_size = 67108864)
 order by list_position(['revoke', 'change_rule', 'grant', 'abstain'], action),
 list_position(['high', 'medium', 'low'], confidence), score desc, recommendation_id`
}
