package acceptance_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// whole is a query that a snapshot answers with true when it is all there: one
// run, its recommendations with their words, and the evidence for each.
const whole = `select run_id || ' ' || as_of || ' ' || (select count(*) from marts.recommendation) from core.run
	where (select count(*) from core.run) = 1
	and (select bool_and(r.run_id = u.run_id and length(r.rationale) > 0) from marts.recommendation as r cross join core.run as u)
	and (select count(*) from marts.recommendation anti join marts.evidence using (identity_id, entitlement_id)) = 0`

// look asks the snapshot from a process of its own.
func (p place) look(t testing.TB) string {
	t.Helper()
	e := p.winnow(t, "query", "--csv", whole)
	if e.code != 0 {
		t.Fatalf("a reader failed: %s", e)
	}
	_, answer, _ := strings.Cut(strings.TrimSpace(e.stdout), "\n") // below the header
	return answer
}

// watched runs a night while readers look at the snapshot again and again, each
// from a process of its own, and returns what they saw, and how often. None of
// them may fail.
func (p place) watched(t testing.TB, at time.Time) map[string]int {
	t.Helper()
	cmd := p.command(t, "--as-of", at.Format(time.RFC3339), "run")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	seen := map[string]int{}
	for {
		select {
		case err := <-ended:
			if err != nil {
				t.Fatalf("the run beside its readers: %v", err)
			}
			seen[p.look(t)]++
			return seen
		case <-time.After(50 * time.Millisecond):
			seen[p.look(t)]++
		}
	}
}

// Analysts read the snapshot all night long: none of them ever fails, waits for
// the run, or sees anything but the whole old snapshot or the whole new one.
// Who opened the old one goes on reading it.
func TestReadersDuringARun(t *testing.T) {
	t.Parallel()
	old, fresh := firstNight(t).look(t), secondNight(t).look(t)
	t.Log(nights.readers)
	if fresh == old || len(nights.readers) != 2 || nights.readers[old] < 10 || nights.readers[fresh] == 0 {
		t.Errorf("readers saw %v; want %q many times, then %q", nights.readers, old, fresh)
	}
	p := place{t.TempDir()}
	copyTree(t, firstNight(t).snapshot(), p.snapshot())
	early, next := analyst(t, p.snapshot()), p.snapshot()+".next"
	copyTree(t, secondNight(t).snapshot(), next)
	if err := os.Rename(next, p.snapshot()); err != nil { // as a run does
		t.Fatal(err)
	}
	if got := texts(t, early, whole); len(got) != 1 || got[0] != old {
		t.Errorf("the reader who came before the new snapshot has %q, want %q", got, old)
	}
}

// elder is a program for an older DuckDB: it counts every published table and
// asks every evidence query of the snapshot.
const elder = `
import sys, duckdb
assert duckdb.__version__ == "` + elderVersion + `", duckdb.__version__
db = duckdb.connect(sys.argv[1], read_only=True, config={"enable_external_access": "false"})
tables = db.sql("""select schema_name || '.' || table_name from duckdb_tables()
    where schema_name in ('core', 'marts') order by 1""").fetchall()
for (table,) in tables:
    print(table, db.sql(f"select count(*) from {table}").fetchone()[0], db.sql(f"select max(length(to_json(t)::varchar)) from {table} as t").fetchone()[0])
for (query,) in db.sql("select evidence_query from marts.recommendation").fetchall():
    assert len(db.sql(query).fetchall()) == 1, query
`

// elderVersion is two minor versions older than the one that is linked in.
const elderVersion = "1.3.2"

// A DuckDB two minor versions older reads the snapshot, every table of it.
func TestOlderDuckDBReads(t *testing.T) {
	t.Parallel()
	python := elderPython(t)
	snapshot := secondNight(t).snapshot()
	out, err := exec.Command(python, "-c", elder, snapshot).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	conn := shell(t, snapshot)
	var want strings.Builder
	for _, table := range texts(t, conn, `select schema_name || '.' || table_name from duckdb_tables()
		where schema_name in ('core', 'marts') order by 1`) {
		n := texts(t, conn, "select count(*)::varchar from "+table)[0]
		length := texts(t, conn, "select coalesce(max(length(to_json(t)::varchar))::varchar, 'None') from "+table+" as t")[0]
		fmt.Fprintln(&want, table, n, length)
	}
	if got := string(out); got != want.String() || got == "" {
		t.Errorf("the older DuckDB reads\n%swant\n%s", got, want.String())
	}
}

// elderPython returns a Python that has the older DuckDB: the system's own, or
// one in a virtual environment in the cache, which the long variant makes.
func elderPython(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skip("no cache folder for an older DuckDB: ", err)
	}
	env := filepath.Join(cache, "winnow-acceptance", "duckdb-"+elderVersion)
	own := filepath.Join(env, "bin", "python3")
	for _, python := range []string{own, "python3"} {
		if exec.Command(python, "-c", `import duckdb; assert duckdb.__version__ == "`+elderVersion+`"`).Run() == nil {
			return python
		}
	}
	if !full {
		t.Skipf("python3 has no duckdb==%s: WINNOW_ACCEPTANCE=full installs it in %s", elderVersion, env)
	}
	for _, args := range [][]string{{"python3", "-m", "venv", env}, {own, "-m", "pip", "install", "--quiet", "duckdb==" + elderVersion}} {
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Skipf("no duckdb==%s to be had: %v\n%s", elderVersion, err, out)
		}
	}
	return own
}
