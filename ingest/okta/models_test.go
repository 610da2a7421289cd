package okta

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"winnow/internal/access"
	"winnow/internal/store"
)

const models = "../../mining/models"

// database opens a DuckDB as the model runner does.
func database(t *testing.T) *sql.Conn {
	t.Helper()
	db, err := store.Open(t.Context(), "", store.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	run(t, c, "set timezone = 'America/St_Johns'") // times must not depend on it
	run(t, c, "create schema landed")
	return c
}

func run(t *testing.T, c *sql.Conn, statement string) {
	t.Helper()
	if _, err := c.ExecContext(context.Background(), statement); err != nil {
		t.Fatalf("%v\n%s", err, statement)
	}
}

// model reads a model's statement.
func model(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(models, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// land runs the landing model of a stream over lines.
func land(t *testing.T, c *sql.Conn, stream access.StreamName, source string, lines ...string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "segment.ndjson")
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, c, "set variable files = ["+store.Quote(file)+"]")
	table := "landed.okta_" + string(stream)
	into := "create or replace table " + table + " as "
	if has(t, c, table) {
		into = "insert into " + table + " "
	}
	run(t, c, into+"select "+store.Quote(source)+" as source, * from ("+model(t, "landing/okta_"+string(stream)+".sql")+")")
}

// has reports whether a table exists.
func has(t *testing.T, c *sql.Conn, table string) bool {
	t.Helper()
	var n int
	q := "select count(*) from duckdb_tables() where schema_name || '.' || table_name = ?"
	if err := c.QueryRowContext(t.Context(), q, table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n > 0
}

// rows writes a query's rows as lines of columns joined by bars, nulls as -.
func rows(t *testing.T, c *sql.Conn, query string) string {
	t.Helper()
	r, err := c.QueryContext(t.Context(), "select columns(*)::varchar from ("+query+")")
	if err != nil {
		t.Fatalf("%v\n%s", err, query)
	}
	defer r.Close()
	names, err := r.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for r.Next() {
		row, to := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range row {
			to[i] = &row[i]
		}
		if err := r.Scan(to...); err != nil {
			t.Fatal(err)
		}
		var text []string
		for _, v := range row {
			if !v.Valid {
				v.String = "-"
			}
			text = append(text, v.String)
		}
		out = append(out, strings.Join(text, "|"))
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	return strings.Join(out, "\n")
}

// same compares rows and shows both when they differ.
func same(t *testing.T, what, got, want string) {
	t.Helper()
	if want = strings.TrimSpace(want); got != want {
		t.Errorf("%s\ngot\n%s\nwant\n%s", what, got, want)
	}
}

// landOrg lands the saved org as the source "okta", its lines twice as a second
// source, so that models which mix sources up show.
func landOrg(t *testing.T, c *sql.Conn) {
	t.Helper()
	for _, s := range Streams() {
		if s.Name == SystemLogFlat {
			continue
		}
		lines := saved(t, s.Name)
		land(t, c, s.Name, "okta", lines...)
		land(t, c, s.Name, "emea", append(lines, lines...)...)
	}
}

// short abbreviates the identifiers of the saved org.
func short(s string) string {
	for _, prefix := range []string{"00u", "00g", "0oa", "0pr", "0ua"} {
		for i := range 10 {
			s = strings.ReplaceAll(s, fmt.Sprintf("%s%017d", prefix, i), fmt.Sprintf("%s%d", prefix[1:], i))
		}
	}
	for _, prefix := range []string{"ent", "icr"} {
		for i := range 10 {
			s = strings.ReplaceAll(s, fmt.Sprintf("%s%017d", prefix, i), fmt.Sprintf("%s%d", prefix, i))
		}
	}
	return s
}
