package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"winnow/internal/access"
	"winnow/internal/config"
	"winnow/internal/store"
)

// A site is a configuration and the places in its data folder.
type site struct {
	*config.Config
}

// site loads the configuration that --config names.
func (a *app) site() (*site, error) {
	c, err := config.Load(a.config)
	if err != nil {
		return nil, usage(err)
	}
	return &site{c}, nil
}

func (s *site) lakeDir() string  { return filepath.Join(s.DataDir, "lake") }
func (s *site) workDir() string  { return filepath.Join(s.DataDir, "work") }
func (s *site) snapshot() string { return filepath.Join(s.DataDir, "winnow.duckdb") }
func (s *site) state() string    { return filepath.Join(s.DataDir, "state.duckdb") }

// lastJob is where the report of the last job of a verb is kept.
func (s *site) lastJob(verb string) string { return filepath.Join(s.DataDir, "last_"+verb+".json") }

func (s *site) limits() store.Options {
	return store.Options{MemoryLimit: s.MemoryLimit, Threads: s.Threads}
}

// open opens the published snapshot for reading. SQL that runs on it can read
// no file and write none: evidence queries get copied from mails.
func (s *site) open(ctx context.Context) (*sql.DB, error) {
	if _, err := os.Stat(s.snapshot()); errors.Is(err, os.ErrNotExist) {
		return nil, access.WithHint(fmt.Errorf("open the snapshot: %w", err), "winnow run publishes one")
	}
	o := s.limits()
	o.ReadOnly = true
	db, err := store.Open(ctx, s.snapshot(), o)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	for _, set := range []string{"set timezone = 'UTC'", "set enable_external_access = false", "set lock_configuration = true"} {
		if _, err := db.ExecContext(ctx, set); err != nil {
			return nil, errors.Join(fmt.Errorf("fence the snapshot: %w", err), db.Close())
		}
	}
	return db, nil
}
