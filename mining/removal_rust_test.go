package mining

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/internal/store"
)

// rustDir holds the history of a public project's teams; its README has the
// protocol.
const rustDir = "../../shared/data/rust-team-access"

// A judged pair: was it withdrawn from a person who stayed, and what each
// method said; higher is likelier.
type judged struct {
	person  int
	removed bool
	score   []float64
}

var removalMethods = []string{"product", "built in", "rarity", "age", "support"}

// TestRemovalOnRustTeamAccess prints the mean AUC over the quarterly cuts,
// beside the simple methods, with a paired bootstrap over persons:
//
//	go test ./mining -run RemovalOnRust -v
func TestRemovalOnRustTeamAccess(t *testing.T) {
	if _, err := os.Stat(rustDir); errors.Is(err, fs.ErrNotExist) {
		t.Skip("the team access data is not here: " + rustDir)
	}
	if testing.Short() {
		t.Skip("twenty cuts take their time")
	}
	db := rustHistory(t)
	var cuts [][]judged
	for at := time.Date(2020, 11, 4, 0, 0, 0, 0, time.UTC); at.Before(time.Date(2026, 8, 22, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -210)); at = at.AddDate(0, 0, 91) {
		cut := rustCut(t, db, at)
		cuts = append(cuts, cut)
		t.Logf("%s: %d pairs, %d withdrawn, AUC %.3f, support %.3f", at.Format(time.DateOnly), len(cut), count(cut), auc(cut, 0, nil), auc(cut, 4, nil))
	}
	mean := make([]float64, len(removalMethods))
	best := 2
	for m, name := range removalMethods {
		mean[m] = meanAUC(cuts, m, nil)
		t.Logf("%-8s mean AUC %.3f over %d cuts", name, mean[m], len(cuts))
		if m > 1 && mean[m] > mean[best] {
			best = m
		}
	}
	logReliability(t, slices.Concat(cuts...))
	low, high := bootstrap(cuts, 0, best)
	t.Logf("product less %s: %+.3f, 90 %% interval %+.3f to %+.3f", removalMethods[best], mean[0]-mean[best], low, high)
	if mean[0] < 0.66 || low <= 0 {
		t.Errorf("mean AUC %.3f, at least 0.66 is asked for, and more than %s", mean[0], removalMethods[best])
	}
}

// logReliability prints what was foretold and what came true, by tenths of all
// cuts' pairs, the least likely first, and of the top hundredth.
func logReliability(t *testing.T, all []judged) {
	t.Helper()
	slices.SortStableFunc(all, func(a, b judged) int { return cmp.Compare(a.score[0], b.score[0]) })
	for _, part := range [][2]int{{0, 10}, {10, 20}, {20, 30}, {30, 40}, {40, 50}, {50, 60}, {60, 70}, {70, 80}, {80, 90}, {90, 100}, {99, 100}} {
		bin := all[len(all)*part[0]/100 : len(all)*part[1]/100]
		sum := 0.0
		for _, c := range bin {
			sum += c.score[0]
		}
		t.Logf("hundredths %2d to %3d: %4d pairs, foretold %.3f, withdrawn %.3f", part[0], part[1], len(bin), sum/float64(len(bin)), float64(count(bin))/float64(len(bin)))
	}
}

// run runs statements.
func run(t *testing.T, db *sql.Conn, statements ...string) {
	t.Helper()
	for _, s := range statements {
		if _, err := db.ExecContext(context.Background(), s); err != nil {
			t.Fatalf("%v in %s", err, s)
		}
	}
}

