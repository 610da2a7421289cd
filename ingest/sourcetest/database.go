// Package sourcetest is what the tests of sources share: landing and staging
// models over rows on a real DuckDB, shapes against the models that they guard,
// samples that must land without loss, and a clock that passes while somebody
// sleeps. It is imported by tests only.
package sourcetest

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"winnow/internal/access"
	"winnow/internal/store"
)

// models is the folder of the models, seen from a source's package.
const models = "../../mining/models"

// A DB is a DuckDB as the model runner opens it, for the models of one type.
type DB struct {
	*testing.T
	conn *sql.Conn
	typ  string
}

// Open opens a database for the models of a source type.
func Open(t *testing.T, typ string) *DB {
	t.Helper()
	db, err := store.Open(t.Context(), "", store.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	d := &DB{t, c, typ}
	d.run("set timezone = 'America/St_Johns'") // times must not depend on it
	d.run("create schema landed")
	return d
}

// run executes a statement.
func (d *DB) run(statement string) {
	d.Helper()
	if _, err := d.conn.ExecContext(context.Background(), statement); err != nil {
		d.Fatalf("%v\n%s", err, statement)
	}
}

// model reads a model's statement.
func (d *DB) model(path string) string {
	d.Helper()
	b, err := os.ReadFile(filepath.Join(models, path))
	if err != nil {
		d.Fatal(err)
	}
	return string(b)
}

// landing reads the landing model of a stream.
func (d *DB) landing(stream access.StreamName) string {
	return d.model("landing/" + d.typ + "_" + string(stream) + ".sql")
}

// Land runs the landing model of a stream over lines, into the table
// landed.<type>_<stream>.
func (d *DB) Land(stream access.StreamName, source string, lines ...string) {
	d.Helper()
	file := filepath.Join(d.TempDir(), "segment.ndjson")
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		d.Fatal(err)
	}
	d.run("set variable files = [" + store.Quote(file) + "]")
	table := "landed." + d.typ + "_" + string(stream)
	into := "create or replace table " + table + " as "
	if d.has(table) {
		into = "insert into " + table + " "
	}
	d.run(into + "select " + store.Quote(source) + " as source, * from (" + d.landing(stream) + ")")
}

// has reports whether a table exists.
func (d *DB) has(table string) bool {
	d.Helper()
	var n int
	q := "select count(*) from duckdb_tables() where schema_name || '.' || table_name = ?"
	if err := d.conn.QueryRowContext(context.Background(), q, table).Scan(&n); err != nil {
		d.Fatal(err)
	}
	return n > 0
}

// Rows writes a query's rows as lines of columns joined by bars, nulls as -.
func (d *DB) Rows(query string) string {
	d.Helper()
	r, err := d.conn.QueryContext(context.Background(), "select columns(*)::varchar from ("+query+")") //nolint:gosec // the query is a test's own
	if err != nil {
		d.Fatalf("%v\n%s", err, query)
	}
	defer func() { _ = r.Close() }()
	names, err := r.Columns()
	if err != nil {
		d.Fatal(err)
	}
	var out []string
	for r.Next() {
		row, to := make([]sql.NullString, len(names)), make([]any, len(names))
		for i := range row {
			to[i] = &row[i]
		}
		if err := r.Scan(to...); err != nil {
			d.Fatal(err)
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
		d.Fatal(err)
	}
	return strings.Join(out, "\n")
}

// Same compares a query's rows with those wanted and shows both when they
// differ.
func (d *DB) Same(what, query, want string) {
	d.Helper()
	if got, want := d.Rows(query), strings.TrimSpace(want); got != want {
		d.Errorf("%s\ngot\n%s\nwant\n%s", what, got, want)
	}
}

// Contract runs a staging model, whose landed tables hold the same lines as the
// sources a and b, and compares the rows of a. Those of b must be the same but
// for its name, and the columns those of the contract.
func (d *DB) Contract(name, columns, want string) {
	d.Helper()
	text := d.model("staging/" + name + "/" + d.typ + ".sql")
	// What a model leaves out of its contract is null there; it adds nothing.
	d.Same(name+": columns", "select column_name, column_type from (describe ("+text+`))
		except select column_name, column_type from (describe (`+d.model("staging/"+name+"/_contract.sql")+"))", "")
	of := func(source string) string {
		return d.Rows("select " + columns + " from (" + text + ") where source = '" + source + "' order by all")
	}
	got := of("a")
	if want = strings.TrimSpace(want); got != want {
		d.Errorf("%s\ngot\n%s\nwant\n%s", name, got, want)
	}
	if other := strings.ReplaceAll(of("b"), "b:", "a:"); other != got {
		d.Errorf("%s: the other source\ngot\n%s\nwant\n%s", name, other, got)
	}
}
