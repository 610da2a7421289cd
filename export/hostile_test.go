package export_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"winnow/export"
	"winnow/export/entra"
	"winnow/export/files"
	"winnow/export/internal/sample"
	"winnow/export/okta"
	"winnow/internal/access"
)

// hostile are the names that strangers have written in the demo's company, and
// some for what the demo has no place for.
func hostile(t *testing.T) []string {
	t.Helper()
	f, err := os.Open("../internal/acme/catalog/hostile.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, row := range rows[1:] {
		name, err := strconv.Unquote(`"` + row[1] + `"`)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, name)
	}
	if len(out) < 20 {
		t.Fatalf("the demo has %d hostile names", len(out))
	}
	for _, start := range []string{"=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠", " =", "\u00a0=", "\u2028=", "−", "|", "%"} {
		out = append(out, start+`cmd|' /C calc'!A0`, `x;`+start+`HYPERLINK("http://attacker.example","a")`, `x";`+start+`1`)
	}
	return append(out, "<!channel> look", "@here", "<@U024BE7LH>", "[open](http://attacker.example)", "[~admin]", "{code}x{code}", "```x```",
		"https://attacker.example/?q", "javascript:alert(1)", "<https://attacker.example|click>", "!image.png!", `" onmouseover="alert(1)`)
}

// flaggedBy makes a revoke whose every text is a name that a stranger wrote.
func flaggedBy(source access.SourceName, i int, name string) access.Recommendation {
	id := fmt.Sprintf("%08x-0000-4000-8000-%012x", i, i)
	r := sample.Revoke(source, id, fmt.Sprintf("%08x-0000-4000-9000-%012x", i, i), "group", name, "idle_quiet")
	if source == "okta" {
		r = sample.Revoke(source, fmt.Sprintf("00u%d", i), fmt.Sprintf("00g%d", i), "group", name, "idle_quiet")
	}
	r.IdentityName, r.Owner, r.Risk, r.Manager, r.Reviewer = name, name, name, name, name
	r.Rationale = "End the access of " + access.QuoteName(name, "“", "”") + " to " + access.QuoteName(name, "“", "”") + "."
	if i%2 == 1 {
		r.Rationale = name // whatever a draft may come to
	}
	if i%5 == 4 {
		r.Action, r.Claims = access.ChangeRule, sample.RuleClaims("r", "o")
	}
	return r
}

// Nothing that is exported runs in what opens it: spreadsheets, browsers, mails,
// chats and tickets.
func TestHostileNamesDoNothing(t *testing.T) {
	names := hostile(t)
	recs := map[access.SourceName][]access.Recommendation{}
	var lines []files.CustomLine
	for i, name := range names {
		for _, source := range []access.SourceName{"okta", "entra", "legacy"} {
			recs[source] = append(recs[source], flaggedBy(source, i, name))
		}
		lines = append(lines, files.CustomLine{Principal: fmt.Sprintf("%08x-0000-4000-8000-%012x", i, i), Recommendation: recs["legacy"][i]})
		odd := recs["legacy"][i]
		odd.EntitlementID = "legacy:" + name
		lines = append(lines, files.CustomLine{Principal: fmt.Sprintf("%08x-0000-4000-8000-%012x", i, i), Recommendation: odd})
	}
	all := slices.Concat(recs["okta"], recs["entra"], recs["legacy"])
	sheet, err := files.CSV(all)
	if err != nil {
		t.Fatal(err)
	}
	quietSheet(t, "recommendations.csv", sheet, len(all))
	custom, refused := files.Custom{Source: "legacy", Lines: lines}.CSV()
	if len(refused) < 30 {
		t.Errorf("%d ids cannot be carried", len(refused))
	}
	quietSheet(t, "custom data", custom, 0)
	page, err := files.Page{Name: "p.html", Title: names[1], Recommendations: all}.HTML()
	if err != nil {
		t.Fatal(err)
	}
	quietPage(t, page)
	quietPlans(t, names, recs)
}

