package main

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"winnow/ingest"
)

// nothingLanded is all that can be said before the first pull.
var nothingLanded = []symptom{{Area: "conclusions", Check: "coverage", Level: ingest.Warning,
	Found: "nothing has landed yet: nothing can be concluded", WayOut: "winnow pull, or winnow run"}}

// A conclusion is a sentence about one source.
type conclusion struct {
	source string
	symptom
}

// conclusions asks the ledger, question by question, and says in plain words
// what follows.
func conclusions(ctx context.Context, db *sql.DB, s *site, asOf time.Time) (out []conclusion, err error) {
	limit := s.Policy.MaxInputAgeDays
	for _, q := range []struct {
		sql  string
		scan func(*sql.Rows, *conclusion) error
	}{
		{"select source, need, streams from doctor.lacking order by all", scanLacking},
		{"select source, stream, status, first_day, last_day, days, coalesce(reason, '') from doctor.hole order by all", scanHole},
		{`select source, log_start, newest, covered_days, horizon_days from core.reference where ref = 0 order by all`,
			func(r *sql.Rows, c *conclusion) error { return scanHorizon(r, c, asOf, limit) }},
		{"select source, stream, whole_at, coalesce(held, ''), coalesce(note, '') from doctor.inventory order by all",
			func(r *sql.Rows, c *conclusion) error { return scanInventory(r, c, asOf, limit) }},
	} {
		found, err := collect(ctx, db, q.sql, q.scan)
		if err != nil {
			return nil, fmt.Errorf("ask the ledger of coverage: %w", err)
		}
		out = append(out, found...)
	}
	for i := range out {
		out[i].Area = "conclusions"
	}
	return out, nil
}

func scanLacking(r *sql.Rows, c *conclusion) error {
	var need, streams string
	if err := r.Scan(&c.source, &need, &streams); err != nil {
		return err
	}
	c.Check, c.Level = "need", ingest.Warning
	c.Found = fmt.Sprintf("%s: no %s (%s): nothing is called unused in %s", c.source, need, streams, c.source)
	c.WayOut = "a finding on the stream above says why it does not arrive; exports of the log can be read from a dir: instead"
	return nil
}

func scanHole(r *sql.Rows, c *conclusion) error {
	var status, reason string
	var first, last time.Time
	var days int
	if err := r.Scan(&c.source, &c.Stream, &status, &first, &last, &days, &reason); err != nil {
		return err
	}
	word := "missing"
	if status != "gap" {
		word = "not complete"
	}
	c.Check, c.Level = "gap", ingest.Warning
	c.Found = fmt.Sprintf("%s %s: %s %s, %s: they count for nothing", c.source, c.Stream, plural(days, "day"), word, between(first, last))
	if reason != "" {
		c.Found += " (" + reason + ")"
	}
	c.WayOut = "winnow pull --source " + c.source + " closes it while the platform remembers; later an export of those days can, read from a dir:"
	return nil
}

// scanHorizon says how far ahead can be judged.
func scanHorizon(r *sql.Rows, c *conclusion, asOf time.Time, limit int) error {
	var start, newest time.Time
	var covered, horizon int
	if err := r.Scan(&c.source, &start, &newest, &covered, &horizon); err != nil {
		return err
	}
	age := int(asOf.Sub(start).Hours() / 24)
	quiet := max(0, int(asOf.Sub(newest.AddDate(0, 0, 1)).Hours()/24))
	c.Check, c.Level = "horizon", ingest.OK
	c.Found = fmt.Sprintf("%s: log begins %s ago, %s covered, the last is %s: horizons are %s", c.source, plural(age, "day"),
		plural(covered, "day"), newest.Format("2 Jan 2006"), plural(horizon, "day"))
	if covered < 13*30 {
		c.Found += ", tools of a yearly rhythm are not judged"
	}
	if covered < minCoveredDays {
		c.Level, c.Found = ingest.Warning, c.Found+", confidence at most medium"
		c.WayOut = "time helps; so does a longer memory: history: names a folder of roll-ups kept elsewhere"
	}
	if quiet > limit {
		c.Level, c.Found = ingest.Warning, fmt.Sprintf("%s; it ended %s ago: no disuse is concluded", c.Found, plural(quiet, "day"))
		c.WayOut = "winnow pull --source " + c.source + "; the findings above say what stops it"
	}
	return nil
}

// scanInventory says how old what people hold is.
func scanInventory(r *sql.Rows, c *conclusion, asOf time.Time, limit int) error {
	var at sql.NullTime
	var held, note string
	if err := r.Scan(&c.source, &c.Stream, &at, &held, &note); err != nil {
		return err
	}
	c.Check, c.Level = "inventory", ingest.OK
	age := int(asOf.Sub(at.Time).Hours() / 24)
	c.Found = fmt.Sprintf("%s %s: whole %s ago", c.source, c.Stream, plural(max(age, 0), "day"))
	switch {
	case !at.Valid:
		c.Level, c.Found = ingest.Warning, fmt.Sprintf("%s %s: never arrived whole: what it lists is not judged", c.source, c.Stream)
		c.WayOut = "winnow pull --source " + c.source
		if note != "" {
			c.Found += " (" + note + ")"
		}
	case held != "":
		c.Level, c.Found = ingest.Warning, fmt.Sprintf("%s: held (%s): the inventory before it is used", c.Found, held)
		c.WayOut = "look why it shrank, then winnow pull --source " + c.source + " --accept-drop"
	case age > limit:
		c.Level, c.WayOut = ingest.Warning, "winnow pull --source "+c.source
		c.Found += ": what changed since is not seen"
	}
	return nil
}

// between writes a span of days: 12–14 Oct 2026.
func between(first, last time.Time) string {
	switch {
	case first.Equal(last):
		return last.Format("2 Jan 2006")
	case first.Month() == last.Month() && first.Year() == last.Year():
		return first.Format("2") + "–" + last.Format("2 Jan 2006")
	}
	return first.Format("2 Jan 2006") + " – " + last.Format("2 Jan 2006")
}

// plural writes a count with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(int64(n)) + " " + noun + "s"
}
