package acceptance_test

import (
	"net/http/httptest"
	"testing"

	"winnow/ingest"
	"winnow/ingest/hris"
	"winnow/ingest/hris/bamboohr"
	"winnow/ingest/hris/ukg"
	"winnow/ingest/hris/workday"
	"winnow/internal/access"
	fakebamboo "winnow/internal/fake/bamboohr"
	fakeukg "winnow/internal/fake/ukg"
	fakeworkday "winnow/internal/fake/workday"
)

// add registers an HR system with its layout, columns and values.
func (c *tenant) addHR(t *testing.T, src ingest.Source, l hris.Layout, columns map[string]string, values map[string]map[string]string) {
	t.Helper()
	of, err := hris.NewColumns(l, columns)
	if err != nil {
		t.Fatal(err)
	}
	means, err := hris.Translate("hr", values)
	if err != nil {
		t.Fatal(err)
	}
	c.add("hr", "hris", src)
	c.settings["column_map"], c.settings["value_map"] = of.Map("hr"), append([]hris.Translation{}, means...)
}

const (
	workerRow = "select worker_id, email, display_name, department, manager_id, worker_type, status, hire_date, termination_date from staging.worker"
	eventRow  = "select worker_id, kind, effective, until, department, title, old_department from staging.worker_event"
	doubtRow  = "select stream, native_ref, doubt from staging.doubt"
)

// An account of BambooHR: numbers that are missing or are another's record id,
// supervisors by record, a rehire, a leave, a hire to come and a ring of
// managers.
func TestBambooHRBecomesWorkers(t *testing.T) {
	employee := func(id, number, supervisor, status, hired, ended string) map[string]any {
		e := map[string]any{"id": id, "employeeNumber": number, "displayName": "W" + id, "workEmail": "w" + id + "@x.example",
			"department": "Quay", "supervisorEId": supervisor, "status": status, "hireDate": hired, "terminationDate": ended,
			"employmentHistoryStatus": "Full-Time"}
		return e
	}
	srv := httptest.NewServer(fakebamboo.New(fakebamboo.Options{APIKey: "key",
		Employees: []map[string]any{
			employee("1", "3", "2", "Active", "2020-01-01", "0000-00-00"),
			employee("2", "4", "3", "Active", "2020-01-01", "0000-00-00"), // 2 → 3 → 2: a ring
			employee("3", "", "2", "Active", "2020-01-01", "0000-00-00"),  // no number, and 3 is another's
			employee("5", "", "", "Inactive", "2020-01-01", "2025-03-31"),
			employee("6", "9", "1", "Active", "2024-05-01", "0000-00-00"),  // a rehire
			employee("7", "8", "99", "Active", "2025-08-01", "0000-00-00"), // to come; the manager is nobody's record or number
		},
		Tables: map[string]string{
			"jobInfo": `[{"id":"3","employeeId":"1","date":"2024-06-01","department":"Quay","jobTitle":"Pilot","location":"Oslo"},
				{"id":"1","employeeId":"1","date":"2020-01-01","department":"Pier","jobTitle":"Pilot","location":"Oslo"},
				{"id":"2","employeeId":"1","date":"2022-01-01","department":"Pier","jobTitle":"Pilot","location":"Oslo","reportsTo":"new"},
				{"id":"4","employeeId":"7","date":"2025-08-01","department":"Quay","jobTitle":"Clerk","location":"Oslo"},
				{"id":"5","employeeId":"404","date":"2025-01-01","department":"X","jobTitle":"Y","location":"Z"}]`,
			"employmentStatus": `[{"id":"1","employeeId":"6","date":"2018-01-01","employmentStatus":"Full-Time"},
				{"id":"2","employeeId":"6","date":"2021-12-31","employmentStatus":"Terminated"},
				{"id":"3","employeeId":"6","date":"2024-05-01","employmentStatus":"Part-Time"},
				{"id":"4","employeeId":"2","date":"2025-06-01","employmentStatus":"Leave of Absence"},
				{"id":"5","employeeId":"2","date":"2025-09-01","employmentStatus":"Full-Time"},
				{"id":"6","employeeId":"5","date":"2025-03-31","employmentStatus":"Terminated"}]`,
		},
		Leaves: `[{"id":1,"employeeId":1,"start":"2025-01-01","end":"2025-01-20","type":{"name":"Sick"}}]`,
	}))
	defer srv.Close()
	src, err := bamboohr.New(bamboohr.Config{URL: srv.URL, APIKey: "key"})
	if err != nil {
		t.Fatal(err)
	}
	c := newTenant(t, "2025-07-01")
	c.addHR(t, src, bamboohr.Layout(), nil, nil)
	counts(t, c.pull(t), "hr/workers", 6, 0)
	db := c.mine(t)
	expect(t, db, workerRow,
		"3|w1@x.example|W1|Quay|4|employee|active|2020-01-01|·", "4|w2@x.example|W2|Quay|record:3|employee|active|2020-01-01|·",
		"record:3|w3@x.example|W3|Quay|4|employee|active|2020-01-01|·", "5|w5@x.example|W5|Quay|·|employee|terminated|2020-01-01|2025-03-31",
		"9|w6@x.example|W6|Quay|3|employee|active|2024-05-01|·", "8|w7@x.example|W7|Quay|99|employee|active|2025-08-01|·")
	expect(t, db, eventRow+" where kind <> 'hire'",
		"3|transfer|2024-06-01|·|Quay|Pilot|Pier", "4|leave|2025-06-01|2025-08-31|·|·|·", "3|leave|2025-01-01|2025-01-20|·|·|·",
		"5|termination|2025-03-31|·|·|·|·", "9|termination|2021-12-31|·|·|·|·")
	expect(t, db, eventRow+" where kind = 'hire' and worker_id in ('8', '9')", "8|hire|2025-08-01|·|·|·|·", "9|hire|2024-05-01|·|·|·|·")
	expect(t, db, doubtRow, "positions|404|record_id is nobody that HR lists")
	expect(t, db, "select worker_id, status, left_on, moved_on from core.worker",
		"3|active|·|2024-06-01", "4|leave|·|·", "record:3|active|·|·", "5|terminated|2025-04-01|·", "9|active|·|·", "8|pending|·|·")
}

