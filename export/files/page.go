package files

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"winnow/internal/access"
)

// PagesDir is the folder of the pages, below that of the files.
const PagesDir = "reviews"

// A Page shows reviewers the evidence of one review.
type Page struct {
	Name            string // of the file
	Title           string
	Recommendations []access.Recommendation
}

//go:embed page.html
var pageText string

// Names and sentences are data: html/template escapes them for the place where
// they stand, and the page's own policy allows no script at all.
var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"name": func(s string) string { return access.CleanName(s, 200) },
	"text": access.Printable,
	"percent": func(score float64) string {
		return fmt.Sprintf("%.0f %%", 100*score)
	},
}).Parse(pageText))

// HTML returns the page: a line a recommendation, by reviewer, person and
// access. It loads nothing and runs nothing.
func (p Page) HTML() ([]byte, error) {
	p.Recommendations = slices.Clone(p.Recommendations)
	slices.SortFunc(p.Recommendations, func(a, b access.Recommendation) int {
		return slices.Compare([]string{a.Reviewer, a.IdentityName, a.EntitlementName, a.RecommendationID},
			[]string{b.Reviewer, b.IdentityName, b.EntitlementName, b.RecommendationID})
	})
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, p); err != nil {
		return nil, fmt.Errorf("write the page %s: %w", p.Name, err)
	}
	return b.Bytes(), nil
}

// WritePages writes the pages into the folder reviews of dir, takes away those
// of earlier exports, and returns the paths. Only the owner may read them.
func WritePages(dir string, pages []Page) ([]string, error) {
	dir = filepath.Join(dir, PagesDir)
	if len(pages) == 0 {
		return nil, sweep(dir, ".html", nil)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create the folder of the pages: %w", err)
	}
	var written []string
	for _, p := range pages {
		content, err := p.HTML()
		if err != nil {
			return nil, err
		}
		path := filepath.Join(dir, p.Name)
		if err := place(path, func(aside string) error { return os.WriteFile(aside, content, 0o600) }); err != nil {
			return nil, err
		}
		written = append(written, path)
	}
	return written, sweep(dir, ".html", written)
}

// sweep removes the files with that ending that are not among the kept.
func sweep(dir, ending string, kept []string) error {
	entries, err := os.ReadDir(dir)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look through %s: %w", dir, err)
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if strings.HasSuffix(e.Name(), ending) && e.Type().IsRegular() && !slices.Contains(kept, path) {
			if err := remove(path); err != nil {
				return fmt.Errorf("take away what an earlier export wrote: %w", err)
			}
		}
	}
	return nil
}
