package acceptance_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"winnow/internal/store"
)

// attach opens snapshots side by side, read-only, under the names a, b, ….
func attach(t testing.TB, snapshots ...string) *sql.Conn {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, "", store.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	for i, path := range snapshots {
		do(t, conn, fmt.Sprintf("attach %s as %c (read_only)", store.Quote(path), 'a'+i))
	}
	return conn
}

// do runs a statement.
func do(t testing.TB, conn *sql.Conn, statement string) {
	t.Helper()
	if _, err := conn.ExecContext(context.Background(), statement); err != nil {
		t.Fatalf("%v in\n%s", err, statement)
	}
}

// texts returns the first column of a query's rows, as they come.
func texts(t testing.TB, conn *sql.Conn, query string) []string {
	t.Helper()
	rows, err := conn.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatalf("%v in\n%s", err, query)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var text sql.NullString
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		out = append(out, text.String)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// tables lists the published tables of a database that attach opened, with
// their columns and types, without marts.audit, which tells what this
// installation did and when, and is no function of the data.
func tables(t testing.TB, conn *sql.Conn, name string) []string {
	t.Helper()
	return texts(t, conn, `select schema_name || '.' || table_name || '(' ||
		string_agg(column_name || ' ' || data_type, ', ' order by column_index) || ')'
		from duckdb_columns() where database_name = '`+name+`' and schema_name in ('core', 'marts')
		and schema_name || '.' || table_name <> 'marts.audit'
		group by schema_name, table_name order by all`)
}

// differences compares every table of the schemas core and marts of two
// snapshots, row for row: values, number and order. It returns what differs, at
// most a few rows a table.
func differences(t testing.TB, left, right string) []string {
	t.Helper()
	conn := attach(t, left, right)
	a, b := tables(t, conn, "a"), tables(t, conn, "b")
	if len(a) < 40 {
		t.Fatalf("the snapshot %s has %d tables only", left, len(a))
	}
	if !slices.Equal(a, b) {
		return []string{fmt.Sprintf("the tables differ: %q and %q", a, b)}
	}
	var out []string
	for _, table := range a {
		name := table[:bytes.IndexByte([]byte(table), '(')]
		for _, side := range [][2]string{{"a", "b"}, {"b", "a"}} {
			rows := texts(t, conn, fmt.Sprintf(`select to_json(d)::varchar from (
				select rowid as place, * from %[1]s.%[3]s except all select rowid as place, * from %[2]s.%[3]s) as d order by all limit 3`,
				side[0], side[1], name))
			for _, row := range rows {
				out = append(out, fmt.Sprintf("%s, only in %s: %s", name, map[string]string{"a": left, "b": right}[side[0]], row))
			}
		}
	}
	return out
}

// same demands that two places published the same: tables, and the files of the
// export byte for byte.
func same(t testing.TB, want, got place) {
	t.Helper()
	for _, d := range differences(t, want.snapshot(), got.snapshot()) {
		t.Error(d)
	}
	left, right := contents(t, want.out()), contents(t, got.out())
	for name, text := range left {
		if right[name] != text {
			t.Errorf("%s differs between %s and %s", name, want.dir, got.dir)
		}
	}
	if len(left) != len(right) || len(left) < 3 {
		t.Errorf("%d and %d exported files", len(left), len(right))
	}
}

// contents reads every file of a folder by its name.
func contents(t testing.TB, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = string(b)
	}
	return out
}
