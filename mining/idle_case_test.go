package mining_test

import (
	"fmt"
	"strings"
	"testing"
)

// stateOf are the counts of one pair at present.
const stateOf = `select s.active_days, s.quiet_days, s.exposure_days, s.leave_days, s.person_quiet, s.longest_gap from marts.idle_state as s
	join core.identity as i using (identity_key) join core.entitlement as e using (entitlement_key) where s.ref = 0 and i.identity_id = ? and e.entitlement_id = ?`

// Each row: what is landed of one pair, and what is counted of it.
func TestIdleCounts(t *testing.T) {
	b := newBench(t)
	b.empty(t, 400)
	b.app(t, "crm")
	b.app(t, "wiki")
	b.exec(t, "delete from snapshot.core.covered_day where day between ? and ?", day(12), day(10))
	for _, c := range []struct {
		id, why string
		since   int
		used    []int
		wiki    []int
		leave   []int  // first and last day, days before the as-of time
		want    string // active, quiet, exposure, leave, days since the person was seen, longest pause
	}{
		{"plain", "three days are not covered, so they are not silence", 0, []int{100, 60}, nil, nil, "2|56|397|0|59|40"},
		{"never", "never used: silent since the log began", 0, nil, nil, nil, "0|397|397|0|399|0"},
		{"fresh", "never used: silent since the grant", 20, nil, nil, nil, "0|17|17|0|399|0"},
		{"censored", "granted before the log: exposure begins with the log", 900, []int{1}, nil, nil, "1|0|397|0|0|0"},
		{"before", "used before the grant on record: the use counts, the exposure does not", 50, []int{80, 40}, nil, nil, "2|36|47|0|39|40"},
		{"away", "leave is no silence", 0, []int{60}, nil, []int{50, 31}, "1|36|397|20|59|0"},
		{"gap and leave", "an uncovered day of leave is taken away once", 0, []int{60}, nil, []int{15, 6}, "1|49|397|7|59|0"},
		{"back", "leave before the last use changes nothing", 0, []int{200, 30}, nil, []int{150, 100}, "2|26|397|0|29|170"},
		{"elsewhere", "the person was seen with another app", 0, []int{60}, []int{3}, nil, "1|56|397|0|2|0"},
		{"summer time", "the clocks change: a day is a day", 0, every(10, 4, 1), nil, nil, "7|3|397|0|3|1"},
		{"yesterday", "used on the last day: no silence", 0, every(9, 1, 1), nil, nil, "9|0|397|0|0|1"},
	} {
		b.holder(t, c.id, "crm", c.since, c.used...)
		b.holder(t, c.id, "wiki", 0, c.wiki...)
		if c.leave != nil {
			b.exec(t, "insert into snapshot.core.identity_leave select identity_key, ?::date, ?::date from core.identity where identity_id = ?", day(c.leave[0]), day(c.leave[1]), c.id)
		}
		defer func() {
			if got := strings.Join(ask(t, b.conn, stateOf, c.id, "crm"), " and "); got != c.want {
				t.Errorf("%s (%s): got %s, want %s", c.id, c.why, got, c.want)
			}
		}()
	}
	b.mine(t)
}

// A tenant without anything yields tables without rows, not an error.
func TestIdleOfNothing(t *testing.T) {
	for _, covered := range []int{0, 1, 400} {
		b := newBench(t)
		b.empty(t, covered)
		b.mine(t)
		wantRow(t, ask(t, b.conn, "select count(*) from marts.idle"), "0")
		wantRow(t, ask(t, b.conn, "select string_agg(distinct method, ',') from marts.model_fit"), "prior")
	}
}

// office adds people who use an app every so many days, each a day later than
// the one before, and some who stopped at different times.
func (b *bench) office(t *testing.T, app string, n, step int) {
	t.Helper()
	b.app(t, app)
	for i := range n {
		last := 1
		if i%4 == 3 {
			last = 20 + i*5%300
		}
		b.holder(t, fmt.Sprintf("%s-%d", app, i), app, 0, every(399-i%step, last, step)...)
	}
}

// Longer silence never makes use likelier, at the same use before it; the same
// silence means the end of a daily habit and nothing to a quarterly one.
func TestIdleIsMonotoneAndKnowsTheRhythm(t *testing.T) {
	b := newBench(t)
	b.empty(t, 400)
	b.office(t, "daily", 120, 1)
	b.office(t, "monthly", 120, 30)
	b.office(t, "quarterly", 120, 91)
	for _, quiet := range []int{1, 3, 7, 14, 30, 60, 100, 160, 250, 350} {
		b.holder(t, fmt.Sprintf("probe-%03d", quiet), "monthly", quiet+40, every(quiet+40, quiet, 10)...)
	}
	b.holder(t, "quick", "daily", 0, every(399, 60, 1)...)
	b.holder(t, "slow", "quarterly", 0, every(333, 60, 91)...)
	b.mine(t)
	wantRow(t, ask(t, b.conn, "select string_agg(distinct method, ',') from marts.model_fit where model = 'idle_used'"), "fitted")
	if got := ask(t, b.conn, `select identity_id, p_use, before from (select identity_id, p_use, lag(p_use) over (order by identity_id) as before
		from marts.idle where identity_id like 'probe-%') where p_use > before`); len(got) > 0 {
		t.Errorf("use grows likelier with silence: %q", got)
	}
	wantRow(t, ask(t, b.conn, `select q.p_long < 0.1, s.p_long > 0.5 from marts.idle as q, marts.idle as s where q.identity_id = 'quick' and s.identity_id = 'slow'`), "true|true")
}

// The inputs x_gone and x_ahead are the formulas that their columns state, here
// worked out by hand for 10 days of use within 100 and 50 of silence.
func TestIdleInputsByHand(t *testing.T) {
	b := newBench(t)
	b.empty(t, 150)
	b.app(t, "crm")
	b.holder(t, "one", "crm", 0, every(141, 51, 10)...)
	b.holder(t, "two", "crm", 0, 51)
	b.mine(t)
	// one: odds 0.15 (160/110)^10.7 = 8.2655, ln 9.2655 - 1 = 1.23; ahead: ln((250/160)^10.7 - 1) = 4.77
	// two: odds 0.15 (160/110)^1.7 = 0.2836, ln 1.2836 < 1; ahead: ln((250/160)^1.7 - 1) = 0.13
	got := ask(t, b.conn, `select x_gone, x_ahead, x_active, x_quiet, x_share from marts.idle_feature where ref = 0 order by identity_key`)
	want := []string{"1.23|4.77|2.4|3.93|0.83", "0|0.13|0.69|3.93|0.83"}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got %q, want %q", got, want)
	}
}
