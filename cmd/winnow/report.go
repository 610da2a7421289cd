package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"time"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/lake"
)

// A runReport is everything that a nightly job has to say for itself. It is
// printed at the end, as tables or JSON, and kept as last_run.json for whatever
// watches the job.
type runReport struct {
	Command  string    `json:"command"`
	Status   string    `json:"status"` // done, part or failed
	Error    string    `json:"error,omitempty"`
	Hint     string    `json:"hint,omitempty"`
	RunID    string    `json:"run_id"`
	AsOf     time.Time `json:"as_of"`
	Started  time.Time `json:"started"`  // wall clock
	Seconds  float64   `json:"seconds"`  // wall clock
	PeakMB   int64     `json:"peak_mb"`  // resident memory of the process, MiB
	Winnow   string    `json:"winnow"`   // version
	Settings string    `json:"settings"` // digest of the configuration

	Stages          []stageTime   `json:"stages"`
	Streams         []streamTold  `json:"streams,omitempty"`
	Coverage        []coverRow    `json:"coverage,omitempty"`
	Totals          *totals       `json:"totals,omitempty"`
	Recommendations []verdictRow  `json:"recommendations,omitempty"`
	LeftOut         *leftOut      `json:"left_out,omitempty"`  // revokes beyond policy.max_lines_per_reviewer
	Decisions       []shadowWeek  `json:"decisions,omitempty"` // beside what was advised, the last weeks
	Rollout         *rollout      `json:"rollout,omitempty"`   // the phase and its measures
	Files           []writtenFile `json:"files,omitempty"`
	Unread          []refusedTold `json:"unread,omitempty"`   // what landed and the models could not read
	Warnings        []string      `json:"warnings,omitempty"` // what went well enough and still wants a look

	clock func() time.Time
	inner float64 // seconds of stages inside the present one
}

// A stageTime is how long one stage took, and what ended it early.
type stageTime struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
	Error   string  `json:"error,omitempty"`
}

// A streamTold is what one stream brought in this run.
type streamTold struct {
	Source      string  `json:"source"`
	Stream      string  `json:"stream"`
	Status      string  `json:"status"` // done, absent, held or failed
	Served      int64   `json:"served"`
	Landed      int64   `json:"landed"`
	Quarantined int64   `json:"quarantined"`
	Waited      float64 `json:"waited_seconds,omitempty"` // in which requests waited for the platform's budget
	Repeats     int64   `json:"repeated_requests,omitempty"`
	Note        string  `json:"note,omitempty"`
	Hint        string  `json:"hint,omitempty"`

	Refused []refusedTold `json:"refused,omitempty"` // what was refused, by reason
	Remarks []string      `json:"remarks,omitempty"` // what is no fault and still worth a word
}

// A writtenFile is one file that the export wrote.
type writtenFile struct {
	Path  string `json:"path"`
	Bytes int64  `json:"bytes"`
}

// What became of a run, and of a stream in it.
const (
	statusDone   = "done"
	statusPart   = "part"
	statusFailed = "failed"
	statusHeld   = "held"   // an inventory shrank and is not believed
	statusAbsent = "absent" // the platform or folder does not offer the stream
)

// stage runs one stage and notes its time and its error.
func (r *runReport) stage(name string, f func() error) error {
	begun := r.clock()
	err := f()
	s := stageTime{Name: name, Seconds: seconds(r.clock().Sub(begun)) - r.inner}
	r.inner = 0
	if err != nil {
		s.Error = err.Error()
	}
	r.Stages = append(r.Stages, s)
	return err
}

// within runs a stage inside another one, whose own time it does not count
// towards.
func (r *runReport) within(name string, f func() error) error {
	before := len(r.Stages)
	err := r.stage(name, f)
	r.inner += r.Stages[before].Seconds
	return err
}

// end settles the status and the figures of the whole.
func (r *runReport) end(err error) {
	r.Seconds, r.PeakMB = seconds(r.clock().Sub(r.Started)), peakMB()
	var f *failure
	switch {
	case err == nil:
		r.Status = statusDone
		return
	case errors.As(err, &f) && f.code == exitPart:
		r.Status = statusPart
	default:
		r.Status = statusFailed
	}
	r.Error, r.Hint = err.Error(), access.HintOf(err)
}

// keep writes the report where a monitor finds it, whole or not at all.
func (r *runReport) keep(path string) error {
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the report of the run: %w", err)
	}
	return lake.WriteFile(path, append(b, '\n'))
}

// tell turns what the pull loop reports into a line of our report.
func tell(s ingest.StreamReport) streamTold {
	t := streamTold{Source: string(s.Source), Stream: string(s.Stream), Status: statusDone,
		Served: s.Served, Landed: s.Landed, Quarantined: s.Quarantined, Waited: seconds(s.Waited), Repeats: s.Repeats,
		Refused: refusals(s), Remarks: s.Remarks}
	switch {
	case s.Err != nil:
		t.Status, t.Note, t.Hint = statusFailed, s.Err.Error(), access.HintOf(s.Err)
		var absent *ingest.Absent
		if errors.As(s.Err, &absent) {
			t.Hint = absent.Hint
		}
	case s.Held != "":
		t.Status, t.Note = statusHeld, s.Held
		t.Hint = "the last good inventory is used; look why it shrank, then winnow pull --source " + string(s.Source) + " --accept-drop"
	case s.Absent != nil:
		t.Status, t.Note, t.Hint = statusAbsent, s.Absent.Reason, s.Absent.Hint
	case s.FirstFault != nil:
		t.Note, t.Hint = "first refused: "+placed(s.FirstFault), s.FirstFault.Hint
	default:
		t.Note = strings.Join(s.Remarks, "; ")
	}
	return t
}

func seconds(d time.Duration) float64 { return d.Round(10 * time.Millisecond).Seconds() }

// peakMB is the largest resident memory of this process so far, in MiB.
func peakMB() int64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return u.Maxrss >> maxrssShift
}
