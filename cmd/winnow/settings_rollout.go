package main

import "winnow/internal/config"

// scopeRows are the attributes of the people about whom anything is exported,
// one row a value; none for everybody.
func scopeRows(s config.Scope) []map[string]any {
	rows := []map[string]any{}
	for _, a := range s.Attributes() {
		for _, v := range a.Values {
			rows = append(rows, map[string]any{"attribute": a.Name, "value": v})
		}
	}
	return rows
}

// ruleRows are the classes of revokes that a rule approves, one row a basis and
// kind of access.
func ruleRows(rules []config.ByRule) []map[string]any {
	rows := []map[string]any{}
	for _, r := range rules {
		for _, basis := range r.Bases {
			for _, kind := range r.Kinds {
				rows = append(rows, map[string]any{"rule": r.Name, "basis": basis, "kind": kind, "precision": r.Precision})
			}
		}
	}
	return rows
}
