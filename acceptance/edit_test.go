package acceptance_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"winnow/export"
	"winnow/export/entra"
	"winnow/export/okta"
	"winnow/internal/access"
	"winnow/mining"
)

// replan lets the planner's own models look for the edits of the cases, whatever
// the rules advise.
func replan(t *testing.T, db *sql.Conn, cases []removalCase) map[string]access.Recommendation {
	t.Helper()
	do := func(statement string) {
		t.Helper()
		if _, err := db.ExecContext(context.Background(), statement); err != nil {
			t.Fatalf("%v\n%s", err, statement)
		}
	}
	var rows []string
	for i, c := range cases {
		rows = append(rows, fmt.Sprintf("('c%02d', '%s', '%s')", i, c.account, c.wanted))
	}
	do(`create or replace table snapshot.marts.proposal as
		select v.id as recommendation_id, l.identity_id, v.account_id, e.source, v.entitlement_id, e.name as entitlement_name, e.kind as entitlement_kind,
		       if(h.identity_id is null, 'grant', 'revoke') as action, 'idle' as basis, null::varchar as bar, h.identity_id is not null as held, h.path_list, e.owner
		from (values ` + strings.Join(rows, ", ") + `) as v(id, account_id, entitlement_id)
		join core.entitlement as e using (entitlement_id) join core.account_link as l using (account_id)
		left join core.holding as h on h.identity_id = l.identity_id and h.entitlement_id = v.entitlement_id`)
	ordered, _, err := mining.Graph(context.Background(), db)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range ordered {
		name, ours := strings.CutPrefix(m.Table(), "marts.")
		if !ours || !strings.HasPrefix(name, "edit_") && name != "path_root" && name != "removability" {
			continue
		}
		do("create or replace table snapshot.marts." + name + " as " + m.SQL)
		for _, c := range m.Checks {
			if bad := ask(t, db, c.SQL); len(bad) > 0 {
				t.Errorf("%s, check %s: %v", name, c.Name, bad)
			}
		}
		grain := strings.Join(m.Grain, ", ")
		if bad := ask(t, db, "select "+grain+" from marts."+name+" group by "+grain+" having count(*) > 1"); len(bad) > 0 {
			t.Errorf("%s: not one row each: %v", name, bad)
		}
	}
	out := map[string]access.Recommendation{}
	for i, c := range cases {
		id := fmt.Sprintf("c%02d", i)
		rec := access.Recommendation{RecommendationID: id, Action: access.Revoke, Confidence: access.High, Score: 0.9, ReasonCodes: []access.ClaimCode{}}
		var raw string
		err := db.QueryRowContext(context.Background(), `select p.identity_id, p.account_id, p.source, p.entitlement_id, p.entitlement_name, p.entitlement_kind,
			r.removability::varchar from marts.proposal as p join marts.removability as r using (recommendation_id) where p.recommendation_id = ?`, id).
			Scan(&rec.IdentityID, &rec.AccountID, &rec.Source, &rec.EntitlementID, &rec.EntitlementName, &rec.EntitlementKind, &raw)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		rec.Removability = json.RawMessage(raw)
		if c.verdict == "give" {
			rec.Action = access.Grant
		}
		out[c.name] = rec
	}
	return out
}

// bare takes the source off an id.
func bare(id string) string { return id[strings.IndexByte(id, ':')+1:] }

// verdict writes what the planner found as the table of cases has it.
func verdict(t *testing.T, rec access.Recommendation) (verdict, edits, effects string) {
	t.Helper()
	r, err := rec.Removal()
	if err != nil {
		t.Fatal(err)
	}
	var steps, goes []string
	for _, e := range r.Edits {
		steps = append(steps, string(e.Kind)+" "+bare(e.TargetID))
	}
	for _, f := range r.Effects {
		goes = append(goes, bare(f.EntitlementID))
	}
	slices.Sort(goes)
	return string(r.Verdict), strings.Join(steps, ", "), strings.Join(goes, " ")
}

// holdings are who holds what, as "account entitlement".
func holdings(t *testing.T, db *sql.Conn) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, row := range ask(t, db, "select distinct account_id || ' ' || entitlement_id from core.assignment") {
		out[row] = true
	}
	return out
}

// less lists what is in a and not in b.
func less(a, b map[string]bool) (out []string) {
	for _, k := range slices.Sorted(maps.Keys(a)) {
		if !b[k] {
			out = append(out, k)
		}
	}
	return out
}

