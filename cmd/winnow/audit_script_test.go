package main

import (
	"bytes"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"
)

// cutoff removes the last line of the newest file of an audit trail: cutoff DIR.
func cutoff(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: cutoff DIR")
	}
	newest := months(ts, args[0])
	path := newest[len(newest)-1]
	b, err := os.ReadFile(path)
	ts.Check(err)
	ts.Check(os.WriteFile(path, b[:bytes.LastIndexByte(b[:len(b)-1], '\n')+1], 0o600))
}

// replace replaces a text where it stands first in an audit trail: replace DIR
// OLD NEW.
func replace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace DIR OLD NEW")
	}
	path := months(ts, args[0])[0]
	b, err := os.ReadFile(path)
	ts.Check(err)
	ts.Check(os.WriteFile(path, bytes.Replace(b, []byte(args[1]), []byte(args[2]), 1), 0o600))
}

// months lists the files of an audit trail.
func months(ts *testscript.TestScript, dir string) []string {
	out, err := filepath.Glob(filepath.Join(ts.MkAbs(dir), "*.ndjson"))
	ts.Check(err)
	if len(out) == 0 {
		ts.Fatalf("%s holds no audit trail", dir)
	}
	return out
}
