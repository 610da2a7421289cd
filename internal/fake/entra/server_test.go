package entra

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// saved writes files into a fresh folder.
func saved(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const signIns3 = `{"id":"1","createdDateTime":"2026-05-01T10:00:00Z"}
{"id":"3","createdDateTime":"2026-05-03T10:00:00Z"}

{"id":"2","createdDateTime":"2026-05-02T10:00:00.1234567Z"}
`

// start serves a folder and returns a function that asks for a path.
func start(t *testing.T, files map[string]string, o Options) func(path string) (int, string) {
	t.Helper()
	o.AccessToken = "token"
	s, err := New(saved(t, files), o)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	return func(path string) (int, string) {
		t.Helper()
		status, body := ask(t, http.MethodGet, web.URL+path, "token", nil)
		return status, strings.ReplaceAll(body, web.URL, "")
	}
}

func ask(t *testing.T, method, link, token string, form url.Values) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, link, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// esc escapes a query value.
func esc(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func TestPaging(t *testing.T) {
	get := start(t, map[string]string{"users.ndjson": `{"id":"a" }` + "\n" + `{"id":"b","x":1.50}` + "\n" + `{"id":"c"}`}, Options{})
	status, body := get("/v1.0/users?$top=2")
	const want = `{"@odata.context":"/v1.0/$metadata#users","@odata.nextLink":"/v1.0/users?%24skiptoken=ZnJvbToy\u0026%24top=2","value":[{"id":"a" },{"id":"b","x":1.50}]}`
	if status != http.StatusOK || body != want {
		t.Errorf("%d %s", status, body)
	}
	if _, body := get("/v1.0/users?$skiptoken=ZnJvbToy&$top=2"); body != `{"@odata.context":"/v1.0/$metadata#users","value":[{"id":"c"}]}` {
		t.Error(body)
	}
	for _, bad := range []string{"/v1.0/users?$top=1000", "/v1.0/users?$top=0", "/v1.0/users?$skiptoken=x", "/v1.0/users?$skiptoken=ZnJvbTo5OQ", "/v1.0/users?$filter=" + esc("id eq 'a'"), "/v1.0/unknown"} {
		if status, body := get(bad); status != http.StatusBadRequest || !strings.Contains(body, `"error":{`) {
			t.Errorf("%s: %d %s", bad, status, body)
		}
	}
}

func TestSubResources(t *testing.T) {
	get := start(t, map[string]string{
		"groups.ndjson":        `{"id":"g1"}` + "\n" + `{"id":"g2"}`,
		"group_members.ndjson": `{"parent_id":"g1","item":{ "id":"u1" }}`,
	}, Options{})
	if status, body := get("/v1.0/groups/g1/members"); status != 200 || !strings.HasSuffix(body, `"value":[{ "id":"u1" }]}`) {
		t.Errorf("%d %s", status, body)
	}
	if status, body := get("/v1.0/groups/g2/members"); status != 200 || !strings.HasSuffix(body, `"value":[]}`) {
		t.Errorf("%d %s", status, body)
	}
	if status, body := get("/v1.0/groups/g3/members"); status != 404 || !strings.Contains(body, "Request_ResourceNotFound") {
		t.Errorf("%d %s", status, body)
	}
}

func TestLogs(t *testing.T) {
	files := map[string]string{
		"sign_ins.ndjson":                signIns3,
		"sign_ins_noninteractive.ndjson": `{"id":"n","createdDateTime":"2026-05-02T11:00:00Z"}`,
		"directory_audits.ndjson":        `{"id":"d","activityDateTime":"2026-05-02T11:00:00Z"}`,
	}
	get := start(t, files, Options{})
	for _, x := range []struct{ path, filter, ids string }{
		{"/v1.0/auditLogs/signIns", "", "3 2 1"},
		{"/beta/auditLogs/signIns", "", "3 2 1"},
		{"/v1.0/auditLogs/signIns", "createdDateTime ge 2026-05-02T10:00:00Z", "3 2"},
		{"/v1.0/auditLogs/signIns", "createdDateTime ge 2026-05-01T10:00:00Z and createdDateTime le 2026-05-02T10:00:00Z", "1"},
		{"/v1.0/auditLogs/signIns", "createdDateTime eq 2026-05-03T10:00:00Z", "3"},
		{"/beta/auditLogs/signIns", "signInEventTypes/any(t: t eq 'nonInteractiveUser')", "n"},
		{"/beta/auditLogs/signIns", "signInEventTypes/any(t: t eq 'nonInteractiveUser' or t eq 'interactiveUser')", "3 n 2 1"},
		{"/beta/auditLogs/signIns", "signInEventTypes/any(t: t eq 'servicePrincipal')", ""},
		{"/v1.0/auditLogs/directoryAudits", "activityDateTime le 2026-05-02T11:00:00Z", "d"},
	} {
		status, body := get(x.path + "?$filter=" + esc(x.filter))
		if got := idsOf(t, body); status != 200 || got != x.ids {
			t.Errorf("%s %s: %d %q", x.path, x.filter, status, got)
		}
	}
	for _, x := range []struct{ path, filter string }{
		{"/v1.0/auditLogs/signIns", "createdDateTime gt 2026-05-02T10:00:00Z"},
		{"/v1.0/auditLogs/signIns", "createdDateTime ge yesterday"},
		{"/v1.0/auditLogs/signIns", "activityDateTime ge 2026-05-02T10:00:00Z"},
		{"/v1.0/auditLogs/signIns", "signInEventTypes/any(t: t eq 'nonInteractiveUser')"},
		{"/beta/auditLogs/signIns", "signInEventTypes/any(t: x eq 'nonInteractiveUser')"},
		{"/beta/auditLogs/signIns", "signInEventTypes/any(t: t eq 'nonInteractiveUser' or t eq 'servicePrincipal')"},
		{"/v1.0/auditLogs/directoryAudits", "createdDateTime ge 2026-05-02T10:00:00Z"},
	} {
		if status, body := get(x.path + "?$filter=" + esc(x.filter)); status != 400 {
			t.Errorf("%s %s: %d %s", x.path, x.filter, status, body)
		}
	}
}

// idsOf lists the ids of an answer.
func idsOf(t *testing.T, body string) string {
	t.Helper()
	var page struct {
		Value []struct {
			ID string `json:"id"`
		} `json:"value"`
	}
	if err := json.Unmarshal([]byte(body), &page); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	var ids []string
	for _, v := range page.Value {
		ids = append(ids, v.ID)
	}
	return strings.Join(ids, " ")
}

func TestRefusals(t *testing.T) {
	files := map[string]string{"sign_ins.ndjson": signIns3, "users.ndjson": `{"id":"a"}`}
	free := start(t, files, Options{Free: true})
	if status, body := free("/v1.0/auditLogs/signIns"); status != 403 || !strings.Contains(body, "NonPremiumTenant") {
		t.Errorf("%d %s", status, body)
	}
	if status, _ := free("/v1.0/auditLogs/directoryAudits"); status != 200 {
		t.Errorf("audits: %d", status)
	}
	if status, _ := start(t, files, Options{Unpermitted: true})("/v1.0/auditLogs/directoryAudits"); status != 403 {
		t.Errorf("unpermitted: %d", status)
	}
	old := start(t, files, Options{Retention: 1})
	if status, _ := old("/v1.0/auditLogs/signIns?$filter=" + esc("createdDateTime ge 2026-05-01T00:00:00Z")); status != 400 {
		t.Errorf("too old: %d", status)
	}
	throttled := start(t, files, Options{Throttle: 2})
	if a, _ := throttled("/v1.0/users"); a != 200 {
		t.Errorf("first: %d", a)
	}
	if b, body := throttled("/v1.0/users"); b != 429 || !strings.Contains(body, "TooManyRequests") {
		t.Errorf("second: %d %s", b, body)
	}
}

func TestTokens(t *testing.T) {
	s, err := New(saved(t, map[string]string{"users.ndjson": `{"id":"a"}`}), Options{TenantID: "t1", ClientID: "c1", ClientSecret: "s1"})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s)
	defer web.Close()
	good := func() url.Values {
		return url.Values{"grant_type": {"client_credentials"}, "client_id": {"c1"}, "client_secret": {"s1"}, "scope": {"https://graph.example/.default"}}
	}
	for _, x := range []struct {
		tenant, field, value, code string
	}{
		{"t2", "", "", "AADSTS90002"}, {"t1", "grant_type", "password", "AADSTS70003"}, {"t1", "scope", "User.Read", "AADSTS1002012"},
		{"t1", "client_id", "c2", "AADSTS700016"}, {"t1", "client_secret", "no", "AADSTS7000215"}, {"t1", "client_secret", "", "AADSTS7000215"},
	} {
		form := good()
		form.Set(x.field, x.value)
		if status, body := ask(t, http.MethodPost, web.URL+"/"+x.tenant+"/oauth2/v2.0/token", "", form); status < 400 || !strings.Contains(body, x.code) {
			t.Errorf("%v: %d %s", x, status, body)
		}
	}
	_, body := ask(t, http.MethodPost, web.URL+"/t1/oauth2/v2.0/token", "", good())
	var answer struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil || answer.Token == "" {
		t.Fatalf("%v in %s", err, body)
	}
	if status, _ := ask(t, http.MethodGet, web.URL+"/v1.0/users", answer.Token, nil); status != 200 || s.Requests() != 1 {
		t.Errorf("%d, %d requests", status, s.Requests())
	}
	s.Expire()
	for _, token := range []string{answer.Token, "", "made-up"} {
		if status, body := ask(t, http.MethodGet, web.URL+"/v1.0/users", token, nil); status != 401 || !strings.Contains(body, "InvalidAuthenticationToken") {
			t.Errorf("%q: %d %s", token, status, body)
		}
	}
}

func TestFolders(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(`{"id":"a"}`)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	get := start(t, map[string]string{"users.ndjson.gz": packed.String()}, Options{EmptyPages: true})
	if _, body := get("/v1.0/users"); !strings.Contains(body, `"@odata.nextLink"`) || !strings.HasSuffix(body, `"value":[]}`) {
		t.Error(body)
	}
	for name, files := range map[string]map[string]string{
		"not json": {"users.ndjson": "{"}, "no time": {"sign_ins.ndjson": `{"id":"1"}`}, "no frame": {"group_members.ndjson": `[]`},
		"not packed": {"users.ndjson.gz": "plain"}, "not packed either": {"users.ndjson.zst": "plain"},
	} {
		if _, err := New(saved(t, files), Options{}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := New(filepath.Join(t.TempDir(), "gone"), Options{}); err == nil {
		t.Error("a folder that is gone is served")
	}
}
