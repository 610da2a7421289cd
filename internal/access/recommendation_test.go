package access_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"winnow/internal/access"
)

const row = `{"recommendation_id":"r1","run_id":"run-7","as_of":"2026-06-30 00:00:00","action":"revoke","identity_id":"p1",
"account_id":"okta:00u1","source":"okta","entitlement_id":"okta:00g1","score":0.97,"confidence":"high","reason_codes":["idle_quiet"],
"claims":[{"id":"c1","code":"idle_quiet","values":{"days":142}}],"rationale":null,"removability":{"reversible":true,
"paths":[{"path_kind":"direct","removable":true}]},"risk":null,"a_later_column":1}`

func TestReadRow(t *testing.T) {
	var r access.Recommendation
	if err := json.Unmarshal([]byte(row), &r); err != nil {
		t.Fatal(err)
	}
	if err := r.Check(); err != nil {
		t.Error(err)
	}
	if want := time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC); !r.AsOf.Equal(want) {
		t.Errorf("as_of = %v", r.AsOf)
	}
	if c, ok := r.Claim("idle_quiet"); !ok || c.Values["days"].Text() != "142" {
		t.Errorf("claim = %+v", c)
	}
	paths, err := r.Paths()
	if err != nil || len(paths) != 1 || paths[0].Kind != "direct" || !*paths[0].Removable {
		t.Errorf("paths = %+v, %v", paths, err)
	}
	written, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var again access.Recommendation
	if err := json.Unmarshal(written, &again); err != nil || again.Claims[0].Code != "idle_quiet" || !again.AsOf.Equal(r.AsOf) {
		t.Errorf("read again: %+v, %v", again, err)
	}
}

func TestRowVariants(t *testing.T) {
	for _, c := range []struct {
		row   string
		way   access.WayBack
		paths int
	}{
		{`{"removability":"[{\"path_kind\":\"group\"}]","claims":"[{\"id\":\"c1\",\"code\":\"left\"}]","risk":"Irreversible"}`, access.Irreversible, 1},
		{`{"removability":{"reversible":false,"paths":[]},"risk":"reversible"}`, access.Irreversible, 0},
		{`{"removability":null,"claims":null,"risk":"high"}`, access.Unknown, 0},
		{`{"as_of":"2026-06-30T02:00:00+02:00"}`, access.Unknown, 0},
	} {
		var r access.Recommendation
		if err := json.Unmarshal([]byte(c.row), &r); err != nil {
			t.Errorf("%s: %v", c.row, err)
			continue
		}
		if paths, err := r.Paths(); err != nil || len(paths) != c.paths || r.WayBack() != c.way {
			t.Errorf("%s: %v %v %v", c.row, paths, err, r.WayBack())
		}
	}
	var r access.Recommendation
	if err := json.Unmarshal([]byte(`{"as_of":"yesterday"}`), &r); err == nil {
		t.Error("yesterday was read as a time")
	}
}

func TestCheckRefuses(t *testing.T) {
	good := access.Recommendation{RecommendationID: "r", Action: access.Grant, Confidence: access.Low}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*access.Recommendation){
		"id":         func(r *access.Recommendation) { r.RecommendationID = "" },
		"action":     func(r *access.Recommendation) { r.Action = "delete" },
		"confidence": func(r *access.Recommendation) { r.Confidence = "" },
		"score":      func(r *access.Recommendation) { r.Score = 1.01 },
	} {
		bad := good
		spoil(&bad)
		if bad.Check() == nil {
			t.Errorf("accepted a bad %s", name)
		}
	}
}

func TestSortIsTotal(t *testing.T) {
	recs := []access.Recommendation{
		{RecommendationID: "a", Action: access.Revoke, Confidence: access.High, Score: 0.9},
		{RecommendationID: "b", Action: access.Revoke, Confidence: access.High, Score: 0.8},
		{RecommendationID: "c", Action: access.Revoke, Confidence: access.High, Score: 0.8},
		{RecommendationID: "d", Action: access.Revoke, Confidence: access.Medium, Score: 0.99},
		{RecommendationID: "e", Action: access.Grant, Confidence: access.High, Score: 1},
		{RecommendationID: "f", Action: access.Abstain, Confidence: access.Low},
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		random.Shuffle(len(recs), func(i, j int) { recs[i], recs[j] = recs[j], recs[i] })
		access.SortRecommendations(recs)
		got := ""
		for _, r := range recs {
			got += r.RecommendationID
		}
		if got != "abcdef" {
			t.Fatalf("order = %s", got)
		}
	}
}

func TestNativeID(t *testing.T) {
	if id, ok := access.NativeID("okta", "okta:00g1"); !ok || id != "00g1" {
		t.Error(id, ok)
	}
	for _, foreign := range []string{"okta-emea:00g1", "okta:", "", "00g1"} {
		if _, ok := access.NativeID("okta", foreign); ok {
			t.Errorf("%q was taken for okta's", foreign)
		}
	}
}
