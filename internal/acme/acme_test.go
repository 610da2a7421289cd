package acme

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"winnow/internal/access"
)

// demo is the company of the zero options, written once for all tests.
var demo = sync.OnceValues(func() (*written, error) {
	dir, err := os.MkdirTemp("", "acme")
	if err != nil {
		return nil, err
	}
	c, err := Generate(Options{})
	if err != nil {
		return nil, err
	}
	demoDir = dir
	m, err := c.Write(dir)
	return &written{c, m, dir}, err
})

var demoDir string // where the demo was written, if it was

type written struct {
	c   *Company
	m   Manifest
	dir string
}

func TestMain(m *testing.M) {
	code := m.Run()
	if demoDir != "" {
		os.RemoveAll(demoDir)
	}
	os.Exit(code)
}

func theDemo(t *testing.T) *written {
	t.Helper()
	w, err := demo()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// digest hashes every file below a folder, names included.
func digest(t *testing.T, dir string) string {
	t.Helper()
	h := sha256.New()
	err := fs.WalkDir(os.DirFS(dir), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(dir, p))
		fmt.Fprintf(h, "%s %x\n", p, sha256.Sum256(b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func writeFresh(t *testing.T, o Options) string {
	t.Helper()
	c, err := Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if _, err := c.Write(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestSameOptionsSameBytes(t *testing.T) {
	o := Options{People: 120, Seed: 7, LogDays: 20, HistoryDays: 40}
	first, second := digest(t, writeFresh(t, o)), digest(t, writeFresh(t, o))
	if first != second {
		t.Error("two runs with the same options differ")
	}
	o.Seed = 8
	if digest(t, writeFresh(t, o)) == first {
		t.Error("another seed gave the same bytes")
	}
}

func TestWriteTwice(t *testing.T) {
	c, err := Generate(Options{People: 60, LogDays: 10, HistoryDays: 12})
	if err != nil {
		t.Fatal(err)
	}
	var sums []string
	for range 2 {
		dir := t.TempDir()
		if _, err := c.Write(dir); err != nil {
			t.Fatal(err)
		}
		sums = append(sums, digest(t, dir))
	}
	if sums[0] != sums[1] {
		t.Error("a company changes by being written")
	}
}

func TestRefusedOptions(t *testing.T) {
	for name, o := range map[string]Options{
		"few people":      {People: 3},
		"many people":     {People: 2_000_000},
		"short history":   {LogDays: 90, HistoryDays: 30},
		"negative log":    {LogDays: -1},
		"not midnight":    {AsOf: time.Date(2026, 1, 1, 3, 0, 0, 0, time.UTC)},
		"negative target": {EventsTarget: -5},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Generate(o)
			if err == nil || access.HintOf(err) == "" || strings.ToLower(err.Error()[:1]) != err.Error()[:1] {
				t.Errorf("error %v, hint %q", err, access.HintOf(err))
			}
		})
	}
}

func TestPrivateFiles(t *testing.T) {
	dir := writeFresh(t, Options{People: 40, LogDays: 5, HistoryDays: 5})
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && !d.IsDir() && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", p, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "history")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a past there should be no history: %v", err)
	}
}

func TestUnwritableFolder(t *testing.T) {
	c, err := Generate(Options{People: 40, LogDays: 2, HistoryDays: 2})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write(file); err == nil {
		t.Error("writing below a file succeeded")
	}
}
