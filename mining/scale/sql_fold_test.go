package scale

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"winnow/internal/store"
)

// handFold folds the shares down the chain once for each group and entitlement,
// for the three sorts of a subject that has to be left out: a member who holds
// (or uses) it, a member who does not, and somebody who is no member. Cells that
// somebody asks for and that nobody holds are added first.
const handFold = `
create temp table chain as
select 0 as level, 0 as g, 0 as up, 0 as ag
union all select distinct 1, g1, unnest([0, 1]), unnest([0, g1]) from who where g1 is not null
union all select distinct 2, g2, unnest([0, 1, 2]), unnest([0, g1, g2]) from who where g2 is not null
union all select distinct 3, g3, unnest([0, 1, 2, 3]), unnest([0, g1, g2, g3]) from who where g3 is not null;
create temp table cells as
with missing as (select distinct a.level, a.g, a.entitlement_key from ask a anti join cell c on c.level = a.level and c.g = a.g and c.entitlement_key = a.entitlement_key),
more as (select distinct h.up as level, h.ag as g, m.entitlement_key from missing m join chain h using (level, g)
  anti join cell c on c.level = h.up and c.g = h.ag and c.entitlement_key = m.entitlement_key),
wide as (select level, g, ag as wider from chain where up = level - 1)
select level, g, wider, entitlement_key, k, u from cell
union all select m.level, m.g, w.wider, m.entitlement_key, 0, 0 from more m left join wide w using (level, g);
create temp table base as
select c.level, c.g, c.wider, c.entitlement_key, z.n, greatest(0, z.n - 1)::double as n1, c.k, c.u, greatest(0, c.k - 1)::double as k1, greatest(0, c.u - 1)::double as u1,
  coalesce(t.strength, 4) as s
from cells c join ent e using (entitlement_key) join size z on z.level = c.level and z.g = c.g and z.source = e.source left join strength t on t.level = c.level
where c.level = 0 or z.n >= 5;
create temp table fold0 as select *, (k1 + 0.5) / (n1 + 1) as sa, (k + 0.5) / (n1 + 1) as sb, (k + 0.5) / (n + 1) as sc,
  (u1 + 0.5) / (n1 + 1) as ua, (u + 0.5) / (n1 + 1) as ub, (u + 0.5) / (n + 1) as uc from base where level = 0;
create temp table fold1 as select b.*, (b.k1 + b.s * w.sa) / greatest(b.n1 + b.s, 1e-9) as sa, (b.k + b.s * w.sb) / greatest(b.n1 + b.s, 1e-9) as sb,
  (b.k + b.s * w.sc) / greatest(b.n + b.s, 1e-9) as sc, (b.u1 + b.s * w.ua) / greatest(b.n1 + b.s, 1e-9) as ua, (b.u + b.s * w.ub) / greatest(b.n1 + b.s, 1e-9) as ub,
  (b.u + b.s * w.uc) / greatest(b.n + b.s, 1e-9) as uc from base b join fold0 w on w.g = b.wider and w.entitlement_key = b.entitlement_key where b.level = 1;
create temp table fold2 as select b.*, (b.k1 + b.s * w.sa) / greatest(b.n1 + b.s, 1e-9) as sa, (b.k + b.s * w.sb) / greatest(b.n1 + b.s, 1e-9) as sb,
  (b.k + b.s * w.sc) / greatest(b.n + b.s, 1e-9) as sc, (b.u1 + b.s * w.ua) / greatest(b.n1 + b.s, 1e-9) as ua, (b.u + b.s * w.ub) / greatest(b.n1 + b.s, 1e-9) as ub,
  (b.u + b.s * w.uc) / greatest(b.n + b.s, 1e-9) as uc from base b join fold1 w on w.g = b.wider and w.entitlement_key = b.entitlement_key where b.level = 2;
create temp table fold3 as select b.*, (b.k1 + b.s * w.sa) / greatest(b.n1 + b.s, 1e-9) as sa, (b.k + b.s * w.sb) / greatest(b.n1 + b.s, 1e-9) as sb,
  (b.k + b.s * w.sc) / greatest(b.n + b.s, 1e-9) as sc, (b.u1 + b.s * w.ua) / greatest(b.n1 + b.s, 1e-9) as ua, (b.u + b.s * w.ub) / greatest(b.n1 + b.s, 1e-9) as ub,
  (b.u + b.s * w.uc) / greatest(b.n + b.s, 1e-9) as uc from base b join fold2 w on w.g = b.wider and w.entitlement_key = b.entitlement_key where b.level = 3;
create temp table peers as
with every as (from fold0 union all from fold1 union all from fold2 union all from fold3),
told as (
  select a.identity_key, a.entitlement_key, a.held, a.level, greatest(0, f.n - a.member::integer) as n, greatest(0, f.k - (a.member and a.held)::integer) as k,
    greatest(0, f.u - (a.member and a.uses)::integer) as u, f.s, case when not a.member then f.sc when a.held then f.sa else f.sb end as share,
    case when not a.member then f.uc when a.uses then f.ua else f.ub end as use_share
  from ask a join every f on f.level = a.level and f.g = a.g and f.entitlement_key = a.entitlement_key)
select t.identity_key, t.entitlement_key, t.held, t.level, t.n, t.k, if(e.visible, t.u, null) as k_use, round(t.share, 6) as share,
  if(e.visible, round(t.use_share, 6), null) as use_share, wilson_low(t.share, t.n + t.s) as low, wilson_high(t.share, t.n + t.s) as high,
  if(e.visible, wilson_low(t.use_share, t.n + t.s), null) as use_low, if(e.visible, wilson_high(t.use_share, t.n + t.s), null) as use_high
from told t join ent e using (entitlement_key);`

