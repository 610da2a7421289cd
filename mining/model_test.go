package mining_test

import (
	"strings"
	"testing"

	"winnow/mining"
)

// The rules that a landing model must keep are too easily forgotten.
func TestLandingModelsReadAsTheReadmeSays(t *testing.T) {
	models, err := mining.Models()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range models {
		if m.Schema != "landing" {
			continue
		}
		for _, must := range []string{"hive_partitioning = false", "columns = ", "format = 'newline_delimited'", "getvariable('files')"} {
			if !strings.Contains(m.SQL, must) {
				t.Errorf("%s lacks %s", m.Path, must)
			}
		}
		if strings.Contains(m.SQL, "ignore_errors") {
			t.Errorf("%s uses ignore_errors, which turns faults into nulls", m.Path)
		}
	}
}

// Every published table says what it is, at what grain.
func TestPublishedModelsAreDocumented(t *testing.T) {
	models, err := mining.Models()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range models {
		if (m.Schema == "core" || m.Schema == "marts") && (m.Doc == "" || len(m.Grain) == 0) {
			t.Errorf("%s has no sentence or no grain", m.Path)
		}
		if n := strings.Count(m.SQL, "\n"); n > 100 {
			t.Errorf("%s has %d lines", m.Path, n)
		}
	}
}
