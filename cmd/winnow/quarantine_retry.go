package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/config"
	"winnow/internal/lake"
	"winnow/mining"
)

func quarantineRetryCommand(a *app) *cobra.Command {
	var f refusedFlags
	cmd := &cobra.Command{
		Use: "retry", Short: "check what was refused against the present shapes, and land what fits", Args: cobra.NoArgs,
		Long: `retry reads the refused bytes again. What fits now lands as a batch of its own and leaves the quarantine; what does not
stays. It may be repeated and interrupted at any time. winnow mine then takes in what landed.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return ran("quarantine retry", a.retryQuarantine(cmd.Context(), f))
		},
	}
	f.register(cmd)
	return cmd
}

// A retried stream is what became of its refused records.
type retried struct {
	Source access.SourceName `json:"source"`
	ingest.RetryReport
}

func (a *app) retryQuarantine(ctx context.Context, f refusedFlags) (err error) {
	s, err := a.site()
	if err != nil {
		return err
	}
	chosen, err := s.choose(sourceNames(f.source))
	if err != nil {
		return err
	}
	release, err := a.lock(s.DataDir, "winnow quarantine retry")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	return a.entered(s, "quarantine-retry", func(*job) error { return a.retry(ctx, s, f, chosen) })
}

// retry lands what fits now of the chosen sources' refused records.
func (a *app) retry(ctx context.Context, s *site, f refusedFlags, chosen config.Sources) error {
	lk, err := lake.Open(s.lakeDir())
	if err != nil {
		return err
	}
	out := []retried{}
	for _, c := range chosen {
		src, err := open(c)
		if err != nil {
			return err
		}
		reports, err := ingest.Retry(ctx, lk, c.Name, src.Streams(),
			ingest.RetryOptions{Stream: access.StreamName(f.stream), Reason: f.reason, Clock: a.now})
		for _, r := range reports {
			out = append(out, retried{c.Name, r})
		}
		if err != nil {
			return err
		}
	}
	if err := mining.WriteState(ctx, lk, s.types(), s.state()); err != nil {
		return err
	}
	return a.tellRetried(out)
}

// tellRetried writes what became of each stream.
func (a *app) tellRetried(out []retried) error {
	if a.json {
		return json.NewEncoder(a.stdout).Encode(out)
	}
	if len(out) == 0 {
		_, err := io.WriteString(a.stdout, "nothing is in quarantine\n")
		return err
	}
	g := &grid{head: []string{"source", "stream", "tried", "landed", "refused still"}, right: map[int]bool{2: true, 3: true, 4: true}}
	landed := int64(0)
	for _, r := range out {
		g.add(string(r.Source), string(r.Stream), thousands(r.Tried), thousands(r.Landed), thousands(r.Left))
		landed += r.Landed
	}
	text := g.String()
	if landed > 0 {
		text += "winnow mine takes in what landed\n"
	}
	_, err := io.WriteString(a.stdout, text)
	return err
}