// quietPlans looks at what the sinks write.
func quietPlans(t *testing.T, names []string, recs map[access.SourceName][]access.Recommendation) {
	t.Helper()
	o, errOkta := okta.New(okta.Config{Source: "okta", OrgURL: "https://acme.example", Reviewer: okta.Reviewer{Fallback: "00uF"}})
	e, errEntra := entra.New(entra.Config{Source: "entra", TenantID: "t", Reviewer: entra.Reviewer{Fallback: "00000000-0000-4000-a000-000000000001"}})
	oe, errOktaEdit := okta.NewEdit(okta.EditConfig{Name: "okta_edit", Source: "okta", OrgURL: "https://acme.example"})
	ee, errEntraEdit := entra.NewEdit(entra.EditConfig{Name: "entra_edit", Source: "entra", TenantID: "t"})
	if err := errors.Join(errOkta, errEntra, errOktaEdit, errEntraEdit); err != nil {
		t.Fatal(err)
	}
	for _, source := range []access.SourceName{"okta", "entra"} {
		for i, name := range names {
			recs[source][i] = edited(recs[source][i], i, name)
		}
	}
	l := okta.Launch{Source: "okta", OrgURL: "https://acme.example"}
	for i, name := range names {
		l.Campaigns = append(l.Campaigns, okta.Campaign{ID: fmt.Sprintf("ici%d", i), Name: name})
	}
	p, err := export.Build(header, slices.Concat(recs["okta"], recs["entra"]), export.Directory{}, o, e, l, oe, ee)
	if err != nil {
		t.Fatal(err)
	}
	texts, edits := 0, 0
	for _, op := range p.Operations {
		quietText(t, op.Note)
		for _, c := range append(op.Preconditions, op.Verify...) {
			quietText(t, c.Text)
		}
		for _, c := range op.Collateral {
			quietText(t, c.Text)
		}
		if op.Kind != access.OperationReview {
			edits++
			continue
		}
		if op.Body == nil {
			continue
		}
		var body map[string]any
		if err := json.Unmarshal(op.Body, &body); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"name", "description", "displayName", "descriptionForAdmins", "descriptionForReviewers"} {
			if text, ok := body[key].(string); ok {
				quietText(t, text)
				texts++
			}
		}
	}
	for _, n := range p.Notes {
		quietText(t, n.Text)
	}
	if edits < len(names) || texts < 2*len(names) || len(p.Notes) < len(names)/5 {
		t.Errorf("%d texts, %d edits and %d notes were looked at", texts, edits, len(p.Notes))
	}
}

// edited gives a recommendation the planner's findings, told in the same name: an
// edit with what goes with it, or a rule to change.
func edited(r access.Recommendation, i int, name string) access.Recommendation {
	effect := []access.Effect{{Step: 1, AccountID: r.AccountID, EntitlementID: string(r.Source) + ":other", Name: name}}
	if r.Action == access.ChangeRule {
		return sample.Planned(r, access.RemovalRule, nil, access.Edit{Kind: access.AskRule, ViaID: string(r.Source) + ":rule", ViaName: name, Owner: name})
	}
	return sample.Planned(r, access.RemovalEdit, effect, access.Edit{Kind: access.RemoveMember, TargetID: r.EntitlementID, TargetName: name, TargetKind: "group"})
}

// startsFormula is how a spreadsheet sees a cell, told apart from how the code
// under test does.
var startsFormula = regexp.MustCompile("^[\\s\\p{Z}\\x00-\\x1f]*[=+\\-@|%\u2212\uff1d\uff0b\uff0d\uff20]")

// quietSheet opens a file as spreadsheets do: by commas, and by semicolons with
// no regard to quotes.
func quietSheet(t *testing.T, name string, content []byte, want int) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(string(content))).ReadAll()
	if err != nil || want > 0 && len(rows) != want+1 {
		t.Fatalf("%s: %d rows, %v", name, len(rows), err)
	}
	for _, row := range rows {
		for i, cell := range row {
			if startsFormula.MatchString(cell) {
				t.Errorf("%s: the cell %q of %s would be run", name, cell, rows[0][i])
			}
		}
	}
	for _, cell := range regexp.MustCompile("[;\t\r\n]").Split(string(content), -1)[1:] {
		if cell = strings.TrimLeft(cell, `" `+"\u00a0"); cell != "" && strings.ContainsAny(cell[:1], "=+-@") {
			t.Errorf("%s: by semicolons the cell %.60q would be run", name, cell)
		}
	}
}

// quietPage allows the tags of the template, without any attribute of theirs.
func quietPage(t *testing.T, page []byte) {
	t.Helper()
	allowed := regexp.MustCompile(`^<(!doctype html|html lang="en"|/?(head|title|style|body|h1|p|table|thead|tbody|tr|th|td|br|small|code|html)|meta [^<>]*)>$`)
	for _, tag := range regexp.MustCompile(`<[^>]*>?`).FindAllString(string(page), -1) {
		if !allowed.MatchString(tag) {
			t.Errorf("the page has the tag %.80q", tag)
		}
	}
	if n := strings.Count(string(page), "<meta "); n != 4 {
		t.Errorf("%d meta tags", n)
	}
	quietRunes(t, string(page))
}

// quietText is what a mail, a chat or a ticket may show.
func quietText(t *testing.T, text string) {
	t.Helper()
	quietRunes(t, text)
	if strings.ContainsAny(text, "<>[]{}`|\"\n\r\t") || strings.Contains(text, "://") || regexp.MustCompile(`(^|[\s“(])@`).MatchString(text) {
		t.Errorf("a message says %q", text)
	}
}

func quietRunes(t *testing.T, text string) {
	t.Helper()
	if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) }); i >= 0 {
		t.Errorf("a rune that acts: %q", text[max(0, i-20):min(len(text), i+20)])
	}
}
