package okta

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"winnow/internal/lake"
)

const eventColumns = `event_id[-2:], "at", kind, outcome, account, entitlement, other, value, interactive, actor, event_type, n, fault`

func TestEventsSayWhoUsedGotAndLostWhat(t *testing.T) {
	c := database(t)
	land(t, c, SystemLog, "okta", saved(t, SystemLog)...)
	same(t, "system_log", short(rows(t, c, "select "+eventColumns+" from landed.okta_system_log order by event_id")), events)
}

// events are what the saved log says, in the order of event ids.
const events = `
01|2026-03-01 01:30:00.001|presence|success|0u1|-|-|-|true|-|user.session.start|1|-
02|2026-03-01 02:30:00.002|use|success|0u1|oa1|-|-|true|-|user.authentication.sso|1|-
03|2026-03-01 03:30:00.003|use|failure|0u3|oa1|-|-|true|-|user.authentication.sso|1|-
04|2026-03-02 04:30:00.004|use|weak|0u1|oa1|-|-|true|-|policy.evaluate_sign_on|1|-
05|2026-03-02 05:30:00.005|other|weak|-|-|-|-|-|-|policy.evaluate_sign_on|1|-
06|2026-03-02 06:30:00.006|use|success|0u1|shifts-web|-|-|true|-|app.oauth2.authorize.code|1|-
07|2026-03-02 07:30:00.007|use|success|0u1|shifts-web|-|-|false|-|app.oauth2.token.grant.refresh_token|1|-
08|2026-03-02 08:30:00.008|other|success|-|shifts-web|-|-|false|-|app.oauth2.token.grant.access_token|1|-
09|2026-03-03 09:30:00.009|use|success|0u3|oa4|-|-|true|-|application.user_membership.show_password|1|-
10|2026-03-03 00:30:00.01|grant|success|0u4|0g2|-|-|-|0u1|group.user_membership.add|1|-
11|2026-03-03 01:30:00.011|revoke|success|0u4|0g2|-|-|-|0u1|group.user_membership.remove|1|-
12|2026-03-03 02:30:00.012|grant|failure|0u4|0g2|-|-|-|0u1|group.user_membership.add|1|-
13|2026-03-04 03:30:00.013|revoke|success|0u3|0g3|-|-|-|sys00000000000000001|app.user_management|1|-
14|2026-03-04 04:30:00.014|grant|success|0u3|oa1|-|-|-|sys00000000000000001|application.user_membership.add|1|-
15|2026-03-04 05:30:00.015|revoke|success|0u4|oa1|-|-|-|sys00000000000000001|application.user_membership.deprovision|1|-
16|2026-03-04 06:30:00.016|other|success|-|-|-|-|-|-|application.user_membership.update|1|-
17|2026-03-05 07:30:00.017|opens_grant|success|-|0g2|oa1|-|-|0u1|group.application_assignment.add|1|-
18|2026-03-05 08:30:00.018|opens_revoke|success|-|0g1|oa3|-|-|0u1|group.application_assignment.remove|1|-
19|2026-03-05 09:30:00.019|other|success|-|-|-|-|-|-|user.account.privilege.grant|1|-
20|2026-03-05 00:30:00.02|other|success|-|-|-|-|-|-|user.account.privilege.revoke|1|-
21|2026-03-06 01:30:00.021|presence|success|0u3|-|-|-|-|-|user.authentication.auth_via_mfa|1|-
22|2026-03-06 02:30:00.022|other|weak|-|-|-|-|-|-|system.org.rate_limit.warning|1|-
23|2026-03-06 03:30:00.023|other|success|-|oa1|-|-|true|-|user.authentication.sso|1|-`

func TestTimesAndMissingFieldsBecomeFaults(t *testing.T) {
	c := database(t)
	land(t, c, SystemLog, "okta",
		`{"uuid":"1","published":"yesterday","eventType":"x"}`,
		`{"uuid":"2","published":"2022-06-22 18:18:29.015","eventType":"x"}`,
		`{"uuid":"3","published":"2020-11-25 21:27:03.496000000","eventType":"x"}`,
		`{"uuid":"4","published":"2024-08-13T15:58:20+02:00","eventType":"x","target":[null,{"id":null,"type":"User"},{"type":5}]}`,
		`{"uuid":5,"published":"2024-08-13T15:58:20Z","eventType":"user.authentication.sso","outcome":null,"actor":{"type":"User","id":""}}`)
	same(t, "system_log", rows(t, c, `select event_id, "at", kind, outcome, account, fault from landed.okta_system_log order by event_id`), `
1|-|other|weak|-|published "yesterday" is not a timestamp
2|2022-06-22 18:18:29.015|other|weak|-|-
3|2020-11-25 21:27:03.496|other|weak|-|-
4|2024-08-13 13:58:20|other|weak|-|-
5|2024-08-13 15:58:20|other|weak|-|-`)
	land(t, c, SystemLogFlat, "okta",
		`{"uuid_g":"1","published_t":"2020-05-26T22:15:33.692Z","eventType_s":"x","target_s":"[{\"id\":\"cut of"}`,
		`{"uuid_g":"2","published_t":"2020-05-26T22:15:33.692Z","eventType_s":"x","target_s":"{}"}`,
		`{"uuid_g":"3","published_t":"2020-05-26T22:15:33.692Z","eventType_s":"x","target_s":""}`,
		`{"uuid_g":"4","published_t":"2020-05-26T22:15:33.692Z"}`,
		`{"eventtype":"x","published":"2020-05-26T22:15:33.692Z"}`)
	same(t, "system_log_flat", rows(t, c, `select event_id, fault from landed.okta_system_log_flat order by event_id nulls last`), `
1|target_s "[{"id":"cut of" is not a list
2|target_s "{}" is not a list
3|-
4|eventType is missing
-|uuid is missing`)
}

