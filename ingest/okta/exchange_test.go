package okta

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"winnow/internal/access"
)

func TestExchangesGiveTheItemsOfLists(t *testing.T) {
	for _, tc := range []struct{ method, url, body, want string }{
		{"GET", "https://a/api/v1/users?limit=2", `[{"id":"1"}, {"id": "2"}]`, `users  {"id":"1"}|users  {"id": "2"}`},
		{"GET", "https://a//api/v1/groups/00g1/users", `[{"id":"1"}]`, `group_members 00g1 {"id":"1"}`},
		{"GET", "https://a/api/v1/groups/rules?limit=50", `[{"id":"r"}]`, `group_rules  {"id":"r"}`},
		{"GET", "https://a/api/v1/apps/0oa1/groups", `[{"id":"g"}]`, `app_groups 0oa1 {"id":"g"}`},
		{"GET", "https://a/api/v1/users/00u1/roles", `[]`, ``},
		{"GET", "https://a/api/v1/users/00u1/roles/x/targets", `[{"id":"g"}]`, `url is an answer that no stream reads`},
		{"GET", "https://a/api/v1/users/00u1/groups", `[{"id":"g"}]`, `url is an answer that no stream reads`},
		{"GET", "https://a/api/v1/users/00u1", `{"id":"00u1"}`, `url is an answer that no stream reads`},
		{"GET", "https://a/governance/api/v1/users", `[{"id":"g"}]`, `url is an answer that no stream reads`},
		{"POST", "https://a/api/v1/users", `{"id":"00u1"}`, `method is not the reading of a list`},
		{"GET", "https://a/api/v1/users", `{"errorCode":"E"}`, `body is not a list: read the list: not a json array`},
		{"GET", "https://a/api/v1/users", `null`, `body is not a list: read the list: not a json array`},
		{"", "https://a/api/v1/users", `[]`, `method is not the reading of a list`},
	} {
		line := fmt.Sprintf(`{"recording":"r","method":%q,"url":%q,"status":200,"body":%s}`, tc.method, tc.url, tc.body)
		if got := told(Exchange([]byte(line))); got != tc.want {
			t.Errorf("%s %s: got %s, want %s", tc.method, tc.url, got, tc.want)
		}
		refused := strings.Replace(line, `"status":200`, `"status":404`, 1)
		if got := told(Exchange([]byte(refused))); got != "status is a refusal" && tc.method == "GET" {
			t.Errorf("%s %s: a refusal gave %s", tc.method, tc.url, got)
		}
	}
	if got := told(Exchange([]byte(`{"method":`))); !strings.Contains(got, "is not a recorded exchange") {
		t.Errorf("a broken line gave %s", got)
	}
}

// told writes records, or the fault, as text.
func told(records []access.Record, err error) string {
	var f *access.Fault
	if errors.As(err, &f) {
		return strings.TrimSpace(f.Field + " " + f.Reason)
	}
	var out []string
	for _, r := range records {
		out = append(out, fmt.Sprintf("%s %s %s", r.Stream, r.Parent, r.Body))
	}
	return strings.Join(out, "|")
}

func TestLogLinesFindTheirForm(t *testing.T) {
	for line, want := range map[string]access.StreamName{
		`{"uuid":"1","eventType":"x"}`:                          SystemLog,
		`{"TenantId":"t","eventType_s":"x","uuid_g":"1"}`:       SystemLogFlat,
		`{"TenantId":"t","eventType_s":"","uuid_g":"1"}`:        SystemLogFlat,
		`{"uuid":"1","eventtype":"x","published":"2026-01-01"}`: SystemLogFlat,
		`{"id":"00u1"}`: SystemLog,
		`not json`:      SystemLog,
	} {
		if got := Route(SystemLog, []byte(line)); got != want {
			t.Errorf("%s: got %s, want %s", line, got, want)
		}
	}
	if got := Route(Users, []byte(`{"id":"00u1","eventType":"x"}`)); got != Users {
		t.Errorf("a user went to %s", got)
	}
}
