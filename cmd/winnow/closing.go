package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// tell writes the closing report: JSON for machines, tables for people. What
// is wrong stands last, where a person who scrolls to the end of a log looks.
func (a *app) tell(r *runReport) error {
	if a.json {
		enc := json.NewEncoder(a.stdout)
		enc.SetEscapeHTML(false)
		return enc.Encode(r)
	}
	var b strings.Builder
	r.writeStreams(&b)
	r.writeCoverage(&b)
	r.writeVerdicts(&b)
	r.writeDecisions(&b)
	r.writeRollout(&b)
	r.writeWayOut(&b)
	r.writeEnd(&b)
	_, err := io.WriteString(a.stdout, b.String())
	return err
}

func (r *runReport) writeStreams(b *strings.Builder) {
	if len(r.Streams) == 0 {
		return
	}
	g := &grid{head: []string{"source", "stream", "status", "landed", "quarantined", "note"}, right: map[int]bool{3: true, 4: true}, width: 90}
	var absent []string
	for _, s := range r.Streams {
		if s.Status == statusAbsent {
			absent = append(absent, s.Source+" "+s.Stream)
			continue
		}
		g.add(s.Source, s.Stream, s.Status, thousands(s.Landed), thousands(s.Quarantined), strings.TrimPrefix(s.Note+s.delay(), ", "))
	}
	b.WriteString("\nPulled in this run\n" + g.String())
	if len(absent) > 0 {
		b.WriteString("not offered: " + strings.Join(absent, ", ") + "\n")
	}
}

func (r *runReport) writeCoverage(b *strings.Builder) {
	if len(r.Coverage) == 0 {
		return
	}
	g := &grid{head: []string{"source", "stream", "first day", "last day", "complete", "partial", "gaps"},
		right: map[int]bool{4: true, 5: true, 6: true}}
	for _, c := range r.Coverage {
		g.add(c.Source, c.Stream, c.First, c.Last, thousands(c.Days), thousands(c.Partial), thousands(c.Gaps))
	}
	b.WriteString("\nDays that the logs cover; nothing is called unused on any other\n" + g.String())
}

func (r *runReport) writeVerdicts(b *strings.Builder) {
	if r.Totals == nil {
		return
	}
	t := r.Totals
	fmt.Fprintf(b, "\nMined from %s records (%s duplicate, %s quarantined): %s identities, %s accounts, %s assignments\n",
		thousands(t.Landed), thousands(t.Duplicate), thousands(t.Quarantined),
		thousands(t.Identities), thousands(t.Accounts), thousands(t.Assignments))
	levels := []string{"high", "medium", "low"}
	g := &grid{head: append([]string{"recommendation"}, levels...), right: map[int]bool{1: true, 2: true, 3: true}}
	counts := map[[2]string]int64{}
	var actions []string
	for _, v := range r.Recommendations {
		if len(actions) == 0 || actions[len(actions)-1] != v.Action {
			actions = append(actions, v.Action)
		}
		counts[[2]string{v.Action, v.Confidence}] += v.N
	}
	for _, action := range actions {
		row := []string{action}
		for _, level := range levels {
			row = append(row, thousands(counts[[2]string{action, level}]))
		}
		g.add(row...)
	}
	if len(actions) > 0 {
		b.WriteString(g.String())
	}
	r.writeLeftOut(b)
}

func (r *runReport) writeEnd(b *strings.Builder) {
	for _, f := range r.Files {
		fmt.Fprintf(b, "wrote %s (%s)\n", cell(f.Path, 200), size(f.Bytes))
	}
	for _, w := range r.Warnings {
		b.WriteString("warning: " + printableLines(w) + "\n")
	}
	var times []string
	for _, s := range r.Stages {
		times = append(times, s.Name+" "+duration(s.Seconds))
	}
	fmt.Fprintf(b, "\n%s %s, as of %s: %s in %s, peak memory %d MB", r.Command, r.RunID, r.AsOf.Format(time.RFC3339), r.Status, duration(r.Seconds), r.PeakMB)
	if len(times) > 1 {
		fmt.Fprintf(b, " (%s)", strings.Join(times, ", "))
	}
	b.WriteString("\n")
}

// duration writes seconds for people.
func duration(s float64) string {
	if s < 60 {
		return strconv.FormatFloat(s, 'f', 1, 64) + " s"
	}
	return time.Duration(s * float64(time.Second)).Round(time.Second).String()
}

// size writes bytes for people.
func size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.1f kB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d bytes", n)
}
