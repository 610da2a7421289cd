package ingest

import (
	"context"
	"fmt"
	"strings"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
)

// RetryOptions choose what is tried again.
type RetryOptions struct {
	Stream access.StreamName // empty for every stream
	Reason string            // words that the reason or the field holds; empty for every reason
	Clock  func() time.Time  // wall clock for receipts; nil means time.Now
}

// A RetryReport says what became of the refused items of one stream.
type RetryReport struct {
	Stream access.StreamName `json:"stream"`
	Tried  int64             `json:"tried"`
	Landed int64             `json:"landed"`
	Left   int64             `json:"left"` // refused still, those that were not tried among them
}

// Retry checks refused items against the shapes that the streams have now, and
// lands what fits. Events land as a batch of their own, which marks what it
// took from the quarantine; of an inventory the newest believed generation is
// followed by one that holds its items and those that fit. A batch appears by
// one rename, so that a retry that is killed has done nothing, and one that is
// repeated finds nothing more to do.
//
// The name and the streams are the source's. The error is non-nil only where
// the lake failed or ctx ended; the reports up to there are returned with it.
func Retry(ctx context.Context, lk *lake.Lake, name access.SourceName, streams []Stream, o RetryOptions) ([]RetryReport, error) {
	var out []RetryReport
	for _, s := range streams {
		if o.Stream != "" && s.Name != o.Stream {
			continue
		}
		r := &retrier{puller: puller{lake: lk, stream: s, opt: Options{Clock: o.Clock},
			report: StreamReport{Source: name, Stream: s.Name}}, opt: o}
		if err := r.run(); err != nil {
			return out, fmt.Errorf("retry %s %s: %w", name, s.Name, err)
		}
		if r.told.Tried+r.told.Left > 0 {
			r.told.Stream = s.Name
			out = append(out, r.told)
		}
		if ctx.Err() != nil {
			return out, context.Cause(ctx)
		}
	}
	return out, nil
}

// A retrier tries one stream again.
type retrier struct {
	puller
	opt  RetryOptions
	told RetryReport

	fit  []fitting
	left []lake.Refused // of an inventory, what stays refused
}

// A fitting item was refused once and fits now.
type fitting struct {
	day  access.Day
	body []byte
	file string
}

// run reads the quarantine of the stream and lands what fits.
func (r *retrier) run() error {
	id := lake.StreamID{Source: r.report.Source, Stream: r.stream.Name}
	earlier, err := r.lake.Manifests(id)
	if err != nil || len(earlier) == 0 {
		return err
	}
	if err := r.lake.Sweep(id); err != nil {
		return err
	}
	files := earlier
	base := lake.Manifest{}
	if r.stream.Kind == Inventory {
		if base = believed(earlier); base.Pull == "" {
			return nil
		}
		files = []lake.Manifest{base}
	}
	if err := r.sift(files, landedSince(earlier)); err != nil || len(r.fit) == 0 {
		return err
	}
	if r.stream.Kind == Inventory {
		return r.generation(base, nextPull(earlier))
	}
	return r.events(nextPull(earlier))
}

// believed is the newest generation that models read.
func believed(earlier []lake.Manifest) (base lake.Manifest) {
	for _, m := range earlier {
		if !m.Events && m.Complete && m.Held == "" {
			base = m
		}
	}
	return base
}

// landedSince lists the refused items that landed by an earlier retry, by file
// and digest.
func landedSince(earlier []lake.Manifest) map[[2]string]bool {
	out := map[[2]string]bool{}
	for _, m := range earlier {
		for _, t := range m.Retried {
			for _, sum := range t.Bodies {
				out[[2]string{t.File, sum}] = true
			}
		}
	}
	return out
}

// sift parts what fits from what does not.
func (r *retrier) sift(files []lake.Manifest, gone map[[2]string]bool) error {
	for _, m := range files {
		if m.QuarantineFile == "" {
			continue
		}
		for item, err := range r.lake.Refusals(m.QuarantineFile) {
			if err != nil {
				return err
			}
			if !gone[[2]string{m.QuarantineFile, lake.BodyDigest(item.Body)}] {
				r.try(m.QuarantineFile, item)
			}
		}
	}
	return nil
}

// try checks one item as if it arrived now. An item without bytes, such as a
// container that could not be looked into, cannot fit.
func (r *retrier) try(file string, item lake.Refused) {
	if !strings.Contains(item.Field+" "+item.Reason, r.opt.Reason) {
		r.keep(item)
		return
	}
	r.told.Tried++
	day, fault := r.check(r.stream, access.Record{Body: item.Body})
	if len(item.Body) == 0 || fault != nil {
		r.keep(item)
		return
	}
	r.told.Landed++
	r.fit = append(r.fit, fitting{day, item.Body, file})
}

func (r *retrier) keep(item lake.Refused) {
	r.told.Left++
	if r.stream.Kind == Inventory {
		r.left = append(r.left, item)
	}
}
