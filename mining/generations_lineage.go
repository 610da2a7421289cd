package mining

import (
	"slices"
	"strings"
)

// A lineage is what the model of a contract for one type of source reads, by
// way of other staging models too.
type lineage struct {
	staging []Model  // in the order in which they are built; the last is the model itself
	landed  []string // for instance okta_users
	lake    []string // tables of the schema lake
	config  []string // tables of the schema config
}

// lineageOf follows what a staging model reads. It has no staging models where
// the type does not fulfil the contract.
func lineageOf(ordered []Model, reading map[string][]string, contract, sourceType string) (out lineage) {
	model := "staging." + contract + "_" + sourceType
	if !slices.ContainsFunc(ordered, func(m Model) bool { return m.Table() == model }) {
		return out
	}
	seen, open := map[string]bool{}, []string{model}
	for len(open) > 0 {
		table := open[0]
		open = open[1:]
		if seen[table] {
			continue
		}
		seen[table] = true
		open = append(open, reading[table]...)
		switch schema, name, _ := strings.Cut(table, "."); schema {
		case "landed":
			out.landed = append(out.landed, name)
		case "lake":
			out.lake = append(out.lake, name)
		case "config":
			out.config = append(out.config, name)
		}
	}
	for _, m := range ordered {
		if seen[m.Table()] {
			out.staging = append(out.staging, m)
		}
	}
	slices.Sort(out.landed)
	slices.Sort(out.lake)
	slices.Sort(out.config)
	return out
}
