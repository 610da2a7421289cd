package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"winnow/internal/access"
)

// A holder is what the lock file says about the process that holds it.
type holder struct {
	PID     int       `json:"pid"`
	Command string    `json:"command"`
	Started time.Time `json:"started"`
}

// lock takes the one lock of a data folder. The kernel frees it when the
// process ends, however it ends, so that a crash never leaves a stale lock.
func (a *app) lock(dataDir, command string) (release func() error, err error) {
	if err := os.MkdirAll(dataDir, 0o700); err != nil {
		return nil, fmt.Errorf("create the data folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dataDir, "winnow.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(heldError(f, dataDir, err, a.now()), f.Close())
	}
	if err := writeHolder(f, holder{os.Getpid(), command, a.now().UTC().Truncate(time.Second)}); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() error { return errors.Join(f.Truncate(0), f.Close()) }, nil
}

func writeHolder(f *os.File, h holder) error {
	line, err := json.Marshal(h)
	if err != nil {
		return fmt.Errorf("encode the lock: %w", err)
	}
	if err := f.Truncate(0); err != nil {
		return fmt.Errorf("write the lock: %w", err)
	}
	if _, err := f.WriteAt(append(line, '\n'), 0); err != nil {
		return fmt.Errorf("write the lock: %w", err)
	}
	return nil
}

// heldError names the process that holds the lock and since when.
func heldError(f *os.File, dataDir string, cause error, now time.Time) error {
	if !errors.Is(cause, syscall.EWOULDBLOCK) {
		return access.WithHint(fmt.Errorf("lock %s: %w", dataDir, cause),
			"the data folder must lie on a file system that knows flock")
	}
	var h holder
	b, err := io.ReadAll(io.LimitReader(f, 4096))
	if err != nil || json.Unmarshal(b, &h) != nil || h.PID == 0 {
		return access.WithHint(fmt.Errorf("another winnow works in %s", dataDir), "wait until it is done")
	}
	return access.WithHint(
		fmt.Errorf("another winnow works in %s: %s, process %d, since %s (%s ago)", dataDir, h.Command, h.PID,
			h.Started.Format(time.RFC3339), now.Sub(h.Started).Round(time.Second)),
		fmt.Sprintf("wait until it is done; if it hangs, end it with kill %d: the next run resumes where it stood", h.PID))
}
