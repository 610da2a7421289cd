package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// Who drafted is entered in its parts.
func TestDraftedBy(t *testing.T) {
	for text, want := range map[string][3]string{
		"template/en@1f0c":                           {"template/en-1f0c"},
		"ollama:gemma3:270m@0a1b2c3d4e5f/prompt@7":   {"ollama:gemma3:270m", "0a1b2c3d4e5f", "7"},
		"ollama:hf.co/x/y z@0a1b/prompt@2026-11 (b)": {"ollama:hf.co/x/y-z", "0a1b", "2026-11--b-"},
		"ollama:m@/prompt@7":                         {"ollama:m-/prompt-7"},
	} {
		if by, model, prompt := draftedBy(text); [3]string{by, model, prompt} != want {
			t.Errorf("%s: %q, %q, %q", text, by, model, prompt)
		}
	}
}

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
