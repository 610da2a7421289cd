package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/internal/access"
)

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "winnow.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoadFillsInDefaultsAndPaths(t *testing.T) {
	path := write(t, `
data_dir: store
sources:
  okta: {type: okta, org_url: https://acme.okta.com, api_token: "${OKTA_TOKEN}"}
  hr:
    type: workday
    dir: ./hr
    columns: {employee_id: Employee_ID}
policy: {wait_days: 0, protect: ["svc-*"], shadow: true, max_lines_per_reviewer: 40}
`)
	c, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(path)
	if got := []string{c.DataDir, c.Sources[0].Dir}; !cmp.Equal(got, []string{dir + "/store", dir + "/hr"}) {
		t.Errorf("paths = %q, want them below %s", got, dir)
	}
	if c.Policy.WaitDays != 0 || c.Policy.RevokePrecision != 0.95 || c.LLM.Provider != "none" {
		t.Errorf("policy = %+v, llm = %+v: want what was written over the defaults", c.Policy, c.LLM)
	}
	if !c.Policy.Shadow || c.Policy.MaxReviewerLines != 40 {
		t.Errorf("policy = %+v: want shadow and 40 lines a reviewer", c.Policy)
	}
	if s, ok := c.Source("hr"); !ok || s.Columns["employee_id"] != "Employee_ID" {
		t.Errorf("source hr = %+v, %v", s, ok)
	}
	if got := c.Sources[1].APIToken.String(); got != "${OKTA_TOKEN}" {
		t.Errorf("api_token = %q", got)
	}
}

