package scale

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"winnow/internal/lake"
)

const configuration = `data_dir: .
sources:
  okta: {type: okta, dir: okta, org_url: "https://acme.okta.example"}
  hr: {type: workday, dir: hr}
memory_limit: %s
`

func (s site) bare(b *testing.B) cost {
	b.Helper()
	var rows int64
	return s.child(b, "bare", nil, &rows)
}

func (s site) stages(b *testing.B) (steps []step, all cost) {
	b.Helper()
	all = s.child(b, "stages", nil, &steps)
	return steps, all
}

// byHand are the models whose numbers are computed by other means too.
var byHand = []string{"core.use_day", "core.pace", "marts.idle_state", "marts.idle_share", "marts.idle_feature", "marts.idle_bin", "marts.idle", "marts.lively",
	"marts.peer_group", "marts.peer_size", "marts.peer_share", "marts.peer_wider", "marts.peer_strength", "marts.grantable", "marts.candidate", "marts.peer_reach",
	"marts.peer_fold", "marts.peer_view"}

// bySQL compares the peer and idle models with SQL written by hand.
func (s site) bySQL(b *testing.B, r *report, stages []step) {
	b.Helper()
	var told handTold
	c := s.child(b, "sql", nil, &told)
	ours := sumOf(stages, byHand)
	r.add("peers and idleness: the models", ours)
	r.add("peers and idleness: SQL by hand", cost{told.CPU, told.Wall, c.peak})
	for _, step := range told.Steps {
		if step.CPU > 0.03*told.CPU {
			r.add("  "+step.Name, cost{cpu: step.CPU, wall: step.Wall})
		}
	}
	r.say("models ÷ SQL by hand %.2f; %d of %d (%d) peer rows and %d of %d (%d) idle rows differ", ours.cpu/told.CPU,
		told.PeerDiffer, told.PeerRows, told.PeerHand, told.IdleDiffer, told.IdleRows, told.IdleHand)
}

// winnow builds the product's own binary.
func (s site) winnow(b *testing.B) string {
	b.Helper()
	path := filepath.Join(s.dir, "winnow")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-o", path, "winnow/cmd/winnow").CombinedOutput(); err != nil {
		b.Fatalf("build winnow: %v\n%s", err, out)
	}
	return path
}

// mine runs the product on the lake of a data folder, as of so many nights after
// the log, from what landed alone when it is to be the first run.
func (s site) mine(b *testing.B, data string, nights int, first bool) cost {
	b.Helper()
	if first {
		lk, err := lake.Open(filepath.Join(data, "lake"))
		if err != nil {
			b.Fatal(err)
		}
		if err := Bare(lk); err != nil {
			b.Fatal(err)
		}
	}
	for _, dir := range []string{"okta", "hr"} { // never read: nothing is pulled
		if err := os.MkdirAll(filepath.Join(data, dir), 0o700); err != nil {
			b.Fatal(err)
		}
	}
	config := filepath.Join(data, "winnow.yaml")
	if err := os.WriteFile(config, fmt.Appendf(nil, configuration, memory()), 0o600); err != nil {
		b.Fatal(err)
	}
	cmd := exec.CommandContext(b.Context(), s.winnow(b), "mine", "--json", "--accept-drop", "--config", config,
		"--as-of", s.size.AsOf(nights).Format("2006-01-02"))
	c, stdout := measure(b, cmd)
	var told struct {
		Status string
		Stages []struct {
			Name    string
			Seconds float64
		}
		Totals          struct{ Identities, Accounts, Assignments, Landed, Duplicate, Quarantined int64 }
		Recommendations json.RawMessage
	}
	if err := json.Unmarshal(stdout, &told); err != nil {
		b.Fatalf("read the report of winnow mine: %v", err)
	}
	b.Logf("winnow mine: %+v %s", told.Stages, told.Recommendations)
	b.Logf("mined: %+v", told.Totals)
	return c
}
