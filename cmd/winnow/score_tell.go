package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"winnow/export/files"
	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/mining/request"
)

// stdin is where requests are read from when the file is -.
func (a *app) stdin() io.Reader { return os.Stdin }

// tellScores writes the answers where they are wanted: into the file, or as
// objects for machines, or as a table for people.
func (a *app) tellScores(f scoreFlags, answers []scored, m *request.Model) error {
	objects := a.json || strings.HasSuffix(f.out, "json")
	text, err := scoreText(answers, m)
	switch {
	case objects:
		text, err = scoreObjects(answers)
	case f.out != "":
		text, err = scoreCSV(answers)
	}
	if err != nil {
		return fmt.Errorf("write the scores: %w", err)
	}
	if f.out != "" {
		return lake.WriteFile(f.out, text)
	}
	_, err = a.stdout.Write(text)
	return err
}

// scoreObjects writes one object a line, faults among them.
func scoreObjects(answers []scored) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for _, x := range answers {
		if err := enc.Encode(x); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// scoreCSV writes the answers for a spreadsheet; a text that it would run begins
// with an apostrophe.
func scoreCSV(answers []scored) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{{"line", "request_id", "account_id", "entitlement_id", "probability", "low", "high", "reasons", "fault"}}
	for _, x := range answers {
		row := []string{strconv.Itoa(x.Line), files.Neutral(x.RequestID), files.Neutral(x.AccountID), files.Neutral(x.EntitlementID),
			number(x.Probability, 6), number(x.Low, 6), number(x.High, 6), files.Neutral(reasonText(x.Reasons)), ""}
		if x.Fault != nil {
			row[8] = files.Neutral(x.Fault.String())
		}
		rows = append(rows, row)
	}
	err := w.WriteAll(rows)
	return b.Bytes(), err
}

// scoreText writes a table, and what it rests on.
func scoreText(answers []scored, m *request.Model) ([]byte, error) {
	g := &grid{head: []string{"line", "account", "entitlement", "approval", "90 % interval", "because"}, right: map[int]bool{0: true, 3: true}, width: 120}
	for _, x := range answers {
		if x.Fault == nil {
			g.add(strconv.Itoa(x.Line), x.AccountID, x.EntitlementID, number(x.Probability, 2), number(x.Low, 2)+" to "+number(x.High, 2), reasonText(x.Reasons))
		}
	}
	var b strings.Builder
	if len(g.rows) > 0 {
		b.WriteString(g.String())
	}
	if m.Cases == 0 {
		b.WriteString("learnt from no decision: what the peers hold and use is all that speaks\n")
		return []byte(b.String()), nil
	}
	fmt.Fprintf(&b, "learnt from %s decisions by the method %s", thousands(int64(m.Cases)), m.Method)
	for i, t := range m.Trials {
		lead := map[bool]string{true: "; on the newest " + thousands(int64(t.Cases)) + " of them, unseen: ", false: ", "}[i == 0]
		fmt.Fprintf(&b, "%s%s AUC %.3f, log-loss %.4f", lead, t.Method, t.AUC, t.LogLoss)
	}
	b.WriteString("\n")
	return []byte(b.String()), nil
}

// number writes a probability; nothing for none.
func number(p *float64, digits int) string {
	if p == nil {
		return ""
	}
	return strconv.FormatFloat(*p, 'f', digits, 64)
}

// reasonText writes the reasons for people, the most telling first.
func reasonText(reasons []request.Reason) string {
	var parts []string
	for _, r := range reasons {
		switch r.Code {
		case "approval_rate":
			var of []string
			for _, name := range slices.Sorted(maps.Keys(r.Of)) {
				of = append(of, name+" "+access.Printable(r.Of[name]))
			}
			parts = append(parts, fmt.Sprintf("%s: %s of %s approved (%+.2f)", strings.Join(of, ", "), count(r.K), count(r.N), r.Effect))
		case "peers_use", "peers_hold":
			verb := map[string]string{"peers_use": "use", "peers_hold": "hold"}[r.Code]
			parts = append(parts, fmt.Sprintf("%s of %s peers (%s) %s it (%+.2f)", count(r.K), count(r.N), access.Printable(r.Group), verb, r.Effect))
		case "overall_rate":
			parts = append(parts, fmt.Sprintf("%s of all %s decisions approved", count(r.K), count(r.N)))
		case "no_peers":
			parts = append(parts, "the peers say nothing")
		case "no_decisions":
			parts = append(parts, "nothing was decided yet")
		}
	}
	return strings.Join(parts, "; ")
}

// count writes a number of decisions, which weights may break.
func count(n float64) string { return strings.TrimSuffix(strconv.FormatFloat(n, 'f', 1, 64), ".0") }
