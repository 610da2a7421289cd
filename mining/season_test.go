package mining_test

import (
	"fmt"
	"testing"
)

// An app whose use began together and lately may be a season that runs, or new:
// nothing is foretold of it, and it teaches nothing. One that is as old as the
// log is neither, however few use it, nor is anything where the log is short.
func TestSeasonsThatRunAreToldApart(t *testing.T) {
	for _, c := range []struct {
		covered int
		want    string
	}{
		{200, "close|burst"}, {70, ""},
	} {
		b := newBench(t)
		b.empty(t, c.covered)
		for _, app := range []string{"close", "crm"} {
			b.app(t, app)
			for n := range 4 {
				used := every(30-n, 2, 3)
				if app == "crm" {
					used = every(c.covered-n, 2, 7)
				}
				b.holder(t, fmt.Sprintf("%s-%d", app, n), app, 0, used...)
			}
		}
		b.mine(t)
		got := ask(t, b.conn, "select e.entitlement_id, s.why from marts.season as s join core.entitlement as e using (entitlement_key) where s.ref = 0 order by all")
		if len(got) != 1 && c.want != "" || c.want == "" && len(got) > 0 || c.want != "" && got[0] != c.want {
			t.Errorf("with %d days of log: got %q, want %q", c.covered, got, c.want)
		}
	}
}

// What was granted within the grace and not used yet teaches nothing of what is
// silent for longer.
func TestFirstWeeksTeachNothingOfNeverUsed(t *testing.T) {
	b := newBench(t)
	b.exec(t, "update config.policy set grant_grace_days = 90")
	b.empty(t, 300)
	b.app(t, "crm")
	b.holder(t, "old", "crm", 290)
	b.holder(t, "fresh", "crm", 120, every(80, 1, 2)...) // a month old at the first reference, and then used
	b.holder(t, "busy", "crm", 0, every(299, 1, 2)...)
	b.mine(t)
	wantRow(t, ask(t, b.conn, "select sum(n), sum(used) from marts.idle_bin where branch = 'never'"), "2|0")
}
