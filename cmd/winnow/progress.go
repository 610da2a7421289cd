package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// A progress tells people what a run is doing while they wait. Its methods may
// be called from several goroutines.
type progress interface {
	// begin opens a stage, such as "pull".
	begin(stage string)
	// advance says how far an item of the stage is; total 0 means unknown.
	advance(item string, value, total int64)
	// finish closes an item with a note.
	finish(item, note string, failed bool)
	// close ends the display. Nothing may be told afterwards.
	close()
}

// progress returns bars on a terminal, plain lines in a log and silence with
// --json.
func (a *app) progress() progress {
	switch {
	case a.json:
		return quiet{}
	case a.terminal:
		return newBars(a.stderr)
	}
	return &lines{out: a.stderr, now: a.now, told: map[string]time.Time{}}
}

type quiet struct{}

func (quiet) begin(string)                 {}
func (quiet) advance(string, int64, int64) {}
func (quiet) finish(string, string, bool)  {}
func (quiet) close()                       {}

// sayEvery is how often a log hears of an item that takes its time.
const sayEvery = 30 * time.Second

// lines writes one dated line for each thing that ended, and a sign of life
// for what takes long.
type lines struct {
	mu    sync.Mutex
	out   io.Writer
	now   func() time.Time
	stage string
	told  map[string]time.Time // item → when a line last spoke of it
}

func (l *lines) begin(stage string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stage = stage
	l.told = map[string]time.Time{}
	l.say(stage + " begins")
}

func (l *lines) advance(item string, value, total int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	last, known := l.told[item]
	if !known {
		l.told[item] = l.now()
		return
	}
	if l.now().Sub(last) < sayEvery {
		return
	}
	l.told[item] = l.now()
	if total > 0 {
		l.say(fmt.Sprintf("%s %s: %s of %s so far", l.stage, item, thousands(value), thousands(total)))
		return
	}
	l.say(fmt.Sprintf("%s %s: %s so far", l.stage, item, thousands(value)))
}

func (l *lines) finish(item, note string, failed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	mark := ""
	if failed {
		mark = "FAILED "
	}
	l.say(fmt.Sprintf("%s%s %s: %s", mark, l.stage, item, note))
}

func (l *lines) close() {}

func (l *lines) say(text string) {
	_, _ = fmt.Fprintln(l.out, l.now().UTC().Format(time.RFC3339), printableLines(text)) // a log that is gone must not end the run
}