// handMacros are the ends of the Wilson interval, as in mining/models/macros.sql.
const handMacros = `
create temp macro wilson_low(p, w) as
  case when p is not null then round(greatest(0, (p + 1.3528 / w - 1.6449 * sqrt(greatest(0, p * (1 - p) / w + 0.6764 / (w * w)))) / (1 + 2.7055 / w)), 6) end;
create temp macro wilson_high(p, w) as
  case when p is not null then round(least(1, (p + 1.3528 / w + 1.6449 * sqrt(greatest(0, p * (1 - p) / w + 0.6764 / (w * w)))) / (1 + 2.7055 / w)), 6) end;`

// handCheck counts the rows in which the snapshot and the hand-written tables
// disagree.
const handCheck = `select
  (select count(*) from (select identity_key, entitlement_key, held, level, n, k, k_use, share, use_share, low, high, use_low, use_high from s.marts.peer_view
    except all select identity_key, entitlement_key, held, level, n, k, k_use, share, use_share, low, high, use_low, use_high from peers)),
  (select count(*) from s.marts.peer_view), (select count(*) from peers),
  (select count(*) from (select i.identity_key, e.entitlement_key, d.active_days, d.last_use, d.quiet_days, d.exposure_days, d.longest_gap, d.p_use, d.holders, d.lively_holders,
      d.pace_days, d.dark_apps from s.marts.idle d join s.core.identity i using (identity_id) join s.core.entitlement e using (entitlement_id)
    except all select identity_key, entitlement_key, active_days, last_use, quiet_days, exposure_days, longest_gap, p_use, holders, lively_holders, pace_days, dark_apps from idle)),
  (select count(*) from s.marts.idle), (select count(*) from idle)`

// handTold is what the hand-written SQL cost, and how far it agrees.
type handTold struct {
	CPU, Wall                      float64
	Steps                          []step
	PeerDiffer, PeerRows, PeerHand int64
	IdleDiffer, IdleRows, IdleHand int64
}

// sqlTask runs the hand-written SQL on the snapshot of the stages.
func sqlTask(ctx context.Context, t task) (any, error) {
	db, err := store.Open(ctx, "", store.Options{MemoryLimit: t.Limits, TempDir: filepath.Join(t.Dir, "spill")})
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	defer db.Close()
	w, told := newWatch(), handTold{}
	attach := "attach " + store.Quote(filepath.Join(t.Dir, "stages", "winnow.duckdb")) + " as s (read_only)"
	for _, part := range []string{attach, handMacros, handUse, handIdle, handPeer, handFold} {
		for statement := range strings.SplitSeq(part, ";\n") {
			if strings.TrimSpace(statement) == "" {
				continue
			}
			w.begin(strings.Join(strings.Fields(statement)[:min(4, len(strings.Fields(statement)))], " "))
			if _, err := db.ExecContext(ctx, statement); err != nil {
				return nil, fmt.Errorf("run %.200q: %w", statement, err)
			}
		}
	}
	told.Steps = w.end()
	for _, s := range told.Steps {
		told.CPU, told.Wall = told.CPU+s.CPU, told.Wall+s.Wall
	}
	err = db.QueryRowContext(ctx, handCheck).Scan(&told.PeerDiffer, &told.PeerRows, &told.PeerHand, &told.IdleDiffer, &told.IdleRows, &told.IdleHand)
	return told, errors.Join(err)
}
