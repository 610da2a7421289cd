package hris

import (
	"slices"

	"winnow/internal/access"
)

// The streams of HR. A position is what a worker's job was from a day on, a
// status what their employment was from a day on: histories, out of which the
// models make moves, leaves and ends. A transfer is one move, with its old and
// new values. Persons hold the names and addresses of workers where they are
// not told beside the work.
const (
	Workers      access.StreamName = "workers"
	Persons      access.StreamName = "persons"
	Positions    access.StreamName = "positions"
	Statuses     access.StreamName = "statuses"
	Transfers    access.StreamName = "transfers"
	Leaves       access.StreamName = "leaves"
	Terminations access.StreamName = "terminations"
)

// order is the order in which the streams are pulled.
var order = []access.StreamName{Workers, Persons, Positions, Statuses, Transfers, Leaves, Terminations}

// Streams lists the streams of HR in the order in which they are pulled.
func Streams() []access.StreamName { return slices.Clone(order) }

// The fields that are named in code.
const (
	// DateFormat is the pseudo field under which a stream's date format is
	// configured, in strptime's notation, for dates that are not ISO 8601.
	DateFormat = "date_format"

	employeeID = "employee_id" // employee number: what other systems know a worker by
	recordID   = "record_id"   // what the HR system itself knows a worker by
	status     = "status"

	reportID = "Employee_ID" // the number's column in a report
)

// columns are our fields of each stream and the column of a report that holds
// them unless the layout or the configuration says otherwise.
var columns = map[access.StreamName][][2]string{
	Workers: {
		{employeeID, reportID}, {recordID, ""}, {"display_name", "Legal_Name"}, {"first_name", ""}, {"last_name", ""},
		{"email", "Work_Email"}, {"department", "Department"}, {"title", "Job_Title"}, {"location", "Location"},
		{"manager_id", "Manager_ID"}, {"worker_type", "Worker_Type"}, {status, "Status"}, {"status_since", ""},
		{"status_until", ""}, {"hire_date", "Hire_Date"}, {"termination_date", "Termination_Date"},
		{"contract_end", "Contract_End"}, {DateFormat, ""},
	},
	Persons: {
		{employeeID, reportID}, {recordID, ""}, {"display_name", "Legal_Name"}, {"first_name", ""}, {"last_name", ""},
		{"email", "Work_Email"},
	},
	Positions: {
		{employeeID, reportID}, {recordID, ""}, {"effective", "Effective_Date"}, {"department", "Department"},
		{"title", "Job_Title"}, {"location", "Location"}, {"manager_id", "Manager_ID"}, {DateFormat, ""},
	},
	Statuses: {{employeeID, reportID}, {recordID, ""}, {"effective", "Effective_Date"}, {status, "Status"}, {DateFormat, ""}},
	Transfers: {
		{employeeID, reportID}, {recordID, ""}, {"effective", "Effective_Date"}, {"department", "New_Department"},
		{"title", "New_Job_Title"}, {"location", "New_Location"}, {"manager_id", "New_Manager_ID"},
		{"old_department", "Old_Department"}, {"old_title", "Old_Job_Title"}, {DateFormat, ""},
	},
	Leaves: {
		{employeeID, reportID}, {recordID, ""}, {"first_day", "First_Day"}, {"last_day", "Last_Day"}, {"kind", "Kind"},
		{DateFormat, ""},
	},
	Terminations: {{employeeID, reportID}, {recordID, ""}, {"effective", "Effective_Date"}, {DateFormat, ""}},
}

// A Layout is what one HR system calls our fields. The zero value is that of a
// report whose columns are named like ours.
type Layout struct {
	// Columns replaces the columns of the streams that it names, whole: a field
	// that is not listed has none. Where a system spells one in several ways,
	// they stand with a bar between them and the first that says something
	// counts: "employeeId|employeeID".
	Columns map[access.StreamName]map[string]string

	// Reduced streams land only the members that a column names: their rows
	// hold pay, reasons or numbers of citizens, which nobody here needs.
	Reduced []access.StreamName
}

// column is the default column of a field.
func (l Layout) column(stream access.StreamName, field [2]string) string {
	if own, ok := l.Columns[stream]; ok {
		return own[field[0]]
	}
	return field[1]
}

// Fields lists the fields of every stream: the names under which columns can
// be mapped.
func Fields() map[access.StreamName][]string {
	out := map[access.StreamName][]string{}
	for stream, pairs := range columns {
		for _, p := range pairs {
			out[stream] = append(out[stream], p[0])
		}
	}
	return out
}

// hasWorker reports whether workers have the field.
func hasWorker(field string) bool {
	return slices.ContainsFunc(columns[Workers], func(p [2]string) bool { return p[0] == field })
}
