package mining

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// Graph returns the staging, core and marts models in the order in which they
// are built, and for each table the tables that it reads. Any connection will
// do: it is asked to parse, not to run.
func Graph(ctx context.Context, conn *sql.Conn) (ordered []Model, reading map[string][]string, err error) {
	all, err := Models()
	if err != nil {
		return nil, nil, err
	}
	return graph(ctx, conn, slices.DeleteFunc(all, func(m Model) bool { return !m.nightly() }))
}

// nightly says whether the model is built by every run, rather than at landing
// or by a backtest.
func (m Model) nightly() bool {
	return m.Schema == "staging" || m.Schema == "core" || m.Schema == "marts"
}

// graph orders the given models.
func graph(ctx context.Context, conn *sql.Conn, all []Model) (ordered []Model, reading map[string][]string, err error) {
	reading = map[string][]string{}
	for i, m := range all {
		if m.Schema == "staging" && m.Name == m.Contract && !m.past {
			all[i].SQL, reading[m.Table()] = unionOf(m, all)
			continue
		}
		if reading[m.Table()], err = reads(ctx, conn, m.SQL); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", m.Path, err)
		}
		reading[m.Table()] = append(reading[m.Table()], m.Reads...)
	}
	ordered, err = order(all, reading)
	return ordered, reading, err
}
