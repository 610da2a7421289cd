package mining_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/mining"
)

// cutAgo is how many days before the as-of time the cut of these tests lies.
const cutAgo = 120

// builder describes a build of the tenant in a folder.
func (c *tenant) builder(lk *lake.Lake, dir string, at time.Time) *mining.Build {
	return &mining.Build{Lake: lk, Types: map[access.SourceName]string{"legacy": "file", "hr": "hris"},
		WorkDir: filepath.Join(dir, "work"), Out: filepath.Join(dir, "winnow.duckdb"), AsOf: at, RunID: "r1",
		Settings: map[string]any{"policy": []any{c.policy}, "column_map": columnMap,
			"peer_level": []any{map[string]any{"level": 1, "attribute": "department"}, map[string]any{"level": 2, "attribute": "title"}}}}
}

// publish makes the tenant's snapshot of now in dir.
func (c *tenant) publish(t *testing.T, dir string) *lake.Lake {
	t.Helper()
	lk := c.land(t, dir)
	b := c.builder(lk, dir, asOf)
	if err := b.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := b.Publish(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	return lk
}

// saidAt asks for all that a verdict rests on.
var saidAt = []string{
	"select identity_id, entitlement_id, account_id, action, basis, bar, score from marts.verdict",
	`select identity_id, entitlement_id, held, since, held_days, paths, removable, active_days, last_use, quiet_days, exposure_days,
		p_use, p_long, peers, peer_holders, peer_users, peer_share, use_share, old_peers, old_holders, employment, grace, grace_until,
		leave_since, moved_on, revoked_on from marts.evidence`,
	"select feature, model, coefficient, method, n from marts.model_fit",
}

// said runs a build and returns what it says.
func said(t *testing.T, b *mining.Build) (out []string) {
	t.Helper()
	defer func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}()
	if err := b.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	for _, q := range saidAt {
		out = append(out, ask(t, b.Conn(), "select * from ("+q+") order by all")...)
	}
	return out
}

// at returns what the tenant's backtest says of the cut.
func (c *tenant) at(t *testing.T, cut time.Time) []string {
	t.Helper()
	dir := t.TempDir()
	b := c.builder(c.publish(t, dir), dir, cut)
	b.Out, b.Past = filepath.Join(dir, "cut.duckdb"), &mining.Past{Present: filepath.Join(dir, "winnow.duckdb"), HorizonDays: 90}
	return said(t, b)
}

// grown is a company with a future: what happens after the cut is added where
// future is true, and what is listed is what was listed then where it is not.
func grown(future bool) *tenant {
	c := newTenant(300)
	c.app("crm")
	c.app("wiki")
	c.add("legacy/entitlements", `{"entitlement_id":"team","kind":"group","name":"Team"}`)
	c.add("legacy/opens", `{"entitlement_id":"team","opens_id":"wiki"}`)
	c.office(14, "crm")
	event := func(ago int, action, account, entitlement string) {
		if ago > cutAgo || future {
			c.add("legacy/events", `{"_id":"%s-%s-%s-%d","at":"%sT10:00:00Z","action":%q,"account_id":%q,"entitlement_id":%q}`,
				action, account, entitlement, ago, day(ago), action, account, entitlement)
		}
	}
	listed := func(account, entitlement string, from, to int) { // given and taken so many days ago; to 0: held today
		event(from, "grant", account, entitlement)
		if to > 0 {
			event(to, "revoke", account, entitlement)
		}
		if now := map[bool]int{true: 0, false: cutAgo}[future]; from > now && to <= now {
			c.hold(account, entitlement, day(from)+"T10:00:00Z")
		}
	}
	for i := range 12 {
		id := fmt.Sprintf("m%02d", i)
		c.person(id, "Sales", "Seller")
		listed(id, "team", 290, 0)
		c.use(id, "wiki", every(285, 1, 3)...)
	}
	c.person("taken", "Sales", "Seller")
	listed("taken", "team", 280, 60) // taken after the cut
	c.use("taken", "wiki", 275, 270)
	c.person("again", "Sales", "Seller")
	listed("again", "team", 280, 200)
	listed("again", "team", 180, 0)
	c.person("later", "Sales", "Seller") // given after the cut what all peers had
	listed("later", "team", 50, 0)
	c.use("later", "crm", 140)
	c.people(future)
	return c
}

