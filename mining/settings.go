package mining

import (
	"maps"
	"slices"
)

// configTables are the settings that models read, with their columns. A table
// without rows in Build.Settings is empty.
var configTables = map[string]string{
	// policy has one row: the thresholds of the design's configuration.
	"policy": `{revoke_precision: 'DOUBLE', grant_precision: 'DOUBLE', grant_grace_days: 'INTEGER',
		change_grace_days: 'INTEGER', hire_grace_days: 'INTEGER', max_input_age_days: 'INTEGER',
		wait_days: 'INTEGER', horizon_days: 'INTEGER', idle_method: 'VARCHAR', min_peers: 'INTEGER',
		min_covered_days: 'INTEGER', hysteresis: 'DOUBLE', max_lines_per_reviewer: 'INTEGER', shadow: 'BOOLEAN', contract_end_days: 'INTEGER'}`,
	// ignore_actor lists ids whose doing is no use, such as winnow's own client.
	"ignore_actor": "{source: 'VARCHAR', actor: 'VARCHAR'}",
	// protect lists patterns (* and ?) of logins that never get a revoke.
	"protect": "{pattern: 'VARCHAR'}",
	// sod lists the patterns (* and ?) of entitlements on the sides, left and right, of each rule of separation of duties.
	"sod": "{rule: 'VARCHAR', severity: 'VARCHAR', side: 'VARCHAR', pattern: 'VARCHAR'}",
	// scope lists the values of the attributes (department, title, location, worker_type) of those about whom anything is exported.
	"scope": "{attribute: 'VARCHAR', value: 'VARCHAR'}",
	// by_rule lists the classes of revokes that a rule approves: their basis, the kind of access, and the precision asked for.
	"by_rule": "{rule: 'VARCHAR', basis: 'VARCHAR', kind: 'VARCHAR', precision: 'DOUBLE'}",
	// peer_level is the chain of attributes, widest first; level 0 is everyone.
	"peer_level": "{level: 'INTEGER', attribute: 'VARCHAR'}",
	// column_map says under which JSON paths, one a line, a source keeps a field.
	"column_map": "{source: 'VARCHAR', stream: 'VARCHAR', field: 'VARCHAR', path: 'VARCHAR'}",
	// value_map says what a source's own values of a field mean; theirs is in lower case.
	"value_map": "{source: 'VARCHAR', stream: 'VARCHAR', field: 'VARCHAR', theirs: 'VARCHAR', ours: 'VARCHAR'}",
}

// sortedKeys returns the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// sortedCopy returns the values in order, leaving the argument alone.
func sortedCopy(s []string) []string { return slices.Sorted(slices.Values(s)) }
