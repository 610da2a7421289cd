package mining_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"winnow/internal/store"
	"winnow/mining"
)

// idleModels are the models from the days of use to the verdict on idleness, in
// order; what they read beyond one another is given by stands.
var idleModels = []string{"core.use_day", "core.covered_before", "core.pace", "core.reference", "core.identity_last_seen",
	"marts.source_age", "marts.idle_state", "marts.idle_share", "marts.season", "marts.idle_feature", "marts.idle_bin", "marts.model_fit", "marts.idle"}

// A bench is a database in which the idle models alone are run.
type bench struct {
	conn *sql.Conn
	sql  map[string]string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "scratch.duckdb"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(conn.Close(), db.Close()); err != nil {
			t.Error(err)
		}
	})
	b := &bench{conn: conn, sql: map[string]string{}}
	all, err := mining.Models()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		b.sql[m.Table()] = m.SQL
	}
	b.exec(t, `attach ':memory:' as snapshot; create schema snapshot.core; create schema snapshot.marts; create schema config;
		set search_path = 'snapshot.core,snapshot.marts,scratch.config,scratch.main'; set timezone = 'UTC';
		create table config.policy as select 90 as horizon_days, null::varchar as idle_method, 0 as grant_grace_days, 0 as hire_grace_days`)
	return b
}

func (b *bench) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	if _, err := b.conn.ExecContext(context.Background(), query, args...); err != nil {
		t.Fatalf("%v in %.200s", err, query)
	}
}

// mine runs the idle models.
func (b *bench) mine(t *testing.T) {
	t.Helper()
	for _, table := range idleModels {
		b.exec(t, "create or replace table snapshot."+table+" as "+b.sql[table])
		if table == "marts.model_fit" {
			if err := mining.FillModelFit(&mining.Build{}, context.Background(), b.conn); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// empty makes the tables that the idle models read, without a row, as of the
// fixtures' instant and with so many covered days before it.
func (b *bench) empty(t *testing.T, covered int) {
	t.Helper()
	b.exec(t, `create table snapshot.core.identity (identity_id varchar, identity_key integer, kind varchar, left_on date, hire_date date);
		create table snapshot.core.entitlement (entitlement_id varchar, entitlement_key integer, source varchar, kind varchar, signal varchar, observed boolean);
		create table snapshot.core.account_link (account_id varchar, identity_id varchar);
		create table snapshot.core.identity_leave (identity_key integer, first_day date, last_day date);
		create table snapshot.core.entitlement_opens (entitlement_id varchar, opens_id varchar);
		create table snapshot.core.holding (identity_key integer, entitlement_key integer, identity_id varchar, entitlement_id varchar, source varchar, since timestamp);
		create view snapshot.core.account as select account_id, (row_number() over (order by account_id))::integer as account_key from snapshot.core.account_link;
		create table snapshot.core.used (account_id varchar, entitlement_id varchar, day date);
		create view snapshot.core.usage_day as select account_id, account_key, entitlement_id, entitlement_key, day, 1::bigint as successes
			from snapshot.core.used join snapshot.core.account using (account_id) join snapshot.core.entitlement using (entitlement_id);
		create view snapshot.core.presence_day as select distinct account_id, day from snapshot.core.usage_day;
		create table snapshot.core.covered_day (source varchar, day date)`)
	b.exec(t, fmt.Sprintf(`set variable as_of = timestamp '%s';
		insert into snapshot.core.covered_day select 's', unnest(generate_series(date '%s', date '%s', interval 1 day))::date`,
		day(0), day(covered), day(1)))
}

// app adds an app whose own use is logged.
func (b *bench) app(t *testing.T, id string) {
	t.Helper()
	b.exec(t, "insert into snapshot.core.entitlement select ?, (select count(*) from core.entitlement), 's', 'app', 'per_use', true", id)
}

// holder adds a person, if new, who holds the app since so many days (0: since
// before anything known) and used it so many days before the as-of time.
func (b *bench) holder(t *testing.T, id, app string, since int, used ...int) {
	t.Helper()
	b.exec(t, `insert into snapshot.core.identity select ?1, (select count(*) from core.identity), 'person', null, null where ?1 not in (select identity_id from core.identity)`, id)
	b.exec(t, `insert into snapshot.core.account_link select ?1, ?1 where ?1 not in (select account_id from core.account_link)`, id)
	from := any(nil)
	if since > 0 {
		from = day(since)
	}
	b.exec(t, `insert into snapshot.core.holding select i.identity_key, e.entitlement_key, i.identity_id, e.entitlement_id, 's', ?::timestamp
		from core.identity as i, core.entitlement as e where i.identity_id = ? and e.entitlement_id = ?`, from, id, app)
	b.exec(t, "insert into snapshot.core.used select ?, ?, unnest(?::varchar[])::date", id, app, days(used))
}

// days gives the days so many days before the as-of time.
func days(ago []int) []string {
	out := make([]string, 0, len(ago))
	for _, n := range ago {
		out = append(out, day(n))
	}
	return out
}