// people adds those whom HR moves, sends away and hires.
func (c *tenant) people(future bool) {
	worker := func(id, dept, left string) { // without a title: HR does not say which one a mover had before
		c.add("hr/workers", `{"id":%q,"dept":%q,"hired":"2015-01-01","status":%q,"left":%q}`, id, dept,
			map[bool]string{true: "terminated", false: "active"}[left != ""], left)
	}
	for _, id := range []string{"mover", "leaver", "old"} {
		c.add("legacy/accounts", `{"account_id":%q,"login":%q,"employee_number":%q}`, id, id, id)
		c.hold(id, "crm", "2020-01-01")
		c.use(id, "crm", 290, 280, 270)
	}
	worker("old", "Finance", day(150))
	if !future {
		worker("mover", "Finance", "")
		worker("leaver", "Finance", "")
		return
	}
	worker("mover", "Sales", "")
	c.add("hr/transfers", `{"id":"mover","on":%q,"to":"Sales","from":"Finance"}`, day(60))
	worker("leaver", "Finance", day(40))
	c.add("hr/workers", `{"id":"hired","dept":"Sales","title":"Seller","hired":%q,"status":"active"}`, day(30))
	c.add("legacy/accounts", `{"account_id":"hired","login":"hired","employee_number":"hired","created_at":"%sT00:00:00Z"}`, day(31))
	c.hold("hired", "crm", day(30))
}

// then is the tenant as its systems would have shown it at the cut: nothing
// logged after it, no day covered after it.
func then() *tenant {
	c := grown(false)
	for i := range cutAgo {
		c.gaps = append(c.gaps, access.Day(day(i+1)))
	}
	c.gaps = append(c.gaps, access.Day(day(cutAgo)))
	var kept []string
	for _, line := range c.lines["legacy/usage"] {
		if lake.TextAt([]byte(line), "day") < day(cutAgo) {
			kept = append(kept, line)
		}
	}
	c.lines["legacy/usage"] = kept
	return c
}

// A cut says what a run at that time would have said: the full history gives
// the same verdicts, evidence and fits as the lake of then.
func TestACutSaysWhatARunOfThenWouldHaveSaid(t *testing.T) {
	cut := asOf.AddDate(0, 0, -cutAgo)
	dir := t.TempDir()
	c := then()
	want := said(t, c.builder(c.land(t, dir), dir, cut))
	got := grown(true).at(t, cut)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-a run of then +the cut):\n%s", d)
	}
	if n := len(slices.DeleteFunc(slices.Clone(want), func(r string) bool { return !strings.Contains(r, "hr:old|") })); n == 0 {
		t.Error("the company has no verdict to compare")
	}
}

// Whatever happens after the cut, the cut says the same.
func TestNothingLeaksIntoACut(t *testing.T) {
	cut := asOf.AddDate(0, 0, -cutAgo)
	calm, wild := grown(true), grown(true)
	for i := range 12 {
		id := fmt.Sprintf("m%02d", i)
		wild.add("legacy/events", `{"_id":"w%d","at":"%sT09:00:00Z","action":"revoke","account_id":%q,"entitlement_id":"team"}`, i, day(100-i), id)
		wild.add("legacy/events", `{"_id":"x%d","at":"%sT11:00:00Z","action":"grant","account_id":%q,"entitlement_id":"new"}`, i, day(90-i), id)
		wild.use(id, "unheard", every(110, 3, 2)...)
		wild.add("hr/transfers", `{"id":%q,"on":%q,"to":"Finance","from":"Sales"}`, id, day(20+i))
		wild.add("hr/leaves", `{"id":%q,"from":%q,"to":%q}`, id, day(119), day(2))
	}
	wild.app("unheard")
	wild.hold("mover", "unheard", day(70))
	// What the log takes is listed no more, what it gives is.
	wild.lines["legacy/assignments"] = slices.DeleteFunc(wild.lines["legacy/assignments"], func(line string) bool {
		return strings.Contains(line, `"account_id":"m0`) || strings.Contains(line, `"account_id":"m1`)
	})
	for i := range 12 {
		wild.hold(fmt.Sprintf("m%02d", i), "new", day(90-i)+"T11:00:00Z")
	}
	if d := cmp.Diff(calm.at(t, cut), wild.at(t, cut)); d != "" {
		t.Errorf("(-calm +wild):\n%s", d)
	}
}
