package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// parquetColumns writes the members of a struct with every column of the file.
// Instants with a zone are turned into UTC first: their text would otherwise
// carry an offset in a form of its own.
func parquetColumns(ctx context.Context, db *sql.DB, path string) (members string, err error) {
	rows, err := db.QueryContext(ctx, "select column_name, column_type from (describe select * from read_parquet("+
		Quote(path)+", hive_partitioning = false))")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var out []string
	for rows.Next() {
		var name, typ string
		if err := rows.Scan(&name, &typ); err != nil {
			return "", err
		}
		value := Ident(name)
		if typ == "TIMESTAMP WITH TIME ZONE" {
			value += " at time zone 'UTC'"
		}
		out = append(out, Quote(name)+": "+value)
	}
	return strings.Join(out, ", "), rows.Err()
}
