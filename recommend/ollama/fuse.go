package ollama

import (
	"sync"
	"time"
)

// blows is how many calls in a row may fail before the server is left alone.
const blows = 3

// A fuse counts what the night may still cost, and is blown by a server that
// fails. It may be used by many goroutines.
type fuse struct {
	mu     sync.Mutex
	calls  int           // that may be made in all
	time   time.Duration // that may be spent in all
	used   int
	failed int // in a row
	since  time.Time
	blown  bool
	last   error // of the calls that failed
}

// take asks for one call. It returns why there is none, or the empty string.
func (f *fuse) take() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.since.IsZero() {
		f.since = time.Now()
	}
	switch {
	case f.blown:
		return NoServer
	case f.used >= f.calls:
		return NoCalls
	}
	f.used++
	return ""
}

// left returns how much of the night's time is left.
func (f *fuse) left() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.since.IsZero() {
		return f.time
	}
	return f.time - time.Since(f.since)
}

// note counts a call that went well, with nil, or did not. It returns true when
// the server has failed too often.
func (f *fuse) note(err error) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err == nil {
		f.failed = 0
		return false
	}
	f.failed++
	f.last = err
	return f.failed >= blows
}

// fault returns the last fault of a call, nil when all went well.
func (f *fuse) fault() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.last
}

// blow blows the fuse and returns true when it was whole before.
func (f *fuse) blow() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	was := f.blown
	f.blown = true
	return !was
}

func (f *fuse) spent() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.used
}
