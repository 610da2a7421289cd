package main

import (
	"winnow/ingest/hris"
	"winnow/internal/config"
)

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
	columns, err := columnMap(c)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"policy": []row{{
			"revoke_precision": p.RevokePrecision, "grant_precision": p.GrantPrecision,
			"grant_grace_days": p.GrantGraceDays, "change_grace_days": p.ChangeGraceDays,
			"hire_grace_days": p.HireGraceDays, "max_input_age_days": p.MaxInputAgeDays, "wait_days": p.WaitDays,
			"horizon_days": c.Idle.HorizonDays, "idle_method": c.Idle.Method, "min_covered_days": c.Idle.MinCoveredDays,
			"min_peers": p.MinPeers, "hysteresis": p.Hysteresis,
		}},
		"protect":    protect,
		"peer_level": levels,
		"column_map": columns,
	}, nil
}

// columnMap says under which columns the HR reports keep our fields.
func columnMap(c *config.Config) ([]hris.Mapping, error) {
	out := []hris.Mapping{}
	for _, src := range c.Sources {
		if !isHR(src.Type) {
			continue
		}
		s, err := openHR(src)
		if err != nil {
			return nil, err
		}
		out = append(out, s.ColumnMap(src.Name)...)
	}
	return out, nil
}
