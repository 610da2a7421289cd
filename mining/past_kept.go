package mining

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"winnow/internal/lake"
	"winnow/internal/store"
)

// keptColumns are the columns of lake.backtest_case: those of backtest.kept and
// what the file says of its cut.
const keptColumns = `cut TIMESTAMP, horizon_days INTEGER, judged_as_of TIMESTAMP, models VARCHAR, question VARCHAR, method VARCHAR,
	action VARCHAR, basis VARCHAR, fit VARCHAR, confidence VARCHAR, source VARCHAR, app VARCHAR, department VARCHAR, spoken BOOLEAN, person VARCHAR,
	score DOUBLE, rank INTEGER, n BIGINT, hits BIGINT, agreed_n BIGINT, agreed BIGINT, why VARCHAR`

// KeptDir is the folder of a lake in which backtests keep their cuts.
func KeptDir(lk *lake.Lake) string { return filepath.Join(lk.Dir, "backtest") }

// KeptName names the file of one cut by everything that it is a function of:
// the digests of the data and of the settings, the text of the models, the cut
// and the horizon.
func KeptName(data, settings, models string, cut time.Time, horizonDays int) string {
	h := sha256.New()
	fmt.Fprintln(h, data, settings, models, cut.UTC().Format(time.RFC3339Nano), horizonDays)
	return cut.UTC().Format(time.DateOnly) + "-" + hex.EncodeToString(h.Sum(nil))[:16] + ".parquet"
}

// KeepCut writes what a past build found of its cut. models is ModelsDigest.
func (b *Build) KeepCut(ctx context.Context, models, path string) error {
	query := "select getvariable('as_of')::timestamp as cut, getvariable('judged_days')::integer as horizon_days, " +
		"getvariable('judged_as_of')::timestamp as judged_as_of, " + store.Quote(models) + ` as models, * from backtest.kept`
	return copyParquet(ctx, b.conn, query, path)
}

// kept makes lake.backtest_case: the cuts that backtests have judged over the
// configured horizon with the models as they are, by a snapshot no later than
// the as-of time; of a cut that was judged twice the last. A past build sees none: what it says is judged as
// it is, before any calibration.
func (b *Build) kept(ctx context.Context) error {
	create := "create table scratch.lake.backtest_case (" + keptColumns + ")"
	names, err := filepath.Glob(filepath.Join(KeptDir(b.Lake), "*.parquet"))
	if err != nil {
		return err
	}
	if len(names) == 0 || b.Past != nil {
		return b.exec(ctx, create)
	}
	models, err := ModelsDigest()
	if err != nil {
		return err
	}
	return b.exec(ctx, create, "insert into scratch.lake.backtest_case by name select * from read_parquet("+quoteList(names)+
		", hive_partitioning = false, union_by_name = true) where models = "+store.Quote(models)+` and judged_as_of <= getvariable('as_of')
		and horizon_days = (select coalesce(min(horizon_days), 90) from scratch.config.policy)
		qualify dense_rank() over (partition by cut order by judged_as_of desc) = 1`)
}

// backtestTables are the tables that need nothing but what backtests have kept.
var backtestTables = []string{"marts.backtest", "marts.backtest_auc", "marts.calibration", "marts.calibration_bin",
	"marts.calibration_edge", "marts.calibration_map", "marts.calibration_trial", "marts.threshold"}

// OpenKept builds in memory the tables that a run makes of what backtests have
// kept, of the named cuts alone, without the rest of the run. They resolve on
// Conn until Close.
func (b *Build) OpenKept(ctx context.Context, cuts []time.Time) error {
	if err := b.openMemory(ctx); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{b.macros, b.config, b.kept} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	names := []string{"timestamp '1000-01-01'"}
	for _, c := range cuts {
		names = append(names, "timestamp "+store.Quote(c.UTC().Format("2006-01-02 15:04:05.999999")))
	}
	err := b.exec(ctx, "delete from scratch.lake.backtest_case where cut not in ("+strings.Join(names, ", ")+")")
	if err != nil {
		return err
	}
	ordered, _, err := Graph(ctx, b.conn)
	if err != nil {
		return err
	}
	err = b.exec(ctx, `create table snapshot.marts.decision_score (decided_at timestamp, horizon_days integer, kind varchar, fit varchar,
		predicted double, wrong integer, weight decimal(5, 4))`) // decisions are no cut's
	if err != nil {
		return err
	}
	wanted := map[string]bool{}
	for _, t := range backtestTables {
		wanted[t] = true
	}
	for _, m := range ordered {
		if !wanted[m.Table()] {
			continue
		}
		if err := b.build(ctx, m); err != nil {
			return fmt.Errorf("build %s (%s): %w", m.Table(), m.Path, err)
		}
	}
	return nil
}
