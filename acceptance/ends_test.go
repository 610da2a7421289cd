package acceptance_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"winnow/export/apply"
	"winnow/internal/access"
)

// Ends of contracts are looked ahead and written as plans of their day: refused
// before it, carried out on it, and gone from the folder when the contract was
// prolonged.
func TestContractEndsAreDatedPlans(t *testing.T) {
	if testing.Short() {
		t.Skip("mines a company twice")
	}
	t.Parallel()
	u := liveOkta(t, small, `{files: out}`)
	const workers = "hr/workers.ndjson"
	hr := u.read(t, workers)
	for _, day := range []string{"2027-04-19", "2027-04-16"} { // of contracts in this company
		if !strings.Contains(hr, day) {
			t.Fatalf("nobody's contract ends on %s", day)
		}
		u.write(t, workers, strings.ReplaceAll(u.read(t, workers), day, "2026-09-02"))
	}
	u.night(t, tonight, 0)
	conn := shell(t, u.snapshot())
	ahead := ask(t, conn, `select distinct export_from from marts.recommendation where basis = 'contract_ends' and action = 'revoke' and source = 'okta'`)
	if len(ahead) == 0 {
		t.Fatal("nobody's contract ends within three days")
	}
	expect(t, conn, `select count(*) from marts.recommendation as r join core.identity as i using (identity_id)
		where r.basis = 'contract_ends' and (r.export_from <> i.contract_end + 1 or r.rationale not like '%last day of the contract%')`, "0")
	entries, err := os.ReadDir(filepath.Join(u.out(), "contract_ends"))
	if err != nil || len(entries) == 0 {
		t.Fatal(entries, err)
	}
	sent := false
	for _, e := range entries {
		name := "contract_ends/" + e.Name()
		plan, err := access.ReadPlan([]byte(u.read(t, "out/"+name)))
		if err != nil {
			t.Fatal(err)
		}
		day := access.Day(strings.TrimSuffix(e.Name(), ".json"))
		for _, o := range plan.Operations {
			if o.NotBefore == nil || !o.NotBefore.Equal(day.Time()) || plan.Expires == nil || !plan.Expires.After(day.Time()) {
				t.Errorf("%s: %s may be sent from %v to %v", name, o.Note, o.NotBefore, plan.Expires)
			}
		}
		if sent || len(plan.Operations) == 0 {
			continue
		}
		sent = true
		if err := u.refused(t, name); err == nil || !strings.Contains(err.Error(), "is not to be sent before "+string(day)) {
			t.Errorf("before its day the plan is answered by %v", err)
		}
		u.clock.set(day.Time())
		if _, r := u.apply(t, name); r.Count(apply.Done) != len(plan.Operations) {
			t.Errorf("on its day %d of %d operations were carried out: %+v", r.Count(apply.Done), len(plan.Operations), r)
		}
	}
	if !sent {
		t.Fatal("no dated plan has an operation")
	}
	u.clock.set(tonight)
	u.write(t, workers, hr)
	u.night(t, tonight, 0, "--accept-drop")
	if entries, err := os.ReadDir(filepath.Join(u.out(), "contract_ends")); err != nil || len(entries) != 0 {
		t.Errorf("plans that no longer hold are still there: %v, %v", entries, err)
	}
}
