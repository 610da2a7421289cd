package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"winnow/internal/access"
	"winnow/mining/request"
)

// scoreFlags say what is asked and where the answers go.
type scoreFlags struct{ requests, out string }

func scoreCommand(a *app) *cobra.Command {
	var f scoreFlags
	cmd := &cobra.Command{
		Use: "score", Short: "foretell whether requests for access would be approved", Args: cobra.NoArgs,
		Long: `score reads requests for access, CSV with a header or NDJSON, and says of each how likely it is to be approved and
borne out, with a 90 % interval and its reasons, the most telling first. It learns from the decisions in the published
snapshot, in which use and being given it again count for more than the approval itself, and a reviewer who approves
everything for less; where there are few or none, from what the peers hold and use.

Columns: account_id or, for somebody without an account, attributes (department, title, location, manager, and whatever
further columns the accounts of your sources have), and entitlement_id; request_id is handed back. Ids may be those of
winnow (source:id) or, where only one matches, the platform's own, a login or a name. Attributes that are written stand
over those of the account.

A line that cannot be read is told with its field and value, the others are answered, and the exit status is 3.

  winnow score --requests asked.csv
  winnow score --requests - --json < asked.ndjson
  winnow score --requests asked.csv --out scores.csv`,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.score(cmd.Context(), f) },
	}
	cmd.Flags().StringVar(&f.requests, "requests", "", "the file of requests; - for standard input")
	cmd.Flags().StringVar(&f.out, "out", "", "write the answers into this file: NDJSON if its name ends in json or with --json, else CSV")
	return cmd
}

// maxAttributes is how many attributes are learnt from at most: the rates of
// their triples grow with the cube.
const maxAttributes = 12

// A scored is one line of the file with its answer or its fault.
type scored struct {
	Line          int              `json:"line"`
	RequestID     string           `json:"request_id,omitempty"`
	AccountID     string           `json:"account_id,omitempty"`
	EntitlementID string           `json:"entitlement_id,omitempty"`
	Probability   *float64         `json:"probability,omitempty"` // of approval, 0 to 1
	Low           *float64         `json:"low,omitempty"`         // 90 % interval
	High          *float64         `json:"high,omitempty"`
	Reasons       []request.Reason `json:"reasons,omitempty"`
	Fault         *lineFault       `json:"fault,omitempty"`
}

// A lineFault says what is wrong with a line of requests.
type lineFault struct {
	Line   int    `json:"line"`
	Field  string `json:"field,omitempty"`
	Value  string `json:"value,omitempty"`
	Reason string `json:"reason"`
}

func (f lineFault) String() string {
	s := fmt.Sprintf("line %d: ", f.Line)
	if f.Field != "" {
		s += f.Field + " "
	}
	if f.Value != "" {
		s += fmt.Sprintf("%q ", access.Truncate(access.Printable(f.Value), 80))
	}
	return s + f.Reason
}

// score answers the requests of a file.
func (a *app) score(ctx context.Context, f scoreFlags) (err error) {
	if f.requests == "" {
		return usage(access.WithHint(errors.New("score: there are no requests"), "winnow score --requests asked.csv"))
	}
	lines, err := readRequests(f.requests, a.stdin())
	if err != nil {
		return usage(err)
	}
	s, err := a.site()
	if err != nil {
		return err
	}
	db, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := resolve(ctx, db, lines); err != nil {
		return err
	}
	answers, model, err := answer(ctx, request.Tenant{DB: db, Peers: s.Peers, MinPeers: s.Policy.MinPeers}, lines)
	if err != nil {
		return err
	}
	return errors.Join(a.tellScores(f, answers, model), unanswered(answers))
}

// answer learns from the decisions and scores the lines without a fault.
func answer(ctx context.Context, t request.Tenant, lines []asked) (out []scored, m *request.Model, err error) {
	cases, err := t.Cases(ctx)
	if err != nil {
		return nil, nil, err
	}
	request.Select(cases, maxAttributes)
	if m, err = request.Fit(cases); err != nil {
		return nil, nil, err
	}
	var asks []request.Ask
	for i, l := range lines {
		if l.fault == nil {
			asks = append(asks, request.Ask{I: i, ID: l.id, AccountID: l.account, EntitlementID: l.entitlement, Attributes: l.attributes})
		}
	}
	requests, err := t.Requests(ctx, asks)
	if err != nil {
		return nil, nil, err
	}
	next := 0
	for _, l := range lines {
		x := scored{Line: l.line, RequestID: l.id, AccountID: l.account, EntitlementID: l.entitlement, Fault: l.fault}
		if l.fault == nil {
			s := m.Score(requests[next])
			x.Probability, x.Low, x.High, x.Reasons = &s.Probability, &s.Low, &s.High, s.Reasons
			next++
		}
		out = append(out, x)
	}
	return out, m, nil
}

// unanswered is the error of a file of which lines could not be answered.
func unanswered(answers []scored) error {
	var errs []error
	for _, x := range answers {
		if x.Fault != nil {
			errs = append(errs, errors.New(x.Fault.String()))
		}
	}
	switch {
	case len(errs) == 0:
		return nil
	case len(errs) == len(answers):
		return access.WithHint(fmt.Errorf("answer any of %d requests: %w", len(answers), errors.Join(errs...)), "winnow score --help says what the columns mean")
	}
	return partly(access.WithHint(fmt.Errorf("%d of %d requests were not answered:\n%w", len(errs), len(answers), errors.Join(errs...)),
		"the others were; mend these lines and ask again"))
}
