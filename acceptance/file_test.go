package acceptance_test

import (
	"os"
	"path/filepath"
	"testing"

	"winnow/ingest/file"
	"winnow/internal/access"
	"winnow/internal/store"
)

// plain opens a folder of plain files.
func plain(t *testing.T, files map[string]string) *file.Source {
	t.Helper()
	src, err := file.New(file.Options{Dir: folder(t, files), ReadParquet: store.ParquetRows,
		Columns: map[access.StreamName]map[string]string{"accounts": {"email": "mail"}}})
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// listed is a folder that says everything, some of it badly.
var listed = map[string]string{
	"accounts.csv": `account_id,login,mail,display_name,kind,status,department,created_at,cost_centre
a1,ada,ada@north.example,Ada,person,Enabled,Harbour,2024-03-01T10:00:00+02:00,77
a2,bo,,,,,,never,
a3,svc,,,bot,0,,2024-03-01 10:00,
a4,cy,,,alien,asleep,,31/12/2025,
a4,cy,,,alien,asleep,,31/12/2025,
`,
	"entitlements.csv": `entitlement_id,kind,name,privileged,monthly_cost,sign_on
e1,Application,Berths,no,12.5,federated
e2,team,Crew,yes,,
e3,gadget,,perhaps,"12,50",psychic
`,
	"assignments.csv": `account_id,entitlement_id,since,until,path
a1,e1,2025-01-01T00:00:00Z,,direct
a1,e1,,,group:e2
a1,e2,0000-00-00,9999-12-31,
a2,e1,31/12/2025,never,rule:Crew of the north
a2,e2,2025-02-01,2030-01-01,via Crew
a2,e2,2025-02-01,2030-01-01,via Crew
a3,,2025-01-01,,
`,
	"opens.csv": `entitlement_id,opens_id,since,until,at,action,level
e2,e1,2025-01-01,,,,
e2,e4,,,2025-01-01,grant,read
e2,e4,,,2025-02-01,grant,write
e2,e4,,,2025-03-01,revoke,read
e2,e5,,,2025-01-01,grant,
e2,e5,,,2025-02-01,revoke,
e2,e6,,,2025-01-01,grant,
e2,e6,,,2025-02-01,revoke,
e2,e6,,,2025-02-01,grant,
e2,e7,,,2025-01-01,grant,
e2,e7,,,2025-01-01,revoke,
e2,e8,,,2025-01-01,borrow,
e2,e8,,,someday,grant,
`,
	"decisions.csv": `at,account_id,entitlement_id,decision,reviewer
2025-05-01,a1,e1,Keep,a9
2025-05-01,a2,e2,revoke,
2025-05-01,a2,e1,maybe,
2025-05-01,a1,e1,Keep,a9
`,
	"coverage.csv": "stream,first_day,last_day\nusage,2025-01-01,2025-06-30\n",
	"usage.csv": `day,at,account_id,entitlement_id,count,outcome,interactive
2025-06-01,,a1,e1,3,,
2025-06-01,,a1,e1,3,,
,2025-06-02T23:30:00-01:00,a1,e1,,failed,yes
2025-06-03,,a1,,,,
2025-06-03,,a2,e1,0,,
2025-06-03,,a2,e1,some,,
2025-06-03,,a2,e1,,odd,
2025-06-03,,a2,e1,,,perhaps
31/12/2025,,a2,e1,,,
`,
	"account_changes.csv": "at,account_id,attribute,value\n2025-04-01,a1,Department,Harbour\n",
	"events.csv": `at,action,account_id,entitlement_id,actor
2025-01-01,grant,a1,e1,a9
2025-01-01,lend,a1,e1,
yesterday,grant,a1,e1,
2025-02-01,revoke,a8,e9,
`,
}

func TestFilesBecomeTables(t *testing.T) {
	c := newTenant(t, "2025-07-01")
	c.add("f", "file", plain(t, listed))
	reports := c.pull(t)
	counts(t, reports, "f/accounts", 5, 0)
	counts(t, reports, "f/assignments", 6, 1)
	counts(t, reports, "f/usage", 8, 1)
	counts(t, reports, "f/events", 3, 1)
	db := c.mine(t)
	expect(t, db, "select native_id, login, email, display_name, kind, status, department, created_at, attributes::varchar from staging.account",
		`a1|ada|ada@north.example|Ada|user|active|Harbour|2024-03-01 08:00:00|{"cost_centre":"77"}`,
		`a2|bo|·|·|·|active|·|·|{"cost_centre":""}`, `a3|svc|·|·|service|deprovisioned|·|2024-03-01 10:00:00|{"cost_centre":""}`,
		`a4|cy|·|·|·|·|·|·|{"cost_centre":""}`)
	expect(t, db, "select native_id, kind, name, privileged, monthly_cost::varchar, mastering, sign_on from staging.entitlement",
		"e1|app|Berths|false|12.50|local|federated", "e2|group|Crew|true|·|local|·", "e3|·|·|·|·|local|·")
	expect(t, db, "select account_id, entitlement_id, path_kind, via_id, since, until from staging.assignment_edge",
		"f:a1|f:e1|direct||2025-01-01|·", "f:a1|f:e1|group|f:e2|·|·", "f:a1|f:e2|direct||·|·",
		"f:a2|f:e1|rule|f:Crew of the north|·|·", "f:a2|f:e2|group|f:via Crew|2025-02-01|2030-01-01")
	expect(t, db, "select entitlement_id, opens_id, since, until from staging.opens",
		"f:e2|f:e1|2025-01-01|·", "f:e2|f:e4|2025-01-01|·", "f:e2|f:e5|2025-01-01|2025-02-01", "f:e2|f:e6|2025-01-01|·",
		"f:e2|f:e7|2025-01-01|2025-01-01")
	expect(t, db, `select "at", account_id, entitlement_id, decision, reviewer from staging.decision`,
		"2025-05-01|f:a1|f:e1|approve|a9", "2025-05-01|f:a2|f:e2|deny|·")
	expect(t, db, "select * from staging.covered", "f|usage|2025-01-01|2025-06-30")
	expect(t, db, "select stream, native_ref, doubt from staging.doubt",
		`accounts|a4|kind "alien" is not known; status "asleep" is not known; created_at "31/12/2025" is not a time`,
		`entitlements|e3|kind "gadget" is not known; privileged "perhaps" is not yes or no; monthly_cost "12,50" is not a number; sign_on "psychic" is not known`,
		`assignments|a2 e1|since "31/12/2025" is not a time`)
	expect(t, db, "select stream, fault, copies from lake.encoded where fault is not null",
		`decisions|decision "maybe" is neither approve nor deny|1`, `opens|action "borrow" is neither grant nor revoke|1`,
		`opens|at "someday" is not a time|1`, `usage|count "some" is not a whole number|1`,
		`usage|outcome "odd" is not success, failure or weak|1`, `usage|interactive "perhaps" is not yes or no|1`,
		`events|action "lend" is neither grant nor revoke|1`)
	expect(t, db, `select day, account, entitlement, successes, failures, interactive
		from lake.usage_day join lake.usage_account using (account_no) join lake.usage_entitlement using (entitlement_no)`,
		"2025-06-01|a1|e1|3|0|0", "2025-06-03|a1||1|0|0", "2025-06-03|a1|e1|0|1|0")
	expect(t, db, `select "at", kind, account, entitlement, other, value, actor, event_type from lake.change`,
		"2025-04-01|account_change|a1|·|department|Harbour|·|account_change", "2025-01-01|grant|a1|e1|·|·|a9|grant",
		"2025-02-01|revoke|a8|e9|·|·|·|revoke")
}

// A folder with nothing but a log still says who holds what.
func TestEventsAloneBecomeState(t *testing.T) {
	c := newTenant(t, "2025-07-01")
	c.add("log", "file", plain(t, map[string]string{"events.ndjson": `
{"at":"2025-01-01T00:00:00Z","action":"grant","account_id":"held","entitlement_id":"e1"}
{"at":"2025-01-05T00:00:00Z","action":"grant","account_id":"held","entitlement_id":"e1"}
{"at":"2025-01-01T00:00:00Z","action":"grant","account_id":"again","entitlement_id":"e1"}
{"at":"2025-02-01T00:00:00Z","action":"revoke","account_id":"again","entitlement_id":"e1"}
{"at":"2025-03-01T00:00:00Z","action":"grant","account_id":"again","entitlement_id":"e1"}
{"at":"2025-01-01T00:00:00Z","action":"grant","account_id":"gone","entitlement_id":"e1"}
{"at":"2025-02-01T00:00:00Z","action":"revoke","account_id":"gone","entitlement_id":"e1"}
{"at":"2025-02-01T00:00:00Z","action":"revoke","account_id":"blink","entitlement_id":"e1"}
{"at":"2025-02-01T00:00:00Z","action":"grant","account_id":"blink","entitlement_id":"e1"}
{"at":"2025-01-01T00:00:00Z","action":"grant","account_id":"stays","entitlement_id":"e2"}
{"at":"2025-02-01T00:00:00Z","action":"grant","account_id":"stays","entitlement_id":"e2"}
{"at":"2025-02-01T00:00:00Z","action":"revoke","account_id":"stays","entitlement_id":"e2"}
{"at":"2025-08-01T00:00:00Z","action":"grant","account_id":"later","entitlement_id":"e1"}
`, "usage.csv": "day,account_id,entitlement_id\n2025-05-01,held,e1\n2025-05-01,passer-by,e1\n"}))
	// a second folder, whose empty list of assignments counts more than its log
	c.add("both", "file", plain(t, map[string]string{"assignments.csv": "account_id,entitlement_id\n",
		"events.csv": "at,action,account_id,entitlement_id\n2025-01-01,grant,x,y\n"}))
	counts(t, c.pull(t), "log/events", 13, 0)
	db := c.mine(t)
	expect(t, db, "select source, account_id, entitlement_id, path_kind, via_id, since, until from staging.assignment_edge",
		"log|log:held|log:e1|direct||2025-01-01|·", "log|log:again|log:e1|direct||2025-03-01|·", "log|log:stays|log:e2|direct||2025-01-01|·")
	expect(t, db, "select account_id, login, status from staging.account", "log:held|held|active", "log:again|again|active", "log:stays|stays|active")
	expect(t, db, "select account_id, status, present from core.account where not present",
		"log:blink|absent|false", "log:gone|absent|false", "log:later|absent|false", "log:passer-by|absent|false", "both:x|absent|false")
	expect(t, db, "select entitlement_id, kind from staging.entitlement", "log:e1|app", "log:e2|group")
}

// A list that was cut short on its way does not take the place of the whole one.
func TestACutListIsNotBelieved(t *testing.T) {
	dir := folder(t, map[string]string{"assignments.csv": "account_id,entitlement_id\nu1,e1\nu2,e1\nu3,e1\n"})
	src, err := file.New(file.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	c := newTenant(t, "2025-07-01")
	c.add("f", "file", src)
	counts(t, c.pull(t), "f/assignments", 3, 0)
	if err := os.WriteFile(filepath.Join(dir, "assignments.csv"), []byte("account_id,entitlement_id\nu1,e1\nu2"), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := c.pull(t)["f/assignments"]; r.Err == nil || r.Landed != 1 || r.Quarantined != 1 {
		t.Errorf("landed %d, quarantined %d, err %v", r.Landed, r.Quarantined, r.Err)
	}
	expect(t, c.mine(t), "select account_id from staging.assignment_edge", "f:u1", "f:u2", "f:u3")
}

// Every staging model of files and HR gives its contract's columns and types.
func TestContracts(t *testing.T) {
	c := newTenant(t, "2025-07-01")
	c.add("f", "file", plain(t, map[string]string{"assignments.csv": "account_id,entitlement_id\n"}))
	c.pull(t)
	db := c.mine(t)
	for _, kind := range []string{"file", "hris"} {
		models, err := filepath.Glob("../mining/models/staging/*/" + kind + ".sql")
		if err != nil || len(models) == 0 {
			t.Fatal(models, err)
		}
		for _, m := range models {
			contract := filepath.Base(filepath.Dir(m))
			text, err := os.ReadFile(filepath.Join(filepath.Dir(m), "_contract.sql"))
			if err != nil {
				t.Fatal(err)
			}
			want := ask(t, db, "select column_name, column_type from (describe "+string(text)+")")
			expect(t, db, "select column_name, column_type from (describe from staging."+contract+"_"+kind+")", want...)
		}
	}
}
