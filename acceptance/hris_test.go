package acceptance_test

import (
	"testing"

	"winnow/ingest/hris"
)

// hr is a report with its author's own column names and habits.
var hr = map[string]string{
	"workers.csv": `No;Name;Mail;Department;Title;Manager_ID;Type;State;Hire_Date;Termination_Date;Contract_End
1;Ada;ada@north.example;Harbour;Pilot;3;Regular;Active;01.02.2020;;
2;Bo;;Harbour;Clerk;Vacant;Contingent Worker;;2025-01-01;0000-00-00;31.12.2025
3;Cy;;;;3;Summer Intern;On Leave;2025-03-01;9999-12-31;
4;Di;;;;-;Fixed term contract;Terminated;2019-01-01;;
5;Ed;;;;;Internal;Hibernating;soon;;
6;Fay;;;;;Employee;pre-hire;2026-01-01;;
7;Gus;;;;;Employee;active;2024-01-01;2020-06-30;
7;Gus;;;;;Employee;terminated;2015-01-01;2020-06-30;
n/a;Nobody;;;;;;;;;
`,
	"transfers.csv":    "No;Effective_Date;New_Department;Old_Department\n1;01.06.2025;Quay;Harbour\n1;2025-06-01;Pier;\n1;whenever;X;\n",
	"leaves.csv":       "No;First_Day;Last_Day;Kind\n3;2025-05-01;;parental\n1;2025-01-01;2025-01-10;holiday\n1;2025-01-01;2025-01-20;holiday\n",
	"terminations.csv": "No;Effective_Date\n4;2025-03-31\n7;2020-06-30\n99;2025-01-01\n",
}

func TestHRBecomesWorkers(t *testing.T) {
	src, err := hris.New(hris.Options{Dir: folder(t, hr), Columns: map[string]string{"employee_id": "No", "display_name": "Name",
		"email": "Mail", "title": "Title", "worker_type": "Type", "status": "State", "date_format": "%d.%m.%Y"}})
	if err != nil {
		t.Fatal(err)
	}
	c := newTenant(t, "2025-07-01")
	c.add("hr", "hris", src)
	c.settings["column_map"] = src.ColumnMap("hr")
	counts(t, c.pull(t), "hr/workers", 9, 0)
	db := c.mine(t)
	expect(t, db, "select worker_id, email, department, title, manager_id, worker_type, status, hire_date, termination_date, contract_end from staging.worker",
		"1|ada@north.example|Harbour|Pilot|3|employee|active|2020-02-01|·|·", "2|·|Harbour|Clerk|·|contractor|·|2025-01-01|·|2025-12-31",
		"3|·|·|·|·|intern|leave|2025-03-01|·|·", "4|·|·|·|·|employee|terminated|2019-01-01|2025-03-31|·",
		"5|·|·|·|·|other|·|·|·|·", "6|·|·|·|·|employee|pending|2026-01-01|·|·", "7|·|·|·|·|employee|active|2024-01-01|·|·")
	expect(t, db, "select worker_id, kind, effective, until, department, old_department from staging.worker_event where kind <> 'hire'",
		"1|leave|2025-01-01|2025-01-20|·|·", "1|transfer|2025-06-01|·|Quay|Harbour", "2|contract_end|2025-12-31|·|·|·",
		"3|leave|2025-05-01|·|·|·", "4|termination|2025-03-31|·|·|·", "7|termination|2020-06-30|·|·|·", "99|termination|2025-01-01|·|·|·")
	expect(t, db, "select worker_id, effective from staging.worker_event where kind = 'hire'",
		"1|2020-02-01", "2|2025-01-01", "3|2025-03-01", "4|2019-01-01", "6|2026-01-01", "7|2024-01-01")
	expect(t, db, "select stream, native_ref, doubt from staging.doubt", `workers|5|hire_date "soon" is not a date`,
		`workers|5|status "Hibernating" is not known`, `workers||employee_id says nothing`, `transfers|1|effective "whenever" is not a date`)
}
