package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/spf13/cobra"

	"winnow/internal/access"
)

func explainCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: "explain ID", Short: "follow a recommendation from its sentence down to the raw records", Args: cobra.ExactArgs(1),
		Long: `explain shows the sentence of a recommendation, the claims behind it, the query that gives their values again,
the days of use behind those, and the records as the source served them. ID may be shortened while it is unambiguous.

It reads the published snapshot and the lake; it asks no source and changes nothing.`,
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			s, err := a.site()
			if err != nil {
				return err
			}
			x := &explainer{site: s}
			if err := x.open(cmd.Context()); err != nil {
				return err
			}
			defer func() { err = errors.Join(err, x.close()) }()
			e, err := x.explain(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if a.json {
				enc := json.NewEncoder(a.stdout)
				enc.SetEscapeHTML(false)
				return enc.Encode(e)
			}
			_, err = io.WriteString(a.stdout, e.String())
			return err
		},
	}
}

// An explanation is everything behind one recommendation.
type explanation struct {
	Recommendation access.Recommendation `json:"recommendation"`
	Evidence       []pair                `json:"evidence"` // what the evidence query answers now
	HashMatches    bool                  `json:"hash_matches"`
	UseDays        []useDay              `json:"use_days"` // the newest
	UseDaysInAll   int64                 `json:"use_days_in_all"`
	Records        []rawRecord           `json:"records"`
	Notes          []string              `json:"notes,omitempty"`
}

// A pair is one column of the evidence row.
type pair struct {
	Column string `json:"column"`
	Value  string `json:"value"`
}

// A useDay is one row of core.usage_day.
type useDay struct {
	Day           string `json:"day"`
	AccountID     string `json:"account_id"`
	EntitlementID string `json:"entitlement_id"`
	Successes     int64  `json:"successes"`
	Failures      int64  `json:"failures"`
}

// A rawRecord is one record as the source served it.
type rawRecord struct {
	What    string `json:"what"` // what it shows
	Segment string `json:"segment"`
	Line    int    `json:"line"`
	SHA256  string `json:"segment_sha256"`
	Body    string `json:"body"` // verbatim
}

// String writes the explanation from the sentence down.
func (e *explanation) String() string {
	var b strings.Builder
	r := e.Recommendation
	fmt.Fprintf(&b, "%s · %s · score %.2f · %s\n", r.Action, r.Confidence, r.Score, r.RecommendationID)
	fmt.Fprintf(&b, "%s (%s) — %s (%s, %s)\n", cell(r.IdentityName, 80), cell(r.IdentityID, 80),
		cell(r.EntitlementName, 80), cell(r.EntitlementKind, 80), cell(r.EntitlementID, 120))
	if r.Rationale != "" {
		fmt.Fprintf(&b, "\n%s\n(drafted by %s)\n", access.Printable(r.Rationale), cell(r.DraftedBy, 80))
	}
	e.writeClaims(&b)
	e.writeEvidence(&b)
	e.writeUse(&b)
	e.writeRecords(&b)
	for _, n := range e.Notes {
		fmt.Fprintf(&b, "note: %s\n", access.Printable(n))
	}
	return b.String()
}

func (e *explanation) writeClaims(b *strings.Builder) {
	g := &grid{head: []string{"claim", "code", "values"}, width: 110}
	for _, c := range e.Recommendation.Claims {
		var values []string
		for name, v := range c.Values {
			values = append(values, name+"="+v.Text())
		}
		sort.Strings(values)
		g.add(c.ID, string(c.Code), strings.Join(values, ", "))
	}
	if len(g.rows) > 0 {
		b.WriteString("\nClaims\n" + g.String())
	}
}

func (e *explanation) writeEvidence(b *strings.Builder) {
	fmt.Fprintf(b, "\nEvidence: this query gives the values again\n%s\n", access.Printable(e.Recommendation.EvidenceQuery))
	g := &grid{head: []string{"column", "value"}, width: 110}
	for _, p := range e.Evidence {
		g.add(p.Column, p.Value)
	}
	b.WriteString(g.String())
	match := "matches the evidence in the snapshot"
	if !e.HashMatches {
		match = "DOES NOT MATCH the evidence in the snapshot: it was changed after it was published"
	}
	fmt.Fprintf(b, "hash %s %s\n", cell(e.Recommendation.EvidenceHash, 80), match)
}

func (e *explanation) writeUse(b *strings.Builder) {
	if len(e.UseDays) == 0 {
		b.WriteString("\nUse: no log shows any\n")
		return
	}
	g := &grid{head: []string{"day", "account", "entitlement", "successes", "failures"}, right: map[int]bool{3: true, 4: true}}
	for _, u := range e.UseDays {
		g.add(u.Day, u.AccountID, u.EntitlementID, thousands(u.Successes), thousands(u.Failures))
	}
	fmt.Fprintf(b, "\nUse: the newest %d of %s days\n%s", len(e.UseDays), thousands(e.UseDaysInAll), g.String())
}

func (e *explanation) writeRecords(b *strings.Builder) {
	if len(e.Records) == 0 {
		return
	}
	b.WriteString("\nRaw records, as served\n")
	for _, r := range e.Records {
		fmt.Fprintf(b, "%s: %s line %d (sha256 %.12s, checked)\n  %s\n", r.What, cell(r.Segment, 200), r.Line, r.SHA256, access.Printable(r.Body))
	}
}
