package ingest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/rest"
)

// Options steer a pull.
type Options struct {
	AsOf      time.Time // events before this instant are asked for
	BatchRows int64     // items a batch, at least; 0 means 100,000
	MaxDrop   float64   // share by which an inventory may shrink before it is held, 0–1
	Accept    bool      // believe an inventory that shrank

	Clock    func() time.Time // wall clock for receipts; nil means time.Now
	Progress func(StreamReport)
}

// Pull lands every stream of a source. A stream's failure does not stop the
// others; it is told in its report. The error is non-nil only where the lake
// itself failed or ctx ended.
func Pull(ctx context.Context, lk *lake.Lake, name access.SourceName, src Source, o Options) ([]StreamReport, error) {
	declared, err := declaredSpans(ctx, src)
	if err != nil {
		return nil, err
	}
	var out []StreamReport
	for _, stream := range src.Streams() {
		p := &puller{lake: lk, src: src, stream: stream, opt: o, declared: declared,
			report: StreamReport{Source: name, Stream: stream.Name}}
		meter := &rest.Meter{}
		if err := p.run(rest.WithMeter(ctx, meter)); err != nil {
			return out, fmt.Errorf("pull %s %s: %w", name, stream.Name, err)
		}
		p.report.Waited, p.report.Repeats = meter.Waited(), meter.Repeats()
		p.remark(ctx)
		p.report.Done = true
		p.progress()
		out = append(out, p.report)
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
	}
	return out, nil
}

// declaredSpans asks the source which days it vouches for.
func declaredSpans(ctx context.Context, src Source) (map[access.StreamName][]Span, error) {
	d, ok := src.(CoverageDeclarer)
	if !ok {
		return nil, nil
	}
	spans, err := d.Covered(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the declared coverage: %w", err)
	}
	out := map[access.StreamName][]Span{}
	for _, s := range spans {
		out[s.Stream] = append(out[s.Stream], s)
	}
	return out, nil
}

// A puller lands one stream.
type puller struct {
	lake     *lake.Lake
	src      Source
	stream   Stream
	opt      Options
	declared map[access.StreamName][]Span
	report   StreamReport

	seq     string // name of this pull, sortable
	batches map[access.StreamName]*lake.Batch
	number  int
	rest    access.Cursor
	first   access.Day // first and last day of events that this pull landed
	last    access.Day
	since   access.Day // first day that the earlier pulls left open; empty unless this pull resumes where they rested

	checkers map[access.StreamName]*lake.Checker
	today    access.Day // day of the latest event
	noted    access.Day // day of the latest event that landed
	midnight time.Time  // its first instant

	past   ledger                 // what earlier pulls said of each day
	landed map[access.Day]bool    // days on which this pull landed events
	reread map[access.Day]*Reread // days that this pull read to their end by their time
	served access.Day             // first day that the platform still serves, where it said so
}

// run pulls the stream from its last resting point to its end.
func (p *puller) run(ctx context.Context) error {
	id := lake.StreamID{Source: p.report.Source, Stream: p.stream.Name}
	if err := p.lake.Sweep(id); err != nil {
		return err
	}
	earlier, err := p.lake.Manifests(id)
	if err != nil {
		return err
	}
	p.seq = nextPull(earlier)
	p.past = readLedger(earlier)
	p.landed, p.reread = map[access.Day]bool{}, map[access.Day]*Reread{}
	if p.rest = p.past.rest; p.rest != "" {
		p.since = p.past.open
	}
	p.batches = map[access.StreamName]*lake.Batch{}
	streamErr, err := p.consume(ctx, p.src.Records(ctx, p.stream.Name, p.rest, p.window()))
	if err != nil {
		return errors.Join(err, p.drop())
	}
	return p.finish(streamErr, earlier)
}

// window is the span of time to ask for.
func (p *puller) window() Window {
	w := Window{Until: p.opt.AsOf, Open: p.since, Again: p.past.late()}
	if p.stream.Retention > 0 {
		w.Since = p.opt.AsOf.Add(-p.stream.Retention)
	}
	return w
}

// consume lands the records. It returns the error that ended the stream apart
// from an error of the lake.
func (p *puller) consume(ctx context.Context, records iter.Seq2[access.Record, error]) (streamErr, err error) {
	for rec, err := range records {
		if err == nil {
			err = p.land(rec)
		} else {
			streamErr, err = p.heed(err)
		}
		if streamErr != nil || err != nil {
			return streamErr, err
		}
		if ctx.Err() != nil {
			return ctx.Err(), nil
		}
	}
	return nil, nil
}

// heed takes note of what a source yields in place of a record. It returns the
// error as streamErr where it ends the stream.
func (p *puller) heed(told error) (streamErr, err error) {
	var fault *access.Fault
	var again *Reread
	var gone *Forgotten
	switch {
	case errors.As(told, &again):
		for d := again.First; d <= again.Last; d = d.Add(1) {
			p.reread[d] = again
		}
	case errors.As(told, &gone):
		p.served = max(p.served, gone.Before)
	case errors.As(told, &fault):
		return nil, p.refuse(p.stream.Name, fault)
	default:
		return told, nil
	}
	return nil, nil
}

