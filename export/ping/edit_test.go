package ping_test

import (
	"testing"

	"winnow/export"
	"winnow/export/internal/sample"
	"winnow/export/ping"
	"winnow/internal/access"
)

func TestGolden(t *testing.T) {
	s, err := ping.New(ping.Config{Source: "idp", EnvironmentID: "env-1"})
	if err != nil {
		t.Fatal(err)
	}
	r := func(user, id string) access.Recommendation { return sample.Revoke("idp", user, id, "group", "Ledger") }
	p, err := export.Build(export.Header{RunID: "run-7", AsOf: sample.AsOf, DataDigest: "d1"}, []access.Recommendation{
		sample.Planned(r("v1", "q1"), access.RemovalEdit, nil, access.Edit{Kind: access.RemoveMember}),
		sample.Planned(r("v1", "q12"), access.RemovalGive, nil, access.Edit{Kind: access.AddMember}),
		sample.Planned(r("v1", "q13"), access.RemovalRule, nil, access.Edit{Kind: access.AskRule, ViaName: "Filter", Proposed: `(x) and not (username eq "a")`}),
		sample.Planned(r("v1/../x", "q1"), access.RemovalEdit, nil, access.Edit{Kind: access.RemoveMember}),
		sample.Planned(r("v1", "q14"), access.RemovalEdit, nil, access.Edit{Kind: access.RemoveAppUser}),
	}, export.Directory{}, s)
	if err != nil {
		t.Fatal(err)
	}
	data, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	sample.Golden(t, "testdata/edit.golden.json", data)
	if len(p.Operations) != 2 || len(p.Notes) != 1 || len(p.Omitted) != 2 {
		t.Errorf("%d operations, %d notes, left out %+v", len(p.Operations), len(p.Notes), p.Omitted)
	}
}
