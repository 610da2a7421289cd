package scale

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"winnow/internal/lake"
	"winnow/mining"
)

type row = map[string]any

// columns are the paths of HR's fields in the company's files, by stream: those
// of a report that names its columns like ours.
var columns = []struct{ stream, field, path string }{
	{"workers", "employee_id", "Employee_ID"}, {"workers", "display_name", "Legal_Name"}, {"workers", "email", "Work_Email"},
	{"workers", "department", "Department"}, {"workers", "title", "Job_Title"}, {"workers", "location", "Location"},
	{"workers", "manager_id", "Manager_ID"}, {"workers", "worker_type", "Worker_Type"}, {"workers", "status", "Status"},
	{"workers", "hire_date", "Hire_Date"}, {"workers", "termination_date", "Termination_Date"},
	{"workers", "contract_end", "Contract_End"},
	{"transfers", "employee_id", "Employee_ID"}, {"transfers", "effective", "Effective_Date"},
	{"transfers", "department", "New_Department"}, {"transfers", "old_department", "Old_Department"},
	{"leaves", "employee_id", "Employee_ID"}, {"leaves", "first_day", "First_Day"}, {"leaves", "kind", "Kind"},
}

// settings are those of a configuration that says nothing of its own.
func settings() map[string]any {
	var paths, levels []row
	for _, c := range columns {
		paths = append(paths, row{"source": "hr", "stream": c.stream, "field": c.field, "path": "$." + c.path})
	}
	for i, attribute := range []string{"department", "title", "location"} {
		levels = append(levels, row{"level": i + 1, "attribute": attribute})
	}
	return map[string]any{
		"policy": []row{{"revoke_precision": 0.95, "grant_precision": 0.9, "grant_grace_days": 90, "change_grace_days": 14,
			"hire_grace_days": 90, "max_input_age_days": 5, "wait_days": 7, "horizon_days": 90, "idle_method": "hazard",
			"min_peers": 5, "min_covered_days": 45, "hysteresis": 0.02}},
		"protect": []row{}, "column_map": paths, "peer_level": levels,
	}
}

// explainTask returns how DuckDB runs the models named in Args, and what each
// operator takes, on the company's own tables.
func explainTask(ctx context.Context, t task) (any, error) {
	lk, err := lake.Open(t.Lake)
	if err != nil {
		return nil, err
	}
	b := t.build(lk)
	if err := b.Run(ctx); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	models, _, err := mining.Graph(ctx, b.Conn())
	if err != nil {
		return nil, errors.Join(err, b.Close())
	}
	var out strings.Builder
	for _, m := range models {
		for _, name := range t.Args {
			if m.Table() != name {
				continue
			}
			plan, err := explain(ctx, b, m)
			if err != nil {
				return nil, errors.Join(err, b.Close())
			}
			fmt.Fprintf(&out, "== %s\n%s\n", name, plan)
		}
	}
	return out.String(), errors.Join(os.WriteFile(t.Dir+"/explain.txt", []byte(out.String()), 0o600), b.Close())
}

// explain makes the model's table once more, under another name.
func explain(ctx context.Context, b *mining.Build, m mining.Model) (string, error) {
	rows, err := b.Conn().QueryContext(ctx, "explain analyze create or replace temp table again as "+m.SQL)
	if err != nil {
		return "", fmt.Errorf("explain %s: %w", m.Table(), err)
	}
	defer rows.Close()
	var out strings.Builder
	for rows.Next() {
		var key, value string
		if err := rows.Scan(&key, &value); err != nil {
			return "", fmt.Errorf("explain %s: %w", m.Table(), err)
		}
		out.WriteString(value)
	}
	return out.String(), rows.Err()
}
