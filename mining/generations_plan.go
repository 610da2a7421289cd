package mining

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
)

// plan divides the nights into links and finds which are written already.
func (b *Build) plan(c *chain, past []night) error {
	landing, err := b.enc.models()
	if err != nil {
		return err
	}
	kept, err := c.kept()
	if err != nil {
		return err
	}
	prev := ""
	for len(kept) > 0 && (len(past) == 0 || kept[0] < past[0].start.Format(nightForm)) {
		c.older, kept = append(c.older, filepath.Join(c.dir, kept[0])), kept[1:]
		prev = digestIn(c.older[len(c.older)-1])
	}
	var last *link
	var full time.Time
	for i, n := range past {
		l, whole, anew := b.linkOf(c, n, past[max(i-1, 0)], landing)
		if !slices.ContainsFunc(l.parts, func(p Part) bool { return n.fresh[p.Stream] }) {
			continue
		}
		if last != nil {
			l.at = later(last.at, l.at)
		}
		if !anew {
			l.before = full
		}
		if whole {
			full = l.at
			c.full = append(c.full, l.at)
		}
		if (last == nil || !sameParts(l.parts, last.parts)) && b.settle(c, l, n, prev, kept) {
			c.links, prev = append(c.links, l), digestIn(l.path)
		}
		last = l
	}
	return nil
}

// linkOf gathers what the models read on one night. whole says that every
// stream of it was seen; anew that one was seen for the first time, so that
// what it lists may be older than it.
func (b *Build) linkOf(c *chain, n, before night, landing map[string]Model) (l *link, whole, anew bool) {
	l, whole = &link{}, true
	for _, name := range c.lineage.landed {
		stream := access.StreamName(strings.TrimPrefix(name, c.kind+"_"))
		m, ok := n.state[stream]
		if !ok || landing[name].Name == "" {
			continue
		}
		l.parts = append(l.parts, partsOf(lake.StreamID{Source: c.source, Stream: stream}, landing[name], []lake.Manifest{m})...)
		if _, ok := before.state[stream]; !ok {
			anew = true
		}
		if !n.fresh[stream] {
			whole = false
		} else if at := m.At.UTC(); at.After(l.at) {
			l.at = at
		}
	}
	return l, whole, anew
}

// sameParts says whether two nights show the models the same.
func sameParts(a, b []Part) bool {
	return slices.EqualFunc(a, b, func(a, b Part) bool { return a.Stream == b.Stream && a.digest == b.digest })
}

// settle names the link's file. Where the night's segments are gone, or the
// manifest of the night before, the file that was written while they were there
// stands, whatever the models say today; without segments and without a file the
// link is left out.
func (b *Build) settle(c *chain, l *link, n night, prev string, kept []string) bool {
	night := n.start.Format(nightForm) + "."
	l.path = filepath.Join(c.dir, night+c.digest(l, prev)+".parquet")
	purged, follows := slices.ContainsFunc(l.parts, b.purged), len(c.older) > 0 && len(c.links) == 0
	if l.due = !exists(l.path); !l.due || !purged && !follows {
		return true
	}
	for _, name := range kept {
		if strings.HasPrefix(name, night) {
			l.path, l.due = filepath.Join(c.dir, name), false
			return true
		}
	}
	return !purged
}

// purged says whether a part can be read no more.
func (b *Build) purged(p Part) bool {
	return !exists(p.file(b.Lake)) && slices.ContainsFunc(p.Segments, func(s lake.Segment) bool {
		return !exists(filepath.Join(b.Lake.Dir, s.Path))
	})
}

// digest names a link by all that its rows follow from.
func (c *chain) digest(l *link, prev string) string {
	h := sha256.New()
	fmt.Fprintln(h, historyVersion, prev, c.contract.name, c.contract.list(), c.source, c.config, l.at, l.before)
	for _, m := range c.lineage.staging {
		fmt.Fprintln(h, m.SQL)
	}
	for _, p := range l.parts {
		fmt.Fprintln(h, p.Stream, p.digest)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}

// digestIn reads the digest out of the name of a link's file.
func digestIn(path string) string {
	name := strings.TrimSuffix(filepath.Base(path), ".parquet")
	return name[strings.LastIndexByte(name, '.')+1:]
}

// kept lists the files of the chain that exist, in the order of their nights.
func (c *chain) kept() (out []string, err error) {
	entries, err := os.ReadDir(c.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list the history: %w", err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".parquet") {
			out = append(out, e.Name())
		}
	}
	return out, nil
}

// files lists the files of the chain, those before the link if one is given.
func (c *chain) files(until *link) []string {
	out := slices.Clone(c.older)
	for _, l := range c.links {
		if l == until {
			break
		}
		out = append(out, l.path)
	}
	return out
}

// sweep removes files that no link names any more.
func (c *chain) sweep() error {
	kept, err := c.kept()
	if err != nil {
		return err
	}
	named := c.files(nil)
	for _, name := range kept {
		if path := filepath.Join(c.dir, name); !slices.Contains(named, path) {
			if err := os.Remove(path); err != nil {
				return fmt.Errorf("remove an outdated history: %w", err)
			}
		}
	}
	return nil
}