// TestPlannerVerdicts holds the planner's verdict on every case against what the
// platform does: a fresh pull after the edits finds exactly that gone which was
// meant and foretold, and a fresh pull after the undoing finds it all back.
func TestPlannerVerdicts(t *testing.T) {
	e := newEstate()
	cases := removalCases(e)
	// The undoing of the group's edit gives the app of case 9 again.
	e.serve(t).circle(t, cases, "o:00u09 o:a09")
}

// circle pulls, mines, plans, sends the edits of the cases, pulls again, undoes
// them, and pulls again. returns is what the undoing gives back although its own
// edit has no inverse.
func (s site) circle(t *testing.T, cases []removalCase, returns string) {
	t.Helper()
	db := s.pulled(t).mine(t)
	before := holdings(t, db)
	recs := replan(t, db, cases)
	want, given := map[string]bool{}, map[string]bool{} // what is to go, and to come
	var planned []access.Recommendation
	for _, c := range cases {
		v, edits, effects := verdict(t, recs[c.name])
		if v != c.verdict || edits != c.edits || effects != c.effects {
			t.Errorf("%s:\n got %s: %s; %s\nwant %s: %s; %s", c.name, v, edits, effects, c.verdict, c.edits, c.effects)
		}
		planned = append(planned, recs[c.name])
		into := map[string]map[string]bool{"remove": want, "give": given}[c.verdict]
		for _, x := range append(strings.Fields(c.effects), bare(c.wanted)) {
			if into != nil {
				into[c.account+" "+c.account[:2]+x] = true
			}
		}
	}
	t.Logf("%d cases", len(cases))
	plan := s.plan(t, planned)
	answers := map[string][]byte{}
	for _, o := range plan.Operations {
		answers[o.ID] = s.carryOut(t, o)
	}
	after := holdings(t, s.pulled(t).mine(t))
	if got := less(before, after); !slices.Equal(got, less(want, nil)) {
		t.Errorf("gone, and not foretold: %v\nforetold, and not gone: %v", less(less2(got), want), less(want, less2(got)))
	}
	if got := less(after, before); !slices.Equal(got, less(given, nil)) {
		t.Errorf("came: %v, want %v", got, less(given, nil))
	}
	if told := foretold(plan); !slices.Equal(told, less(both(want, given), nil)) {
		t.Errorf("the plan foretells %v\nwant %v", told, less(both(want, given), nil))
	}
	lost := map[string]bool{} // apps that were assigned to the user
	for _, o := range slices.Backward(plan.Operations) {
		s.undo(t, o, answers[o.ID])
		if key := o.Subject.AccountID + " " + o.Subject.EntitlementID; !o.Reversible && key != returns {
			lost[key] = true
		}
	}
	back := holdings(t, s.pulled(t).mine(t))
	if got := less(before, back); !slices.Equal(got, less(lost, nil)) {
		t.Errorf("not back after the undoing: %v, want %v", got, less(lost, nil))
	}
	if more := less(back, before); len(more) > 0 {
		t.Errorf("more after the undoing than ever: %v", more)
	}
}

func both(a, b map[string]bool) map[string]bool {
	out := maps.Clone(a)
	maps.Copy(out, b)
	return out
}

func less2(list []string) map[string]bool {
	out := map[string]bool{}
	for _, x := range list {
		out[x] = true
	}
	return out
}

// foretold is what the operations of a plan say that they take away.
func foretold(p access.Plan) []string {
	out := map[string]bool{}
	for _, o := range p.Operations {
		out[o.Subject.AccountID+" "+o.Subject.EntitlementID] = true
		for _, c := range o.Collateral {
			out[c.AccountID+" "+c.EntitlementID] = true
		}
	}
	return less(out, nil)
}

// plan writes the plan of both sinks.
func (s site) plan(t *testing.T, recs []access.Recommendation) access.Plan {
	t.Helper()
	o, err := okta.NewEdit(okta.EditConfig{Source: "o", OrgURL: s.okta})
	if err != nil {
		t.Fatal(err)
	}
	e, err := entra.NewEdit(entra.EditConfig{Source: "e", TenantID: "t1", GraphURL: s.entra})
	if err != nil {
		t.Fatal(err)
	}
	sinks := append(s.otherSinks(t), o, e)
	p, err := export.Build(export.Header{RunID: "r1", AsOf: editDay, DataDigest: "d1", IncludeIrreversible: true}, recs, export.Directory{}, sinks...)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range p.Omitted {
		t.Errorf("left out: %+v", x)
	}
	return p
}

