package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/config"
)

// open returns the reader of one configured source. Opening reads secrets and
// talks to nobody.
func open(c config.Source) (ingest.Source, error) {
	switch c.Type {
	}
	return nil, fmt.Errorf("open source %s: type %q is not known", c.Name, c.Type)
}

// choose returns the sources that --source names, or all.
func (s *site) choose(names []string) (config.Sources, error) {
	if len(names) == 0 {
		return s.Sources, nil
	}
	var out config.Sources
	for _, n := range names {
		src, ok := s.Source(access.SourceName(n))
		if !ok {
			return nil, usage(access.WithHint(fmt.Errorf("choose source %q: the configuration has none of that name", n),
				"it has "+strings.Join(s.names(), ", ")))
		}
		out = append(out, src)
	}
	slices.SortFunc(out, func(a, b config.Source) int { return cmp.Compare(a.Name, b.Name) })
	return slices.CompactFunc(out, func(a, b config.Source) bool { return a.Name == b.Name }), nil
}

func (s *site) names() []string {
	var out []string
	for _, src := range s.Sources {
		out = append(out, string(src.Name))
	}
	return out
}

// types maps each source to its type, for the models.
func (s *site) types() map[access.SourceName]string {
	out := map[access.SourceName]string{}
	for _, src := range s.Sources {
		out[src.Name] = src.Type
	}
	return out
}