func TestLoadReportsEveryFaultAtOnce(t *testing.T) {
	path := write(t, `data_dir: x
threads: many
sources:
  okta:
    type: okta
    org_url: http://acme.okta.com
    api_token: 00-this-is-the-token-itself
    tenant_id: "1"
  "Bad Name": {type: okta2}
  e: {type: entra}
peers: [department, departement, department]
polcy: {}
policy:
  revoke_precison: 0.9
  grant_precision: 1.2
  wait_days: 1.5
  wait_days: 2
  sod:
    - {name: pay, left: ["AP*"], severity: hihg}
    - {name: pay, left: [a, ""], right: [b, a], one: [x]}
    - {right: [r], left: [l]}
llm: {provider: ollama}
`)
	_, err := Load(path)
	var f *Faults
	if !errors.As(err, &f) {
		t.Fatalf("Load = %v, want *Faults", err)
	}
	want := []string{
		`line 2: threads "many" must be a whole number`,
		`line 6: sources.okta.org_url "http://acme.okta.com" must use https (http is accepted for 127.0.0.1, ::1 and localhost only)`,
		`line 7: sources.okta.api_token is not a reference to a secret (` + referenceHint + `)`,
		`line 8: sources.okta.tenant_id is not a setting of type okta (it belongs to entra)`,
		`line 9: sources.Bad Name must be a name of lower-case letters, digits, - and _, at most 40, beginning with a letter`,
		`line 9: sources.Bad Name.type "okta2" must be one of okta, entra, pingone, auth0, scim, workday, bamboohr, ukg, hris, file`,
		`line 10: sources.e has no credentials (tenant_id, client_id and client_secret or certificate of an app registration, or workload_identity, or access_token, or dir)`,
		`line 11: peers.2 "departement" must be one of department, title, location`,
		`line 11: peers.3 "department" is given twice`,
		`line 12: polcy is not a known key (did you mean policy?)`,
		`line 14: policy.revoke_precison is not a known key (did you mean revoke_precision?)`,
		`line 15: policy.grant_precision "1.2" must lie between 0.5 and 0.9999`,
		`line 16: policy.wait_days "1.5" must be a whole number`,
		`line 17: policy.wait_days is given twice`,
		`line 19: policy.sod.1 names no entitlement under right (entitlement ids or names; * and ? are wildcards)`,
		`line 19: policy.sod.1.severity "hihg" must be one of low, medium, high`,
		`line 20: policy.sod.2.left.2 must not be empty`,
		`line 20: policy.sod.2.name "pay" is given twice`,
		`line 20: policy.sod.2.one is not a known key (known keys are name, left, right, severity)`,
		`line 20: policy.sod.2.right.2 "a" stands on the left side too (nothing is in conflict with itself)`,
		`line 21: policy.sod.3 has no name (findings are told by it)`,
		`line 22: llm.model must name the model (for instance the name that ollama list shows)`,
	}
	var got []string
	for _, fault := range f.List {
		got = append(got, fault.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	if strings.Contains(err.Error(), "token-itself") {
		t.Error("the error repeats a secret")
	}
	if access.HintOf(err) == "" {
		t.Error("the error has no hint")
	}
}

func TestLoadRefuses(t *testing.T) {
	const ok = "sources: {f: {type: file, dir: d}}\n"
	for name, c := range map[string]struct{ text, want string }{
		"an empty file":            {"", "sources must name at least one source"},
		"comments only":            {"# nothing\n", "sources must name at least one source"},
		"broken syntax":            {"a: b: c\n", "line 1: is not valid YAML"},
		"an unquoted reference":    {"sources:\n  e: {type: entra, access_token: ${T}}\n", `line 2: is not valid YAML: ',' or '}' must be specified (inside braces write "${NAME}"`},
		"two documents":            {ok + "---\n" + ok, "several documents"},
		"a list for a mapping":     {ok + "policy: [1]\n", "line 2: policy must be a mapping of keys to values, but is a list"},
		"a mapping for a list":     {ok + "peers: {a: b}\n", "line 2: peers must be a list, but is a mapping"},
		"a list for text":          {ok + "data_dir: [a]\n", "data_dir must be text, but is a list"},
		"an empty text":            {ok + "data_dir:\n", "data_dir must be text, but is empty"},
		"an empty folder":          {ok + `data_dir: ""` + "\n", "data_dir must name a folder"},
		"an alias":                 {ok + "x: &a 1\ndata_dir: *a\n", "anchor or alias"},
		"a password in a URL":      {"sources: {o: {type: okta, org_url: 'https://u:hunter2@x.okta.com', api_token: 'file:t'}}\n", "must not carry a user name or password"},
		"half a service app":       {"sources: {o: {type: okta, org_url: 'https://x.okta.com', client_id: c}}\n", "needs client_id, private_key and key_id together"},
		"an app and a token":       {"sources: {o: {type: okta, org_url: 'https://x.okta.com', client_id: c, api_token: 'file:t'}}\n", "must not stand beside client_id"},
		"a source without a type":  {"sources: {o: {dir: d}}\n", "sources.o.type is missing"},
		"a file source, no folder": {"sources: {o: {type: file}}\n", "sources.o.dir is missing"},
		"a nonsense memory limit":  {ok + "memory_limit: lots\n", `memory_limit "lots" must be a size such as 2GB`},
		"a review of nobody":       {ok + "export: {files: out, okta_campaign: {reviewer: owner}}\n", "export.okta_campaign.source is missing"},
		"a review elsewhere":       {ok + "export: {files: out, okta_campaign: {source: f}}\n", `export.okta_campaign.source "f" must name a source of type okta`},
		"a review without a file":  {"sources: {e: {type: entra, dir: d, tenant_id: t}}\nexport: {entra_review: {source: e}}\n", "export.entra_review needs export.files"},
		"a review without tenant":  {"sources: {e: {type: entra, dir: d}}\nexport: {files: o, entra_review: {source: e}}\n", "sources.e.tenant_id is missing"},
		"custom data of nothing":   {"sources: {e: {type: entra, dir: d, tenant_id: t}}\nexport: {files: o, custom_data: {source: e}}\n", "export.custom_data.of is missing"},
		"custom data of itself":    {"sources: {e: {type: entra, dir: d, tenant_id: t}}\nexport: {files: o, custom_data: {source: e, of: [e]}}\n", `export.custom_data.of.1 "e" must name another source`},
		"custom data elsewhere":    {ok + "export: {files: o, custom_data: {source: f, of: [f]}}\n", `export.custom_data.source "f" must name a source of type entra`},
		"packages of nothing":      {"sources: {e: {type: entra, dir: d, tenant_id: t}}\nexport: {files: o, entra_packages: {source: e}}\n", "export.entra_packages.policies is missing"},
		"Okta records nothing":     {"sources: {o: {type: okta, dir: d, org_url: 'https://x.okta.com'}}\nexport: {files: f, okta_campaign: {source: o, record_by_rule: true}}\n", "export.okta_campaign.record_by_rule is not a setting of Okta's campaigns"},
		"a scope of nobody":        {ok + "export: {scope: {}}\n", "export.scope names nobody"},
		"an attribute of nobody":   {ok + "export: {scope: {department: []}}\n", "export.scope.department names nobody"},
		"an empty department":      {ok + "export: {scope: {department: ['']}}\n", "export.scope.department.1 must not be empty"},
		"a rule for anything":      {ok + "export: {by_rule: [{name: r, bases: [idle], kinds: [directory_role], precision: 0.97}]}\n", `export.by_rule.1.kinds "directory_role" is not among them`},
		"a rule that guesses":      {ok + "export: {by_rule: [{name: r, bases: [idle], kinds: [group], precision: 0.5}]}\n", "export.by_rule.1.precision \"0.5\" must be between 0.9 and 1"},
		"a rule without a basis":   {ok + "export: {by_rule: [{name: r, kinds: [group], precision: 0.97}]}\n", "export.by_rule.1.bases is missing"},
		"negative days":            {ok + "policy: {wait_days: -1}\n", "must lie between 0 and 3650"},
		"not a number":             {ok + "policy: {grant_precision: .nan}\n", "grant_precision must be a number"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(write(t, c.text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Load = %v\nwant it to say %q", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Error("the error repeats a password")
			}
		})
	}
}

func TestLoadKeepsIdsAsWritten(t *testing.T) {
	c, err := Load(write(t, "sources: {e: {type: entra, tenant_id: 0123, client_id: 7e3, client_secret: 'file:s', graph_url: 'http://127.0.0.1:8080'}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if s := c.Sources[0]; s.TenantID != "0123" || s.ClientID != "7e3" {
		t.Errorf("ids = %q, %q: an id that looks like a number was rewritten", s.TenantID, s.ClientID)
	}
}

func TestLoadMissingFileSaysWhatToDo(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "absent.yaml"))
	if !errors.Is(err, os.ErrNotExist) || !strings.Contains(access.HintOf(err), "winnow init") {
		t.Errorf("Load = %v, hint %q", err, access.HintOf(err))
	}
}

// TestEntraCredentials reads every way to sign in, and a folder of exports
// beside the tenant.
func TestEntraCredentials(t *testing.T) {
	c, err := Load(write(t, "sources:\n  e: {type: entra, tenant_id: t, client_id: c, certificate: 'file:c.pem', cloud: usgov, exports_dir: x, ignore_actors: [a, b]}\n"+
		"  w: {type: entra, workload_identity: true}\n"))
	if err != nil {
		t.Fatal(err)
	}
	e, _ := c.Source("e")
	w, _ := c.Source("w")
	if e.Certificate.IsZero() || e.Cloud != "usgov" || !strings.HasSuffix(e.ExportsDir, "/x") || len(e.IgnoreActors) != 2 || !w.WorkloadIdentity {
		t.Errorf("%+v, %+v", e, w)
	}
}
