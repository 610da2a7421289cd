package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"winnow/internal/access"
	"winnow/internal/config"
)

// The exit statuses, on which a scheduler can act.
const (
	exitDone   = 0 // everything was done
	exitFailed = 1 // try again, or read the hint
	exitUsage  = 2 // the command line or the configuration is wrong: trying again changes nothing
	exitPart   = 3 // done in part: the rest is named
)

// A failure carries the verb that failed and the exit status that it deserves.
type failure struct {
	verb string
	code int
	err  error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// usage marks an error as the caller's.
func usage(err error) error { return &failure{code: exitUsage, err: err} }

// partly marks an error as one that left part of the work done.
func partly(err error) error { return &failure{code: exitPart, err: err} }

// ran gives an error of a verb its name and its status.
func ran(verb string, err error) error {
	if err == nil {
		return nil
	}
	f := &failure{verb: verb, code: exitFailed, err: err}
	var inner *failure
	var faults *config.Faults
	switch {
	case errors.As(err, &inner):
		f.code = inner.code
	case errors.As(err, &faults):
		f.code = exitUsage
	}
	return f
}

// report tells the error, if there is one, and returns the exit status. What
// did not come through ran is cobra's: an unknown command or flag.
func (a *app) report(cmd *cobra.Command, err error) int {
	if err == nil {
		return exitDone
	}
	f := &failure{code: exitUsage, err: err}
	errors.As(err, &f)
	hint := access.HintOf(err)
	switch {
	case hint != "":
	case errors.Is(err, context.Canceled):
		hint = "it was interrupted: what was sealed stays, and the same command resumes there"
	case f.code == exitUsage && cmd.HasParent():
		hint = "usage: " + cmd.UseLine()
	case f.code == exitUsage:
		hint = "winnow --help lists the commands"
	}
	a.printError(f, hint)
	return f.code
}

func (a *app) printError(f *failure, hint string) {
	if a.json {
		line, err := json.Marshal(map[string]any{"command": f.verb, "error": f.Error(), "hint": hint, "status": f.code})
		if err == nil {
			a.say(string(line))
			return
		}
	}
	what := "winnow: "
	switch {
	case f.verb == "":
	case f.code == exitPart:
		what += f.verb + " was done in part: "
	default:
		what += f.verb + " failed: "
	}
	a.say(printableLines(what + f.Error()))
	if hint != "" {
		a.say(printableLines("hint: " + hint))
	}
}

// say writes one line to stderr. A reader that is gone must not end the work.
func (a *app) say(line string) { _, _ = fmt.Fprintln(a.stderr, line) }

// printableLines neutralises what an error may have picked up from a
// directory, line by line, so that lists of faults stay lists.
func printableLines(s string) string {
	lines := strings.Split(strings.ReplaceAll(strings.TrimSpace(s), "\t", "  "), "\n")
	for i := range lines {
		lines[i] = access.Printable(lines[i])
	}
	return strings.Join(lines, "\n")
}
