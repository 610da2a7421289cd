package acceptance_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// A wound is what went wrong with a file, and what the run has to say about it.
type wound struct {
	file string
	harm func(lines []string) []string
	says []string // in the run's output; none where nothing is lost
}

// at changes one line, counted from 1, by replacing old.
func at(n int, old, with string) func([]string) []string {
	return func(lines []string) []string {
		if !strings.Contains(lines[n-1], old) {
			panic(fmt.Sprintf("line %d holds no %q: %s", n, old, lines[n-1]))
		}
		lines[n-1] = strings.Replace(lines[n-1], old, with, 1)
		return lines
	}
}

// before puts a line before the nth.
func before(n int, text string) func([]string) []string {
	return func(lines []string) []string { return slices.Insert(lines, n-1, text+"\n") }
}

// instead puts a text in place of the file's own.
func instead(text string) func([]string) []string {
	return func([]string) []string { return []string{text} }
}

var wounds = []wound{
	{"okta/system_log.ndjson.gz", before(11, `{"uuid":"bad", oops`), []string{`okta system_log: system_log.ndjson.gz:11: "{"uuid":"bad", oops" is not a JSON object`, "each line holds one JSON object"}},
	{"okta/system_log.ndjson.gz", at(21, `"eventType":"`, `"eventType":"quantum.`), nil},
	{"okta/system_log.ndjson.gz", at(31, `"target":`, `"target":null,"was":`), nil},
	{"okta/system_log.ndjson.gz", func(lines []string) []string { return append(lines, lines[40]) }, nil}, // a duplicate
	{"okta/users.ndjson.gz", at(3, `"status":"`, `"status":{"word":"ACTIVE"},"x":"`), []string{`okta users: users.ndjson.gz:3: status "{"word":"ACTIVE"}`, "is not a scalar", "winnow quarantine retry"}},
	{"okta/groups.ndjson.gz", at(6, `"name":"`, `"name":"\ud800`), []string{"okta groups: groups.ndjson.gz:6: ", "holds half of a surrogate pair"}},
	{"okta/apps.ndjson.gz", at(6, `"label":"`, "\"label\":\"\x00"), []string{"okta apps: apps.ndjson.gz:6: ", "holds a raw control character"}},
	{"okta/apps.ndjson.gz", at(8, `"label":"`, `"label":"\u0000`), nil}, // an escaped NUL is JSON
	{"okta/group_members.ndjson.gz", at(6, `"login":"`, "\"login\":\"\xff"), []string{"okta group_members: group_members.ndjson.gz:6: ", "holds bytes that are not UTF-8"}},
	{"okta/group_rules.ndjson.gz", instead("<!DOCTYPE html><html><body>Sign in</body></html>\n"), []string{"group_rules.ndjson.gz: is HTML or XML", "it may be a saved error page"}},
	{"entra/role_definitions.ndjson.gz", instead("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), []string{"role_definitions.ndjson.gz: is an image", "save the data as CSV or NDJSON"}},
	{"entra/directory_audits.ndjson.gz", at(3, `"targetResources":`, `"targetResources":"none","was":`), []string{"entra directory_audits: directory_audits.ndjson.gz:3: targetResources", "is not an array"}},
	{"entra/groups.ndjson.gz", func(lines []string) []string { return slices.Insert(lines, 0, "\xef\xbb\xbf") }, nil},
	{"entra/role_assignments.ndjson.gz", instead(""), []string{"entra role_assignments: the list is empty"}},
	{"hr/leaves.ndjson", func(lines []string) []string { return crlf(lines) }, nil},
	{"hr/workers.ndjson", at(5, `"Hire_Date":"`, `"Hire_Date":"0000-00-00","Was":"`), nil}, // how systems write "none"
	{"hr/workers.ndjson", at(7, `"Hire_Date":"`, `"Hire_Date":"soon","Was":"`), []string{`hire_date "soon" is not a date`, "core.doubt"}},
	{"legacy/accounts.csv", func(lines []string) []string { return column(lines, "shoe_size", "43") }, []string{"legacy accounts: no field of ours: column shoe_size (kept as an attribute of the account"}},
	{"legacy/usage.csv", before(7, "0000-00-00,W1,R251,1,success"), []string{`legacy usage: usage.csv:7: at "0000-00-00" is not a time`, "times are ISO 8601"}},
	{"legacy/events.csv", instead("at,action,account_id,entitlement_id\n2026-08-20T10:00:00Z,lend,W1,R251\n"), []string{`legacy events: action "lend" is neither grant nor revoke`, "the records of 2026-08-20 are left out"}},
}

// cut are files whose end is missing.
var cut = map[string][]string{
	"entra/sign_ins_noninteractive.ndjson.gz": {"sign_ins_noninteractive.ndjson.gz:", "cannot be read further: the file is cut short", "copy the file again in full"},
	"entra/app_role_assignments.ndjson.gz":    {"app_role_assignments.ndjson.gz:", "is cut short with its file"},
}

// crlf ends lines as Windows does.
func crlf(lines []string) []string {
	for i := range lines {
		lines[i] = strings.TrimSuffix(lines[i], "\n") + "\r\n"
	}
	return lines
}

// column adds a column to the lines of a CSV file.
func column(lines []string, name, value string) []string {
	for i := range lines {
		cell := value
		if i == 0 {
			cell = name
		}
		lines[i] = strings.TrimSuffix(lines[i], "\n") + "," + cell + "\n"
	}
	return lines
}

// wounded harms the files of a place.
func (p place) wounded(t *testing.T) {
	t.Helper()
	for _, w := range wounds {
		var lines []string
		if _, err := os.Stat(p.path(w.file)); err == nil {
			lines = slices.Collect(strings.Lines(p.read(t, w.file)))
		}
		p.write(t, w.file, packed(t, w.file, strings.Join(w.harm(lines), "")))
	}
	for name := range cut {
		b := packed(t, name, p.read(t, name))
		p.write(t, name, b[:len(b)*2/3])
	}
	p.write(t, "entra/users.ndjson.gz", p.read(t, "entra/users.ndjson.gz")) // not packed, whatever its name says
}

// Everything that can be wrong with a file gets a word that says where, what
// and what to do; it is kept, or lands all the same; and the rest goes on.
func TestBadInputIsToldAndStopsNothing(t *testing.T) {
	t.Parallel()
	p := firstNight(t).beside(t)
	p.wounded(t)
	e := p.night(t, yesterday, 3)
	for _, w := range wounds {
		says(t, e.stdout, w.says...)
	}
	for _, words := range cut {
		says(t, e.stdout, words...)
	}
	says(t, e.stderr, "winnow: run was done in part: 4 of ", "streams did not arrive whole", "hint: ")
	conn := shell(t, p.snapshot())
	for _, s := range p.report(t).Streams {
		if s.Served != s.Landed+s.Quarantined {
			t.Errorf("%s %s: served %d, landed %d and quarantined %d", s.Source, s.Stream, s.Served, s.Landed, s.Quarantined)
		}
		counted := texts(t, conn, fmt.Sprintf(`select coalesce(sum(landed + duplicate + quarantined), 0)::varchar
			from core.ingest_count where source = '%s' and stream = '%s'`, s.Source, s.Stream))
		// What arrived of an inventory that was cut short is kept, and does not count yet.
		if s.Status == "done" && counted[0] != fmt.Sprint(s.Served) {
			t.Errorf("%s %s: served %d, counted %s", s.Source, s.Stream, s.Served, counted[0])
		}
	}
	const repeated = "select (sum(duplicate) + %d)::varchar from core.ingest_count where stream = 'system_log'"
	was := texts(t, shell(t, firstNight(t).snapshot()), fmt.Sprintf(repeated, 1))[0]
	if got := texts(t, conn, fmt.Sprintf(repeated, 0))[0]; got != was {
		t.Errorf("%s duplicates in the log, want %s", got, was)
	}
	for _, c := range []struct{ query, want string }{
		{"select count(*) > 20 from marts.recommendation", "true"},
		{"select count(*) from core.rule where source = 'okta'", "0"}, // the page was HTML
		{"select records from core.quarantine where stream = 'system_log' and place like '%/okta/system_log.ndjson.gz' and line = 11", "1"},
		{"select reason from core.quarantine where stream = 'events'", `action "lend" is neither grant nor revoke`},
		{"select status || ': ' || reason from core.coverage where stream = 'directory_audits' and status <> 'complete'", "partial: 1 of "},
		{`select count(*) = 0 from core.coverage where stream = 'sign_ins_noninteractive' and status = 'complete'
			and day >= date '` + yesterday.AddDate(0, 0, -9).Format("2006-01-02") + "'", "true"},
		{"select count(*) from core.account where attributes ->> 'shoe_size' = '43'", "22"},
	} {
		if got := strings.Join(texts(t, conn, "select x::varchar from ("+c.query+") as t(x)"), ", "); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s = %q, want %q", c.query, got, c.want)
		}
	}
}
