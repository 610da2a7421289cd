// Package ingest moves records from sources into the landed lake. It decodes
// nothing: a source yields items verbatim, the pull loop frames, checks and
// seals them, and the models read them with SQL.
package ingest

import (
	"context"
	"iter"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
)

// A Kind tells events, which are appended for ever and have a time of their
// own, from inventory, which is served whole each time.
type Kind int

const (
	// Events are immutable facts with an own time; they land by their UTC day.
	Events Kind = iota
	// Inventory is the present state; it lands as a generation, valid only
	// when every page arrived.
	Inventory
)

// A Stream describes one kind of record that a source serves.
type Stream struct {
	Name  access.StreamName
	Kind  Kind
	Shape lake.Shape // the keys and JSON types without which an item is refused
	Time  string     // Events: dotted path of the event's own time, e.g. "published"

	// Optional streams may be absent (no licence, no scope, no file) without
	// failing the pull; what cannot be concluded is said by the coverage.
	Optional bool

	// Live says that a platform serves the stream, of a source that is a
	// CoverageDeclarer for others, which come out of files.
	Live bool

	// Retention is how far back the platform serves events; 0 means no limit.
	Retention time.Duration
}

// A Window is the span of event time that a pull asks for: Since inclusive,
// Until exclusive. Inventory streams ignore it.
type Window struct {
	Since, Until time.Time

	// Open is the first day that earlier pulls left open: an event before it is
	// late. It is empty when nothing is known.
	Open access.Day

	// Again lists the days, oldest first, that earlier pulls had read to their
	// end and that late events reopened. A source that can ask for a day by its
	// time reads them again and says so with a *Reread.
	Again []access.Day
}

// A Reread is yielded in place of an error and ends nothing: the source has
// just read the days from First to Last, each to its end, by their time. What
// landed on them in this pull is therefore no sign that more is missing.
type Reread struct {
	First, Last access.Day
	Reason      string // why, kept in the coverage of those days; empty for an ordinary overlap
}

// Error returns the reason.
func (r *Reread) Error() string {
	return "read " + string(r.First) + " to " + string(r.Last) + " again: " + r.Reason
}

// A Forgotten is yielded in place of an error and ends nothing: the platform no
// longer serves the days before Before, so that their silence proves nothing.
type Forgotten struct {
	Before access.Day // first day that is served to its end
}

// Error says so.
func (f *Forgotten) Error() string {
	return "the platform no longer serves the days before " + string(f.Before)
}

// A Source is one identity provider, HR system or folder of files. Its methods
// are called from one goroutine at a time for each stream.
type Source interface {
	// Streams lists what the source can serve, in an order in which they may
	// be pulled one after the other.
	Streams() []Stream

	// Records yields the stream's items since the cursor, within the window.
	// An error of type *access.Fault concerns one item and is followed by
	// further items, and so are a *Reread and a *Forgotten; any other error ends the sequence. An optional stream
	// that the platform does not offer yields an *Absent error. The bytes of a record hold until the next is
	// asked for.
	Records(ctx context.Context, stream access.StreamName, since access.Cursor, w Window) iter.Seq2[access.Record, error]
}

// Absent says that a stream does not exist here: no file in the folder, no
// licence, no scope.
type Absent struct {
	Reason string
	Hint   string
}

// Error returns the reason.
func (a *Absent) Error() string { return a.Reason }

// A Span declares, for a stream of events, the days that the source itself
// vouches for.
type Span struct {
	Stream      access.StreamName
	First, Last access.Day
}

// A CoverageDeclarer is a source that knows which days its answers cover, such
// as a folder of saved answers with a coverage file. Streams that it does not
// name are covered from their first to their last event.
type CoverageDeclarer interface {
	Covered(ctx context.Context) ([]Span, error)
}

// A Remarker is a source that has something to say about a stream's answers that
// is no fault, such as columns that it does not know.
type Remarker interface {
	Remarks(ctx context.Context, stream access.StreamName) []string
}