// A tenant of UKG Pro: names apart from work, codes of its own, two spellings
// of ids, a leave in the status.
func TestUKGProBecomesWorkers(t *testing.T) {
	srv := httptest.NewServer(fakeukg.New(fakeukg.Options{Username: "u", Password: "p", APIKey: "k", MaxPage: 2,
		Lists: map[string][]string{
			"employment-details": {
				`{"employeeId":"R1","employeeNumber":"1","supervisorId":"R2","employeeTypeCode":"REG","employeeStatusCode":"A","orgLevel1Code":"OPS","originalHireDate":"2019-01-01T00:00:00Z","lastHireDate":"2024-01-01T00:00:00Z"}`,
				`{"employeeID":"R2","employeeNumber":"2","supervisorID":null,"employeeTypeCode":"CWK","employeeStatusCode":"L","employeeStatusStartDate":"2025-05-01T00:00:00Z","orgLevel1Code":"OPS","originalHireDate":"2019-01-01T00:00:00Z"}`,
				`{"employeeID":"R3","employeeNumber":"3","supervisorID":"2","employeeTypeCode":"reg","employeeStatusCode":"T","dateOfTermination":"2025-02-28T00:00:00Z","employeeStatusStartDate":"2025-02-28T00:00:00Z"}`,
				`{"employeeNumber":"4","employeeStatusCode":"Q"}`,
			},
			"person-details": {`{"employeeId":"R1","firstName":"Ada","lastName":"Berg","emailAddress":"ada@x.example"}`,
				`{"employeeID":"R2","firstName":"Bo","emailAddress":""}`},
			"employee-job-history-details": {`{"employeeId":"R1","jobEffectiveDate":"2024-01-01T00:00:00Z","orgLevel1Code":"FIN","jobTitle":"Clerk"}`,
				`{"employeeId":"R1","jobEffectiveDate":"2025-01-01T00:00:00Z","orgLevel1Code":"OPS","jobTitle":"Clerk","supervisorId":"R2"}`},
		}}))
	defer srv.Close()
	src, err := ukg.New(ukg.Config{URL: srv.URL, Username: "u", Password: "p", APIKey: "k"})
	if err != nil {
		t.Fatal(err)
	}
	c := newTenant(t, "2025-07-01")
	c.addHR(t, src, ukg.Layout(), nil, map[string]map[string]string{"worker_type": {"REG": "employee", "CWK": "contractor"}})
	counts(t, c.pull(t), "hr/workers", 4, 0)
	db := c.mine(t)
	expect(t, db, workerRow, "1|ada@x.example|Ada Berg|OPS|2|employee|active|2024-01-01|·", "2|·|Bo|OPS|·|contractor|leave|2019-01-01|·",
		"3|·|·|·|2|employee|terminated|·|2025-02-28", "4|·|·|·|·|other|·|·|·")
	expect(t, db, eventRow+" where kind <> 'hire'", "1|transfer|2025-01-01|·|OPS|Clerk|FIN", "2|leave|2025-05-01|·|·|·|·", "3|termination|2025-02-28|·|·|·|·")
	expect(t, db, doubtRow, `workers|4|status "Q" is not known`)
	expect(t, db, "select worker_id, status from core.worker", "1|active", "2|leave", "3|terminated", "4|active")
}

