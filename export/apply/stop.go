package apply

import (
	"errors"
	"fmt"
	"net/http"
	"os"

	"winnow/internal/access"
)

// ErrStopped is in the chain of the error of whoever met the stop file.
var ErrStopped = errors.New("stopped")

// stoppedBy reports whether a stop file is there. A place that cannot be looked
// at stops, too.
func stoppedBy(file string) error {
	if file == "" {
		return nil
	}
	if _, err := os.Lstat(file); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return access.WithHint(fmt.Errorf("%w by the file %s", ErrStopped, file), "nothing is sent while the file is there; the receipts say what was")
}

// stopped reports whether the engine's stop file is there.
func (e *Engine) stopped() error { return stoppedBy(e.opt.StopFile) }

// Stopping returns a transport that looks for the stop file before each request,
// those that a client sends again by itself after a pause included. A nil next is
// a transport like http.DefaultTransport.
func Stopping(next http.RoundTripper, file string) http.RoundTripper {
	if t, ok := http.DefaultTransport.(*http.Transport); next == nil && ok {
		next = t.Clone()
	}
	return stopping{next, file}
}

type stopping struct {
	next http.RoundTripper
	file string
}

// RoundTrip implements http.RoundTripper.
func (s stopping) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := stoppedBy(s.file); err != nil {
		return nil, err
	}
	return s.next.RoundTrip(r)
}
