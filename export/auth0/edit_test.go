package auth0_test

import (
	"testing"

	"winnow/export"
	"winnow/export/auth0"
	"winnow/export/internal/sample"
	"winnow/internal/access"
)

func TestGolden(t *testing.T) {
	s, err := auth0.New(auth0.Config{Source: "idp", URL: "https://acme.eu.auth0.com/"})
	if err != nil {
		t.Fatal(err)
	}
	r := func(user, id string) access.Recommendation {
		return sample.Revoke("idp", user, id, "app_role", "Ledger")
	}
	p, err := export.Build(export.Header{RunID: "run-7", AsOf: sample.AsOf, DataDigest: "d1"}, []access.Recommendation{
		sample.Planned(r("auth0|1", "rol_1"), access.RemovalEdit, nil, access.Edit{Kind: access.RemoveRole}),
		sample.Planned(r("auth0|1", "rol_12"), access.RemovalGive, nil, access.Edit{Kind: access.AddRole}),
		sample.Planned(r("auth0|1", "rol_13"), access.RemovalRule, nil, access.Edit{Kind: access.AskRule, ViaName: "Filter", Proposed: `(x) and not (username eq "a")`}),
		sample.Planned(r("auth0|1/../x", "rol_1"), access.RemovalEdit, nil, access.Edit{Kind: access.RemoveRole}),
		sample.Planned(r("auth0|1", "rol_14"), access.RemovalEdit, nil, access.Edit{Kind: access.RemoveAppUser}),
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
