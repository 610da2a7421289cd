//go:build e2e

package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"winnow/internal/access"
	"winnow/recommend"
	"winnow/recommend/ollama"
)

// model is the name that the tests give the small model.
const model = "small"

// modelServer starts a real Ollama server on this machine and gives it the
// model. It skips the test where either cannot be had.
func modelServer(t *testing.T) (host string) {
	t.Helper()
	var said bytes.Buffer
	install := exec.Command("sh", "ollama/run.sh")
	install.Stderr = &said
	out, err := install.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 3 {
		t.Skipf("no Ollama server here: %s", said.String())
	}
	if err != nil {
		t.Fatalf("%v: %s", err, said.String())
	}
	place := strings.TrimSpace(string(out))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close() //nolint:errcheck // the server takes its place
	dir := t.TempDir()
	// The server calls its vendor's site at its start unless it is told not to.
	env := append(os.Environ(), "OLLAMA_HOST="+address, "OLLAMA_MODELS="+filepath.Join(dir, "models"), "OLLAMA_NO_CLOUD=1", "HOME="+dir)
	serve := exec.Command(filepath.Join(place, "ollama"), "serve")
	serve.Env = env
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = serve.Process.Signal(os.Interrupt)
		_ = serve.Wait()
	})
	host = "http://" + address
	for range 100 {
		if resp, err := http.Get(host + "/api/version"); err == nil {
			resp.Body.Close() //nolint:errcheck // a test
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	file := filepath.Join(dir, "Modelfile")
	if err := os.WriteFile(file, []byte("FROM "+filepath.Join(place, "model.gguf")+"\nPARAMETER num_thread "+strconv.Itoa(setting("WINNOW_MODEL_THREADS", 1))+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	create := exec.Command(filepath.Join(place, "ollama"), "create", model, "-f", file)
	create.Env = env
	if out, err := create.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return host
}

// company mines the demo company and returns how to query its snapshot.
func company(t *testing.T) (query func(sql string) []map[string]any) {
	t.Helper()
	dir := t.TempDir()
	program := filepath.Join(dir, "winnow")
	run := func(args ...string) []byte {
		cmd := exec.Command(args[0], args[1:]...)
		var said bytes.Buffer
		cmd.Stderr = &said
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v: %v: %s", args, err, said.String())
		}
		return out
	}
	run("go", "build", "-o", program, "../cmd/winnow")
	keep := filepath.Join(dir, "demo")
	run(program, "demo", "--people", "400", "--keep", keep)
	return func(sql string) (rows []map[string]any) {
		s := bufio.NewScanner(bytes.NewReader(run(program, "-c", filepath.Join(keep, "winnow.yaml"), "--json", "query", sql)))
		s.Buffer(nil, 1<<24)
		for s.Scan() {
			var row map[string]any
			if err := json.Unmarshal(s.Bytes(), &row); err != nil {
				t.Fatal(err)
			}
			rows = append(rows, row)
		}
		return rows
	}
}

// TestModel drafts 200 recommendations of the demo company, of every verdict and
// level, with a real model on a real server, prints what the guard made of its
// answers, and derives each number of every text again from the
// published snapshot. WINNOW_MODEL_DRAFTS drafts more or fewer of them;
// WINNOW_MODEL_MINUTES ends the asking, WINNOW_MODEL_FREE lets the model word its first answers as it likes, and
// WINNOW_MODEL_THREADS gives the server more than one: on a machine that does other things too, threads that wait for
// each other cost far more than they bring.
func TestModel(t *testing.T) {
	host := modelServer(t)
	query := company(t)
	var recs []access.Recommendation
	for _, row := range query("select to_json(r)::varchar as j from marts.recommendation as r") {
		var r access.Recommendation
		if err := json.Unmarshal([]byte(row["j"].(string)), &r); err != nil {
			t.Fatal(err)
		}
		recs = append(recs, r)
	}
	access.SortRecommendations(recs)
	recs = spread(recs, setting("WINNOW_MODEL_DRAFTS", 200))
	catalogue, err := recommend.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	config := ollama.Config{Host: host, Model: model, CallTime: 10 * time.Minute, TotalTime: time.Duration(setting("WINNOW_MODEL_MINUTES", 60)) * time.Minute,
		Cache: filepath.Join(t.TempDir(), "drafts.ndjson"), Warn: func(err error) { t.Log(err) }, Free: os.Getenv("WINNOW_MODEL_FREE") != ""}
	health, err := ollama.Probe(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("server %s, model %.12s: %.1f tokens a second", health.Server, health.Digest, health.Speed)
	first := drafted(t, config, catalogue, recs)
	wrong := 0
	for _, r := range first.recs {
		evidence := query(r.EvidenceQuery)
		if len(evidence) != 1 {
			t.Fatalf("%s: the evidence query gives %d rows", r.RecommendationID, len(evidence))
		}
		for _, fault := range untrue(r.Rationale, evidence[0]) {
			wrong++
			t.Errorf("%s, %s: %s\n%s", r.RecommendationID, r.Guard, fault, r.Rationale)
		}
	}
	t.Logf("%d texts checked against the snapshot, %d faults", len(first.recs), wrong)
	again := drafted(t, config, catalogue, recs)
	if again.calls > first.unasked {
		t.Errorf("the second night cost %d calls", again.calls)
	}
}

// spread takes n recommendations at even distances.
func spread(recs []access.Recommendation, n int) []access.Recommendation {
	if len(recs) <= n {
		return recs
	}
	out := make([]access.Recommendation, 0, n)
	for i := range n {
		out = append(out, recs[i*len(recs)/n])
	}
	return out
}

// A night is what came of drafting recommendations once.
type night struct {
	recs           []access.Recommendation
	calls, unasked int
}

func drafted(t *testing.T, config ollama.Config, catalogue *recommend.Catalogue, recs []access.Recommendation) (n night) {
	t.Helper()
	d, err := ollama.New(config, catalogue)
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	by, samples := map[string]int{}, map[string]string{}
	for page := range slices.Chunk(recs, 20) {
		for r, err := range recommend.Write(t.Context(), d, catalogue, page) {
			if err != nil {
				t.Fatal(err)
			}
			n.recs = append(n.recs, r)
			by[r.Guard]++
			if strings.HasPrefix(r.Guard, "unasked") {
				n.unasked++
			}
			if samples[r.Guard] == "" {
				samples[r.Guard] = r.DraftedBy + ": " + r.Rationale
			}
		}
		t.Logf("  after %.0f s: %d recommendations, %d calls, %v", time.Since(begun).Seconds(), len(n.recs), d.Calls(), by)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	n.calls = d.Calls()
	t.Logf("%d recommendations in %.0f s, %d calls", len(n.recs), time.Since(begun).Seconds(), n.calls)
	for _, guard := range slices.Sorted(maps.Keys(by)) {
		t.Logf("  %s: %d (%.1f %%), for instance %s", guard, by[guard], 100*float64(by[guard])/float64(len(n.recs)), samples[guard])
	}
	return n
}

func setting(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil && n > 0 {
		return n
	}
	return otherwise
}

// TestChecker shows that the checker sees what is wrong.
func TestChecker(t *testing.T) {
	values := map[string]any{"c1.days": 118.0, "c1.last_use": "2026-03-02", "c2.k": 2.0, "c2.n": 41.0, "c2.share": 0.05, "c2.low": 0.0, "c2.high": 0.2}
	for text, want := range map[string]int{
		"It was last used on 2026-03-02, and no use followed in 118 days. Of 41 colleagues in “Floor 7”, 2 hold it (5%, between <1% and 20%).": 0,
		"It was last used on 2026-03-03.": 1, "It has not been used for 119 days.": 1, "Of 2 colleagues, 41 hold it.": 1,
		"Of 41 colleagues, none holds it.": 1, "Of 41 colleagues, 118 hold it.": 1, "6% hold it.": 1,
	} {
		if got := untrue(text, values); len(got) != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}
