package entra

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/internal/access"
	"winnow/internal/store"
)

// models is where the SQL of the landing and staging models lies.
const models = "../../mining/models"

// openDB opens an empty database with the session settings of the runner.
func openDB(t *testing.T) *sql.DB {
	t.Helper()
	db, err := store.Open(context.Background(), "", store.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	run(t, db, "set timezone = 'UTC'")
	return db
}

func run(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.Exec(statement); err != nil {
		t.Fatalf("%.120s: %v", statement, err)
	}
}

// model returns the statement of a model.
func model(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{models}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimRight(strings.TrimSpace(string(text)), ";")
}

// setFiles hands lines to the landing models; the lake keeps items on one line.
func setFiles(t *testing.T, db *sql.DB, lines ...string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "part.ndjson")
	var text strings.Builder
	for _, l := range lines {
		text.WriteString(strings.ReplaceAll(l, "\n", " ") + "\n")
	}
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, db, "set variable files = ["+store.Quote(path)+"]")
}

// land runs a landing model over lines, each of which must fit the stream's
// shape, and returns the chosen columns.
func land(t *testing.T, db *sql.DB, stream access.StreamName, columns string, lines ...string) []string {
	t.Helper()
	for _, l := range lines {
		if err := shapeOf(t, stream).Check([]byte(l)); err != nil {
			t.Fatalf("the shape of %s refuses %s: %v", stream, l, err)
		}
	}
	setFiles(t, db, lines...)
	return rowsOf(t, db, "select "+columns+" from ("+model(t, "landing", "entra_"+string(stream)+".sql")+")")
}

// query2 returns rows with their values between bars; null is a dot.
func rowsOf(t *testing.T, db *sql.DB, q string) []string {
	t.Helper()
	rows, err := db.Query(q)
	if err != nil {
		t.Fatalf("%v in\n%s", err, q)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for rows.Next() {
		values := make([]sql.NullString, len(columns))
		into := make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		out = append(out, joined(values))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func joined(values []sql.NullString) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = "·"
		if v.Valid {
			parts[i] = v.String
		}
	}
	return strings.Join(parts, "|")
}

func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("rows (-want +got):\n%s", d)
	}
}

// staged builds landed.entra_* out of one list of lines a stream.
func staged(t *testing.T, lines map[access.StreamName][]string) *sql.DB {
	t.Helper()
	db := openDB(t)
	run(t, db, "create schema landed")
	run(t, db, "create schema lake")
	run(t, db, "create table lake.usage_account as select 'e' as source, 's1' as account")
	for _, e := range endpoints {
		if e.Time != "" {
			continue
		}
		name := "entra_" + string(e.Name)
		setFiles(t, db, lines[e.Name]...)
		run(t, db, "create table landed."+name+" as select 'e' as source, *, 1::bigint as copies from ("+
			model(t, "landing", name+".sql")+") where fault is null")
	}
	return db
}

// stage runs a staging model and returns the chosen columns, in order.
func stage(t *testing.T, db *sql.DB, contract, columns string) []string {
	t.Helper()
	return rowsOf(t, db, "select "+columns+" from ("+model(t, "staging", contract, "entra.sql")+") order by all")
}

// TestContracts holds every staging model against its contract's names and
// types, on tables without rows.
func TestContracts(t *testing.T) {
	db := staged(t, nil)
	for _, c := range []string{"account", "alias", "assignment_edge", "decision", "entitlement", "nesting", "opens", "rule"} {
		want := rowsOf(t, db, "select column_name, column_type from (describe "+model(t, "staging", c, "_contract.sql")+") order by all")
		got := rowsOf(t, db, "select column_name, column_type from (describe "+model(t, "staging", c, "entra.sql")+") order by all")
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-contract +model):\n%s", c, d)
		}
	}
}

// eventColumns are the columns of every landing model of events, with types.
var eventColumns = []string{
	"event_id|VARCHAR", "at|TIMESTAMP", "kind|VARCHAR", "outcome|VARCHAR", "account|VARCHAR", "entitlement|VARCHAR",
	"other|VARCHAR", "value|VARCHAR", "interactive|BOOLEAN", "actor|VARCHAR", "event_type|VARCHAR", "n|BIGINT", "fault|VARCHAR",
}

// TestEventColumns holds the landing models of events against the table of
// mining/models/README.md.
func TestEventColumns(t *testing.T) {
	db := openDB(t)
	setFiles(t, db)
	for _, e := range endpoints {
		if e.Time == "" {
			continue
		}
		got := rowsOf(t, db, "select column_name, column_type from (describe "+model(t, "landing", "entra_"+string(e.Name)+".sql")+")")
		if d := cmp.Diff(eventColumns, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", e.Name, d)
		}
	}
}

// interrupts returns the codes that a model takes for interrupts.
func interrupts(t *testing.T, name string) string {
	t.Helper()
	_, list, found := strings.Cut(model(t, "landing", name+".sql"), "in (\n             '16000'")
	if !found {
		t.Fatalf("%s has no list of interrupts", name)
	}
	list, _, _ = strings.Cut(list, ")")
	return list
}

// TestSameInterrupts keeps the models of sign-ins in step.
func TestSameInterrupts(t *testing.T) {
	want := interrupts(t, "entra_sign_ins")
	for _, name := range []string{"entra_sign_ins_noninteractive", "entra_sign_ins_export", "entra_sign_ins_service_principal",
		"entra_sign_ins_managed_identity"} {
		if got := interrupts(t, name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// shapeOf returns the shape of a stream.
func shapeOf(t *testing.T, stream access.StreamName) interface{ Check([]byte) error } {
	t.Helper()
	for _, e := range endpoints {
		if e.Name == stream {
			return e.Shape
		}
	}
	t.Fatalf("no stream %s", stream)
	return nil
}

// TestShapesGuardTheReader feeds each model with lines that bend its shape one
// key at a time: what the shape passes must never make read_json fail.
func TestShapesGuardTheReader(t *testing.T) {
	db := openDB(t)
	for _, e := range endpoints {
		var passed []string
		for _, line := range bent(t, full[e.Name]) {
			if e.Shape.Check([]byte(line)) == nil {
				passed = append(passed, line)
			}
		}
		if len(passed) == 0 {
			t.Errorf("%s: the shape passes nothing", e.Name)
		}
		setFiles(t, db, passed...)
		got := rowsOf(t, db, "select count(*) from ("+model(t, "landing", "entra_"+string(e.Name)+".sql")+")")
		expect(t, got, fmt.Sprint(len(passed)))
	}
}
