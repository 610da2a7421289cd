package okta_test

import (
	"strings"
	"testing"

	"winnow/export"
	"winnow/export/internal/apispec"
	"winnow/export/internal/sample"
	"winnow/export/okta"
)

// A launch is a request of its own, valid against Okta's document, with what it
// expects and how it is undone.
func TestLaunch(t *testing.T) {
	l := okta.Launch{Source: "okta", OrgURL: "https://acme.example", Campaigns: []okta.Campaign{
		{ID: "ici1", Name: "winnow 2026-06-30 “Ledger” (01234567)"}, {ID: "ici2", Name: "a\u202eb \"x\""}}}
	p, err := export.Build(export.Header{RunID: "run-7", AsOf: sample.AsOf, DataDigest: "d1"}, nil, export.Directory{}, l)
	if err != nil {
		t.Fatal(err)
	}
	data, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	sample.Golden(t, "testdata/launch.golden.json", data)
	doc := apispec.Load(t, "okta-governance-3.2.0.yaml.gz")
	for i, o := range p.Operations {
		path := strings.Replace(o.Path, []string{"ici1", "ici2"}[i], "{campaignId}", 1)
		if item := doc.Paths.Find(path); item == nil || item.GetOperation(o.Method) == nil || item.GetOperation(o.Method).RequestBody != nil {
			t.Errorf("the specification has no %s %s without a body", o.Method, path)
		}
		apispec.Check(t, apispec.Body(t, doc, "POST", strings.Replace(path, "launch", "end", 1)), o.Inverse[0].Body)
	}
	l.Campaigns = []okta.Campaign{{ID: "x/../y"}}
	if _, err := export.Build(export.Header{RunID: "run-7", AsOf: sample.AsOf, DataDigest: "d1"}, nil, export.Directory{}, l); err == nil {
		t.Error("an id that reaches elsewhere was accepted")
	}
}

// What reviewers are being asked, and what is ordered, is not asked again.
func TestNobodyIsAskedTwice(t *testing.T) {
	s, err := okta.New(config())
	if err != nil {
		t.Fatal(err)
	}
	first := plan(t, config(), flagged())
	mark := func(name string) string { return name[len(name)-9 : len(name)-1] }
	h := export.Header{RunID: "run-8", AsOf: sample.AsOf.AddDate(0, 0, 1), DataDigest: "d2"}
	for _, o := range first.Operations {
		h.Ordered = append(h.Ordered, mark(read(t, o).Name))
	}
	p, err := export.Build(h, flagged(), export.Directory{}, s)
	if err != nil || len(p.Operations) != 1 || !strings.Contains(p.Operations[0].Note, "Everyone") {
		t.Errorf("%+v, %v", p.Operations, err) // the built-in group is not known here, and new
	}
	h.Ordered, h.Asked = nil, first.Operations[0].RecommendationIDs
	if p, err = export.Build(h, flagged(), export.Directory{}, s); err != nil {
		t.Fatal(err)
	}
	for _, o := range p.Operations {
		for _, id := range o.RecommendationIDs {
			for _, asked := range h.Asked {
				if id == asked {
					t.Errorf("%s is asked twice", id)
				}
			}
		}
	}
}
