package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"winnow/internal/access"
)

// An app is one command line: its global flags and where it writes. Results go
// to stdout, and everything that is for people while they wait to stderr.
type app struct {
	config   string
	asOfText string
	json     bool

	stdout, stderr io.Writer
	terminal       bool // whether a person watches stderr
	now            func() time.Time
}

const longHelp = `winnow reads the logs and the inventory of identity providers, works out who needs what,
and drafts grant and revoke recommendations with their evidence.

Begin with:   winnow demo        a whole fictional company, no credentials
Then:         winnow init        write a commented winnow.yaml
              winnow run         the nightly job: pull, mine, recommend, export

Exit status:  0 done · 1 failed · 2 wrong usage or configuration · 3 done in part`

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use: "winnow", Short: "separate the access that people need from the access that they merely hold",
		Long: longHelp, SilenceUsage: true, SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	flags := root.PersistentFlags()
	flags.StringVarP(&a.config, "config", "c", "winnow.yaml", "the configuration file")
	flags.StringVar(&a.asOfText, "as-of", "", "stand at this instant, e.g. 2026-03-01 or 2026-03-01T06:00:00Z (UTC; default: now)")
	flags.BoolVar(&a.json, "json", false, "write results as JSON and say nothing else")
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	for _, add := range verbs {
		cmd := add(a)
		if inner := cmd.RunE; inner != nil {
			cmd.RunE = func(c *cobra.Command, args []string) error { return ran(c.Name(), inner(c, args)) }
		}
		root.AddCommand(cmd)
	}
	return root
}

// verbs are the commands in the order of a newcomer's day.
var verbs = []func(*app) *cobra.Command{
	demoCommand, initCommand, doctorCommand, runCommand, pullCommand, mineCommand, recommendCommand, exportCommand, planCommand, approveCommand, applyCommand, rollbackCommand, answerCommand, backtestCommand, scoreCommand, queryCommand, explainCommand, quarantineCommand, auditCommand, forgetCommand, modelsCommand, versionCommand,
}

// asOf returns the instant at which the command stands: the flag's or the
// wall clock's, UTC, in whole seconds.
func (a *app) asOf() (time.Time, error) {
	if a.asOfText == "" {
		return a.now().UTC().Truncate(time.Second), nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly, "2006-01-02T15:04:05", "2006-01-02 15:04:05"} {
		if t, err := time.Parse(layout, strings.TrimSpace(a.asOfText)); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, usage(access.WithHint(fmt.Errorf("read --as-of %q: it is no date and no instant", a.asOfText),
		"write 2026-03-01 or 2026-03-01T06:00:00Z; both are read as UTC"))
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }
