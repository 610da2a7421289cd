package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"winnow/internal/store"
	"winnow/mining"
)

// modelsDot writes the graph of the models: an arrow from what is read to what
// reads it.
func (a *app) modelsDot(ctx context.Context) error {
	db, err := store.Open(ctx, "", store.Options{})
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // in memory
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect to DuckDB: %w", err)
	}
	defer conn.Close() //nolint:errcheck // in memory
	ordered, reads, err := mining.Graph(ctx, conn)
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("digraph winnow {\n  rankdir=LR; node [shape=box, fontname=\"sans-serif\"];\n")
	var edges []string
	for _, m := range ordered {
		fmt.Fprintf(&b, "  %q [tooltip=%q];\n", m.Table(), m.Doc)
		for _, from := range reads[m.Table()] {
			edges = append(edges, fmt.Sprintf("  %q -> %q;\n", from, m.Table()))
		}
	}
	slices.Sort(edges)
	b.WriteString(strings.Join(edges, "") + "}\n")
	_, err = fmt.Fprint(a.stdout, b.String())
	return err
}