// base is the address of an operation's tenant.
func (s site) base(o access.Operation) string {
	return map[access.SourceName]string{"o": s.okta, "e": s.entra, "s": s.scim + "/scim/v2", "p": s.ping + "/v1", "a": s.auth0}[o.Source]
}

// carryOut sends an operation as a careful apply would: its conditions tell
// before and after apart.
func (s site) carryOut(t *testing.T, o access.Operation) []byte {
	t.Helper()
	for _, c := range o.Preconditions {
		if !s.holds(t, o, c) {
			t.Errorf("%s: not so before: %s (%s)", o.Note, c.Text, c.Path)
		}
	}
	if s.all(t, o, o.Verify) {
		t.Errorf("%s: already so before it was done", o.Note)
	}
	status, answer := s.send(t, s.base(o), o.Request)
	if status >= 300 {
		t.Errorf("%s: %s %s: %d %s", o.Note, o.Method, o.Path, status, answer)
		return nil
	}
	for range 5 { // packages take their time
		if s.all(t, o, o.Verify) {
			break
		}
	}
	for _, c := range o.Verify {
		if !s.holds(t, o, c) {
			t.Errorf("%s: not so afterwards: %s (%s)", o.Note, c.Text, c.Path)
		}
	}
	if s.all(t, o, o.Preconditions) {
		t.Errorf("%s: before and after look the same", o.Note)
	}
	return answer
}

// undo sends what undoes an operation.
func (s site) undo(t *testing.T, o access.Operation, answer []byte) {
	t.Helper()
	for _, r := range o.Inverse {
		r, err := r.Fill(answer)
		if err != nil {
			t.Fatal(err)
		}
		status, body := s.send(t, s.base(o), r)
		if status >= 300 {
			t.Errorf("undo %s: %d %s", o.Note, status, body)
			return
		}
		var made struct{ Assignment struct{ ID string } }
		if json.Unmarshal(body, &made) == nil && made.Assignment.ID != "" { // let the platform work on
			for range 5 {
				s.send(t, s.base(o), access.Request{Method: "GET", Path: "/v1.0/identityGovernance/entitlementManagement/assignments/" + made.Assignment.ID})
			}
		}
	}
}

func (s site) all(t *testing.T, o access.Operation, list []access.Condition) bool {
	t.Helper()
	return !slices.ContainsFunc(list, func(c access.Condition) bool { return !s.holds(t, o, c) })
}

// holds looks at a condition.
func (s site) holds(t *testing.T, o access.Operation, c access.Condition) bool {
	t.Helper()
	status, body := s.send(t, s.base(o), access.Request{Method: "GET", Path: c.Path})
	if status == http.StatusNotFound {
		return c.Want == access.Absent
	}
	if status != http.StatusOK {
		t.Fatalf("%s: GET %s: %d %s", o.Note, c.Path, status, body)
	}
	var objects []map[string]any
	var err error
	switch c.List {
	case access.WholeAnswer:
		err = json.Unmarshal(body, &objects)
	case "":
		var one map[string]any
		err = json.Unmarshal(body, &one)
		objects = append(objects, one)
	default:
		var page map[string]json.RawMessage
		if err = json.Unmarshal(body, &page); err == nil {
			err = json.Unmarshal(page[c.List], &objects)
		}
	}
	if err != nil {
		t.Fatalf("%s: GET %s: %v in %s", o.Note, c.Path, err, body)
	}
	there := slices.ContainsFunc(objects, func(x map[string]any) bool {
		return !slices.ContainsFunc(c.Where, func(f access.Field) bool { return !has(x, f.Key, f.Value) })
	})
	return there == (c.Want == access.Present)
}

// has looks for a value behind a key with dots.
func has(x any, key, value string) bool {
	if list, ok := x.([]any); ok {
		return slices.ContainsFunc(list, func(e any) bool { return has(e, key, value) })
	}
	if key == "" {
		return fmt.Sprint(x) == value
	}
	object, ok := x.(map[string]any)
	if !ok {
		return false
	}
	if v, whole := object[key]; whole {
		return has(v, "", value)
	}
	first, rest, _ := strings.Cut(key, ".")
	v, ok := object[first]
	return ok && has(v, rest, value)
}

// send sends a request with the credentials of both fakes.
func (s site) send(t *testing.T, base string, q access.Request) (int, []byte) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), q.Method, base+q.Path, strings.NewReader(string(q.Body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer t")
	if base == s.okta {
		r.Header.Set("Authorization", "SSWS t")
	}
	s.dress(r)
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Body.Close() }()
	body, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a.StatusCode, body
}