// land checks one record and appends it to its batch.
func (p *puller) land(rec access.Record) error {
	stream := p.target(rec.Stream)
	rec.Checked = rec.Checked && stream.Name == p.stream.Name && rec.Parent == ""
	if rec.Parent != "" {
		// What lands is checked: shapes see the same line whether it came from
		// the API or from a folder, where it is framed already.
		var err error
		if rec.Body, err = lake.Frame(rec.Parent, rec.Body); err != nil {
			return err
		}
		rec.Parent = ""
	}
	day, fault := p.check(stream, rec)
	if fault != nil {
		return p.refuse(stream.Name, fault)
	}
	b, err := p.batch(stream)
	if err != nil {
		return err
	}
	if err := b.Append(day, rec.Body, rec.Parent); err != nil {
		return err
	}
	p.report.Served++
	p.report.Landed++
	p.note(day)
	if rec.Rest != "" {
		p.rest = rec.Rest
		if b.Rows() >= p.batchRows() && p.stream.Kind == Events {
			return p.checkpoint()
		}
	}
	p.progressEvery()
	return nil
}

// target resolves a redirected record's stream.
func (p *puller) target(name access.StreamName) Stream {
	if name == "" || name == p.stream.Name {
		return p.stream
	}
	for _, s := range p.src.Streams() {
		if s.Name == name {
			return s
		}
	}
	return p.stream
}

// check validates the item and finds the day of an event, in one walk over it
// or, where the source has done that, in none.
func (p *puller) check(stream Stream, rec access.Record) (access.Day, *access.Fault) {
	if !rec.Checked {
		at, err := p.checker(stream).Check(rec.Body)
		if err != nil {
			return "", unfit(stream, rec, err)
		}
		if rec.At.IsZero() {
			rec.At = at
		}
	}
	if stream.Kind == Inventory {
		return "", nil
	}
	if rec.At.IsZero() {
		at, field, err := eventTime(rec.Body, stream.Time)
		var fault *access.Fault
		if errors.As(err, &fault) {
			fault.Origin, fault.Field, fault.Body = rec.Origin, field, rec.Body
			return "", fault
		}
		rec.At = at
	}
	return p.day(rec.At), nil
}

// checker returns the checker of a stream's items.
func (p *puller) checker(stream Stream) *lake.Checker {
	c := p.checkers[stream.Name]
	if c == nil {
		if p.checkers == nil {
			p.checkers = map[access.StreamName]*lake.Checker{}
		}
		c = stream.Shape.Checker(stream.Time)
		p.checkers[stream.Name] = c
	}
	return c
}

// unfit is the fault of an item that does not fit its stream's shape.
func unfit(stream Stream, rec access.Record, err error) *access.Fault {
	var fault *access.Fault
	if !errors.As(err, &fault) {
		fault = &access.Fault{Reason: err.Error(), Body: rec.Body}
	}
	fault.Origin = rec.Origin
	if fault.Hint == "" {
		fault.Hint = "correct the item at its source, or keep it: a later version may read it with `winnow quarantine retry`"
	}
	if at, _, err := eventTime(rec.Body, stream.Time); stream.Kind == Events && err == nil {
		fault.Day = access.DayOf(at)
	}
	return fault
}

// day is the UTC day of an event, which is nearly always that of the one before.
func (p *puller) day(at time.Time) access.Day {
	if since := at.Sub(p.midnight); p.today == "" || since < 0 || since >= 24*time.Hour {
		p.today = access.DayOf(at)
		p.midnight = p.today.Time()
	}
	return p.today
}

// note widens the span of days that this pull has seen.
func (p *puller) note(day access.Day) {
	if day == "" || day == p.noted {
		return
	}
	p.noted = day
	p.landed[day] = true
	if p.first == "" || day < p.first {
		p.first = day
	}
	if day > p.last {
		p.last = day
	}
}

// refuse quarantines an item.
func (p *puller) refuse(name access.StreamName, f *access.Fault) error {
	b, err := p.batch(p.target(name))
	if err != nil {
		return err
	}
	p.report.refused(f)
	return b.Quarantine(f, p.now())
}

// batch returns the open batch of a stream, or begins one.
func (p *puller) batch(s Stream) (*lake.Batch, error) {
	if b := p.batches[s.Name]; b != nil {
		return b, nil
	}
	seq, err := p.sequence(s.Name)
	if err != nil {
		return nil, err
	}
	b, err := p.lake.Begin(lake.Manifest{Source: p.report.Source, Stream: s.Name, Pull: seq, Batch: p.number,
		Events: s.Kind == Events})
	if err != nil {
		return nil, err
	}
	p.batches[s.Name] = b
	return b, nil
}

// sequence names this pull among those of a stream: a batch that was redirected
// to a sibling follows the sibling's own.
func (p *puller) sequence(name access.StreamName) (string, error) {
	if name == p.stream.Name {
		return p.seq, nil
	}
	earlier, err := p.lake.Manifests(lake.StreamID{Source: p.report.Source, Stream: name})
	if err != nil {
		return "", err
	}
	return nextPull(earlier), nil
}

// now is the wall clock.
func (p *puller) now() time.Time {
	if p.opt.Clock != nil {
		return p.opt.Clock().UTC()
	}
	return time.Now().UTC()
}

// batchRows is the size at which a batch is sealed.
func (p *puller) batchRows() int64 {
	if p.opt.BatchRows > 0 {
		return p.opt.BatchRows
	}
	return 100_000
}

// progressEvery tells the observer now and then.
func (p *puller) progressEvery() {
	if p.report.Served%2000 == 0 {
		p.progress()
	}
}

// progress tells the observer.
func (p *puller) progress() {
	if p.opt.Progress != nil {
		p.opt.Progress(p.report)
	}
}
