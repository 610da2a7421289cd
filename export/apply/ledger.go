package apply

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"winnow/internal/access"
)

// Used counts what the plans in a folder changed on the UTC day of an instant,
// all but one: what was sent, whether its answer came or not, and was not
// refused.
func Used(dir, except string, now time.Time) (*Tally, error) {
	sum := NewTally()
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list the plans that were applied: %w", err)
	}
	for _, e := range entries { // ordered by name
		if !e.IsDir() || e.Name() == except {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name(), journalName))
		if errors.Is(err, fs.ErrNotExist) {
			continue // nothing was sent yet
		}
		if err != nil {
			return nil, fmt.Errorf("read the receipts of another plan: %w", err)
		}
		list, err := ReadReceipts(data)
		if err != nil {
			return nil, fmt.Errorf("read the receipts of plan %.12s: %w", e.Name(), err)
		}
		plan, err := savedPlan(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		sent := sentOn(list, now)
		for i := range plan.Operations {
			if sent[plan.Operations[i].ID] {
				sum.Add(&plan.Operations[i])
			}
		}
	}
	return sum, nil
}

// sentOn tells which operations were sent on the UTC day of an instant, and may
// have changed something.
func sentOn(list []Receipt, now time.Time) map[string]bool {
	sent := map[string]bool{}
	for _, r := range list {
		if r.Act != Applying || r.Operation == "" {
			continue
		}
		if r.State == Intent && access.DayOf(r.At) == access.DayOf(now) {
			sent[r.Operation] = true
		}
		if r.State == NotDone || r.State == Refused || r.State == Already {
			delete(sent, r.Operation)
		}
	}
	return sent
}

// savedPlan reads the copy of a plan that lies beside its receipts.
func savedPlan(dir string) (*access.Plan, error) {
	data, err := os.ReadFile(filepath.Join(dir, planFile))
	if err != nil {
		return nil, fmt.Errorf("read the copy of a plan: %w", err)
	}
	p, err := access.ReadPlan(data)
	if err != nil {
		return nil, fmt.Errorf("read the copy of a plan: %w", err)
	}
	return &p, nil
}
