package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"winnow/internal/store"
)

// A build says which winnow this is.
type build struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"`
	Modified bool   `json:"modified,omitempty"`
	Go       string `json:"go"`
	DuckDB   string `json:"duckdb,omitempty"`
	Platform string `json:"platform"`
}

func thisBuild() build {
	b := build{Version: "unknown", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.Version = info.Main.Version
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	if b.Version == "(devel)" && b.Revision != "" {
		b.Version = fmt.Sprintf("dev-%.12s", b.Revision)
		if b.Modified {
			b.Version += "+changes"
		}
	}
	return b
}

func versionCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "say which winnow, Go and DuckDB this is", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			b := thisBuild()
			db, err := store.Open(cmd.Context(), "", store.Options{})
			if err != nil {
				return err
			}
			defer db.Close() //nolint:errcheck // in memory
			if err := db.QueryRowContext(cmd.Context(), "select version()").Scan(&b.DuckDB); err != nil {
				return fmt.Errorf("ask DuckDB for its version: %w", err)
			}
			if a.json {
				return json.NewEncoder(a.stdout).Encode(b)
			}
			_, err = fmt.Fprintf(a.stdout, "winnow %s, %s, DuckDB %s, %s\n", b.Version, b.Go, b.DuckDB, b.Platform)
			return err
		},
	}
}
