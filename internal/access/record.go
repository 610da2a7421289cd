package access

import (
	"fmt"
	"time"
)

// A SourceName is the name that the configuration gives to a source, for
// instance "okta" or "okta-emea". It prefixes every identifier that the source
// hands out, so that two tenants of one kind never collide.
type SourceName string

// A StreamName is one kind of record that a source serves, for instance
// "system_log". It is also the base name of the stream's file in a dir: of
// saved answers.
type StreamName string

// A Cursor is an opaque resting point inside a stream of events. The source
// that made it is the only one that reads it. The empty cursor is the start.
type Cursor string

// A Day is a UTC calendar day in the form 2006-01-02.
type Day string

// DayOf returns the UTC day on which t falls.
func DayOf(t time.Time) Day { return Day(t.UTC().Format(time.DateOnly)) }

// Time returns the first instant of the day, and the zero time when d is not a
// day.
func (d Day) Time() time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	return t
}

// Add returns the day n days later.
func (d Day) Add(n int) Day { return DayOf(d.Time().AddDate(0, 0, n)) }

// An Origin says where a record came from, in words that let a person find it:
// a file and its line, or a URL without secrets and the item's position on the
// page.
type Origin struct {
	Place string // file path or URL
	Line  int    // line of the file, or item of the page, from 1; 0 when unknown
}

// String returns the origin as place:line.
func (o Origin) String() string {
	if o.Line == 0 {
		return o.Place
	}
	return fmt.Sprintf("%s:%d", o.Place, o.Line)
}

// A Record is one item exactly as the source served it.
type Record struct {
	Body   []byte // the item's JSON bytes, verbatim; the source may write over them once the next record is asked for
	Parent string // the container's native id for items of a sub-resource, else empty
	Origin Origin

	// Stream redirects the record to a sibling stream, for sources whose saved
	// files mix shapes; empty means the stream that was asked for.
	Stream StreamName

	// Rest is the cursor from which a later pull resumes so that this record
	// and all before it are not served again. It is empty where the source has
	// no resting point; the pull loop commits only at resting points.
	Rest Cursor

	// At is an event's own time where the source has read it already, so that
	// nobody reads it again; else zero.
	At time.Time

	// Checked says that the source has found Body to fit the shape of the stream
	// that was asked for, so that nobody walks over it again.
	Checked bool
}
