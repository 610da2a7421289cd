package acceptance_test

import (
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"winnow/internal/access"
	"winnow/internal/store"
)

// piloted confines what is exported to one department, and exports everything
// that there is to export.
var piloted = strings.NewReplacer(
	"{type: okta, dir: okta}", `{type: okta, dir: okta, org_url: "https://acme.okta.example"}`,
	"{type: entra, dir: entra}", `{type: entra, dir: entra, tenant_id: 00000000-0000-4000-8000-00000000ac3e}`,
	"policy: {", "policy: {wait_days: 0, ",
	"{files: out}", `{files: out, scope: {department: [Finance, information technology]}, custom_data: {source: entra, of: [legacy]},
  okta_campaign: {source: okta, reviewer: manager, fallback: 00u0fallback, evidence_url: "https://evidence.example/reviews/"},
  entra_review: {source: entra, reviewer: manager, fallback: 00000000-0000-4000-8000-000000000001, record_by_rule: true}}`)

// Whatever leaves is about the people of the scope: no file and no plan names
// anybody else, and what is about them is still worked out. What leaves runs in
// nothing that opens it.
func TestNothingLeavesOutsideTheScope(t *testing.T) {
	t.Parallel()
	p := firstNight(t).beside(t)
	p.write(t, "winnow.yaml", piloted.Replace(configuration))
	e := p.night(t, yesterday, 0)
	if e := p.winnow(t, "--as-of", yesterday.Format(time.RFC3339), "plan"); e.code != 0 { // what ends access, beside what asks
		t.Fatal(e)
	}
	says(t, e.stdout, "Phase: pilot (department = Finance, department = information technology)")
	conn := shell(t, p.snapshot())
	inside := ask(t, conn, "select recommendation_id from marts.recommendation semi join marts.cohort using (identity_id)")
	outside := ask(t, conn, "select recommendation_id from marts.recommendation anti join marts.cohort using (identity_id)")
	if len(inside) < 10 || len(outside) < 10 {
		t.Fatalf("%d recommendations inside the scope, %d outside", len(inside), len(outside))
	}
	ids := regexp.MustCompile(`\b[0-9a-f]{16}\b`)
	stranger := map[string]bool{}
	for _, id := range outside {
		stranger[id] = true
	}
	seen, kinds := 0, map[string]int{}
	err := filepath.WalkDir(p.out(), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		kinds[filepath.Base(filepath.Dir(path))+"/"+filepath.Ext(path)]++
		for _, id := range ids.FindAllString(string(text), -1) {
			seen++
			if stranger[id] {
				t.Errorf("%s holds recommendation %s about somebody outside the scope", path, id)
			}
		}
		inert(t, path, text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"out/.csv", "out/.json", "out/.parquet", "reviews/.html", "custom_data/.csv"} {
		if kinds[kind] == 0 {
			t.Errorf("there is no %s among %v", kind, kinds)
		}
	}
	if seen < len(inside) {
		t.Errorf("%d ids were looked at", seen)
	}
	p.plansOfThePilot(t)
	db := parquet(t, filepath.Join(p.out(), "recommendations.parquet"))
	for _, id := range db {
		if stranger[id] {
			t.Errorf("the Parquet file holds recommendation %s about somebody outside the scope", id)
		}
	}
	if len(db) != len(inside) {
		t.Errorf("the Parquet file holds %d of %d recommendations", len(db), len(inside))
	}
}

// plansOfThePilot looks at what the plans say of themselves.
func (p place) plansOfThePilot(t *testing.T) {
	t.Helper()
	if change, err := access.ReadPlan([]byte(p.read(t, "out/change.json"))); err != nil || len(change.Operations) == 0 {
		t.Errorf("%d changes, %v", len(change.Operations), err)
	}
	plan, err := access.ReadPlan([]byte(p.read(t, "out/plan.json")))
	if err != nil || plan.Phase != "pilot" || !strings.Contains(plan.Scope, "Finance") || len(plan.Operations) == 0 || plan.People == 0 {
		t.Errorf("plan %q %q of %d people, %d operations, %v", plan.Phase, plan.Scope, plan.People, len(plan.Operations), err)
	}
}

// parquet reads the ids of a Parquet file.
func parquet(t *testing.T, path string) []string {
	t.Helper()
	return ask(t, memory(t), "select recommendation_id from read_parquet('"+path+"')")
}

// inert demands that a file that people open runs nothing there: the company
// has people, groups and apps whose names would.
func inert(t *testing.T, path string, text []byte) {
	t.Helper()
	switch filepath.Ext(path) {
	case ".csv":
		rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
		for _, row := range rows {
			for _, cell := range row {
				if s := strings.TrimSpace(cell); s != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(s)[0]) {
					t.Errorf("%s: a spreadsheet would run %q", path, cell)
				}
			}
		}
	case ".html":
		for _, tag := range regexp.MustCompile(`(?i)<(script|img|a|iframe|svg|link|object)\b|\son\w+=`).FindAllString(string(text), -1) {
			t.Errorf("%s: a browser would act on %q", path, tag)
		}
	}
}

// memory is a database of its own, which may read files.
func memory(t *testing.T) *sql.Conn {
	t.Helper()
	db, err := store.Open(context.Background(), "", store.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(conn.Close(), db.Close()); err != nil {
			t.Error(err)
		}
	})
	return conn
}
