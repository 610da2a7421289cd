// Command winnow separates the access that people need from the access that
// they merely hold. Each verb has its own file; this package only wires.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() { os.Exit(execute(os.Args[1:])) }

// execute runs one command line to its end and returns the exit status. The
// first SIGINT or SIGTERM asks the work to stop where it can be resumed; the
// second one kills.
func execute(args []string) int {
	syscall.Umask(0o077) // every file that winnow or DuckDB creates is its owner's alone
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() {
		<-ctx.Done()
		stop()
	}()
	a := &app{stdout: os.Stdout, stderr: os.Stderr, terminal: isTerminal(os.Stderr), now: time.Now}
	root := a.root()
	root.SetArgs(args)
	return a.report(root.ExecuteContextC(ctx))
}
