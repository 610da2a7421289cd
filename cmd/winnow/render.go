package main

import (
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"winnow/internal/access"
)

// maxCell is the width at which a cell of a table is cut, in runes.
const maxCell = 60

// A grid is a table for people. Every cell is neutralised, since names come
// from directories that strangers can write.
type grid struct {
	head  []string
	rows  [][]string
	right map[int]bool // columns of numbers, from 0
	width int          // runes a cell; 0 means maxCell
}

// add appends one row.
func (g *grid) add(cells ...string) { g.rows = append(g.rows, cells) }

// String renders the grid, with a line break at its end.
func (g *grid) String() string {
	w := table.NewWriter()
	w.SetStyle(table.StyleLight)
	w.Style().Format.Header = text.FormatDefault
	w.Style().Options.SeparateColumns = true
	var columns []table.ColumnConfig
	for i := range g.head {
		if g.right[i] {
			columns = append(columns, table.ColumnConfig{Number: i + 1, Align: text.AlignRight, AlignHeader: text.AlignRight})
		}
	}
	w.SetColumnConfigs(columns)
	w.AppendHeader(g.row(g.head))
	for _, r := range g.rows {
		w.AppendRow(g.row(r))
	}
	return w.Render() + "\n"
}

func (g *grid) row(cells []string) table.Row {
	row := make(table.Row, len(cells))
	for i, c := range cells {
		row[i] = cell(c, g.width)
	}
	return row
}

// cell makes one value fit for a table: one line, harmless, at most width
// runes.
func cell(s string, width int) string {
	if width == 0 {
		width = maxCell
	}
	s = access.Printable(strings.Join(strings.Fields(s), " "))
	if r := []rune(s); len(r) > width {
		return string(r[:width-1]) + "…"
	}
	return s
}

// thousands writes a count with its thousands apart: 1,234,567.
func thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	var b strings.Builder
	for i, d := range digits {
		if left := len(digits) - i; i > 0 && left%3 == 0 && digits[i-1] != '-' {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}
