package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"winnow/internal/fake/faulty"
	fakeokta "winnow/internal/fake/okta"
)

// A firm is an Okta org beside an HR folder, in a data folder of its own.
type firm struct {
	t       *testing.T
	dir     string
	org     atomic.Value // http.Handler: the org as it is tonight
	weather *faulty.Server
}

// people writes the org: twenty people, less those who are left out, under the
// logins that tonight gives them, and thirty days of sign-ins.
func (f *firm) people(renamed, deleted map[int]bool) {
	f.t.Helper()
	users, members, log := "", "", ""
	for i := range 20 {
		login := fmt.Sprintf("p%d@x.test", i)
		if renamed[i] {
			login = fmt.Sprintf("new%d@x.test", i)
		}
		if !deleted[i] {
			users += fmt.Sprintf(`{"id":"u%d","status":"ACTIVE","created":"2025-01-01T00:00:00.000Z","profile":{"login":%q,"email":%q,"employeeNumber":"%d","department":"Legal"}}`+"\n", i, login, login, i)
			members += fmt.Sprintf(`{"parent_id":"a1","item":{"id":"u%d","scope":"USER","created":"2025-01-01T00:00:00.000Z"}}`+"\n", i)
		}
		for back := range 30 {
			at := time.Date(2026, 8, 31, 10, i, 0, 0, time.UTC).AddDate(0, 0, -back).Format("2006-01-02T15:04:05.000Z")
			log += fmt.Sprintf(`{"uuid":"e%d-%d","published":%q,"eventType":"user.authentication.sso","actor":{"id":"u%d","type":"User"},"outcome":{"result":"SUCCESS"},"target":[{"id":"a1","type":"AppInstance"}]}`+"\n", i, back, at, i)
		}
	}
	dir := f.t.TempDir()
	for name, text := range map[string]string{"users": users, "app_users": members, "system_log": log,
		"apps": `{"id":"a1","label":"CRM","status":"ACTIVE"}` + "\n"} {
		if err := os.WriteFile(filepath.Join(dir, name+".ndjson"), []byte(text), 0o600); err != nil {
			f.t.Fatal(err)
		}
	}
	org, err := fakeokta.New(dir, fakeokta.Options{APIToken: "not-a-secret"})
	if err != nil {
		f.t.Fatal(err)
	}
	f.org.Store(org)
}

func newFirm(t *testing.T) *firm {
	t.Helper()
	f := &firm{t: t, dir: t.TempDir()}
	f.people(nil, nil)
	f.weather = faulty.New(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { f.org.Load().(http.Handler).ServeHTTP(w, r) }), faulty.Options{})
	web := httptest.NewServer(f.weather)
	t.Cleanup(web.Close)
	hr := "employee_id,email,department\n"
	for i := range 20 {
		hr += fmt.Sprintf("%d,p%d@x.test,Sales\n", i, i)
	}
	for name, text := range map[string]string{"hr/workers.csv": hr, "winnow.yaml": fmt.Sprintf(`sources:
  okta: {type: okta, org_url: %q, api_token: "${WINNOW_TEST_TOKEN}"}
  hr: {type: hris, dir: hr, columns: {employee_id: employee_id, email: email, department: department}}
`, web.URL)} {
		path := filepath.Join(f.dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// night runs the job and demands its status.
func (f *firm) night(day int, code int, args ...string) (stderr string) {
	f.t.Helper()
	out, got := wait(winnow(f.dir, append([]string{"--as-of", fmt.Sprintf("2026-09-%02d", day), "run"}, args...)...))
	if got != code {
		f.t.Fatalf("the night of the %d: status %d, want %d: %s", day, got, code, out)
	}
	return out
}

// ask reads one row of the snapshot.
func (f *firm) ask(query string) string {
	f.t.Helper()
	cmd, stderr := winnow(f.dir, "query", "--csv", query)
	out, err := cmd.Output()
	if err != nil {
		f.t.Fatalf("%s: %v: %s", query, err, stderr)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}

// TestFaultsLeaveTheLastGoodSnapshot takes everything away and then all users:
// the snapshot of the night before stands.
func TestFaultsLeaveTheLastGoodSnapshot(t *testing.T) {
	f := newFirm(t)
	f.night(1, exitDone)
	if got := f.ask("select count(*) from core.account where present"); got != "20" {
		t.Fatalf("%s accounts", got)
	}
	path := filepath.Join(f.dir, "data", "winnow.duckdb")
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f.weather.Set(faulty.Options{Deny: []string{"/"}}) // every scope was taken away
	out := f.night(2, exitFailed, "--source", "okta")
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the snapshot changed although nothing arrived: %v", err)
	}
	if !strings.Contains(out, "hint: grant the service app the scope") {
		t.Errorf("no way out in %s", out)
	}
	f.weather.Set(faulty.Options{Empty: []string{"/api/v1/users"}})
	if out := f.night(3, exitFailed); !strings.Contains(out, "users shrank from 20 to 0 items") {
		t.Errorf("the empty list was not told: %s", out)
	}
	if got := f.ask("select count(*) from core.account where present"); got != "20" {
		t.Errorf("%s accounts after a list without users", got)
	}
}

// TestPeopleChange renames an account, deletes another and restores it, while
// HR says another department than the platform: accounts and identities keep
// their ids, nobody is doubled, and HR's word counts.
func TestPeopleChange(t *testing.T) {
	f := newFirm(t)
	const one = `select string_agg(account_id || ' ' || login || ' ' || present, ', ' order by account_id) from core.account where account_id in ('okta:u1', 'okta:u2')`
	const who = `select count(*) || ' ' || count(distinct worker_id) || ' ' || min(department) || ' ' || max(department) from core.identity`
	const ids = `select string_agg(identity_id || account_id, ',' order by account_id) from core.account_link`
	f.night(1, exitDone)
	people, links := f.ask(who), f.ask(ids)
	if people != "20 20 Sales Sales" {
		t.Errorf("identities: %s", people)
	}
	f.people(map[int]bool{1: true}, map[int]bool{2: true})
	f.night(2, exitDone)
	if got := f.ask(one); !strings.HasPrefix(got, `"okta:u1 new1@x.test true`) && !strings.HasPrefix(got, `okta:u1 new1@x.test true`) || strings.Contains(got, "u2 p2@x.test true") {
		t.Errorf("renamed and deleted: %s", got)
	}
	if got := f.ask("select count(*) from marts.recommendation where account_id = 'okta:u2' and action in ('revoke', 'change_rule')"); got != "0" {
		t.Errorf("%s revokes for an account that is gone", got)
	}
	f.people(map[int]bool{1: true}, nil)
	f.night(3, exitDone)
	if got := f.ask(one); !strings.Contains(got, "okta:u2 p2@x.test true") {
		t.Errorf("restored: %s", got)
	}
	if got := f.ask(who); got != people {
		t.Errorf("identities: %s, before %s", got, people)
	}
	if got := f.ask(ids); got != links {
		t.Errorf("the links moved:\n%s\n%s", got, links)
	}
}
