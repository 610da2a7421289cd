package acceptance_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// shrink leaves out one line in so many of a file, packed or not.
func (p place) shrink(t *testing.T, name string, every int) {
	t.Helper()
	var kept strings.Builder
	n := 0
	for l := range strings.Lines(p.read(t, name)) {
		if n++; n%every != 0 {
			kept.WriteString(l)
		}
	}
	p.write(t, name, packed(t, name, kept.String()))
}

// standing is everything that readers and reviewers have, byte for byte.
func (p place) standing(t *testing.T) map[string]string {
	t.Helper()
	all := contents(t, p.out())
	b, err := os.ReadFile(p.snapshot())
	if err != nil {
		t.Fatal(err)
	}
	all["winnow.duckdb"] = string(b)
	return all
}

// halts runs a night that has to stop before anything is published or exported.
func (p place) halts(t *testing.T, words ...string) {
	t.Helper()
	was := p.standing(t)
	e := p.night(t, tonight, 1)
	says(t, e.stderr, words...)
	says(t, e.stderr, "hint: nothing was published or exported", "--accept-drop")
	if r := p.report(t); r.Status != "failed" || r.Hint == "" {
		t.Errorf("last_run.json says %q, hint %q", r.Status, r.Hint)
	}
	now := p.standing(t)
	for _, name := range slices.Sorted(maps.Keys(was)) {
		if now[name] != was[name] {
			t.Errorf("%s changed although the run was halted", name)
		}
	}
	if len(now) != len(was) {
		t.Errorf("%d files stand, there were %d", len(now), len(was))
	}
	for _, left := range leftovers(t, p.dir) {
		t.Errorf("the halted run left %s behind", left)
	}
}

// An identity provider that lists too little, and an HR report in which half of
// the people left over night, change nothing until a person has looked.
func TestBrakes(t *testing.T) {
	t.Parallel()
	p := place{t.TempDir() + "/p"}
	firstNight(t).nextDay(t, p)
	members := p.read(t, "okta/app_users.ndjson.gz")
	p.shrink(t, "okta/app_users.ndjson.gz", 4) // by a quarter
	p.write(t, "legacy/assignments.csv", "account_id,entitlement_id,since,until,path\n")
	n := strings.Count(members, "\n")
	p.halts(t, fmt.Sprintf("okta: app_users shrank from %d to %d items", n, n-n/4), "legacy: assignments shrank from ", " to 0 items")

	p.write(t, "okta/app_users.ndjson.gz", packed(t, "x.gz", members))
	copyTree(t, firstNight(t).path("legacy/assignments.csv"), p.path("legacy/assignments.csv"))
	workers := strings.ReplaceAll(p.read(t, "hr/workers.ndjson"), `"Status":"Active"`,
		`"Status":"Terminated","Termination_Date":"`+yesterday.AddDate(0, 0, -5).Format(time.DateOnly)+`"`)
	p.write(t, "hr/workers.ndjson", workers)
	p.halts(t, "hold the new snapshot back: it would advise ", "as of "+yesterday.Format(time.DateOnly), `rest on "left" in source okta`)

	p.shrink(t, "okta/app_users.ndjson.gz", 4)
	p.night(t, tonight, 0, "--accept-drop")
	conn := attach(t, firstNight(t).snapshot(), p.snapshot())
	const more = `select ((select count(*) from b.marts.recommendation where action = 'revoke')
		> 3 * (select count(*) from a.marts.recommendation where action = 'revoke'))::varchar`
	if got := texts(t, conn, more); got[0] != "true" {
		t.Error("the accepted night does not advise what it was halted for")
	}
}
