package forget

import (
	"strings"
	"testing"

	"winnow/internal/access"
	"winnow/internal/lake"
)

// anna is known by long ids, short ones, mails and a number.
var anna = Person{
	Accounts: map[access.SourceName][]string{
		"okta": {"00u1anna2345678901ab", "anna@x.test"}, "entra": {"11111111-2222-3333-4444-555555555555"}, "legacy": {"a1", "anna"}, "scim": {"7"}, "hr": {"77"},
	},
	Mails: []string{"Anna@x.test"}, Numbers: []string{"42"}, Names: []string{"Anna Kovács"},
	NumberFields: map[access.SourceName][]string{"hr": {"Personnel_No"}},
}

// Records about the person go, records that mention them lose the mention, and
// all others stay as they are, byte for byte.
func TestItem(t *testing.T) {
	const stays, goes = "=", ""
	for _, c := range []struct{ source, stream, item, want string }{
		{"okta", "users", `{"id":"00u1anna2345678901ab","profile":{"login":"anna@x.test"}}`, goes},
		{"okta", "users", `{"id":"00u9","profile":{"login":"bert@x.test","email":"BERT@x.test"}}`, stays},
		{"okta", "users", `{"id":"00u9","profile":{"login":"joanna@x.test","alt":"anna@x.test.org"}}`, stays},
		{"okta", "users", `{"id":"00u9","profile":{"login":"b","manager":"ANNA@x.test","managerId":"00u1anna2345678901ab"}}`,
			`{"id":"00u9","profile":{"login":"b","manager":null,"managerId":null}}`},
		{"okta", "users", `{"id":"00u9","profile":{"displayName":"Anna Kovács","manager":"anna kovÁcs","managerId":"00u1anna2345678901ab"}}`,
			`{"id":"00u9","profile":{"displayName":"Anna Kovács","manager":null,"managerId":null}}`},
		{"okta", "users", `{"id":"00u9","profile":{"manager":"Anna Kovács","managerId":"00u8"}}`, stays}, // a namesake
		{"okta", "group_members", `{"parent_id":"00g1","item":{"id":"00u1anna2345678901ab"}}`, goes},
		{"okta", "user_roles", `{"parent_id":"00u1anna2345678901ab","item":{"id":"r1"}}`, goes},
		{"okta", "apps", `{"id":"0oa1","label":"anna's shop"}`, stays},
		{"okta", "system_log", `{"uuid":"e1","actor":{"id":"00u1anna2345678901ab","type":"User"},"target":null,"client":{"ipAddress":"192.0.2.1"}}`, goes},
		{"okta", "system_log", `{"uuid":"e2","actor":{"id":"00u9","type":"User"},"target":[{"id":"00u1anna2345678901ab","type":"User"},{"id":"00g1","type":"UserGroup"}]}`, goes},
		{"okta", "system_log", `{"actor":{"id":"00u1anna2345678901ab","alternateId":"anna@x.test"},"client":{"ipAddress":"192.0.2.1"},"target":[{"id":"00u9","type":"User"}],"uuid":"e3"}`,
			`{"actor":null,"client":null,"target":[{"id":"00u9","type":"User"}],"uuid":"e3"}`},
		{"okta", "system_log", `{"actor":{"id":"00u9"},"displayMessage":"told <anna@x.test>.","uuid":"e4"}`, goes},
		{"okta", "system_log", `{"actor":{"id":"00u9"},"displayMessage":"told \u0061nna@x.test","uuid":"e5"}`, goes},
		{"okta", "system_log", `{"actor":{"id":"00u9"},"count":12345678901234567890,"displayMessage":"\u00e9","uuid":"e6"}`, stays},
		{"okta", "reviews", `{"id":"v1","principal":{"id":"00u9"},"reviewer":{"id":"00u1anna2345678901ab"}}`, `{"id":"v1","principal":{"id":"00u9"},"reviewer":null}`},
		{"okta", "campaigns", `{"createdBy":"00u1anna2345678901ab","id":"c1"}`, `{"createdBy":null,"id":"c1"}`},
		{"entra", "users", `{"id":"9","manager":{"id":"11111111-2222-3333-4444-555555555555","displayName":"Anna"}}`, `{"id":"9","manager":null}`},
		{"entra", "app_role_assignments", `{"parent_id":"sp","item":{"principalId":"11111111-2222-3333-4444-555555555555"}}`, goes},
		{"entra", "sign_ins", `{"id":"s1","userId":"11111111-2222-3333-4444-555555555555"}`, goes},
		{"entra", "audits_export", `{"category":"AuditLogs","properties":{"id":"d1","initiatedBy":{"user":{"id":"11111111-2222-3333-4444-555555555555"}},"targetResources":[{"id":"g","type":"Group"}]}}`,
			`{"category":"AuditLogs","properties":{"id":"d1","initiatedBy":null,"targetResources":[{"id":"g","type":"Group"}]}}`},
		{"entra", "directory_audits", `{"id":"d2","target":"https://graph.test/users/11111111-2222-3333-4444-555555555555/x"}`, goes},
		{"legacy", "accounts", `{"account_id":"a1","login":"anna"}`, goes},
		{"legacy", "accounts", `{"account_id":"a12","login":"b","department":"a1","manager":"a1"}`, `{"account_id":"a12","department":"a1","login":"b","manager":null}`},
		{"legacy", "entitlements", `{"entitlement_id":"a1","owner":"a1"}`, `{"entitlement_id":"a1","owner":null}`},
		{"legacy", "events", `{"_id":"x","account_id":"a1","entitlement_id":"crm"}`, goes},
		{"legacy", "events", `{"_id":"x","account_id":"a2","actor":"a1","entitlement_id":"crm"}`, `{"_id":"x","account_id":"a2","actor":null,"entitlement_id":"crm"}`},
		{"other", "accounts", `{"account_id":"a1","login":"anna"}`, stays}, // somebody else there
		{"other", "accounts", `{"account_id":"z","employee_number":"42"}`, goes},
		{"other", "accounts", `{"account_id":"42","floor":42}`, stays},
		{"scim", "users", `{"id":"7"}`, goes},
		{"scim", "groups", `{"id":"7","members":[{"value":"7"},{"value":"8"}]}`, `{"id":"7","members":[{"value":"8"}]}`},
		{"hr", "workers", `{"Personnel_No":42,"n":1}`, goes},
		{"hr", "workers", `{"Personnel_No":43,"hours":42,"Worker_s_Manager_group":[{"Manager_ID":"42"}]}`, `{"Personnel_No":43,"Worker_s_Manager_group":[],"hours":42}`},
		{"hr", "workers", `{"id":"420","employee_id":"142"}`, stays},
		{"hr", "transfers", `{"employeeId":"42","to":"Sales"}`, goes},
		{"hr", "transfers", `{"id":77,"to":"Sales"}`, goes}, // the record's id is all that it says
		{"hr", "statuses", `{"employeeId":"77","status":"Inactive"}`, goes},
		{"hr", "transfers", `{"id":78,"days":77,"supervisor":"77"}`, `{"days":77,"id":78,"supervisor":null}`},
		{"hr", "workers", `{"mail":"anna@x.test"`, goes}, // it cannot be read
	} {
		m := anna.matcher(lake.StreamID{Source: access.SourceName(c.source), Stream: access.StreamName(c.stream)})
		want := c.want
		if want == stays {
			want = c.item
		}
		got := m.item([]byte(c.item))
		if string(got) != want || (want == goes) != (got == nil) {
			t.Errorf("%s %s %s\n gives %s\n  want %s", c.source, c.stream, c.item, got, want)
		}
		if again := m.item(got); got != nil && string(again) != string(got) {
			t.Errorf("%s again gives %s", got, again)
		}
		if stay := m.refused([]byte(c.item)); stay != (c.want == stays) {
			t.Errorf("refused %s stays: %v", c.item, stay)
		}
	}
}

