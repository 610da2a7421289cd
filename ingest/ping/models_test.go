package ping

import (
	"os"
	"strings"
	"testing"

	"winnow/ingest/sourcetest"
	"winnow/internal/access"
	"winnow/internal/lake"
)

func streamID(s access.StreamName) lake.StreamID { return lake.StreamID{Source: "s", Stream: s} }

func write(t *testing.T, file string, lines ...string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// saved lands the folder as the source a, its lines twice as the source b, so
// that models which mix sources up show.
func saved(t *testing.T) *sourcetest.DB {
	t.Helper()
	d := sourcetest.Open(t, "ping")
	for _, s := range Streams() {
		lines := sourcetest.Saved(t, dir, s.Name)
		d.Land(s.Name, "a", lines...)
		d.Land(s.Name, "b", append(lines, lines...)...)
	}
	return d
}

func TestShapes(t *testing.T) { sourcetest.Shapes(t, "ping", Streams()) }

func TestActivities(t *testing.T) {
	d := saved(t)
	d.Same("activities", `select event_id, "at", kind, outcome, account, entitlement, other, value, interactive, actor, event_type, n, fault
		from landed.ping_activities where source = 'a' order by event_id`, `
e01|2026-08-20 00:30:00.001|presence|success|u1|-|-|-|true|-|PASSWORD.CHECK_SUCCEEDED|1|-
e02|2026-08-20 01:30:00.002|use|success|u1|a1|-|-|true|-|USER.ACCESS_ALLOWED|1|-
e03|2026-08-20 02:30:00.003|use|failure|u2|a1|-|-|true|-|USER.ACCESS_DENIED|1|-
e04|2026-08-21 03:30:00.004|grant|success|u2|g1|-|-|-|u9|MEMBER_OF_GROUP.CREATED|1|-
e05|2026-08-21 04:30:00.005|revoke|success|u3|g1|-|-|-|a4|MEMBER_OF_GROUP.DELETED|1|-
e06|2026-08-23 23:30:00.006|other|success|-|-|-|-|-|-|MEMBER_OF_GROUP.CREATED|1|-
e07|2026-08-25 05:30:00.007|other|success|-|-|-|-|-|-|GROUP.CREATED|1|-
e08|2026-08-25 06:30:00.008|account_change|success|u7|-|status|deprovisioned|-|-|USER.DELETED|1|-
e09|2026-08-26 07:30:00.009|use|success|u3|a2|-|-|true|-|USER.ACCESS_ALLOWED|1|-
e10|2026-08-26 08:30:00.01|presence|success|u1|-|-|-|true|-|SESSION.CREATED|1|-
e11|2026-08-27 09:30:00.011|presence|success|u1|-|-|-|true|-|USER.ACCESS_ALLOWED|1|-
e12|2026-08-31 23:30:00.012|presence|failure|u1|-|-|-|true|-|OTP.CHECK_FAILED|1|-`)
	d.Land(Activities, "c", `{"id":"1","recordedAt":"yesterday","action":{"type":"x"}}`, `{"id":"2","recordedAt":"2026-08-01T02:00:00+02:00","action":{"type":"x"},"actors":{}}`)
	d.Same("faults", `select event_id, "at", fault from landed.ping_activities where source = 'c' order by event_id`, `
1|-|recordedAt "yesterday" is not a timestamp
2|2026-08-01 00:00:00|-`)
}

func TestStaging(t *testing.T) {
	d := saved(t)
	d.Contract("account", "account_id, login, email, display_name, status, title, location, created_at, last_seen_at, attributes", `
a:u1|ada.berg|ada.berg@acme.example|Ada Berg|active|Controller|Oslo|2024-02-01 08:00:00|2026-08-30 09:15:00|{"user_type":"Employee","external_id":"X-1","population":"p1"}
a:u2|bo.lind|bo.lind@acme.example|Bo Lind|suspended|-|-|2024-02-02 08:00:00|-|{"population":"p1"}
a:u3|cem|-|-|staged|-|-|2024-02-03 08:00:00|-|{}`)
	d.Contract("entitlement", "entitlement_id, kind, name, description, mastering, sign_on", `
a:a1|app|Ledger|books|local|federated
a:a2|app|Payroll|-|local|federated
a:a3|app|Intranet|-|local|bookmark
a:a4|app|Sync|-|local|none
a:a5|app|Vault|-|local|federated
a:g1|group|Finance|money|local|-
a:g2|group|Oslo people|-|dynamic|-
a:g3|group|Imported|-|imported|-
a:g4|group|All of finance|-|local|-`)
	d.Contract("assignment_edge", "account_id, entitlement_id, path_kind, via_id", `
a:u1|a:g1|direct|
a:u1|a:g2|rule|a:g2
a:u2|a:g1|direct|
a:u2|a:g3|direct|`)
	d.Contract("nesting", "child_id, parent_id", `a:g1|a:g4`)
	d.Contract("opens", "entitlement_id, opens_id", `
a:g1|a:a1
a:g2|a:a1
a:g4|a:a5`)
	d.Contract("rule", "rule_id, entitlement_id, name, expression, status", `a:g2|a:g2|Oslo people|address.locality eq "Oslo"|active`)
}

func TestTimesOfUsersBecomeFaults(t *testing.T) {
	d := sourcetest.Open(t, "ping")
	d.Land(Users, "a", `{"id":"1","createdAt":"x"}`, `{"id":"2","lastSignOn":{"at":"never"}}`, `{"id":"3","updatedAt":"?"}`)
	d.Same("users", "select fault from landed.ping_users order by id", `
createdAt "x" is not a timestamp
lastSignOn.at "never" is not a timestamp
updatedAt "?" is not a timestamp`)
}
