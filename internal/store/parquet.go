package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"strings"

	"winnow/internal/access"
)

// ParquetRows yields the rows of one Parquet file as JSON objects, in the
// file's order, with the columns in theirs; instants are in UTC. The sequence
// ends with an error when the file cannot be read.
func ParquetRows(ctx context.Context, path string) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		going := true
		err := parquetRows(ctx, path, func(row []byte, err error) bool {
			going = yield(row, err)
			return going
		})
		if err != nil && going {
			yield(nil, fmt.Errorf("read Parquet file %s: %w", path, err))
		}
	}
}

// parquetRows reads on a database of its own, which holds nothing else.
func parquetRows(ctx context.Context, path string, yield func([]byte, error) bool) (err error) {
	if strings.ContainsAny(path, "*?[") {
		return access.WithHint(errors.New("the path holds a wildcard"), "rename the file or its folder without *, ? and [")
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return fs.ErrNotExist
	}
	db, err := Open(ctx, "", Options{Threads: 1})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1) // the settings below belong to the connection
	if _, err := db.ExecContext(ctx, "set timezone = 'UTC'; set preserve_insertion_order = true"); err != nil {
		return err
	}
	columns, err := parquetColumns(ctx, db, path)
	if err != nil {
		return err
	}
	rows, err := db.QueryContext(ctx, "select to_json({"+columns+"})::varchar from read_parquet(?, hive_partitioning = false)", path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var row []byte
		if err := rows.Scan(&row); err != nil {
			return err
		}
		if !yield(row, nil) {
			return nil
		}
	}
	return rows.Err()
}
