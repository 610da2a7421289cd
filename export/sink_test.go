package export_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"winnow/export"
	"winnow/export/internal/sample"
	"winnow/internal/access"
)

// fake is a sink that writes one operation a flag.
type fake struct {
	name       string
	reversible bool
	err        error
}

func (f fake) Name() string { return f.name }

func (f fake) Plan(in export.Input) (export.Proposal, error) {
	flags, p := export.Flags(in, f.name, "okta", func(fl *export.Flag) string {
		fl.Type = "GROUP"
		if fl.Recommendation.EntitlementKind != "group" {
			return "it is no group"
		}
		return ""
	})
	for _, fl := range flags {
		o := access.Operation{
			Kind: access.OperationReview, Source: "okta", Tenant: "https://acme.example", RecommendationIDs: []string{fl.Recommendation.RecommendationID},
			Request: access.Request{Method: "PUT", Path: "/" + f.name + "/" + fl.Resource + "/" + fl.User}, Reversible: f.reversible,
		}
		if f.reversible {
			o.Inverse = []access.Request{{Method: "DELETE", Path: o.Path}}
		}
		p.Operations = append(p.Operations, o)
	}
	return p, f.err
}

var header = export.Header{RunID: "run-7", AsOf: sample.AsOf, DataDigest: "d1"}

// mixed are recommendations of every fate.
func mixed() []access.Recommendation {
	change := func(r access.Recommendation, edit func(*access.Recommendation)) access.Recommendation {
		edit(&r)
		return r
	}
	r := func(user, group string) access.Recommendation {
		return sample.Revoke("okta", user, group, "group", group)
	}
	return []access.Recommendation{
		r("u1", "g1"), r("u2", "g1"),
		change(r("u3", "g1"), func(r *access.Recommendation) { r.Confidence = access.Medium }),
		change(r("u4", "g1"), func(r *access.Recommendation) { r.Confidence = access.Low }),
		change(r("u5", "g1"), func(r *access.Recommendation) { r.ExportFrom = "2026-07-01" }),
		change(r("u6", "g1"), func(r *access.Recommendation) { r.AccountID = "" }),
		change(r("u7", "g1"), func(r *access.Recommendation) { r.EntitlementID = "entra:g1" }),
		r("gone", "g1"),
		change(r("u8", "a1"), func(r *access.Recommendation) { r.EntitlementKind = "app" }),
		change(r("u9", "g2"), func(r *access.Recommendation) {
			r.Action, r.Claims = access.ChangeRule, sample.RuleClaims("All staff", "Noor Haddad")
		}),
		change(r("u10", "g2"), func(r *access.Recommendation) {
			r.Action, r.Claims = access.ChangeRule, sample.RuleClaims("All staff", "Noor Haddad")
		}),
		change(r("u11", "g2"), func(r *access.Recommendation) { r.Action, r.Owner = access.ChangeRule, "Ari" }),
		change(r("u12", "g1"), func(r *access.Recommendation) { r.Action = access.Grant }),
		change(r("u13", "g1"), func(r *access.Recommendation) { r.Action = access.Abstain }),
		sample.Revoke("entra", "u1", "g1", "group", "g1"),
	}
}

var directory = export.Directory{Accounts: map[string]export.Account{"okta:gone": {Status: "deprovisioned"}}}

// TestNothingIsLost follows every revoke and change_rule of the source into the
// plan: as operation, note or omission.
func TestNothingIsLost(t *testing.T) {
	p, err := export.Build(header, mixed(), directory, fake{name: "a", reversible: true})
	if err != nil {
		t.Fatal(err)
	}
	told, omitted := p.Recommendations(), 0
	for _, n := range p.Notes {
		told += len(n.RecommendationIDs)
	}
	for _, o := range p.Omitted {
		omitted += o.Count
	}
	if p.Recommendations() != 3 || told != 6 || omitted != 6 {
		t.Errorf("%d in operations, %d told, %d omitted", p.Recommendations(), told, omitted)
	}
	if len(p.Notes) != 2 || !strings.Contains(p.Notes[1].Text, "change what assigns it (owner: “Ari”)") ||
		!strings.Contains(p.Notes[0].Text, "change the rule “All staff” (owner: “Noor Haddad”): it gives “g2” to 2 accounts") {
		t.Errorf("notes = %+v", p.Notes)
	}
	for _, o := range p.Omitted {
		if o.Sink != "a" || o.Reason == "" {
			t.Errorf("omission = %+v", o)
		}
	}
}

