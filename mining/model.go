// Package mining turns the landed lake into named tables: it encodes segments
// as typed Parquet, rolls events up by day, and builds the models of
// models/ in the order that DuckDB derives from their text.
package mining

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

//go:embed all:models
var files embed.FS

// A Model is one select and what its header says about it.
type Model struct {
	Schema  string // landing, staging, core or marts; past and backtest for a backtest
	Name    string
	Doc     string   // one sentence
	Grain   []string // columns that are together unique and each not null
	Columns []ColumnDoc
	Checks  []Check
	SQL     string
	Path    string // file, for messages

	Reads    []string // tables read by Go code that fills the table, beyond what the statement reads
	Contract string   // staging only: the contract that the model fulfils

	Materialized string // staging only: why it is built once, as a table; empty for a view

	past bool // a model of a backtest's past stands in for it
}

// A ColumnDoc is the documentation of one column.
type ColumnDoc struct{ Name, Doc string }

// A Check is a select that returns the rows at fault.
type Check struct{ Name, SQL string }

// Table returns the qualified name, for instance core.account.
func (m Model) Table() string { return m.Schema + "." + m.Name }

// Models parses every model, ordered by schema and name.
func Models() ([]Model, error) {
	var out []Model
	err := fs.WalkDir(files, "models", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(p) != ".sql" || path.Dir(p) == "models" {
			return err
		}
		text, err := files.ReadFile(p)
		if err != nil {
			return err
		}
		m, err := parseModel(p, string(text))
		if err != nil {
			return err
		}
		out = append(out, m)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the models: %w", err)
	}
	slices.SortFunc(out, func(a, b Model) int { return strings.Compare(a.Table(), b.Table()) })
	return out, nil
}

// parseModel reads the header and the statement of one file.
func parseModel(p, text string) (Model, error) {
	m := place(p)
	var body []string
	header := true
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		comment, is := strings.CutPrefix(line, "--")
		if header && is {
			m.headerLine(strings.TrimSpace(comment))
			continue
		}
		header = header && strings.TrimSpace(line) == ""
		body = append(body, line)
	}
	m.SQL = strings.TrimRight(strings.TrimSpace(strings.Join(body, "\n")), ";")
	if m.Doc == "" || m.SQL == "" {
		return m, fmt.Errorf("read %s: a model opens with its name and a sentence, and holds one statement", p)
	}
	return m, nil
}

// place derives schema and name from the path: models/core/account.sql,
// models/staging/account/okta.sql.
func place(p string) Model {
	parts := strings.Split(strings.TrimSuffix(p, ".sql"), "/")
	m := Model{Schema: parts[1], Name: parts[len(parts)-1], Path: p}
	if m.Schema == "staging" {
		m.Contract = parts[2]
		m.Name = parts[2] + "_" + parts[3]
		if parts[3] == "_contract" {
			m.Name = parts[2]
		}
	}
	return m
}

// headerLine reads one line of the header. A line without a keyword continues
// the one before it.
func (m *Model) headerLine(line string) {
	word, rest, ok := strings.Cut(line, ":")
	key, name, _ := strings.Cut(word, " ")
	rest = strings.TrimSpace(rest)
	switch {
	case ok && key == "grain":
		for g := range strings.SplitSeq(rest, ",") {
			m.Grain = append(m.Grain, strings.TrimSpace(g))
		}
	case ok && key == "reads":
		for r := range strings.SplitSeq(rest, ",") {
			m.Reads = append(m.Reads, strings.TrimSpace(r))
		}
	case ok && key == "materialized":
		m.Materialized = rest
	case ok && key == "column" && name != "":
		m.Columns = append(m.Columns, ColumnDoc{name, rest})
	case ok && key == "check" && name != "":
		m.Checks = append(m.Checks, Check{name, rest})
	case m.Doc == "":
		m.Doc = rest
	default:
		m.continueLine(line)
	}
}

// continueLine appends to what the header said last.
func (m *Model) continueLine(line string) {
	switch {
	case len(m.Checks) > 0:
		m.Checks[len(m.Checks)-1].SQL += " " + line
	case len(m.Columns) > 0:
		m.Columns[len(m.Columns)-1].Doc += " " + line
	default:
		m.Doc += " " + line
	}
}
