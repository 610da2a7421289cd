package access_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"winnow/internal/access"
)

func samplePlan() access.Plan {
	return access.Plan{
		RunID: "run-7", AsOf: time.Date(2026, 6, 30, 2, 0, 0, 0, time.FixedZone("", 7200)), DataDigest: "d1",
		Operations: []access.Operation{{
			Kind: access.OperationReview, Sink: "okta_campaign", Source: "okta", Tenant: "https://acme.example",
			Request: access.Request{
				Method: "POST", Path: "/governance/api/v1/campaigns",
				Body: json.RawMessage(`{"name":"a & <b>", "n": 1.50}`),
			},
			Note: "review", RecommendationIDs: []string{"r2", "r1", "r2"}, Reversible: true,
			Inverse: []access.Request{{Method: "DELETE", Path: "/governance/api/v1/campaigns/{answer.id}"}},
		}},
	}
}

func sealed(t *testing.T, p access.Plan) []byte {
	t.Helper()
	if err := p.Seal(); err != nil {
		t.Fatal(err)
	}
	data, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestPlanRoundTrip(t *testing.T) {
	data := sealed(t, samplePlan())
	if !bytes.Equal(data, sealed(t, samplePlan())) {
		t.Error("the same plan gave other bytes")
	}
	p, err := access.ReadPlan(data)
	if err != nil {
		t.Fatal(err)
	}
	if again := sealed(t, p); !bytes.Equal(again, data) {
		t.Errorf("read and written again:\n%s", again)
	}
	if o := p.Operations[0]; string(o.Body) != `{"n":1.50,"name":"a & <b>"}` || len(o.RecommendationIDs) != 2 || p.Recommendations() != 2 {
		t.Errorf("operation = %+v, body %s", o, o.Body)
	}
}

// TestPlanIsTamperProof changes one thing after the other in a written plan.
func TestPlanIsTamperProof(t *testing.T) {
	data := string(sealed(t, samplePlan()))
	for old, changed := range map[string]string{
		`"name": "a & <b>"`:   `"name": "other"`,
		`"n": 1.50`:           `"n": 1.5`,
		`"DELETE"`:            `"POST"`,
		`https://acme`:        `https://evil`,
		`"data_digest": "d1"`: `"data_digest": "d2"`,
		`"reversible": true`:  `"reversible": false`,
	} {
		if !strings.Contains(data, old) {
			t.Fatalf("no %s in the plan", old)
		}
		_, err := access.ReadPlan([]byte(strings.Replace(data, old, changed, 1)))
		if err == nil || access.HintOf(err) == "" {
			t.Errorf("%s → %s: error %v", old, changed, err)
		}
	}
	for name, bad := range map[string]string{
		"cut":       data[:len(data)-10],
		"more":      data + "{}",
		"other key": strings.Replace(data, `"run_id"`, `"runid"`, 1),
		"format":    strings.Replace(data, `"format": 2`, `"format": 1`, 1),
	} {
		if _, err := access.ReadPlan([]byte(bad)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// TestEditedLine changes a plan at known places and looks for the line.
func TestEditedLine(t *testing.T) {
	p := samplePlan()
	other := change()
	p.Operations = append(p.Operations, other)
	data := string(sealed(t, p))
	lineOf := func(text string) int { return 1 + strings.Count(data[:strings.Index(data, text)], "\n") }
	second := lineOf(`"kind": "remove"`) - 2
	if got := access.OperationLines([]byte(data)); len(got) != 2 || got[1] != second {
		t.Fatalf("operations on lines %v, the second is on %d", got, second)
	}
	for _, test := range []struct{ old, changed, want string }{
		{`"Text": `, ``, ``}, // nothing changes
		{`"u1 is in g1"`, `"u2 is in g1"`, fmt.Sprintf("line %d: operation 2 is not as it was written", second)},
		{`"identity_id": "i1"`, `"identity_id": "i2"`, fmt.Sprintf("line %d: operation 2", second)},
		{`"a & <b>"`, `"b"`, "line 15: operation 1"},
		{`"run-7"`, `"run-8"`, "line 1: its content does not fit"},
		{`"caps": {}`, `"caps": {"day": 9000}`, "line 1: its content does not fit"},
		{`"Operations"`, `"operations"`, ``},
		{`"operations"`, `"Operations"`, "line 1: its operations are not written"},
		{`"source": "okta",` + "\n", `"source": "okta",,` + "\n", fmt.Sprintf("line %d: ", lineOf(`"source": "okta",`))},
		{`"run_id"`, `"runid"`, "read the plan: line "},
	} {
		_, err := access.ReadPlan([]byte(strings.Replace(data, test.old, test.changed, 1)))
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s → %s: %v, want %s", test.old, test.changed, err, test.want)
		}
	}
}

// TestPlanKeyTwice smuggles a key in before the one that was hashed: what is
// sent must be what was hashed.
func TestPlanKeyTwice(t *testing.T) {
	data := sealed(t, samplePlan())
	p, err := access.ReadPlan(bytes.Replace(data, []byte(`"n": 1.50`), []byte(`"n": 9, "n": 1.50`), 1))
	if err == nil && strings.Contains(string(p.Operations[0].Body), "9") {
		t.Errorf("the body to send is %s", p.Operations[0].Body)
	}
}

func TestSealRefuses(t *testing.T) {
	for name, spoil := range map[string]func(*access.Operation){
		"tenant":     func(o *access.Operation) { o.Tenant = "" },
		"method":     func(o *access.Operation) { o.Method = "" },
		"other host": func(o *access.Operation) { o.Path = "//evil.example/x" },
		"inverse":    func(o *access.Operation) { o.Inverse = nil },
		"body":       func(o *access.Operation) { o.Body = json.RawMessage(`{`) },
	} {
		p := samplePlan()
		spoil(&p.Operations[0])
		if p.Seal() == nil {
			t.Errorf("sealed an operation with a bad %s", name)
		}
	}
	p := samplePlan()
	p.Operations = append(p.Operations, p.Operations[0])
	if p.Seal() == nil {
		t.Error("sealed the same operation twice")
	}
}

func TestRequestFill(t *testing.T) {
	r := access.Request{Method: "DELETE", Path: "/campaigns/{answer.id}/x"}
	got, err := r.Fill([]byte(`{"id":"../a?b","n":1}`))
	if err != nil || got.Path != "/campaigns/..%2Fa%3Fb/x" {
		t.Errorf("%q, %v", got.Path, err)
	}
	for _, answer := range []string{`{}`, `{"id":""}`, `{"id":7}`, `{"id":".."}`, `[]`, ``} {
		if got, err := r.Fill([]byte(answer)); err == nil {
			t.Errorf("%s gave %s", answer, got.Path)
		}
	}
}
