package entra

import (
	"errors"
	"strings"
	"testing"

	"winnow/internal/access"
)

func TestRoute(t *testing.T) {
	const graph = `{"id":"1","createdDateTime":"2026-05-01T10:00:00Z","userId":"u1","appId":"a1","status":{"errorCode":0}`
	for _, x := range []struct {
		name   string
		stream access.StreamName
		line   string
		want   access.StreamName
	}{
		{"interactive", SignInsExport, graph + `,"isInteractive":true}`, SignIns},
		{"non-interactive", SignIns, graph + `,"isInteractive":false}`, SignInsNoninteractive},
		{"by its types", SignIns, graph + `,"signInEventTypes":["nonInteractiveUser"]}`, SignInsNoninteractive},
		{"by its file", SignInsNoninteractive, graph + `}`, SignInsNoninteractive},
		{"by default", DirectoryAudits, graph + `}`, SignIns},
		{"audit", SignIns, `{"id":"1","activityDateTime":"2026-05-01T10:00:00Z","activityDisplayName":"Add user","category":"UserManagement"}`, DirectoryAudits},
		{"exported sign-in", AuditsExport, `{"category":"NonInteractiveUserSignInLogs","time":"x","properties":{"userId":"u1"}}`, SignInsExport},
		{"exported audit", SignInsExport, `{"category":"AuditLogs","properties":{"activityDateTime":"x","activityDisplayName":"Add user"}}`, AuditsExport},
		{"exported audit by its own category", SignInsExport, `{"category":"Policy","properties":{"activityDisplayName":"Update policy"}}`, AuditsExport},
		{"management sign-in", DirectoryAudits, `{"CreationTime":"x","Operation":"UserLoggedIn","Workload":"AzureActiveDirectory"}`, SignInsExport},
		{"management failure", DirectoryAudits, `{"CreationTime":"x","Operation":"UserLoginFailed"}`, SignInsExport},
		{"management audit", SignIns, `{"CreationTime":"x","Operation":"Update user."}`, AuditsExport},
		{"another log", SignInsExport, `{"category":"MicrosoftGraphActivityLogs","time":"x","properties":{"userId":"u1"}}`, ""},
		{"no json", SignIns, `{`, ""},
		{"inventory", Users, graph + `}`, ""},
		{"a stream of nobody", "system_log", graph + `}`, ""},
	} {
		if got := Route(x.stream, []byte(x.line)); got != x.want {
			t.Errorf("%s: %q, want %q", x.name, got, x.want)
		}
	}
}

// drawn writes the records of an exchange on one line each.
func drawn(t *testing.T, line string) []string {
	t.Helper()
	records, err := Exchange([]byte(line))
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	var out []string
	for _, r := range records {
		out = append(out, string(r.Stream)+" "+r.Parent+" "+string(r.Body))
	}
	return out
}

func TestExchange(t *testing.T) {
	expect(t, drawn(t, `{"method":"GET","url":"https://graph.microsoft.com/v1.0/users?$top=2","status":200,"body":{"@odata.nextLink":"x","value":[{"id":"u1"}, { "id": "u2" }]}}`),
		`users  {"id":"u1"}`, `users  { "id": "u2" }`)
	expect(t, drawn(t, `{"url":"https://graph.microsoft.com/v1.0/Groups/g%2F1/Members","status":200,"body":{"value":[{"id":"u1"}]}}`),
		`group_members g/1 {"id":"u1"}`)
	expect(t, drawn(t, `{"url":"https://proxy.example/graph/beta/servicePrincipals/s1/appRoleAssignedTo","body":{"value":[{"id":"x"}]}}`),
		`app_role_assignments s1 {"id":"x"}`)
	const event = `{"id":"1","createdDateTime":"2026-05-01T10:00:00Z","userId":"u1","isInteractive":false}`
	expect(t, drawn(t, `{"url":"https://graph.microsoft.com/beta/auditLogs/signIns","body":{"value":[`+event+`]}}`),
		`sign_ins_noninteractive  `+event)
	expect(t, drawn(t, `{"doc":"x.md","status":200,"body":{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#auditlogs/directoryaudits","value":[{"id":"1"}]}}`),
		`directory_audits  {"id":"1"}`)
	if got := drawn(t, `{"url":"https://graph.microsoft.com/v1.0/users","body":{"value":[]}}`); got != nil {
		t.Errorf("an empty list has records: %v", got)
	}
}

func TestExchangeFaults(t *testing.T) {
	for line, want := range map[string]string{
		`{`: "is not a recorded exchange",
		`{"url":"https://graph.microsoft.com/v1.0/users","status":401,"body":{"error":{"code":"Denied","message":"No."}}}`: `status "the server answered 401 Denied No." is a refusal`,
		`{"url":"https://graph.microsoft.com/v1.0/users","method":"POST","status":201,"body":{}}`:                          `method "POST" is not the reading of a list`,
		`{"url":"https://graph.microsoft.com/v1.0/devices","status":200,"body":{"value":[]}}`:                              `url "devices" is an answer that no stream reads`,
		`{"url":"https://graph.microsoft.com/v1.0/groups/g1","status":200,"body":{"id":"g1"}}`:                             `url "groups/g1" is an answer that no stream reads`,
		`{"url":"https://graph.microsoft.com/v1.0/groups","status":200,"body":{"id":"g1"}}`:                                "body is not a list of items",
		`{"url":":","status":200}`: `url ":" is not a url`,
		`{"body":{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users","value":[{"id":"u1"}]}}`: "is an answer that no stream reads",
		`{"body":{"value":[{"id":"u1"}]}}`: "is an answer that no stream reads",
	} {
		_, err := Exchange([]byte(line))
		var fault *access.Fault
		if !errors.As(err, &fault) || !strings.Contains(err.Error(), want) || string(fault.Body) != line {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
}
