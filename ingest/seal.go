package ingest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
)

// checkpoint seals the open batches at a resting point in mid-stream.
func (p *puller) checkpoint() error {
	if err := p.seal(func(m *lake.Manifest) { m.Rest = p.rest }); err != nil {
		return err
	}
	p.number++
	return nil
}

// seal makes every open batch visible; the stream's own batch comes last, since
// its cursor vouches for the others.
func (p *puller) seal(finish func(*lake.Manifest)) error {
	names := slices.SortedFunc(maps.Keys(p.batches), func(a, b access.StreamName) int {
		if (a == p.stream.Name) != (b == p.stream.Name) {
			if a == p.stream.Name {
				return 1
			}
			return -1
		}
		return strings.Compare(string(a), string(b))
	})
	for _, name := range names {
		own := name == p.stream.Name
		if _, err := p.batches[name].Seal(func(m *lake.Manifest) {
			m.At = p.now()
			if own {
				finish(m)
			}
		}); err != nil {
			return err
		}
		delete(p.batches, name)
	}
	return nil
}

// drop throws the open batches away.
func (p *puller) drop() error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(p.batches)) {
		errs = append(errs, p.batches[name].Drop())
	}
	return errors.Join(errs...)
}

// finish seals what the stream's end allows: events keep what arrived before
// an error; an inventory is believed only whole.
func (p *puller) finish(streamErr error, earlier []lake.Manifest) error {
	var absent *Absent
	if errors.As(streamErr, &absent) && p.stream.Optional {
		p.report.Absent = absent
		return p.drop()
	}
	p.report.Err = streamErr
	if _, err := p.batch(p.stream); err != nil {
		return err
	}
	return p.seal(func(m *lake.Manifest) {
		m.Rest, m.Complete = p.rest, streamErr == nil
		if streamErr != nil {
			m.Note = streamErr.Error()
		}
		if m.Events {
			m.Coverage = p.coverage(streamErr)
			return
		}
		if m.Complete {
			m.Held = p.hold(m.Landed, earlier)
			p.report.Held = m.Held
		}
	})
}

// hold compares the new inventory with the last believed one, and says why it
// must not be believed yet.
func (p *puller) hold(rows int64, earlier []lake.Manifest) string {
	if p.opt.Accept {
		return ""
	}
	var last int64 = -1
	for _, m := range earlier {
		if m.Complete && m.Held == "" {
			last = m.Landed
		}
	}
	if last <= 0 || float64(rows) >= float64(last)*(1-p.opt.MaxDrop) {
		return ""
	}
	return fmt.Sprintf("%s shrank from %d to %d items", p.stream.Name, last, rows)
}

// nextPull numbers the pulls of a stream, so that their names sort by age.
func nextPull(earlier []lake.Manifest) string {
	n := 0
	for _, m := range earlier {
		if i, err := strconv.Atoi(strings.TrimPrefix(m.Pull, "p")); err == nil && i > n {
			n = i
		}
	}
	return fmt.Sprintf("p%06d", n+1)
}

// eventTime finds the event's own time in the first of the alternatives, which
// a bar separates, that holds anything.
func eventTime(item []byte, paths string) (at time.Time, field string, err error) {
	for _, path := range strings.Split(paths, "|") {
		text := lake.TextAt(item, path)
		if text == "" {
			continue
		}
		at, err = lake.ParseTime(text)
		return at, path, err
	}
	return time.Time{}, paths, &access.Fault{Reason: "is missing"}
}
