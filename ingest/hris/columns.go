package hris

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"winnow/ingest"
	"winnow/internal/access"
)

// DateFormat is the pseudo field under which a stream's date format is
// configured, in strptime's notation, for dates that are not ISO 8601.
const DateFormat = "date_format"

// columns are our fields of each stream and the column that holds them unless
// the configuration says otherwise.
var columns = map[access.StreamName][][2]string{
	"workers": {
		{"employee_id", "Employee_ID"}, {"display_name", "Legal_Name"}, {"email", "Work_Email"},
		{"department", "Department"}, {"title", "Job_Title"}, {"location", "Location"}, {"manager_id", "Manager_ID"},
		{"worker_type", "Worker_Type"}, {"status", "Status"}, {"hire_date", "Hire_Date"},
		{"termination_date", "Termination_Date"}, {"contract_end", "Contract_End"}, {DateFormat, ""},
	},
	"transfers": {
		{"employee_id", "Employee_ID"}, {"effective", "Effective_Date"}, {"department", "New_Department"},
		{"title", "New_Job_Title"}, {"location", "New_Location"}, {"manager_id", "New_Manager_ID"},
		{"old_department", "Old_Department"}, {"old_title", "Old_Job_Title"}, {DateFormat, ""},
	},
	"leaves": {
		{"employee_id", "Employee_ID"}, {"first_day", "First_Day"}, {"last_day", "Last_Day"}, {"kind", "Kind"}, {DateFormat, ""},
	},
	"terminations": {{"employee_id", "Employee_ID"}, {"effective", "Effective_Date"}, {DateFormat, ""}},
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

// A Mapping says under which path of its rows a source keeps a field; the rows
// of config.column_map, which the models read.
type Mapping struct {
	Source access.SourceName `json:"source"`
	Stream access.StreamName `json:"stream"`
	Field  string            `json:"field"`
	Path   string            `json:"path"` // a JSON pointer or a path of DuckDB; of date_format the format
}

// ColumnMap returns the source's mapping with every default filled in, ordered
// by stream and field.
func (s *Source) ColumnMap(source access.SourceName) []Mapping {
	var out []Mapping
	for _, stream := range slices.Sorted(maps.Keys(s.columns)) {
		for _, field := range slices.Sorted(maps.Keys(s.columns[stream])) {
			column := s.columns[stream][field]
			if column == "" {
				continue
			}
			if field != DateFormat {
				column = pathOf(column)
			}
			out = append(out, Mapping{source, stream, field, column})
		}
	}
	return out
}

// pathOf turns a column's name into a JSON pointer (RFC 6901). What begins with
// $. or / is a path already, for reports whose fields nest.
func pathOf(column string) string {
	if isPath(column) {
		return column
	}
	return "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(column)
}

// isPath reports whether a mapping names a path rather than a column.
func isPath(column string) bool {
	return strings.HasPrefix(column, "$.") || strings.HasPrefix(column, "$[") || strings.HasPrefix(column, "/")
}

// resolve lays the configured columns over the defaults. A key without a
// stream is one of workers; employee_id and date_format hold for every stream.
func resolve(flat map[string]string) (map[access.StreamName]map[string]string, error) {
	wide := map[string]string{}
	for key, column := range flat {
		if !strings.Contains(key, ".") && key != "employee_id" && key != DateFormat && hasWorker(key) {
			key = "workers." + key
		}
		if _, twice := wide[key]; twice {
			return nil, fmt.Errorf("map columns: %s is given twice, with and without its stream", key)
		}
		wide[key] = column
	}
	given, err := ingest.SplitColumns(wide, Fields())
	if err != nil {
		return nil, err
	}
	out := map[access.StreamName]map[string]string{}
	var errs []error
	for stream, pairs := range columns {
		out[stream] = map[string]string{}
		for _, p := range pairs {
			column, ok := given[stream][p[0]]
			if ok && column == "" {
				errs = append(errs, fmt.Errorf("map columns: %s.%s names no column", stream, p[0]))
			}
			if !ok {
				column = p[1]
			}
			out[stream][p[0]] = column
		}
	}
	return out, errors.Join(errs...)
}

// hasWorker reports whether workers have the field.
func hasWorker(field string) bool {
	return slices.ContainsFunc(columns["workers"], func(p [2]string) bool { return p[0] == field })
}
