// Package store is winnow's only door to DuckDB. Every other package sees
// database/sql.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
)

// Options limit what one database may use.
type Options struct {
	ReadOnly    bool
	MemoryLimit string // DuckDB notation, e.g. "1GB"; empty for the default
	Threads     int    // 0 for one a core
	TempDir     string // where DuckDB spills; empty beside the file
}

// Open opens the database at path, or an in-memory one when path is empty. It
// switches off every way in which DuckDB would fetch code from the network,
// and creates files readable by their owner only.
func Open(ctx context.Context, path string, o Options) (*sql.DB, error) {
	if err := createPrivate(path, o.ReadOnly); err != nil {
		return nil, err
	}
	connector, err := duckdb.NewConnector(dsn(path, o), nil)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	db := sql.OpenDB(connector)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", path, err), db.Close())
	}
	return db, nil
}

// dsn writes the connection string: the path and DuckDB's own settings.
func dsn(path string, o Options) string {
	set := []string{
		"autoinstall_known_extensions=false",
		"autoload_known_extensions=false",
		"allow_community_extensions=false",
		"preserve_insertion_order=false",
	}
	if o.ReadOnly {
		set = append(set, "access_mode=read_only")
	}
	if o.MemoryLimit != "" {
		set = append(set, "memory_limit="+o.MemoryLimit)
	}
	if o.Threads > 0 {
		set = append(set, fmt.Sprintf("threads=%d", o.Threads))
	}
	if o.TempDir != "" {
		set = append(set, "temp_directory="+o.TempDir)
	}
	return path + "?" + strings.Join(set, "&")
}

// createPrivate makes the folder 0700. DuckDB creates its file with the umask,
// so the file's mode is narrowed by the callers' umask and by Private.
func createPrivate(path string, readOnly bool) error {
	if path == "" || readOnly {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("create the folder of %s: %w", path, err)
	}
	return nil
}

// Private narrows the mode of a database file, and of its write-ahead log if
// there is one, to its owner.
func Private(path string) error {
	for _, p := range []string{path, path + ".wal"} {
		if err := os.Chmod(p, 0o600); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("narrow the mode of %s: %w", p, err)
		}
	}
	return nil
}

// Quote returns s as a SQL string literal. It is for statements that take no
// parameters, such as COPY and ATTACH; everything else binds its values.
func Quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// Ident returns s as a quoted SQL identifier.
func Ident(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
