package hris

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/lake"
)

// Columns is a layout with the configuration laid over it: where each field of
// each stream is kept.
type Columns struct {
	of      map[access.StreamName]map[string][]string // by stream and field: the columns that may hold it, the best first
	given   map[string]string                         // as configured
	reduced []access.StreamName
}

// NewColumns lays the configured columns over a layout: "department": "Dept",
// "transfers.department": "To_Dept". A key without a stream is one of workers;
// employee_id and date_format hold for every stream. It reports every key that
// names no field, or no column.
func NewColumns(l Layout, flat map[string]string) (*Columns, error) {
	wide, err := widen(flat)
	if err != nil {
		return nil, err
	}
	given, err := ingest.SplitColumns(wide, Fields())
	if err != nil {
		return nil, err
	}
	c := &Columns{of: map[access.StreamName]map[string][]string{}, given: flat, reduced: l.Reduced}
	var errs []error
	for _, stream := range order {
		c.of[stream] = map[string][]string{}
		for _, p := range columns[stream] {
			column, ok := given[stream][p[0]]
			switch {
			case ok && (column == "" || strings.Contains(column, "\n")):
				errs = append(errs, fmt.Errorf("map columns: %s.%s names no column", stream, p[0]))
			case ok:
				c.of[stream][p[0]] = []string{column}
			case l.column(stream, p) != "":
				c.of[stream][p[0]] = strings.Split(l.column(stream, p), "|")
			}
		}
	}
	return c, errors.Join(errs...)
}

// widen writes the stream before the keys that are workers' alone.
func widen(flat map[string]string) (map[string]string, error) {
	wide := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(flat)) {
		to := key
		if !strings.Contains(key, ".") && key != employeeID && key != DateFormat && hasWorker(key) {
			to = string(Workers) + "." + key
		}
		if _, twice := wide[to]; twice {
			return nil, fmt.Errorf("map columns: %s is given twice, with and without its stream", to)
		}
		wide[to] = flat[key]
	}
	return wide, nil
}

// A Mapping says under which path of its rows a source keeps a field; the rows
// of config.column_map, which the models read.
type Mapping struct {
	Source access.SourceName `json:"source"`
	Stream access.StreamName `json:"stream"`
	Field  string            `json:"field"`
	Path   string            `json:"path"` // JSON pointers or paths of DuckDB, one a line, the first that says something counts; of date_format the format
}

// Map returns the mappings, ordered by stream and field.
func (c *Columns) Map(source access.SourceName) []Mapping {
	var out []Mapping
	for _, stream := range slices.Sorted(maps.Keys(c.of)) {
		for _, field := range slices.Sorted(maps.Keys(c.of[stream])) {
			out = append(out, Mapping{source, stream, field, strings.Join(c.paths(stream, field), "\n")})
		}
	}
	return out
}

// paths returns where a field may be kept; of date_format the format itself.
func (c *Columns) paths(stream access.StreamName, field string) []string {
	var out []string
	for _, column := range c.of[stream][field] {
		if field != DateFormat {
			column = pathOf(column)
		}
		out = append(out, column)
	}
	return out
}

// Shape returns what the rows of a stream must have: the key of the employee's
// number, unless they may be known by another.
func (c *Columns) Shape(stream access.StreamName) lake.Shape {
	keys := c.of[stream][employeeID]
	if len(keys) != 1 || len(c.of[stream][recordID]) > 0 || isPath(keys[0]) {
		return nil
	}
	return lake.Shape{{Key: keys[0], Type: lake.Text, Required: true}}
}

// Complete fails where a table with known columns lacks one: the employee's
// number where nothing stands for it, what was configured for this stream by
// name, and what else is needed. Place says in the message what was read.
func (c *Columns) Complete(place string, stream access.StreamName, have []string, needed ...string) error {
	missing := c.missing(stream, have, needed)
	if len(have) == 0 || len(missing) == 0 {
		return nil
	}
	return access.WithHint(fmt.Errorf("read %s: there is no column %s", place, strings.Join(missing, ", no column ")),
		access.Printable(fmt.Sprintf("the columns are %s; map them in the source's configuration, for instance columns: {%s.employee_id: %s}",
			strings.Join(have, ", "), stream, have[0])))
}

// missing lists the columns that are needed and not there.
func (c *Columns) missing(stream access.StreamName, have, fields []string) []string {
	var out []string
	for _, field := range slices.Sorted(maps.Keys(c.of[stream])) {
		list := c.of[stream][field]
		needed := field == employeeID && len(c.of[stream][recordID]) == 0 || c.configured(stream, field) || slices.Contains(fields, field)
		found := slices.ContainsFunc(list, func(column string) bool { return isPath(column) || slices.Contains(have, column) })
		if needed && !found && field != DateFormat {
			out = append(out, fmt.Sprintf("%s (for %s)", list[0], field))
		}
	}
	return out
}

// configured reports whether the field's column was given for this stream, not
// taken from the defaults or from a key for all streams.
func (c *Columns) configured(stream access.StreamName, field string) bool {
	_, dotted := c.given[string(stream)+"."+field]
	_, bare := c.given[field]
	return dotted || bare && stream == Workers
}

// Members lists the members of a stream's rows in which a field is kept, in
// order and once each.
func (c *Columns) Members(stream access.StreamName) []string {
	var out []string
	for field := range c.of[stream] {
		if field == DateFormat {
			continue
		}
		for _, path := range c.paths(stream, field) {
			out = append(out, root(path))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
