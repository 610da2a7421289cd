package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/rogpeppe/go-internal/testscript"

	fakebamboo "winnow/internal/fake/bamboohr"
	fakeukg "winnow/internal/fake/ukg"
	fakeworkday "winnow/internal/fake/workday"
)

// hrsystems starts a tenant of each HR system, one worker each, and writes a
// configuration that reads them beside the files in d: hrsystems FILE.
func hrsystems(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: hrsystems FILE")
	}
	start := func(h http.Handler) string {
		srv := httptest.NewServer(h)
		ts.Defer(srv.Close)
		return srv.URL
	}
	wd := start(fakeworkday.New(fakeworkday.Options{Tenant: "acme", Username: "isu", Password: "s3cret-w", Reports: map[string]fakeworkday.Report{
		"isu/People": {Columns: []string{"Worker", "Boss_group.ID", "Worker_Type"}, Rows: [][]string{{"W1", "W2", "CWK"}, {"W2", "", "Regular"}}}}}))
	bb := start(fakebamboo.New(fakebamboo.Options{APIKey: "s3cret-b", Employees: []map[string]any{
		{"id": "1", "employeeNumber": "B1", "displayName": "Bea", "status": "Active", "hireDate": "2020-01-01", "terminationDate": "0000-00-00"}}}))
	uk := start(fakeukg.New(fakeukg.Options{Username: "svc", Password: "s3cret-u", APIKey: "s3cret-k", Lists: map[string][]string{
		"employment-details": {`{"employeeId":"R1","employeeNumber":"U1","employeeStatusCode":"A","employeeTypeCode":"TMP"}`}}}))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), fmt.Appendf(nil, `sources:
  legacy: {type: file, dir: d}
  wd: {type: workday, url: %q, tenant: acme, username: isu, password: "${WD}", reports: {workers: isu/People},
    columns: {employee_id: Worker, manager_id: "Boss_group[0].ID"}, values: {worker_type: {CWK: contractor}}}
  bamboo: {type: bamboohr, url: %q, api_key: "${BB}"}
  ukg: {type: ukg, url: %q, username: svc, password: "${UP}", api_key: "${UK}", values: {worker_type: {TMP: contractor}}}
export: {files: out}
`, wd, bb, uk), 0o600))
}
