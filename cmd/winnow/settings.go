package main

import (
	"cmp"
	"slices"

	"winnow/internal/config"
)

// minCoveredDays is the number of covered days below which no fit on a tenant's
// own log deserves trust.
const minCoveredDays = 45

// ignoredActors are the ids whose doing in a source is no use: our own client
// and what the configuration names.
func ignoredActors(src config.Source) []string {
	out := slices.Clone(src.IgnoreActors)
	if src.ClientID != "" {
		out = append(out, src.ClientID)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// sodRows are the rules of separation of duties, one row a pattern.
func sodRows(rules []config.SoD) []map[string]any {
	rows := []map[string]any{}
	add := func(r config.SoD, side string, patterns []string) {
		for _, p := range patterns {
			rows = append(rows, map[string]any{"rule": r.Name, "severity": cmp.Or(r.Severity, "medium"), "side": side, "pattern": p})
		}
	}
	for _, r := range rules {
		add(r, "left", r.Left)
		add(r, "right", r.Right)
	}
	return rows
}

// settings writes the configuration as the rows of the tables that the models
// read (schema config). It fails on a mapping of columns that names no field.
func settings(c *config.Config) (map[string]any, error) {
	p := c.Policy
	type row = map[string]any
	protect, levels := []row{}, []row{}
	for _, pattern := range p.Protect {
		protect = append(protect, row{"pattern": pattern})
	}
	for i, attribute := range c.Peers {
		levels = append(levels, row{"level": i + 1, "attribute": attribute})
	}
	ignored := []row{}
	for _, src := range c.Sources {
		for _, actor := range ignoredActors(src) {
			ignored = append(ignored, row{"source": src.Name, "actor": actor})
		}
	}
	columns, values, err := hrMaps(c)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"policy": []row{{
			"revoke_precision": p.RevokePrecision, "grant_precision": p.GrantPrecision,
			"grant_grace_days": p.GrantGraceDays, "change_grace_days": p.ChangeGraceDays,
			"hire_grace_days": p.HireGraceDays, "max_input_age_days": p.MaxInputAgeDays, "wait_days": p.WaitDays,
			"horizon_days": c.Idle.HorizonDays, "idle_method": c.Idle.Method, "min_covered_days": minCoveredDays,
			"min_peers": p.MinPeers, "hysteresis": p.Hysteresis, "max_lines_per_reviewer": p.MaxReviewerLines,
			"shadow": p.Shadow, "contract_end_days": p.ContractEndDays,
		}},
		"protect": protect,
		"sod":     sodRows(p.SoD),

		"scope":        scopeRows(c.Export.Scope),
		"by_rule":      ruleRows(c.Export.ByRule),
		"ignore_actor": ignored,
		"peer_level":   levels,
		"column_map":   columns,
		"value_map":    values,
	}, nil
}
