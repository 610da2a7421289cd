package forget

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/store"
)

// What the columns of typed files, roll-ups and history hold of people: a row
// whose subject is the person goes, a mention is emptied.
var (
	subjects = map[string]string{"account": "native", "account_id": "prefixed", "worker_id": "number", "email": "mail"}
	mentions = map[string]string{"actor": "native", "value": "any", "manager_id": "number", "via_id": "prefixed"}
)

// tables rewrites the Parquet files of the lake: events, roll-ups, history.
func (p Person) tables(ctx context.Context, conn *sql.Conn, lk *lake.Lake, dry bool, n *Counts) error {
	for _, pattern := range []string{"event/source=*", "usage_day/source=*", "change/source=*", "history/*/source=*"} {
		dirs, err := filepath.Glob(filepath.Join(lk.Dir, pattern))
		if err != nil {
			return err
		}
		for _, dir := range dirs {
			files, err := below(dir, func(name string) bool { return strings.HasSuffix(name, ".parquet") })
			if err != nil {
				return err
			}
			source, counted := access.SourceName(strings.TrimPrefix(filepath.Base(dir), "source=")), n
			if strings.HasPrefix(pattern, "event/") {
				counted = &Counts{} // they are counted as the records that they were made of
			}
			if err := p.folder(ctx, conn, source, files, dry, counted); err != nil {
				return fmt.Errorf("forget in %s: %w", dir, err)
			}
		}
	}
	return nil
}

// together is how many files are looked through by one statement.
const together = 200

// folder rewrites those files of a folder that hold the person.
func (p Person) folder(ctx context.Context, conn *sql.Conn, source access.SourceName, files []string, dry bool, n *Counts) error {
	for batch := range slices.Chunk(files, together) {
		columns, err := ask(ctx, conn, "select column_name from (describe from read_parquet("+list(batch)+", hive_partitioning = false, union_by_name = true))")
		if err != nil {
			return err
		}
		found := p.found(source, columns)
		if found == "" {
			continue
		}
		touched, err := ask(ctx, conn, "select distinct filename from read_parquet("+list(batch)+
			", hive_partitioning = false, union_by_name = true, filename = true) where "+found+" order by 1")
		if err != nil {
			return err
		}
		for _, file := range touched {
			if err := p.rewrite(ctx, conn, source, file, dry, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// A column with the condition under which it names the person.
type column struct{ name, condition string }

// found is the condition under which a row names the person; empty where no
// column can.
func (p Person) found(source access.SourceName, columns []string) string {
	gone, emptied := p.conditions(source, columns)
	for _, c := range emptied {
		gone = append(gone, c.condition)
	}
	return anyOf(gone)
}

// anyOf joins conditions, of which null is none.
func anyOf(conditions []string) string {
	if len(conditions) == 0 {
		return ""
	}
	return "coalesce(" + strings.Join(conditions, ", false) or coalesce(") + ", false)"
}

// conditions are those under which rows go, and columns are emptied.
func (p Person) conditions(source access.SourceName, columns []string) (gone []string, emptied []column) {
	for _, c := range columns {
		if texts := p.texts(source, subjects[c]); len(texts) > 0 {
			gone = append(gone, "lower("+c+"::varchar) in ("+quoted(texts)+")")
		}
		if texts := p.texts(source, mentions[c]); len(texts) > 0 {
			emptied = append(emptied, column{c, "lower(" + c + "::varchar) in (" + quoted(texts) + ")"})
		}
	}
	return gone, emptied
}

// texts lists how the person is called in a column of a kind, in lower case.
func (p Person) texts(source access.SourceName, kind string) (out []string) {
	for _, id := range p.Accounts[source] {
		switch id = strings.ToLower(id); kind {
		case "native", "any":
			out = append(out, id)
		case "prefixed":
			out = append(out, strings.ToLower(string(source))+":"+id)
		}
	}
	if kind == "number" || kind == "any" {
		out = append(out, lower(p.Numbers)...)
	}
	if kind == "mail" || kind == "any" {
		out = append(out, lower(p.Mails)...)
	}
	return out
}

// rewrite writes one file anew, whole or not at all, under its name.
func (p Person) rewrite(ctx context.Context, conn *sql.Conn, source access.SourceName, file string, dry bool, n *Counts) error {
	from := "read_parquet(" + store.Quote(file) + ", hive_partitioning = false)"
	columns, err := ask(ctx, conn, "select column_name from (describe from "+from+")")
	if err != nil {
		return err
	}
	found := p.found(source, columns)
	if found == "" {
		return nil
	}
	var rows int64
	if err := conn.QueryRowContext(ctx, "select count(*) from "+from+" where "+found).Scan(&rows); err != nil {
		return err
	}
	if n.Rows += rows; dry {
		return nil
	}
	gone, emptied := p.conditions(source, columns)
	query := "select * from " + from
	if len(emptied) > 0 {
		var replaced []string
		for _, c := range emptied {
			replaced = append(replaced, "case when "+c.condition+" then null else "+c.name+" end as "+store.Ident(c.name))
		}
		query = "select * replace (" + strings.Join(replaced, ", ") + ") from " + from
	}
	if len(gone) > 0 {
		query += " where not (" + anyOf(gone) + ")"
	}
	tmp := file + ".tmp"
	if _, err := conn.ExecContext(ctx, "copy ("+query+") to "+store.Quote(tmp)+" (format parquet, compression zstd)"); err != nil {
		return fmt.Errorf("write Parquet: %w", err)
	}
	if err := os.Chmod(tmp, 0o600); err != nil {
		return fmt.Errorf("narrow the mode of %s: %w", tmp, err)
	}
	return lake.Rename(tmp, file)
}

func lower(texts []string) (out []string) {
	for _, t := range texts {
		out = append(out, strings.ToLower(t))
	}
	return out
}

// quoted writes texts as literals with commas between them.
func quoted(texts []string) string {
	var out []string
	for _, t := range texts {
		out = append(out, store.Quote(t))
	}
	return strings.Join(out, ", ")
}

// list writes files as a list literal.
func list(files []string) string { return "[" + quoted(files) + "]" }
