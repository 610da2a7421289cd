package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"winnow/internal/access"
)

// recommendFlags choose among the published recommendations.
type recommendFlags struct {
	action, confidence, source, who string
	limit                           int
}

func recommendCommand(a *app) *cobra.Command {
	var f recommendFlags
	cmd := &cobra.Command{
		Use: "recommend", Short: "list what the published snapshot advises, with its sentences", Args: cobra.NoArgs,
		Long: `recommend lists the recommendations of the published snapshot, the firmest first, each with its sentences.
They were drafted when the snapshot was made; winnow explain <id> shows what stands behind one.`,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if err := f.check(); err != nil {
				return usage(err)
			}
			s, err := a.site()
			if err != nil {
				return err
			}
			db, err := s.open(cmd.Context())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, db.Close()) }()
			recs, err := recommendations(cmd.Context(), db,
				`(? = '' or action = ?) and (? = '' or confidence = ?) and (? = '' or source = ?)
				and (? = '' or contains(lower(concat_ws(' ', identity_id, identity_name, account_id)), lower(?)))`,
				f.action, f.action, f.confidence, f.confidence, f.source, f.source, f.who, f.who)
			if err != nil {
				return err
			}
			return a.list(recs, f.limit)
		},
	}
	cmd.Flags().StringVar(&f.action, "action", "", "only this verdict: revoke, change_rule, grant or abstain")
	cmd.Flags().StringVar(&f.confidence, "confidence", "", "only this level: high, medium or low")
	cmd.Flags().StringVar(&f.source, "source", "", "only this source")
	cmd.Flags().StringVar(&f.who, "who", "", "only people or accounts whose name or id holds this text")
	cmd.Flags().IntVar(&f.limit, "limit", 20, "recommendations to list; 0 for all")
	return cmd
}

// check refuses words that no recommendation carries.
func (f recommendFlags) check() error {
	if f.action != "" && !slices.Contains(access.Actions, access.Action(f.action)) {
		return fmt.Errorf("choose --action %q: the verdicts are %s", f.action, words(access.Actions))
	}
	if f.confidence != "" && !slices.Contains(access.Confidences, access.Confidence(f.confidence)) {
		return fmt.Errorf("choose --confidence %q: the levels are %s", f.confidence, words(access.Confidences))
	}
	return nil
}

// list writes the recommendations: objects one a line, or paragraphs.
func (a *app) list(recs []access.Recommendation, limit int) error {
	if a.json {
		enc := json.NewEncoder(a.stdout)
		enc.SetEscapeHTML(false)
		for _, r := range recs {
			if err := enc.Encode(r); err != nil {
				return fmt.Errorf("write a recommendation: %w", err)
			}
		}
		return nil
	}
	var b strings.Builder
	for i, r := range recs {
		if limit > 0 && i == limit {
			fmt.Fprintf(&b, "… and %s more: --limit 0 lists all\n", thousands(int64(len(recs)-limit)))
			break
		}
		fmt.Fprintf(&b, "%s  %s, %s confidence, score %.2f\n  %s\n\n", r.RecommendationID, r.Action, r.Confidence, r.Score,
			strings.ReplaceAll(access.Printable(strings.ReplaceAll(r.Rationale, "\n", " ")), "  ", " "))
	}
	if len(recs) == 0 {
		b.WriteString("no recommendation of that kind\n")
	}
	_, err := io.WriteString(a.stdout, b.String())
	return err
}

func words[T ~string](list []T) string {
	var out []string
	for _, x := range list {
		out = append(out, string(x))
	}
	return strings.Join(out, ", ")
}