// A tenant of Workday: managers in a group, a contract that ran out, a person
// who stands twice, reports for what happened.
func TestWorkdayBecomesWorkers(t *testing.T) {
	columns := []string{"Employee_ID", "Legal_Name", "Department", "Worker_s_Manager_group.Manager_ID", "Worker_Type", "Hire_Date", "Contract_End"}
	reports := map[string]fakeworkday.Report{
		"isu/Workers": {Columns: columns, Rows: [][]string{
			{"1", "Ada", "Quay", "2", "Employee", "2024-01-01", ""}, {"1", "Ada", "Pier", "3", "Contingent Worker", "2022-01-01", "2023-12-31"},
			{"2", "Bo", "Quay", "", "Employee", "2020-01-01", ""}, {"2", "Bo", "Bridge", "", "Employee", "2026-01-01", ""}, {"3", "Cy", "Pier", "3", "Contingent Worker", "2020-01-01", "2025-01-31"}}},
		"isu/Gone":  {Columns: []string{"Employee_ID", "Effective_Date"}, Rows: [][]string{{"2", "2025-12-31"}}},
		"isu/Moves": {Columns: []string{"Employee_ID", "Effective_Date", "New_Department", "Old_Department"}, Rows: [][]string{{"1", "2025-02-01", "Quay", "Pier"}}},
	}
	srv := httptest.NewServer(fakeworkday.New(fakeworkday.Options{Tenant: "acme", Token: "t", Reports: reports}))
	defer srv.Close()
	of := map[string]string{"manager_id": "Worker_s_Manager_group[0].Manager_ID"}
	src, err := workday.New(workday.Config{URL: srv.URL, Tenant: "acme", AccessToken: "t", Columns: of,
		Reports: map[access.StreamName]string{"workers": "isu/Workers", "terminations": "isu/Gone", "transfers": "isu/Moves"}})
	if err != nil {
		t.Fatal(err)
	}
	c := newTenant(t, "2025-07-01")
	c.addHR(t, src, hris.Layout{}, of, nil)
	counts(t, c.pull(t), "hr/workers", 5, 0)
	db := c.mine(t)
	expect(t, db, workerRow, "1|·|Ada|Quay|2|employee|·|2024-01-01|·", "2|·|Bo|Quay|·|employee|·|2020-01-01|2025-12-31",
		"3|·|Cy|Pier|·|contractor|·|2020-01-01|·")
	expect(t, db, eventRow+" where kind <> 'hire'", "1|transfer|2025-02-01|·|Quay|·|Pier", "2|termination|2025-12-31|·|·|·|·", "3|contract_end|2025-01-31|·|·|·|·")
	expect(t, db, eventRow+" where kind = 'hire'", "1|hire|2024-01-01|·|·|·|·", "2|hire|2020-01-01|·|·|·|·", "2|hire|2026-01-01|·|·|·|·",
		"3|hire|2020-01-01|·|·|·|·")
	expect(t, db, "select worker_id, status, left_on from core.worker", "1|active|·", "2|active|·", "3|contract_ended|2025-02-01")
}
