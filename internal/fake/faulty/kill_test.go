package faulty_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/fake/faulty"
	"winnow/internal/lake"
)

// TestMain lets the test binary be the pull that is killed.
func TestMain(m *testing.M) {
	if url := os.Getenv("FAULTY_PULL_URL"); url != "" {
		if err := pullProcess(os.Getenv("FAULTY_PULL_PLATFORM"), url, os.Getenv("FAULTY_PULL_LAKE")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// pullProcess pulls once, and sleeps as little as the weather allows.
func pullProcess(platform, url, dir string) error {
	c := &clock{at: first.AddDate(0, 0, days)}
	nap := func(ctx context.Context, d time.Duration) error {
		time.Sleep(time.Millisecond)
		return c.sleep(ctx, d)
	}
	src, err := source(platform, url, c.now, nap)
	if err != nil {
		return err
	}
	lk, err := lake.Open(dir)
	if err != nil {
		return err
	}
	_, err = ingest.Pull(context.Background(), lk, access.SourceName(platform), src,
		ingest.Options{AsOf: first.AddDate(0, 0, days), BatchRows: 20, MaxDrop: 0.2})
	return err
}

// TestKilledAtAnyInstant kills the pull of a platform in bad weather, as the
// kernel does when memory is short, again and again: after every kill the proof
// holds, and when the weather is good and nobody kills, everything is there.
func TestKilledAtAnyInstant(t *testing.T) {
	kills := 6
	if full {
		kills = 100
	}
	dir := tenant(t)
	rng := rand.New(rand.NewPCG(1, 2))
	for done := 0; done < kills; {
		platform := []string{"okta", "entra"}[done/3%2]
		w := newWorld(t, dir, platform, 0)
		lk := newLake(t)
		for range 3 { // three kills on one lake, so that what a kill leaves is killed too
			w.set(faulty.Options{Seed: rng.Uint64(), Rate: 0.1, Kinds: faulty.Passing})
			if w.kill(t, lk, 1+rng.IntN(110), time.Duration(rng.IntN(3000))*time.Microsecond) {
				done++
			}
			w.prove(t, lk, first.AddDate(0, 0, days))
		}
		w.calm(t, lk)
		if t.Failed() {
			t.Fatalf("after %d kills", done)
		}
	}
}

// kill starts a pull, lets n requests arrive and a moment pass, and kills it.
// It reports whether the pull was still running.
func (w *world) kill(t *testing.T, lk *lake.Lake, n int, moment time.Duration) bool {
	t.Helper()
	arrived, reached := atomic.Int64{}, make(chan struct{}, 1)
	web := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if arrived.Add(1) == int64(n) {
			reached <- struct{}{}
		}
		w.weather.ServeHTTP(rw, r)
	}))
	defer web.Close()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "FAULTY_PULL_URL="+web.URL, "FAULTY_PULL_PLATFORM="+w.platform, "FAULTY_PULL_LAKE="+lk.Dir)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-reached:
		time.Sleep(moment)
		if err := cmd.Process.Kill(); err != nil {
			return false
		}
		return <-ended != nil
	case err := <-ended:
		if err != nil {
			t.Fatal(err)
		}
		return false
	}
}
