package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts run winnow as a process of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"winnow": main})
}

// TestScripts runs every command the way a person or a scheduler does.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"hold": hold, "status": status, "tamper": tamper, "company": company, "explain": explain, "hrsystems": hrsystems, "modelserver": modelserver,
			"cutoff": cutoff, "replace": replace, "org": testOrg, "approver": approver, "replaced": replaced,
		},
	})
}

// hold takes the lock of a data folder until the script ends, as another
// winnow would: hold DIR TEXT writes TEXT into the lock.
func hold(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: hold DIR TEXT")
	}
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o700))
	f, err := os.OpenFile(filepath.Join(dir, "winnow.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	ts.Check(err)
	ts.Check(syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB))
	_, err = f.WriteString(args[1])
	ts.Check(err)
	ts.Defer(func() { _ = f.Close() })
}

// status runs winnow and demands its exit status: status 2 winnow query.
func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status CODE COMMAND ...")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := "0"
	if exit, ok := err.(interface{ ExitCode() int }); ok {
		code = string(rune('0' + exit.ExitCode()))
	} else if err != nil {
		ts.Fatalf("run %v: %v", args[1:], err)
	}
	if code != args[0] {
		ts.Fatalf("exit status %s, want %s", code, args[0])
	}
}

// tamper appends a byte to the only file that matches a pattern.
func tamper(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: tamper PATTERN")
	}
	files, err := filepath.Glob(ts.MkAbs(args[0]))
	ts.Check(err)
	if len(files) != 1 {
		ts.Fatalf("%s matches %d files", args[0], len(files))
	}
	f, err := os.OpenFile(files[0], os.O_APPEND|os.O_WRONLY, 0)
	ts.Check(err)
	_, err = f.Write([]byte{0})
	ts.Check(err)
	ts.Check(f.Close())
}

// company writes a small firm as files: twenty people who use a wiki and a CRM
// every day for 300 days, but for two who left the CRM alone for 200. One name
// is hostile and one row of the log is broken.
func company(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: company DIR")
	}
	accounts, assignments, usage := "account_id,login,email,display_name,department,status\n", "account_id,entitlement_id,since\n", "day,account_id,entitlement_id,count\n"
	for i := range 20 {
		name := fmt.Sprintf("Person %d", i)
		if i == 19 {
			name = "Eve\x1b[31m\u202e"
		}
		accounts += fmt.Sprintf("a%d,p%d,p%d@x.test,%s,Sales,active\n", i, i, i, name)
		for _, app := range []string{"crm", "wiki"} {
			assignments += fmt.Sprintf("a%d,%s,2025-01-01T00:00:00Z\n", i, app)
			for back := 300; back > 0; back-- {
				if i >= 18 && app == "crm" && back <= 200 {
					continue
				}
				day := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -back)
				usage += fmt.Sprintf("%s,a%d,%s,1\n", day.Format(time.DateOnly), i, app)
			}
		}
	}
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o700))
	for name, text := range map[string]string{
		"accounts.csv": accounts, "assignments.csv": assignments, "usage.csv": usage + "yesterday,a1,crm,1\n",
		"entitlements.csv": "entitlement_id,kind,name\ncrm,app,CRM\nwiki,app,Wiki\n",
	} {
		ts.Check(os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
}

// explain runs winnow explain on the id in the last line of a file and demands
// its exit status: explain FILE CODE.
func explain(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: explain FILE CODE")
	}
	fields := strings.Fields(ts.ReadFile(args[0]))
	status(ts, false, []string{args[1], "winnow", "explain", fields[len(fields)-1]})
}
