package scale

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/store"
	"winnow/internal/yardstick"
	"winnow/mining"
)

var types = map[access.SourceName]string{oktaName: "okta", hrName: "hris"}

func landTask(ctx context.Context, t task) (any, error) {
	made, err := Land(ctx, t.Dir, t.Size)
	return map[string]bool{"Made": made}, err
}

func nightTask(_ context.Context, t task) (any, error) {
	lk, err := lake.Open(t.Lake)
	if err != nil {
		return nil, err
	}
	return struct{}{}, LandNight(lk, t.Size, t.Args[0] == "directory")
}

// bareTask reads the sealed log, touching the fields that the landing model
// reads, and nothing more.
func bareTask(ctx context.Context, t task) (any, error) {
	lk, err := lake.Open(t.Lake)
	if err != nil {
		return nil, err
	}
	manifests, err := lk.Manifests(lake.StreamID{Source: oktaName, Stream: "system_log"})
	if err != nil {
		return nil, err
	}
	var files []string
	for _, m := range manifests {
		for _, s := range m.Segments {
			files = append(files, filepath.Join(lk.Dir, s.Path))
		}
	}
	return yardstick.Bare(ctx, store.Options{MemoryLimit: t.Limits, TempDir: filepath.Join(t.Dir, "spill")}, files...)
}

// A step is one stage of a build.
type step struct {
	Name      string
	CPU, Wall float64
}

// ingestTask brings the typed events and the roll-ups up to date.
func ingestTask(ctx context.Context, t task) (any, error) {
	lk, err := lake.Open(t.Lake)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, "", store.Options{MemoryLimit: t.Limits, TempDir: filepath.Join(t.Dir, "spill")})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	defer conn.Close()
	e := &mining.Encoder{Lake: lk, DB: conn, Types: types}
	if _, err := e.Encode(ctx); err != nil {
		return nil, err
	}
	_, err = e.RollUp(ctx)
	return struct{}{}, err
}

// stagesTask makes a snapshot as winnow mine does, but for the words, and says
// what each model took; the company's stages.log says it as it goes.
func stagesTask(ctx context.Context, t task) (any, error) {
	lk, err := lake.Open(t.Lake)
	if err != nil {
		return nil, err
	}
	if err := Bare(lk); err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(t.Dir, "stages.log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	w := newWatch()
	w.log = log
	b := t.build(lk)
	b.Progress = w.step
	if err := b.Run(ctx); err != nil {
		w.begin("") // the log says how far it came, and where the time went
		return nil, errors.Join(err, b.Close())
	}
	w.begin("publish")
	err = errors.Join(b.Publish(ctx), b.Close())
	return w.end(), err
}

func (t task) build(lk *lake.Lake) *mining.Build {
	return &mining.Build{
		Lake: lk, Types: types, WorkDir: filepath.Join(t.Dir, "stages", "work"), Out: filepath.Join(t.Dir, "stages", "winnow.duckdb"),
		AsOf: t.Size.AsOf(t.Nights), RunID: "scale", Settings: settings(), Limits: store.Options{MemoryLimit: t.Limits}, AcceptJump: true,
	}
}

// A watch splits a build's time among its stages.
type watch struct {
	log   io.Writer // where stages are told as they end; nil for nowhere
	steps []step
	open  string
	cpu   float64
	at    time.Time
}

func newWatch() *watch {
	return &watch{open: "encode", cpu: yardstick.Used().Seconds(), at: time.Now()}
}

// begin ends the open stage and opens another.
func (w *watch) begin(name string) {
	cpu, at := yardstick.Used().Seconds(), time.Now()
	w.steps = append(w.steps, step{w.open, cpu - w.cpu, at.Sub(w.at).Seconds()})
	if w.log != nil {
		fmt.Fprintf(w.log, "%-34s %8.2f CPU-s %8.2f s, peak so far %5.0f MiB\n", w.open, cpu-w.cpu, at.Sub(w.at).Seconds(), peakSoFar())
	}
	w.open, w.cpu, w.at = name, cpu, at
}

// step is told of models before they are built, and of the stages before them
// when they are done.
func (w *watch) step(name string, _, total int) {
	switch {
	case total > 0 && w.open != name:
		w.begin(name)
	case name == "events encoded":
		w.begin("roll up")
	case name == "days rolled up":
		w.begin("prepare")
	}
}

func (w *watch) end() []step {
	w.begin("")
	return w.steps
}
