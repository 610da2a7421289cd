package mining

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"winnow/internal/access"
)

// reads asks DuckDB's parser which qualified tables a statement reads.
func reads(ctx context.Context, db *sql.Conn, statement string) ([]string, error) {
	var text string
	if err := db.QueryRowContext(ctx, "select json_serialize_sql(?::varchar)::varchar", statement).Scan(&text); err != nil {
		return nil, fmt.Errorf("parse a model: %w", err)
	}
	var tree struct {
		Error   bool   `json:"error"`
		Message string `json:"error_message"`
		Rest    any    `json:"statements"`
	}
	if err := json.Unmarshal([]byte(text), &tree); err != nil {
		return nil, fmt.Errorf("read DuckDB's syntax tree: %w", err)
	}
	if tree.Error {
		return nil, fmt.Errorf("parse a model: %s", tree.Message)
	}
	var out []string
	collectTables(tree.Rest, &out)
	slices.Sort(out)
	return slices.Compact(out), nil
}

// collectTables walks a syntax tree for references to tables with a schema.
// What another database holds, such as the present of a backtest, is no model.
func collectTables(node any, out *[]string) {
	switch n := node.(type) {
	case []any:
		for _, c := range n {
			collectTables(c, out)
		}
	case map[string]any:
		schema, _ := n["schema_name"].(string)
		table, _ := n["table_name"].(string)
		catalog, _ := n["catalog_name"].(string)
		if n["type"] == "BASE_TABLE" && schema != "" && catalog == "" {
			*out = append(*out, strings.ToLower(schema+"."+table))
		}
		for _, c := range n {
			collectTables(c, out)
		}
	}
}

// order sorts models so that each follows what it reads; ties go by name.
func order(models []Model, deps map[string][]string) ([]Model, error) {
	byTable := map[string]Model{}
	for _, m := range models {
		byTable[m.Table()] = m
	}
	var out []Model
	state := map[string]int{} // 1 open, 2 done
	var visit func(m Model, trail []string) error
	visit = func(m Model, trail []string) error {
		switch state[m.Table()] {
		case 2:
			return nil
		case 1:
			return access.WithHint(fmt.Errorf("order the models: %s reads itself through %s", m.Table(), strings.Join(trail, " → ")),
				"break the circle in the model's SQL")
		}
		state[m.Table()] = 1
		for _, d := range deps[m.Table()] {
			if dep, ok := byTable[d]; ok {
				if err := visit(dep, append(trail, d)); err != nil {
					return err
				}
			}
		}
		state[m.Table()] = 2
		out = append(out, m)
		return nil
	}
	for _, m := range models {
		if err := visit(m, nil); err != nil {
			return nil, err
		}
	}
	return out, nil
}
