package main

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"winnow/internal/config"
	"winnow/internal/lake"
	"winnow/internal/store"
	"winnow/mining"
)

//go:embed doctor.sql
var doctorSQL string

// doctorModels are the models that the doctor asks, in the order in which they
// read each other: what it says of coverage is what the verdicts rest on.
var doctorModels = []string{"core.coverage", "core.log_need", "core.covered_day", "core.covered_before", "core.reference"}

// conclude says what the landed logs cover and what cannot be concluded from
// them.
func (d *diagnosis) conclude(ctx context.Context, s *site, chosen config.Sources, asOf time.Time) (err error) {
	if _, err := os.Stat(s.lakeDir()); errors.Is(err, os.ErrNotExist) {
		d.add(nothingLanded...)
		return nil
	}
	dir, err := os.MkdirTemp("", "winnow-doctor-*")
	if err != nil {
		return fmt.Errorf("create a folder for the ledger: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	db, err := ledgerOf(ctx, s, filepath.Join(dir, "state.duckdb"), asOf)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	wanted := map[string]bool{}
	for _, c := range chosen {
		wanted[string(c.Name)] = true
	}
	found, err := conclusions(ctx, db, s, asOf)
	if err != nil {
		return err
	}
	for _, f := range found {
		if wanted[f.source] {
			d.add(f.symptom)
		}
	}
	months, err := collect(ctx, db, "select source, stream, month, days from doctor.calendar order by all",
		func(rows *sql.Rows, m *monthRow) error { return rows.Scan(&m.Source, &m.Stream, &m.Month, &m.Days) })
	if err != nil {
		return fmt.Errorf("read the calendar: %w", err)
	}
	for _, m := range months {
		if wanted[m.Source] {
			d.Calendar = append(d.Calendar, m)
		}
	}
	return nil
}

// ledgerOf builds the ledger of the lake as tables, aside from the one that a
// running job may be writing, and the models that judge it.
func ledgerOf(ctx context.Context, s *site, path string, asOf time.Time) (*sql.DB, error) {
	if err := mining.WriteState(ctx, &lake.Lake{Dir: s.lakeDir()}, s.types(), path); err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, path, store.Options{Threads: 1})
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // variables belong to one connection
	statements, err := ledgerStatements(s, asOf)
	for _, q := range statements {
		if err == nil {
			_, err = db.ExecContext(ctx, q)
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read the ledger of coverage: %w", err), db.Close())
	}
	return db, nil
}

// ledgerStatements set the stage for the models, build them, and ask.
func ledgerStatements(s *site, asOf time.Time) ([]string, error) {
	out := []string{
		"create schema config", "create schema staging", "create schema core",
		"set variable as_of = timestamp " + store.Quote(asOf.UTC().Format(time.DateTime)),
		"create table config.source (source varchar, type varchar)",
		fmt.Sprintf("create table config.policy as select %d as horizon_days", s.Idle.HorizonDays),
		// Days that a file vouches for are in the manifests of its pulls already.
		"create table staging.covered (source varchar, stream varchar, first_day date, last_day date)",
		// What the models refuse of what landed is known once they have read it.
		"create table lake.encoded (source varchar, stream varchar, day date, copies bigint, fault varchar)",
	}
	types := s.types()
	for _, c := range s.Sources {
		out = append(out, "insert into config.source values ("+store.Quote(string(c.Name))+", "+store.Quote(types[c.Name])+")")
	}
	models, err := mining.Models()
	if err != nil {
		return nil, err
	}
	for _, name := range doctorModels {
		n := len(out)
		for _, m := range models {
			if m.Table() == name {
				out = append(out, "create table "+name+" as "+m.SQL)
			}
		}
		if len(out) == n {
			return nil, fmt.Errorf("find the model %s", name)
		}
	}
	return append(out, doctorSQL), nil
}

// A monthRow is one month of a stream's coverage: a letter a day.
type monthRow struct {
	Source string `json:"source"`
	Stream string `json:"stream"`
	Month  string `json:"month"` // 2026-03
	Days   string `json:"days"`  // # complete, + partial, - missing, blank unknown
}

// writeCalendar draws the months under each other.
func writeCalendar(b *strings.Builder, months []monthRow) {
	if len(months) == 0 {
		return
	}
	b.WriteString("\nDays that the logs cover:  # complete  + partial  - missing  (blank: before the log or after it)\n")
	last := ""
	for _, m := range months {
		name := m.Source + " " + m.Stream
		if name != last {
			fmt.Fprintf(b, "  %s\n           1   5    10   15   20   25   30\n", cell(name, 70))
			last = name
		}
		fmt.Fprintf(b, "  %s  %s\n", m.Month, strings.TrimRight(m.Days, " "))
	}
}
