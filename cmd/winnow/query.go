package main

import (
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"winnow/export/files"
	"winnow/internal/access"
)

func queryCommand(a *app) *cobra.Command {
	var asCSV bool
	var limit int
	cmd := &cobra.Command{
		Use: "query SQL", Short: "ask the published snapshot, read-only", Args: cobra.ExactArgs(1),
		Long: `query runs one SQL statement on the published snapshot. It can change nothing and read no other file.

  winnow query "show all tables"
  winnow query "select action, confidence, count(*) from marts.recommendation group by all order by all"
  winnow query --json "from marts.recommendation" | jq .

The same file opens in any DuckDB shell: duckdb -readonly data/winnow.duckdb`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if a.json && asCSV {
				return usage(errors.New("choose one of --json and --csv"))
			}
			s, err := a.site()
			if err != nil {
				return err
			}
			db, err := s.open(cmd.Context())
			if err != nil {
				return err
			}
			defer db.Close() //nolint:errcheck // read only
			switch {
			case a.json:
				return queryJSON(cmd.Context(), db, args[0], a.stdout)
			case asCSV:
				return queryCSV(cmd.Context(), db, args[0], a.stdout)
			}
			return a.queryTable(cmd.Context(), db, args[0], limit)
		},
	}
	cmd.Flags().BoolVar(&asCSV, "csv", false, "write comma-separated values for a spreadsheet: a text that it would run begins with an apostrophe; --json changes nothing")
	cmd.Flags().IntVar(&limit, "limit", 100, "rows of the table for people; 0 for all")
	return cmd
}

const queryHint = `winnow query "show all tables" lists what is there, winnow models <name> says what its columns mean`

// selectText runs the statement with every value turned into text by DuckDB
// itself, so that Go need not know its types. What cannot be a subquery, such
// as explain, runs as it stands.
func selectText(ctx context.Context, db *sql.DB, query string) (*sql.Rows, error) {
	query = strings.TrimRight(strings.TrimSpace(query), "; \n\t")
	//nolint:gosec // G202: the statement is the operator's own, on a fenced read-only database
	rows, err := db.QueryContext(ctx, "select columns(*)::varchar from (\n"+query+"\n)")
	if err == nil {
		return rows, nil
	}
	rows, err = db.QueryContext(ctx, query)
	if err != nil {
		return nil, access.WithHint(fmt.Errorf("run the query: %w", err), queryHint)
	}
	return rows, nil
}

// each calls f with the texts of every row; null is an invalid NullString.
func each(rows *sql.Rows, f func([]sql.NullString) error) (err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	names, err := rows.Columns()
	if err != nil {
		return fmt.Errorf("read the columns: %w", err)
	}
	row := make([]sql.NullString, len(names))
	into := make([]any, len(names))
	for i := range row {
		into[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return fmt.Errorf("read a row: %w", err)
		}
		if err := f(row); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("run the query: %w", err)
	}
	return nil
}

var errEnough = errors.New("enough rows")

// queryTable prints at most limit rows, and says so when there are more.
func (a *app) queryTable(ctx context.Context, db *sql.DB, query string, limit int) error {
	rows, err := selectText(ctx, db, query)
	if err != nil {
		return err
	}
	g := &grid{right: map[int]bool{}}
	if g.head, err = rows.Columns(); err != nil {
		return errors.Join(fmt.Errorf("read the columns: %w", err), rows.Close())
	}
	err = each(rows, func(row []sql.NullString) error {
		if limit > 0 && len(g.rows) == limit {
			return errEnough
		}
		cells := make([]string, len(row))
		for i, v := range row {
			cells[i] = "null"
			if v.Valid {
				cells[i] = v.String
			}
		}
		g.add(cells...)
		return nil
	})
	more := errors.Is(err, errEnough)
	if err != nil && !more {
		return err
	}
	if _, err := io.WriteString(a.stdout, g.String()); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	if more {
		a.say(fmt.Sprintf("there are more than %d rows: --limit 0 shows all, --csv and --json too", limit))
	}
	return nil
}

func queryCSV(ctx context.Context, db *sql.DB, query string, out io.Writer) error {
	rows, err := selectText(ctx, db, query)
	if err != nil {
		return err
	}
	w := csv.NewWriter(out)
	names, err := rows.Columns()
	if err != nil {
		return errors.Join(fmt.Errorf("read the columns: %w", err), rows.Close())
	}
	if err := w.Write(names); err != nil {
		return errors.Join(fmt.Errorf("write the header: %w", err), rows.Close())
	}
	cells := make([]string, len(names))
	err = each(rows, func(row []sql.NullString) error {
		for i, v := range row {
			cells[i] = v.String
			if _, err := strconv.ParseFloat(v.String, 64); err != nil { // a negative number is no formula
				cells[i] = files.Neutral(v.String)
			}
		}
		return w.Write(cells)
	})
	w.Flush()
	return errors.Join(err, w.Error())
}

// queryJSON writes one object a line, with DuckDB's own types.
func queryJSON(ctx context.Context, db *sql.DB, query string, out io.Writer) error {
	query = strings.TrimRight(strings.TrimSpace(query), "; \n\t")
	//nolint:gosec // G202: the statement is the operator's own, on a fenced read-only database
	rows, err := db.QueryContext(ctx, "select to_json(winnow_row)::varchar from (\n"+query+"\n) as winnow_row")
	if err != nil {
		return access.WithHint(fmt.Errorf("run the query: %w", err), queryHint)
	}
	return each(rows, func(row []sql.NullString) error {
		_, err := io.WriteString(out, row[0].String+"\n")
		return err
	})
}
