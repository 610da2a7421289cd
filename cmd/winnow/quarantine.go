package main

import (
	"context"
	"database/sql"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/store"
	"winnow/mining"
)

//go:embed quarantine.sql
var quarantineSQL string

// refusedFlags choose among what was refused.
type refusedFlags struct {
	source, stream, reason string
}

func (f *refusedFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.source, "source", "", "only this source")
	cmd.Flags().StringVar(&f.stream, "stream", "", "only this stream")
	cmd.Flags().StringVar(&f.reason, "reason", "", "only where the field and the reason hold these words")
}

// a row of the list fits the flags.
func (f refusedFlags) fits(r refusedRow) bool {
	return (f.source == "" || f.source == r.Source) && (f.stream == "" || f.stream == r.Stream) &&
		strings.Contains(r.Field+" "+r.Reason, f.reason)
}

func quarantineCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use: "quarantine", Short: "list what was received and refused, and try it again", Args: cobra.NoArgs,
		Long: `What a source served and winnow could not read is not lost: its bytes are kept with the reason. list says what there
is; retry checks it against the shapes of this version and lands what fits now. What the models refused later, field by
field, stands in core.quarantine: winnow query "from core.quarantine".`,
		RunE: func(*cobra.Command, []string) error {
			return usage(access.WithHint(errors.New("choose what to do"), "winnow quarantine list, or winnow quarantine retry"))
		},
	}
	cmd.AddCommand(quarantineListCommand(a), quarantineRetryCommand(a))
	return cmd
}

func quarantineListCommand(a *app) *cobra.Command {
	var f refusedFlags
	cmd := &cobra.Command{
		Use: "list", Short: "say what was refused, why, how often, and where its bytes are", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return ran("quarantine list", a.listQuarantine(cmd.Context(), f))
		},
	}
	f.register(cmd)
	return cmd
}

// A refusedRow is one reason for which records of a stream were refused.
type refusedRow struct {
	Source  string `json:"source"`
	Stream  string `json:"stream"`
	Field   string `json:"field,omitempty"`
	Reason  string `json:"reason"`
	Hint    string `json:"hint,omitempty"`
	Records int64  `json:"records"`
	Place   string `json:"place"` // of the newest example
	Line    int64  `json:"line,omitempty"`
	Value   string `json:"value,omitempty"`
	File    string `json:"file"` // that holds its bytes, base64 in the key body
}

// listQuarantine reads the lake's own ledger, so that it is right before
// anything was mined and while a job runs.
func (a *app) listQuarantine(ctx context.Context, f refusedFlags) error {
	s, err := a.site()
	if err != nil {
		return err
	}
	if _, err := s.choose(sourceNames(f.source)); err != nil {
		return err
	}
	rows, err := s.refused(ctx)
	if err != nil {
		return err
	}
	chosen := []refusedRow{}
	for _, r := range rows {
		if f.fits(r) {
			r.File = filepath.Join(s.lakeDir(), r.File)
			chosen = append(chosen, r)
		}
	}
	if a.json {
		enc := json.NewEncoder(a.stdout)
		enc.SetEscapeHTML(false)
		return enc.Encode(chosen)
	}
	_, err = io.WriteString(a.stdout, quarantineText(chosen))
	return err
}

// sourceNames is the list of the one name, if there is one.
func sourceNames(name string) []string {
	if name == "" {
		return nil
	}
	return []string{name}
}

// refused asks the ledger of the lake, in a file aside.
func (s *site) refused(ctx context.Context) (rows []refusedRow, err error) {
	if _, err := os.Stat(s.lakeDir()); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	dir, err := os.MkdirTemp("", "winnow-quarantine-*")
	if err != nil {
		return nil, fmt.Errorf("create a folder for the ledger: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "state.duckdb")
	if err := mining.WriteState(ctx, &lake.Lake{Dir: s.lakeDir()}, s.types(), path); err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, path, store.Options{ReadOnly: true, Threads: 1})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	rows, err = collect(ctx, db, quarantineSQL, func(r *sql.Rows, x *refusedRow) error {
		return r.Scan(&x.Source, &x.Stream, &x.Field, &x.Reason, &x.Hint, &x.Records, &x.Place, &x.Line, &x.Value, &x.File)
	})
	if err != nil {
		return nil, fmt.Errorf("read the quarantine: %w", err)
	}
	return rows, nil
}

// quarantineText writes the rows as a table, and below it for each the example,
// the way out and the file, which need room.
func quarantineText(rows []refusedRow) string {
	if len(rows) == 0 {
		return "nothing is in quarantine\n"
	}
	g := &grid{head: []string{"source", "stream", "records", "why"}, right: map[int]bool{2: true}, width: 90}
	var b strings.Builder
	for _, r := range rows {
		why := strings.TrimSpace(r.Field + " " + r.Reason)
		g.add(r.Source, r.Stream, thousands(r.Records), why)
		f := access.Fault{Origin: access.Origin{Place: r.Place, Line: int(r.Line)}, Field: r.Field, Value: r.Value, Reason: r.Reason}
		fmt.Fprintf(&b, "\n%s %s: %s\n  newest: %s\n  bytes:  %s\n", r.Source, r.Stream, cell(why, 90), cell(f.Error(), 200), access.Printable(r.File))
		if r.Hint != "" {
			fmt.Fprintf(&b, "  → %s\n", cell(r.Hint, 200))
		}
	}
	return g.String() + b.String()
}
