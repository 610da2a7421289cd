package scale

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"winnow/internal/store"
)

// sumsOf names the content of every table of an attached snapshot: the number of
// rows and the sum of their hashes, whatever their order. The audit trail is what
// was done, and no function of the data.
func sumsOf(ctx context.Context, db *sql.DB, name string) (map[string]string, error) {
	rows, err := db.QueryContext(ctx, "select schema_name, table_name from duckdb_tables() where database_name = ? and table_name <> 'audit' order by all", name)
	if err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	out := map[string]string{}
	for rows.Next() {
		var schema, table string
		if err := rows.Scan(&schema, &table); err != nil {
			return nil, fmt.Errorf("list the tables: %w", err)
		}
		out[schema+"."+table] = store.Ident(name) + "." + store.Ident(schema) + "." + store.Ident(table)
	}
	if err := rows.Close(); err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	for key, table := range out {
		var sum string
		err := db.QueryRowContext(ctx, "select concat_ws(' ', count(*), sum(hash(t)::hugeint)) from "+table+" as t").Scan(&sum)
		if err != nil {
			return nil, fmt.Errorf("sum up %s: %w", table, err)
		}
		out[key] = sum
	}
	return out, nil
}

// differing lists the keys that only one side has, or that differ, in order.
func differing(a, b map[string]string) []string {
	out := []string{}
	for key := range a {
		if a[key] != b[key] {
			out = append(out, key)
		}
	}
	for key := range b {
		if _, ok := a[key]; !ok {
			out = append(out, key)
		}
	}
	return slices.Sorted(maps.Keys(setOf(out)))
}

func setOf(list []string) map[string]bool {
	out := map[string]bool{}
	for _, s := range list {
		out[s] = true
	}
	return out
}