// Letters beyond ASCII are compared without regard to capitals too.
func TestItemBeyondASCII(t *testing.T) {
	p := Person{Accounts: map[access.SourceName][]string{"legacy": {"émile"}}, Mails: []string{"Émile@x.test"}}
	m := p.matcher(lake.StreamID{Source: "legacy", Stream: "accounts"})
	for _, item := range []string{`{"login":"ÉMILE"}`, `{"mail":"émile@X.test"}`} {
		if got := m.item([]byte(item)); got != nil {
			t.Errorf("%s gives %s", item, got)
		}
	}
	if item := `{"login":"EMILE"}`; string(m.item([]byte(item))) != item {
		t.Error("somebody else went")
	}
}

// BenchmarkItem tells how fast a log of others is looked through.
func BenchmarkItem(b *testing.B) {
	item := []byte(`{"actor":{"id":"00u9zzzzzzzzzzzzzzzz","type":"User","alternateId":"bert@x.test","displayName":"Bërt"},"eventType":"user.authentication.sso",` +
		`"debugContext":{"debugData":{"url":"` + strings.Repeat("/app/Acme/sso/saml?RelayState=xyz", 60) + `"}},"uuid":"e1"}`)
	m := anna.matcher(lake.StreamID{Source: "okta", Stream: "system_log"})
	b.SetBytes(int64(len(item)))
	for b.Loop() {
		if got := m.item(item); len(got) != len(item) {
			b.Fatal(string(got))
		}
	}
}
