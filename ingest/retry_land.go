package ingest

import (
	"errors"
	"maps"
	"slices"

	"winnow/internal/lake"
)

// begin opens the batch of the retry.
func (r *retrier) begin(pull string) (*lake.Batch, error) {
	return r.lake.Begin(lake.Manifest{Source: r.report.Source, Stream: r.stream.Name, Pull: pull, Events: r.stream.Kind == Events})
}

// events lands what fits beside what landed before, and marks it.
func (r *retrier) events(pull string) error {
	b, err := r.begin(pull)
	if err != nil {
		return err
	}
	marks := map[string][]string{}
	for _, f := range r.fit {
		if err := b.Append(f.day, f.body, ""); err != nil {
			return dropping(b, err)
		}
		marks[f.file] = append(marks[f.file], lake.BodyDigest(f.body))
	}
	_, err = b.Seal(func(m *lake.Manifest) {
		m.At, m.Note = r.now(), "refused before, and fits now"
		m.Served, m.Quarantined = 0, -m.Landed
		for _, file := range slices.Sorted(maps.Keys(marks)) {
			slices.Sort(marks[file])
			m.Retried = append(m.Retried, lake.Retry{File: file, Bodies: slices.Compact(marks[file])})
		}
	})
	return err
}

// generation lands the items of the base and what fits as a generation of
// their own. What stays refused goes with it.
func (r *retrier) generation(base lake.Manifest, pull string) error {
	b, err := r.begin(pull)
	if err != nil {
		return err
	}
	for _, s := range base.Segments {
		if err := r.lake.Lines(s, func(line []byte) error { return b.Append("", line, "") }); err != nil {
			return dropping(b, err)
		}
	}
	for _, f := range r.fit {
		if err := b.Append("", f.body, ""); err != nil {
			return dropping(b, err)
		}
	}
	for _, item := range r.left {
		if err := b.Quarantine(item.Fault(), item.At); err != nil {
			return dropping(b, err)
		}
	}
	_, err = b.Seal(func(m *lake.Manifest) {
		// It is as old as the answers that it holds.
		m.At, m.Complete, m.Note = base.At, true, "generation "+base.Pull+", with what was refused before and fits now"
	})
	return err
}

// dropping throws the batch away because of an error.
func dropping(b *lake.Batch, err error) error { return errors.Join(err, b.Drop()) }