func TestBuildIsDeterministic(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 9))
	recs := mixed()
	var want []byte
	for range 20 {
		p, err := export.Build(header, recs, directory, fake{name: "b", reversible: true}, fake{name: "a", reversible: true})
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = got
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("the order of the input shows:\n%s\n%s", want, got)
		}
		if _, err := access.ReadPlan(got); err != nil {
			t.Fatal(err)
		}
		random.Shuffle(len(recs), func(i, j int) { recs[i], recs[j] = recs[j], recs[i] })
	}
}

func TestBuildLeavesInputAlone(t *testing.T) {
	recs := mixed()
	before, err := json.Marshal(recs)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := export.Build(header, recs, directory, fake{name: "a", reversible: true}); err != nil {
		t.Fatal(err)
	}
	after, err := json.Marshal(recs)
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the recommendations were changed: %v", err)
	}
}

func TestIrreversibleStaysOut(t *testing.T) {
	p, err := export.Build(header, mixed(), directory, fake{name: "a"})
	if err != nil || len(p.Operations) != 0 {
		t.Errorf("%d operations, %v", len(p.Operations), err)
	}
	asked := header
	asked.IncludeIrreversible = true
	if p, err = export.Build(asked, mixed(), directory, fake{name: "a"}); err != nil || len(p.Operations) != 3 || p.Operations[0].Reversible {
		t.Errorf("%+v, %v", p.Operations, err)
	}
}

func TestBuildRefuses(t *testing.T) {
	bad := mixed()
	bad[0].Action = "delete"
	if _, err := export.Build(header, bad, directory, fake{name: "a"}); err == nil {
		t.Error("an unknown action was accepted")
	}
	if _, err := export.Build(header, nil, directory, fake{name: "a"}, fake{name: "a"}); err == nil {
		t.Error("two sinks of one name were accepted")
	}
	cause := errors.New("no")
	if _, err := export.Build(header, nil, directory, fake{name: "a", err: cause}); !errors.Is(err, cause) {
		t.Errorf("error = %v", err)
	}
}

func TestEmptyPlan(t *testing.T) {
	p, err := export.Build(export.Header{RunID: "r", AsOf: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}, nil, export.Directory{})
	if err != nil {
		t.Fatal(err)
	}
	data, err := p.Encode()
	if err != nil || strings.Contains(string(data), "null") {
		t.Errorf("%s, %v", data, err)
	}
}

func TestTexts(t *testing.T) {
	in := export.Input{AsOf: sample.AsOf}
	hostile := "Say \"\\ \u202eno\n" + strings.Repeat("x", 300)
	b := export.Batches([]export.Flag{
		{Recommendation: sample.Revoke("okta", "u1", "g1", "group", hostile, "idle_quiet", "moved"), User: "u1", Resource: "g1"},
		{Recommendation: sample.Revoke("okta", "u1", "g2", "group", "Other", "idle_quiet"), User: "u1", Resource: "g2"},
	}, export.Limits{Users: 100, Resources: 50})[0]
	title := export.Text{}.Title(in, b)
	if strings.ContainsAny(title, "\"\\\n") || !strings.HasPrefix(title, "winnow 2026-06-30 “Say") || !strings.Contains(title, "” and 1 more (") || utf8.RuneCountInString(title) > 255 {
		t.Errorf("title = %q", title)
	}
	text := export.Text{EvidenceURL: "https://evidence.example/7", Label: func(c access.ClaimCode) string { return "<" + string(c) + ">" }}
	want := "winnow flagged 2 assignments of 1 account on 2026-06-30. Confidence: 2 high. Reasons: <idle_quiet> (2), <moved> (1). Evidence: https://evidence.example/7/" + export.PageName(b.IDs())
	if got := text.Summary(in, b, 1000); got != want {
		t.Errorf("summary = %q", got)
	}
	if got := (export.Text{}).Summary(in, b, 80); utf8.RuneCountInString(got) != 80 || !strings.HasSuffix(got, "…") {
		t.Errorf("summary = %q", got)
	}
	if got := (export.Text{}).Summary(in, b, 1000); !strings.Contains(got, "Evidence: winnow explain "+b.IDs()[0]+" ") {
		t.Errorf("summary = %q", got)
	}
}
