package files_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"winnow/export/files"
	"winnow/export/internal/sample"
	"winnow/internal/access"
)

// A page holds what reviewers need and nothing that a browser would run.
func TestPageRunsNothing(t *testing.T) {
	hostile := `<script>alert(1)</script><img src=x onerror=alert(1)>"'</td></title>javascript:x` + "\u202e\x00"
	r := sample.Revoke("okta", "u1", "g1", "group", hostile, "idle_quiet")
	r.IdentityName, r.Rationale, r.Risk = hostile, "Because "+hostile, hostile
	page, err := files.Page{Name: "a.html", Title: "ask for a review on " + hostile, Recommendations: []access.Recommendation{r}}.HTML()
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)
	for _, bad := range []string{"<script", "<img", "\u202e", "\x00", `"'<`} {
		if strings.Contains(text, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	for _, want := range []string{"&lt;script&gt;", "winnow explain " + r.RecommendationID, "default-src 'none'", "97 %"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q:\n%s", want, text)
		}
	}
}

// The folder holds the pages of the last export and no other, and leaves alone
// what is not ours.
func TestPagesOfEarlierExportsGo(t *testing.T) {
	dir := t.TempDir()
	r := sample.Revoke("okta", "u1", "g1", "group", "Ledger")
	for _, name := range []string{"first.html", "second.html"} {
		paths, err := files.WritePages(dir, []files.Page{{Name: name, Title: "x", Recommendations: []access.Recommendation{r}}})
		if err != nil || len(paths) != 1 {
			t.Fatal(paths, err)
		}
		if err := os.WriteFile(filepath.Join(dir, files.PagesDir, "notes.txt"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(filepath.Join(dir, files.PagesDir))
	if err != nil || len(entries) != 2 || entries[0].Name() != "notes.txt" || entries[1].Name() != "second.html" {
		t.Errorf("%v %v", entries, err)
	}
	info, err := os.Stat(filepath.Join(dir, files.PagesDir, "second.html"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
}
