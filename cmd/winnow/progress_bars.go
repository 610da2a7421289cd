package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	pretty "github.com/jedib0t/go-pretty/v6/progress"
)

// bars draws one bar an item on a terminal.
type bars struct {
	mu      sync.Mutex
	w       pretty.Writer
	stage   string
	items   map[string]*pretty.Tracker
	stopped chan struct{}
}

func newBars(out io.Writer) *bars {
	w := pretty.NewWriter()
	w.SetOutputWriter(out)
	w.SetAutoStop(false)
	w.SetMessageLength(56)
	w.SetTrackerLength(24)
	w.SetUpdateFrequency(200 * time.Millisecond)
	w.SetSortBy(pretty.SortByNone)
	w.Style().Visibility.ETA = false
	w.Style().Visibility.Percentage = false
	b := &bars{w: w, items: map[string]*pretty.Tracker{}, stopped: make(chan struct{})}
	go func() {
		defer close(b.stopped)
		w.Render()
	}()
	return b
}

func (b *bars) begin(stage string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stage, b.items = stage, map[string]*pretty.Tracker{}
}

// tracker returns the item's bar, which it makes at the first mention. The
// caller holds the lock.
func (b *bars) tracker(item string, total int64) *pretty.Tracker {
	t := b.items[item]
	if t == nil {
		t = &pretty.Tracker{Message: b.stage + " " + item, Total: total, Units: pretty.UnitsDefault, AutoStopDisabled: true}
		b.items[item] = t
		b.w.AppendTracker(t)
	}
	return t
}

func (b *bars) advance(item string, value, total int64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tracker(item, total).SetValue(value)
}

func (b *bars) finish(item, note string, failed bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.tracker(item, 0)
	t.UpdateMessage(printableLines(fmt.Sprintf("%s %s: %s", b.stage, item, note)))
	if failed {
		t.MarkAsErrored()
		return
	}
	t.MarkAsDone()
}

// close ends what an error left open and waits for the last frame, so that
// what is printed next stands below.
func (b *bars) close() {
	b.mu.Lock()
	for _, t := range b.items {
		if !t.IsDone() {
			t.MarkAsErrored()
		}
	}
	b.mu.Unlock()
	time.Sleep(250 * time.Millisecond) // one frame
	b.w.Stop()
	<-b.stopped
}
