package mining_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"
)

// rustActivity is a log of real use: commits, reviews and merges by person and
// repository, over eight years. Its README has the protocol.
const rustActivity = "../../shared/data/rust-team-access/activity.csv.gz"

// rust loads the activity, and numbers its persons and repositories. Who holds
// what at a cut is whatever was used once in the three years before.
func rust(t *testing.T) *bench {
	t.Helper()
	if _, err := os.Stat(rustActivity); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the record of activity is not here: " + rustActivity)
	}
	b := newBench(t)
	b.exec(t, `create table act as select distinct "user" as u, repo as e, day::date as day from read_csv('`+rustActivity+`') where day >= date '2016-01-01';
		create table began as select u, e, min(day) as day from act group by all;
		create table snapshot.core.identity as select u as identity_id, row_number() over (order by u)::integer as identity_key,
			'person' as kind, null::date as left_on, null::date as hire_date from (select distinct u from act);
		create table snapshot.core.entitlement as select e as entitlement_id, row_number() over (order by e)::integer as entitlement_key,
			'rust' as source, 'app' as kind, 'per_use' as signal, true as observed from (select distinct e from act);
		create table snapshot.core.account_link as select identity_id as account_id, identity_id from core.identity;
		create table snapshot.core.account as select identity_id as account_id, identity_key as account_key from core.identity;
		create table snapshot.core.identity_leave (identity_key integer, first_day date, last_day date);
		create table snapshot.core.entitlement_opens (entitlement_id varchar, opens_id varchar)`)
	return b
}

// stand cuts the log to so many days before the cut.
func (b *bench) stand(t *testing.T, cut string, history int) {
	t.Helper()
	b.exec(t, fmt.Sprintf(`set variable as_of = timestamp '%s';
		create or replace table snapshot.core.usage_day as select u as account_id, identity_key as account_key, e as entitlement_id, entitlement_key, day, 1::bigint as successes
			from act join core.identity on identity_id = u join core.entitlement on entitlement_id = e where day < getvariable('as_of') and day >= getvariable('as_of')::date - %[2]d;
		create or replace table snapshot.core.presence_day as select distinct account_id, day from core.usage_day;
		create or replace table snapshot.core.covered_day as select 'rust' as source,
			unnest(generate_series(getvariable('as_of')::date - %[2]d, getvariable('as_of')::date - 1, interval 1 day))::date as day;
		create or replace table snapshot.core.holding as
			select i.identity_key, n.entitlement_key, i.identity_id, n.entitlement_id, n.source, b.day::timestamp as since
			from began as b join core.identity as i on i.identity_id = b.u join core.entitlement as n on n.entitlement_id = b.e
			where exists (from act as a where a.u = b.u and a.e = b.e and a.day < getvariable('as_of') and a.day >= getvariable('as_of')::date - 1096)`, cut, history))
}

// judged has each pair that was begun a fortnight before the cut, with what was
// foretold and whether it was used in the 90 days after.
const judged = `create or replace temp table judged as
	select d.p_long as model, -d.recency_days as recency, exists (from act as a where a.u = d.identity_id and a.e = d.entitlement_id
		and a.day >= getvariable('as_of')::date and a.day < getvariable('as_of')::date + 90) as used
	from marts.idle as d join began as b on b.u = d.identity_id and b.e = d.entitlement_id
	where b.day < getvariable('as_of')::date - 14`

// auc and wrong are the Mann-Whitney statistic, and the share of the half with
// the lowest scores that was used after all; ties share their ranks evenly.
const (
	auc = `select (sum(r) filter (used) - count(*) filter (used) * (count(*) filter (used) + 1) / 2) / (count(*) filter (used) * count(*) filter (not used))
		from (select used, rank() over (order by %[1]s) + (count(*) over (partition by %[1]s) - 1) / 2 as r from judged)`
	wrong = `select sum(used * greatest(0, least(n, half - before))) / sum(greatest(0, least(n, half - before))) from (
		select avg(used::integer) as used, count(*) as n, sum(count(*)) over (order by %[1]s) - count(*) as before, (select count(*) // 2 from judged) as half
		from judged group by %[1]s)`
)

// number returns a query's one number.
func (b *bench) number(t *testing.T, query string) (out float64) {
	t.Helper()
	if err := b.conn.QueryRowContext(context.Background(), query).Scan(&out); err != nil {
		t.Fatalf("%v in %.200s", err, query)
	}
	return out
}

// On real use, by the protocol of the data's README, the model tells what lies
// idle better than recency does, however long the log is.
func TestIdleOnRustStaleness(t *testing.T) {
	b := rust(t)
	b.exec(t, "create table cut as select date '2016-01-01' + 1095 + (182 * k)::integer as day from generate_series(0, 99) as s(k) where day + 90 <= (select max(day) from act)")
	cuts := ask(t, b.conn, "select strftime(day, '%Y-%m-%d') from cut order by day")
	t.Logf("%d cuts, pairs of person and repository used at least once in three years; used in the next 90 days?", len(cuts))
	t.Logf("%8s %8s %14s %14s %14s %14s %7s", "history", "pairs", "AUC recency", "AUC model", "wrong recency", "wrong model", "ratio")
	for _, history := range []int{30, 90, 180, 365} {
		var n, aucs, wrongs [2]float64
		for _, cut := range cuts {
			b.stand(t, cut, history)
			b.mine(t)
			b.exec(t, judged)
			for i, score := range []string{"recency", "model"} {
				n[i] += b.number(t, "select count(*) from judged") / float64(len(cuts))
				aucs[i] += b.number(t, fmt.Sprintf(auc, score)) / float64(len(cuts))
				wrongs[i] += b.number(t, fmt.Sprintf(wrong, score)) / float64(len(cuts))
			}
		}
		t.Logf("%6d d %8.0f %14.4f %14.4f %12.2f %% %12.2f %% %7.3f", history, n[0], aucs[0], aucs[1], 100*wrongs[0], 100*wrongs[1], wrongs[1]/wrongs[0])
		if aucs[1] < aucs[0] || wrongs[1] > wrongs[0] {
			t.Errorf("with %d days of history the model is worse than recency", history)
		}
		if history == 90 && (aucs[1] < 0.84 || wrongs[1] > 0.75*wrongs[0]) {
			t.Errorf("with 90 days of history: AUC %.4f, want .84; wrong flags %.3f of recency's, want .75", aucs[1], wrongs[1]/wrongs[0])
		}
	}
}
