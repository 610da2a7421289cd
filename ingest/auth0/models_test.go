package auth0

import (
	"strings"
	"testing"

	"winnow/ingest/sourcetest"
)

// saved lands the folder as the source a, its lines twice as the source b, so
// that models which mix sources up show.
func saved(t *testing.T) *sourcetest.DB {
	t.Helper()
	d := sourcetest.Open(t, "auth0")
	for _, s := range Streams() {
		lines := sourcetest.Saved(t, dir, s.Name)
		d.Land(s.Name, "a", lines...)
		d.Land(s.Name, "b", append(lines, lines...)...)
	}
	return d
}

func TestShapes(t *testing.T) { sourcetest.Shapes(t, "auth0", Streams()) }

const logColumns = `event_id[-2:], "at", kind, outcome, account, entitlement, other, value, interactive, actor, event_type, n, fault`

// logged are the rows of the saved log.
const logged = `
01|2026-08-30 00:30:00.001|use|success|auth0|1|c1|-|-|true|-|s|1|-
02|2026-08-30 01:30:00.002|use|success|auth0|1|c1|-|-|-|-|seacft|1|-
03|2026-08-30 02:30:00.003|use|success|auth0|1|c1|-|-|false|-|ssa|1|-
04|2026-08-30 03:30:00.004|use|success|auth0|1|c1|-|-|false|-|sertft|1|-
05|2026-08-30 04:30:00.005|use|success|google-oauth2|2|c1|-|-|true|-|ss|1|-
06|2026-08-30 05:30:00.006|use|failure|google-oauth2|2|c1|-|-|true|-|fp|1|-
07|2026-08-30 06:30:00.007|other|failure|-|c1|-|-|true|-|fu|1|-
08|2026-08-30 07:30:00.008|other|failure|-|-|-|-|-|-|fsa|1|-
09|2026-08-30 08:30:00.009|other|success|-|-|-|-|-|-|seccft|1|-
10|2026-08-31 00:30:00.01|presence|success|auth0|1|-|-|-|-|-|slo|1|-
11|2026-08-31 01:30:00.011|presence|success|auth0|1|-|-|-|true|-|s|1|-
12|2026-08-31 02:30:00.012|presence|success|auth0|1|-|-|-|-|-|gd_auth_succeed|1|-
13|2026-08-31 03:30:00.013|grant|success|auth0|1|rol_1|-|-|-|auth0|9|sapi|1|-
14|2026-08-31 04:30:00.014|grant|success|auth0|1|rol_2|-|-|-|auth0|9|sapi|1|-
15|2026-08-31 05:30:00.015|revoke|success|email|a+b@acme.example|rol_1|-|-|-|c2|sapi|1|-
16|2026-08-31 06:30:00.016|other|success|-|-|-|-|-|-|sapi|1|-
17|2026-08-31 07:30:00.017|other|success|-|-|-|-|-|-|sapi|1|-
18|2026-08-31 08:30:00.018|other|weak|-|-|-|-|-|-|signup_pwd_leak|1|-
19|2026-08-31 09:30:00.019|other|failure|-|-|-|-|-|-|fapi|1|-
20|2026-08-31 23:30:00.02|use|success|auth0|1|c3|-|-|-|-|sepft|1|-`

func TestLogs(t *testing.T) {
	d := saved(t)
	d.Same("logs", "select "+logColumns+" from landed.auth0_logs where source = 'a' order by event_id", logged)
	d.Land(Logs, "c", `{"log_id":"1","date":"yesterday","type":"s"}`, `{"date":"2026-08-01T00:00:00Z","type":"s"}`, `{"_id":"3","date":"2026-08-01T00:00:00Z"}`,
		`{"log_id":"4","date":"2025-10-03 14:09:32.149000000","type":"s","details":"text","user_id":"u","client_id":"c"}`,
		`{"log_id":"5","date":"2025-10-03T14:09:32Z","type":"sapi","details":{"request":{"method":5,"path":["x"],"body":[1]}}}`)
	d.Same("faults", `select event_id, "at", kind, fault from landed.auth0_logs where source = 'c' order by event_id`, `
1|-|other|date "yesterday" is not a timestamp
3|2026-08-01 00:00:00|other|type is missing
4|2025-10-03 14:09:32.149|use|-
5|2025-10-03 14:09:32|other|-
-|2026-08-01 00:00:00|other|log_id is missing`)
}

// The same events give the same rows in the form of log streams.
func TestLogStreamsAreReadAlike(t *testing.T) {
	d := sourcetest.Open(t, "auth0")
	var lines []string
	for _, line := range sourcetest.Saved(t, dir, Logs) {
		lines = append(lines, `{"log_id":`+strings.SplitN(strings.SplitN(line, `"log_id":`, 2)[1], ",", 2)[0]+`,"data":`+line+`}`)
	}
	d.Land(Logs, "a", lines...)
	d.Same("logs", "select "+logColumns+" from landed.auth0_logs order by event_id", logged)
}

func TestStaging(t *testing.T) {
	d := saved(t)
	d.Contract("account", "account_id, login, email, display_name, status, created_at, last_seen_at", `
a:auth0|1|ada|ada.berg@acme.example|Ada Berg|active|2024-02-01 08:00:00|2026-08-30 09:15:00
a:email|a+b@acme.example|a+b@acme.example|a+b@acme.example|a+b|active|2024-02-02 08:00:00|-
a:google-oauth2|2|bo.lind@acme.example|bo.lind@acme.example|Bo Lind|suspended|2024-02-02 08:00:00|-`)
	d.Contract("entitlement", "entitlement_id, kind, name, description, mastering, sign_on", `
a:c1|app|Shop|-|local|federated
a:c2|app|Cron|-|local|none
a:c3|app|Portal|-|local|federated
a:rol_1|app_role|Editor|may write|local|-
a:rol_2|app_role|Auditor|-|local|-
a:rol_3|app_role|Nobody|-|local|-`)
	d.Contract("assignment_edge", "account_id, entitlement_id, path_kind, eligible", `
a:auth0|1|a:rol_1|direct|false
a:auth0|1|a:rol_2|direct|false
a:email|a+b@acme.example|a:rol_1|direct|false
a:google-oauth2|2|a:rol_1|direct|false`)
}

func TestTimesOfUsersBecomeFaults(t *testing.T) {
	d := sourcetest.Open(t, "auth0")
	d.Land(Users, "a", `{"user_id":"1","created_at":"x"}`, `{"user_id":"2","last_login":"never"}`, `{"user_id":"3","updated_at":"?"}`)
	d.Same("users", "select fault from landed.auth0_users order by user_id", `
created_at "x" is not a timestamp
last_login "never" is not a timestamp
updated_at "?" is not a timestamp`)
}