// rustHistory reads the changes and the use into the schema known.
func rustHistory(t *testing.T) *sql.Conn {
	t.Helper()
	pool, err := store.Open(context.Background(), "", store.Options{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	db, err := pool.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = errors.Join(db.Close(), pool.Close()) })
	text, err := files.ReadFile("models/macros.sql")
	if err != nil {
		t.Fatal(err)
	}
	run(t, db, "set timezone = 'UTC'", "attach ':memory:' as snapshot", "use snapshot", "create schema core", "create schema marts", "create schema known")
	for block := range strings.SplitSeq(string(text), "\n\n") {
		if strings.Contains(block, "create macro") {
			run(t, db, strings.ReplaceAll(block, "scratch.main.", "snapshot.main."))
		}
	}
	file := func(name string) string { return store.Quote(filepath.Join(rustDir, name)) }
	run(t, db, `create table known.change as select ts::timestamptz at time zone 'UTC' as ts, action = 'grant' as held, "user" as person, entitlement || '/' || level as thing
		from read_csv(`+file("events.csv.gz")+`, types = {'ts': 'VARCHAR'})`,
		`create table known.spell as
		 with flip as (select *, lag(held) over w as was from known.change window w as (partition by person, thing order by ts, not held) qualify held is distinct from was),
		 spell as (select *, lead(ts) over (partition by person, thing order by ts, not held) as ended from flip)
		 select person, thing, ts as began, ended, coalesce(ended in (select ts from known.change group by ts having count(*) >= 50), false) as upheaval
		 from spell where held and (ended is null or ended > ts)`,
		`create table known.seen as select distinct "user" as account_id, day from read_csv(`+file("activity.csv.gz")+`)`,
		`create view core.presence_day as select * from known.seen where day < getvariable('as_of')`,
		`create table core.identity as select (row_number() over (order by p))::integer as identity_key, p as identity_id, 'person' as kind
		 from (select distinct person as p from known.change)`,
		`create view core.account_link as select identity_id as account_id, identity_id from core.identity`,
		`create table core.entitlement as select (row_number() over (order by e))::integer as entitlement_key, e as entitlement_id, 'rust' as source, e as name
		 from (select distinct thing as e from known.change)`,
		`create view core.assignment_history as select 'rust' as source, person as account_id, thing as entitlement_id, 'direct' as path_kind, '' as via_id,
		 began as valid_from, case when ended < getvariable('as_of') then ended end as valid_to, 'log' as from_basis,
		 case when ended < getvariable('as_of') then 'log' end as to_basis from known.spell where began < getvariable('as_of')`,
		`create view core.holding as select identity_key, entitlement_key, true as removable, false as by_rule from core.assignment_history
		 join core.identity on identity_id = account_id join core.entitlement using (entitlement_id) where valid_to is null`)
	return db
}