// The same events give the same rows in every form.
func TestAllFormsOfTheLogAreReadAlike(t *testing.T) {
	const fields = `select replace(event_id, 'x', '0'), * exclude (event_id, source) from landed.okta_`
	c := database(t)
	nested := saved(t, SystemLog)
	land(t, c, SystemLog, "okta", nested...)
	want := rows(t, c, fields+"system_log order by all")
	land(t, c, SystemLogFlat, "okta", each(nested, flatten(t))...)
	same(t, "flattened", rows(t, c, fields+"system_log_flat order by all"), want)
	run(t, c, "drop table landed.okta_system_log_flat")
	land(t, c, SystemLogFlat, "okta", each(nested, lower)...)
	same(t, "lower case", rows(t, c, fields+"system_log_flat order by all"), want)

	const mark = "-- from here on"
	_, a, _ := strings.Cut(model(t, "landing/okta_system_log.sql"), mark)
	_, b, _ := strings.Cut(model(t, "landing/okta_system_log_flat.sql"), mark)
	if a != b || a == "" {
		t.Error("the two models of the log differ below their mark")
	}
}

func each(in []string, f func(string) string) []string {
	out := make([]string, len(in))
	for i, s := range in {
		out[i] = f(s)
	}
	return out
}

// A line that passes its shape never makes the reader fail, whatever the types.
func TestWhatPassesTheShapeIsRead(t *testing.T) {
	values := []string{`null`, `""`, `"x"`, `5`, `-1.5e400`, `true`, `{}`, `[]`, `[null]`, `["x"]`, `[5,true]`, `[{}]`, `[[]]`, `{"a":{"b":[1]}}`}
	for _, s := range Streams() {
		c := database(t)
		var fit []string
		for _, line := range variants(s.Shape, values) {
			if s.Shape.Check([]byte(line)) == nil {
				fit = append(fit, line)
			}
		}
		land(t, c, s.Name, "okta", fit...)
		if got := rows(t, c, "select count(*) from landed.okta_"+string(s.Name)); got != rows(t, c, "select "+itoa(len(fit))) || len(fit) < 5 {
			t.Errorf("%s: %s rows of %d lines", s.Name, got, len(fit))
		}
	}
}

// Every key that a landing model reads stands in the shape of its stream, since
// a key without a shape could carry a type that stops the reader.
func TestShapesCoverTheModels(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(models, "landing", "okta_*.sql"))
	if err != nil || len(files) != len(Streams()) {
		t.Fatalf("%d models for %d streams, %v", len(files), len(Streams()), err)
	}
	for _, s := range Streams() {
		b, err := os.ReadFile(filepath.Join(models, "landing", "okta_"+string(s.Name)+".sql"))
		if err != nil {
			t.Fatal(err)
		}
		_, columns, _ := strings.Cut(string(b), "columns = {")
		columns, _, _ = strings.Cut(columns, "})")
		for _, key := range keys(s.Shape) {
			if !strings.Contains(columns, key) {
				t.Errorf("%s: the shape demands %s, which the model does not read", s.Name, key)
			}
		}
		if got, want := strings.Count(columns, "'VARCHAR")+strings.Count(columns, " VARCHAR"), leaves(s.Shape); got != want {
			t.Errorf("%s: the model reads %d leaves, the shape knows %d", s.Name, got, want)
		}
	}
}

func keys(fields []lake.Field) []string {
	var out []string
	for _, f := range fields {
		out = append(append(out, f.Key), keys(f.Fields)...)
	}
	return out
}

func leaves(fields []lake.Field) int {
	n := 0
	for _, f := range fields {
		if len(f.Fields) == 0 {
			n++
		}
		n += leaves(f.Fields)
	}
	return n
}

func TestInventoryLands(t *testing.T) {
	c := database(t)
	landOrg(t, c)
	for _, s := range Streams() {
		if s.Name != SystemLogFlat {
			table := "landed.okta_" + string(s.Name)
			same(t, string(s.Name)+": faults", rows(t, c, "select fault from "+table+" where fault is not null"), "")
		}
	}
	same(t, "attributes", rows(t, c, "select attributes from landed.okta_users where id like '%1' and source = 'okta'"),
		`{"cost_center":"CC-10"}`)
}

func TestInventoryTimesBecomeFaults(t *testing.T) {
	c := database(t)
	land(t, c, Users, "okta", `{"id":"1","lastLogin":"never","profile":null}`, `{"id":"2","created":"2026-03-01T09:00:00+01:00"}`)
	same(t, "users", rows(t, c, "select id, login, created_at, attributes, fault from landed.okta_users order by id"), `
1|-|-|{}|lastLogin "never" is not a timestamp
2|-|2026-03-01 08:00:00|{}|-`)
	land(t, c, AppUsers, "okta", `{"parent_id":"a","item":{"id":"1","created":"x"}}`)
	land(t, c, UserRoles, "okta", `{"parent_id":"a","item":{"id":"1","type":"T","created":"x"}}`)
	same(t, "others", rows(t, c, "select fault from landed.okta_app_users union all select fault from landed.okta_user_roles"),
		"created \"x\" is not a timestamp\ncreated \"x\" is not a timestamp")
}
