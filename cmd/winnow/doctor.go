package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"winnow/ingest"
	"winnow/internal/access"
)

// A symptom is one finding of the doctor.
type symptom struct {
	Area   string       `json:"area"` // configuration, data folder, job, or the name of a source
	Check  string       `json:"check"`
	Stream string       `json:"stream,omitempty"`
	Level  ingest.Level `json:"level"` // ok, warning or failure
	Found  string       `json:"found"`
	WayOut string       `json:"way_out,omitempty"`
}

// A diagnosis is everything that the doctor found.
type diagnosis struct {
	Level    ingest.Level `json:"level"` // of the worst symptom
	Symptoms []symptom    `json:"symptoms"`
	Calendar []monthRow   `json:"calendar,omitempty"`
}

func (d *diagnosis) add(list ...symptom) { d.Symptoms = append(d.Symptoms, list...) }

const doctorLong = `doctor looks whether the nightly job will work and what it cannot conclude: the configuration, the data folder,
the credentials of every source, what they may read, the clocks, and the days that the logs cover. It changes nothing and
asks every source for as little as it can.

Exit status:  0 all is well · 3 warnings: something is missing or cannot be concluded · 1 a run would fail`

func doctorCommand(a *app) *cobra.Command {
	var sources []string
	cmd := &cobra.Command{
		Use: "doctor", Short: "check credentials, scopes, clocks and coverage, and say what cannot be concluded", Args: cobra.NoArgs,
		Long: doctorLong,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := a.examine(cmd.Context(), sources)
			if err != nil {
				return err
			}
			if err := a.tellDiagnosis(d); err != nil {
				return err
			}
			return d.verdict()
		},
	}
	cmd.Flags().StringSliceVar(&sources, "source", nil, "look at these sources only (default: all)")
	return cmd
}

// examine runs every check. A check that finds something wrong does not stop
// the others; a configuration that cannot be read does, as nothing else is
// known then.
func (a *app) examine(ctx context.Context, sources []string) (*diagnosis, error) {
	d := &diagnosis{}
	asOf, err := a.asOf()
	if err != nil {
		return nil, err
	}
	s, err := a.site()
	if err != nil {
		d.add(symptom{Area: "configuration", Check: "file", Level: ingest.Failure, Found: err.Error(), WayOut: access.HintOf(err)})
		return d, nil
	}
	chosen, err := s.choose(sources)
	if err != nil {
		return nil, err
	}
	d.add(a.checkConfig(s)...)
	d.add(a.checkFolder(s)...)
	d.add(a.checkJobs(ctx, s, asOf)...)
	found, err := a.checkSources(ctx, chosen)
	if err != nil {
		return nil, err
	}
	d.add(found...)
	d.add(a.checkModel(ctx, s)...)
	return d, d.conclude(ctx, s, chosen, asOf)
}

// verdict is nil when all is well.
func (d *diagnosis) verdict() error {
	warnings, failures := 0, 0
	for _, s := range d.Symptoms {
		switch s.Level {
		case ingest.Warning:
			warnings++
		case ingest.Failure:
			failures++
		}
	}
	switch {
	case failures > 0:
		return access.WithHint(fmt.Errorf("found %s and %s", plural(failures, "failure"), plural(warnings, "warning")), "each stands above with its way out")
	case warnings > 0:
		return partly(access.WithHint(fmt.Errorf("found %s", plural(warnings, "warning")), "each stands above with its way out"))
	}
	return nil
}

// tellDiagnosis writes the findings: one object for machines, paragraphs by
// area for people, the calendar last.
func (a *app) tellDiagnosis(d *diagnosis) error {
	d.Level = ingest.OK
	for _, s := range d.Symptoms {
		if s.Level == ingest.Failure || s.Level == ingest.Warning && d.Level == ingest.OK {
			d.Level = s.Level
		}
	}
	if a.json {
		enc := json.NewEncoder(a.stdout)
		enc.SetEscapeHTML(false)
		return enc.Encode(d)
	}
	var b strings.Builder
	area := ""
	for _, s := range d.Symptoms {
		if s.Area != area {
			area = s.Area
			b.WriteString("\n" + access.Printable(area) + "\n")
		}
		s.write(&b)
	}
	writeCalendar(&b, d.Calendar)
	_, err := io.WriteString(a.stdout, strings.TrimLeft(b.String(), "\n"))
	return err
}

// write tells one symptom; a reason of several lines keeps them.
func (s symptom) write(b *strings.Builder) {
	indent := "\n" + strings.Repeat(" ", 11)
	found := strings.ReplaceAll(printableLines(s.Found), "\n", indent)
	fmt.Fprintf(b, "  %-8s %s\n", s.Level, found)
	if s.WayOut != "" && s.Level != ingest.OK {
		fmt.Fprintf(b, "%s→ %s\n", indent[1:], strings.ReplaceAll(printableLines(s.WayOut), "\n", indent))
	}
}