// rustCut builds the removal models at an instant, on what was known then, and
// judges them by what followed. The neighbours are the twenty most alike by
// the cosine of their holdings.
func rustCut(t *testing.T, db *sql.Conn, at time.Time) (out []judged) {
	t.Helper()
	ctx := context.Background()
	run(t, db, "set variable as_of = timestamp "+store.Quote(at.Format(time.DateTime)))
	ordered, _, err := Graph(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range ordered {
		if m.Schema != "marts" || (m.Name != "removal" && !strings.HasPrefix(m.Name, "removal_")) {
			continue
		}
		run(t, db, "create or replace table "+m.Table()+" as "+m.SQL)
		if m.Name == "removal_fit" {
			if err := (&Build{}).fillRemovalFit(ctx, db); err != nil {
				t.Fatal(err)
			}
		}
	}
	now := scores(t, db)
	run(t, db, `update marts.removal_fit set coefficient = prior`)
	for _, m := range ordered {
		if m.Table() == "marts.removal" {
			run(t, db, "create or replace table marts.removal as "+m.SQL)
		}
	}
	for i, c := range scores(t, db) {
		now[i].score[1] = c.score[0]
	}
	return now
}

// scores reads what was said of every pair that can be judged.
func scores(t *testing.T, db *sql.Conn) (out []judged) {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), `
		with held as (select s.*, identity_key, entitlement_key from known.spell as s join core.identity on identity_id = person join core.entitlement on entitlement_id = thing
			where began < getvariable('as_of') and (ended is null or ended >= getvariable('as_of'))),
		size as (select identity_key, count(*) as n from held group by all),
		alike as (select a.identity_key, b.identity_key as other, count(*) / sqrt(any_value(x.n) * any_value(y.n)) as s
			from held as a join held as b on b.entitlement_key = a.entitlement_key and b.identity_key <> a.identity_key
			join size as x on x.identity_key = a.identity_key join size as y on y.identity_key = b.identity_key group by a.identity_key, b.identity_key
			qualify row_number() over (partition by a.identity_key order by s desc, other) <= 20),
		support as (select a.identity_key, h.entitlement_key, sum(a.s::decimal(18, 9))::double as support from alike as a join held as h on h.identity_key = a.other group by all),
		told as (select h.*, coalesce(ended <= getvariable('as_of') + interval 180 days, false) as ends,
			exists (select 1 from known.spell as k where k.person = h.person and k.began <= h.ended + interval 30 days
				and (k.ended is null or k.ended > h.ended + interval 30 days)) as stays from held as h)
		select h.identity_key, h.ends as removed, r.p_removed, -(count(*) over (partition by h.entitlement_key)) as rarity, epoch(h.began) as age,
			-coalesce(p.support, 0) as support, (h.ends and (h.upheaval or not h.stays)) as silent
		from told as h join marts.removal as r using (identity_key, entitlement_key) left join support as p using (identity_key, entitlement_key)
		order by h.identity_key, h.entitlement_key`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		c, silent := judged{score: make([]float64, len(removalMethods))}, false
		if err := rows.Scan(&c.person, &c.removed, &c.score[0], &c.score[2], &c.score[3], &c.score[4], &silent); err != nil {
			t.Fatal(err)
		}
		if !silent {
			out = append(out, c)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func count(cut []judged) (n int) {
	for _, c := range cut {
		if c.removed {
			n++
		}
	}
	return n
}

// auc is the probability that a withdrawn pair is scored above another one,
// ties counting half, persons counted by weight (nil: once each).
func auc(cut []judged, method int, weight []float64) float64 {
	sorted := slices.Clone(cut)
	slices.SortFunc(sorted, func(a, b judged) int { return cmp.Compare(a.score[method], b.score[method]) })
	var below, sum, gone, kept float64
	for i := 0; i < len(sorted); {
		var tiedGone, tiedKept float64
		score := sorted[i].score[method]
		for ; i < len(sorted) && sorted[i].score[method] == score; i++ {
			w := 1.0
			if weight != nil {
				w = weight[sorted[i].person]
			}
			if sorted[i].removed {
				tiedGone += w
			} else {
				tiedKept += w
			}
		}
		sum += tiedGone * (below + tiedKept/2)
		below += tiedKept
		gone, kept = gone+tiedGone, kept+tiedKept
	}
	if gone == 0 || kept == 0 {
		return math.NaN()
	}
	return sum / gone / kept
}

// meanAUC averages over the cuts that have both kinds.
func meanAUC(cuts [][]judged, method int, weight []float64) float64 {
	var sum, n float64
	for _, c := range cuts {
		if a := auc(c, method, weight); !math.IsNaN(a) {
			sum, n = sum+a, n+1
		}
	}
	return sum / n
}

// bootstrap gives the 90 % interval of the difference of two methods' mean
// AUC when persons are drawn anew, the same ones for both, 1,000 times.
func bootstrap(cuts [][]judged, a, b int) (low, high float64) {
	r := rand.New(rand.NewPCG(1, 2))
	var diff []float64
	people := 0
	for _, c := range slices.Concat(cuts...) {
		people = max(people, c.person+1)
	}
	for range 1000 {
		weight := make([]float64, people)
		for range weight {
			weight[r.IntN(len(weight))]++
		}
		diff = append(diff, meanAUC(cuts, a, weight)-meanAUC(cuts, b, weight))
	}
	slices.Sort(diff)
	return diff[50], diff[949]
}
