package mining_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/mining"
)

// What followed a cut is judged as the documentation says: use again is regret,
// what people took from one who stayed is agreement, who left is not judged.
func TestWhatFollowedACutIsJudged(t *testing.T) {
	c := grown(true)
	for _, id := range []string{"back", "calm"} {
		c.person(id, "Finance", "Clerk")
		c.hold(id, "crm", "2020-01-01")
		c.use(id, "crm", 290, 280, 270)
	}
	c.use("back", "crm", 50)
	c.hold("taken", "crm", "2020-01-01") // has other access when the team is taken
	c.use("taken", "crm", every(290, 1, 2)...)
	c.hold("later", "crm", "2020-01-01") // is given the team after the cut
	dir := t.TempDir()
	b := c.builder(c.publish(t, dir), dir, asOf.AddDate(0, 0, -cutAgo))
	b.Out, b.Past = filepath.Join(dir, "cut.duckdb"), &mining.Past{Present: filepath.Join(dir, "winnow.duckdb"), HorizonDays: 90}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := b.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	db := b.Conn()
	got := ask(t, db, `select i.identity_id, e.native_id, v.basis, v.used_again, v.agreed, v.why from backtest.verdict_case as v
		join core.identity as i using (identity_key) join core.entitlement as e using (entitlement_key) where v.action <> 'grant' order by all`)
	want := []string{
		"hr:back|crm|idle|true|false|<nil>", "hr:calm|crm|idle|false|false|<nil>", "hr:leaver|crm|idle|<nil>|false|left",
		"hr:mover|crm|idle|false|false|<nil>", "hr:old|crm|left|false|false|<nil>", "hr:taken|team|idle|false|true|<nil>",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("verdicts (-want +got):\n%s", d)
	}
	got = ask(t, db, `select i.identity_id, n.given, n.method, n.rank from backtest.grant_case as n join core.identity as i using (identity_key)
		where n.method in ('product', 'user_knn') order by all`)
	if d := cmp.Diff([]string{"hr:later|1|product|1", "hr:later|1|user_knn|1"}, got); d != "" {
		t.Errorf("grants (-want +got):\n%s", d)
	}
	wantRow(t, ask(t, db, "select covered, judged from backtest.judgeable where source = 'legacy'"), "90|true")
	wantRow(t, ask(t, db, "select count(*) from backtest.removal_case"), "0") // 180 days have not passed
	wantRow(t, ask(t, db, `select sum(n), sum(hits), count(distinct person) from backtest.kept where question = 'verdict' and basis = 'idle' and why is null`), "4|1|0")
}
