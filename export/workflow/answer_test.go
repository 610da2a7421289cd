package workflow_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"winnow/export"
	"winnow/export/internal/sample"
	"winnow/export/workflow"
	"winnow/internal/access"
)

func input() export.Input {
	grant := func(user, id, kind, name string, edit access.EditKind) access.Recommendation {
		r := sample.Planned(sample.Revoke("okta", user, id, kind, name), access.RemovalGive, nil, access.Edit{Kind: edit})
		r.Rationale = "All of the 12 people of the same department hold it."
		return r
	}
	low, late, hand := grant("u1", "g3", "group", "Low", access.AddMember), grant("u1", "g4", "group", "Late", access.AddMember), grant("u1", "g5", "group", "Hand", access.AddMember)
	low.Confidence, late.ExportFrom = access.Low, "2026-07-04"
	hand = sample.Planned(hand, access.RemovalByHand, nil, access.Edit{Kind: access.AskByHand})
	return export.Input{AsOf: sample.AsOf, Recommendations: []access.Recommendation{
		grant("u1", "g1", "group", "Sales <i>\u202e", access.AddMember), grant("u1", "a1", "app", "CRM", access.AddAppUser),
		grant("u1", "s1/r1", "app_role", "Berths: Pilot", access.AddAppRole), grant("u1", "s2", "app", "Vault", access.AddAppRole),
		grant("u2", "g1", "group", "Sales", access.AddMember), low, late, hand, sample.Revoke("okta", "u1", "g9", "group", "Held"),
	}}
}

func TestGolden(t *testing.T) {
	all := workflow.Answers(input(), "run-7", "person-u3")
	if len(all) != 3 || all[2].IdentityID != "person-u3" || len(all[2].GroupsToAssign) != 0 {
		t.Errorf("%+v", all)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	if err := e.Encode(all); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(b.Bytes(), []byte("null")) {
		t.Error("a list is null")
	}
	sample.Golden(t, "testdata/answers.golden.json", b.Bytes())
}

// TestFiles writes two nights: what was withdrawn is gone on the second.
func TestFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "answers")
	all := workflow.Answers(input(), "run-7")
	if _, err := workflow.Write(dir, all); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(dir, "README.json")
	if err := os.WriteFile(other, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	paths, err := workflow.Write(dir, all[:1])
	if err != nil || len(paths) != 2 {
		t.Fatalf("%v, %v", paths, err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) != 3 {
		t.Errorf("%v, %v", left, err)
	}
	for _, p := range left {
		if info, err := os.Stat(p); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", p, info.Mode(), err)
		}
	}
	var read workflow.Payload
	b, err := os.ReadFile(filepath.Join(dir, workflow.FileName("person-u1")))
	if err != nil || json.Unmarshal(b, &read) != nil || len(read.GroupsToAssign) != 1 || len(read.AppsToProvision) != 2 || len(read.RolesToAssign) != 1 || read.LeftToPeople != 1 {
		t.Errorf("%s, %v", b, err)
	}
}
