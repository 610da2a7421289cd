package main

import (
	"context"
	"fmt"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/config"
)

// checkSources asks every source to look at itself.
func (a *app) checkSources(ctx context.Context, chosen config.Sources) (out []symptom, err error) {
	for _, c := range chosen {
		found, err := a.checkSource(ctx, c)
		for _, f := range found {
			out = append(out, symptom{Area: string(c.Name), Check: f.Check, Stream: string(f.Stream), Level: f.Level, Found: f.Text, WayOut: f.Hint})
		}
		if err != nil {
			return out, fmt.Errorf("check source %s: %w", c.Name, err)
		}
	}
	return out, nil
}

// checkSource looks at one source. One that cannot look at itself is opened,
// which proves its settings and its folder and no more.
func (a *app) checkSource(ctx context.Context, c config.Source) ([]ingest.Finding, error) {
	fails := func(check string, err error) []ingest.Finding {
		return []ingest.Finding{{Level: ingest.Failure, Check: check, Text: err.Error(), Hint: access.HintOf(err)}}
	}
	if err := (config.Sources{c}).Ready(a.config); err != nil {
		return fails("credentials", err), nil
	}
	src, err := open(c)
	if err != nil {
		return fails("settings", err), nil
	}
	if checker, ok := src.(ingest.Checker); ok {
		return checker.Check(ctx)
	}
	text := "its settings are complete; whether they work shows when it is pulled"
	if c.Dir != "" {
		text = "the folder " + c.Dir + " can be read"
	}
	return []ingest.Finding{{Level: ingest.OK, Check: "settings", Text: text}}, ctx.Err()
}
