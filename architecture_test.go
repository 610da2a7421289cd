// Package winnow_test holds the tests that concern the tree as a whole.
package winnow_test

import (
	"errors"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "winnow"

// layers are the packages that meet in cmd only: what one of them learns
// reaches another as a table, never as a call.
var layers = []string{"ingest", "mining", "recommend", "export"}

// TestImports reads the import clauses of every Go file, tests included, and
// holds them against the rules of broken.
func TestImports(t *testing.T) {
	seen := map[string]bool{}
	for _, file := range goFiles(t) {
		from := path.Join(module, path.Dir(filepath.ToSlash(file)))
		seen[from] = true
		for _, to := range imports(t, file) {
			if reason := broken(from, to, strings.HasSuffix(file, "_test.go")); reason != "" {
				t.Errorf("%s imports %s: %s", file, to, reason)
			}
		}
	}
	for _, must := range []string{"winnow/internal/access", "winnow/internal/store", "winnow/ingest"} {
		if !seen[must] {
			t.Errorf("no Go file of %s was read: the walk is wrong, or the rules name a package that is gone", must)
		}
	}
}

// TestRulesBite shows that each rule refuses what it is there to refuse, and
// lets pass what the house allows.
func TestRulesBite(t *testing.T) {
	for _, c := range []struct {
		from, to string
		test     bool
		allowed  bool
	}{
		{"winnow/ingest/okta", "winnow/mining", false, false},
		{"winnow/mining", "winnow/ingest", true, false},
		{"winnow/export/okta", "winnow/recommend", false, false},
		{"winnow/ingest/okta", "winnow/ingest", false, true},
		{"winnow/cmd/winnow", "winnow/mining", false, true},
		{"winnow/mining", "winnow/cmd/winnow", false, false},
		{"winnow/internal/access", "golang.org/x/text", false, false},
		{"winnow/internal/access", "winnow/internal/store", false, false},
		{"winnow/internal/access", "encoding/json", false, true},
		{"winnow/internal/lake", "winnow/ingest", false, false},
		{"winnow/internal/lake", "winnow/internal/store", false, true},
		{"winnow/mining", "github.com/duckdb/duckdb-go/v2", true, false},
		{"winnow/internal/store", "github.com/duckdb/duckdb-go/v2", false, true},
		{"winnow/cmd/winnow", "github.com/marcboeker/go-duckdb", false, false},
		{"winnow/cmd/winnow", "github.com/okta/okta-sdk-golang/v6", false, false},
	} {
		if got := broken(c.from, c.to, c.test) == ""; got != c.allowed {
			t.Errorf("%s imports %s: allowed = %v, want %v", c.from, c.to, got, c.allowed)
		}
	}
}

// broken names the rule that the import breaks, or returns the empty string.
func broken(from, to string, test bool) string {
	standard := !strings.Contains(strings.SplitN(to, "/", 2)[0], ".") && !within(to, module)
	switch {
	case within(from, "winnow/internal/access") && !standard && (!test || to != "winnow/internal/access"):
		return "internal/access holds the nouns and imports the standard library only"
	case isDuckDB(to) && from != "winnow/internal/store":
		return "internal/store is the only door to DuckDB"
	case isVendorSDK(to):
		return "the vendors' SDKs judge our fakes in conformance/ and stay out of the product"
	case within(to, "winnow/cmd"):
		return "cmd wires and is imported by nobody"
	case !test && within(from, "winnow/internal") && within(to, module) && !within(to, "winnow/internal"):
		return "internal packages serve the layers and know none of them"
	}
	a, b := layerOf(from), layerOf(to)
	if a != "" && b != "" && a != b {
		return a + " and " + b + " meet in cmd, through tables"
	}
	return ""
}

func isDuckDB(pkg string) bool {
	return within(pkg, "github.com/duckdb") || within(pkg, "github.com/marcboeker/go-duckdb")
}

func isVendorSDK(pkg string) bool {
	return within(pkg, "github.com/okta") || within(pkg, "github.com/microsoftgraph")
}

func layerOf(pkg string) string {
	for _, l := range layers {
		if within(pkg, module+"/"+l) {
			return l
		}
	}
	return ""
}

// within reports whether pkg is root or lies below it.
func within(pkg, root string) bool { return pkg == root || strings.HasPrefix(pkg, root+"/") }

// goFiles lists the module's Go files, without nested modules and hidden or
// built folders.
func goFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && p != "." && skipped(p, d.Name()) {
			return fs.SkipDir
		}
		if !d.IsDir() && strings.HasSuffix(p, ".go") {
			files = append(files, p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func skipped(p, name string) bool {
	if strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata" || name == "bin" {
		return true
	}
	_, err := os.Stat(filepath.Join(p, "go.mod"))
	return !errors.Is(err, fs.ErrNotExist)
}

func imports(t *testing.T, file string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, i := range f.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			t.Fatalf("%s: read import %s: %v", file, i.Path.Value, err)
		}
		paths = append(paths, p)
	}
	return paths
}
