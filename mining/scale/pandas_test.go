package scale

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"winnow/internal/store"
)

// inputs are the tables that pandas gets: the same that the hand-written SQL
// reads, and, which is in its favour, the strengths of the priors ready-made.
var inputs = map[string]string{
	"usage_day":   "select account_id, entitlement_id, day::timestamp as day, successes from s.core.usage_day",
	"account":     "select account_id, identity_key from s.core.account_link join s.core.identity using (identity_id)",
	"entitlement": "select entitlement_key, entitlement_id, source, kind, signal, observed from s.core.entitlement",
	"identity":    "select identity_key, kind, accounts, employment, peer_department, peer_title, peer_location, coalesce(greatest(hire_date, m.effective) <= as_of::date - 90, true) as settled from s.core.identity left join s.core.move as m using (identity_key) cross join (select as_of from s.core.run)",
	"holding":     "select identity_key, entitlement_key, entitlement_id, source, since from s.core.holding",
	"reference":   "select source, ref, day::timestamp as day, horizon_days, log_start::timestamp as log_start from s.core.reference",
	"covered":     "select source, day::timestamp as day, before from s.core.covered_before",
	"leave":       "select identity_key, first_day::timestamp as first_day, last_day::timestamp as last_day from s.core.identity_leave",
	"seen":        "select ref, identity_key, last_seen::timestamp as last_seen from s.core.identity_last_seen",
	"learner":     "select distinct identity_key from s.marts.idle_state where ref > 0",
	"opens":       "select entitlement_id, opens_id from s.core.entitlement_opens",
	"member_of":   "select identity_key, source from s.core.identity_source",
	"fit":         "select model, feature, coefficient from s.marts.model_fit",
	"strength":    "select level, strength from s.marts.peer_strength",
	"idle":        "select i.identity_key, e.entitlement_key, d.quiet_days, d.p_use from s.marts.idle d join s.core.identity i using (identity_id) join s.core.entitlement e using (entitlement_id)",
	"peer":        "select identity_key, entitlement_key, n, k, share from s.marts.peer_view where held",
}

// inputsTask writes the inputs as Parquet.
func inputsTask(ctx context.Context, t task) (any, error) {
	db, err := store.Open(ctx, "", store.Options{MemoryLimit: t.Limits, TempDir: filepath.Join(t.Dir, "spill")})
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	dir := filepath.Join(t.Dir, "inputs")
	errs := []error{os.MkdirAll(dir, 0o700)}
	_, err = db.ExecContext(ctx, "attach "+store.Quote(filepath.Join(t.Dir, "stages", "winnow.duckdb"))+" as s (read_only)")
	errs = append(errs, err)
	for name, query := range inputs {
		_, err := db.ExecContext(ctx, "copy ("+query+") to "+store.Quote(filepath.Join(dir, name+".parquet"))+" (format parquet)")
		errs = append(errs, err)
	}
	return struct{}{}, errors.Join(append(errs, db.Close())...)
}

// byPandas compares with a straight pandas version of the same numbers, where a
// Python with pandas and pyarrow is at hand: WINNOW_SCALE_PYTHON, or python3.
func (s site) byPandas(b *testing.B, r *report, ours cost) {
	b.Helper()
	python := os.Getenv("WINNOW_SCALE_PYTHON")
	if python == "" {
		python = "python3"
	}
	if err := exec.CommandContext(b.Context(), python, "-c", "import pandas, pyarrow").Run(); err != nil {
		r.say("pandas: left out, %s has no pandas and pyarrow; WINNOW_SCALE_PYTHON names another", python)
		return
	}
	var none struct{}
	s.child(b, "inputs", nil, &none)
	cmd := exec.CommandContext(b.Context(), python, "-c", pandasScript, filepath.Join(s.dir, "inputs"))
	c, stdout := measure(b, cmd)
	var told struct{ Idle, IdleRows, Peer, PeerRows int64 }
	if err := json.Unmarshal(stdout, &told); err != nil {
		b.Fatalf("read what pandas told: %v: %.300s", err, stdout)
	}
	r.add("peers and idleness: pandas", c)
	r.say("models ÷ pandas %.2f; %d of %d peer rows and %d of %d idle rows differ by more than 0.0001", ours.cpu/c.cpu,
		told.Peer, told.PeerRows, told.Idle, told.IdleRows)
}
