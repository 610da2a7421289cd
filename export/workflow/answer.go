// Package workflow answers what one person should be given, in the shape in
// which Okta Workflows, PingOne DaVinci and scripts take it: groupsToAssign,
// appsToProvision and rolesToAssign. It is an answer and no change: whoever calls
// it assigns, under their own approvals, and the next pull sees what they did.
package workflow

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"

	"winnow/export"
)

// Format is the version of the payload.
const Format = 1

// A Payload is the answer for one person. Its lists are never null.
type Payload struct {
	Format     int       `json:"format"`
	RunID      string    `json:"runId"`
	AsOf       time.Time `json:"asOf"` // the instant for which the verdicts hold, UTC
	IdentityID string    `json:"identityId"`

	GroupsToAssign  []Item `json:"groupsToAssign"`
	AppsToProvision []Item `json:"appsToProvision"`
	RolesToAssign   []Item `json:"rolesToAssign"` // app roles, roles and entitlements inside an app

	// LeftToPeople counts what is advised besides and no caller may give: what is
	// privileged, decided elsewhere, or a matter of choosing.
	LeftToPeople int `json:"leftToPeople"`
}

// An Item is one thing to give.
type Item struct {
	Source           access.SourceName `json:"source"`
	UserID           string            `json:"userId"` // the platform's id of the person's account
	ID               string            `json:"id"`     // the platform's id; of an app role: app, a slash, role
	Name             string            `json:"name"`   // as served; strangers can write it
	Confidence       access.Confidence `json:"confidence"`
	Score            float64           `json:"score"` // 0 to 1
	RecommendationID string            `json:"recommendationId"`
	Rationale        string            `json:"rationale"`
}

// Answers writes the payload of every person for whom something is advised, and
// of the persons asked for, ordered by identity. Like a plan it holds nothing
// that is not firm, still waits, or for which there is no edit.
func Answers(in export.Input, run string, asked ...string) []Payload {
	byPerson := map[string]*Payload{}
	at := func(id string) *Payload {
		if byPerson[id] == nil {
			byPerson[id] = &Payload{Format: Format, RunID: run, AsOf: in.AsOf.UTC(), IdentityID: id,
				GroupsToAssign: []Item{}, AppsToProvision: []Item{}, RolesToAssign: []Item{}}
		}
		return byPerson[id]
	}
	for _, id := range asked {
		at(id)
	}
	for _, rec := range in.Recommendations {
		firm := rec.Confidence == access.High || rec.Confidence == access.Medium
		if rec.Action == access.Grant && firm && rec.ExportFrom <= access.DayOf(in.AsOf) && !in.LeftOut[rec.RecommendationID] {
			at(rec.IdentityID).add(rec)
		}
	}
	out := make([]Payload, 0, len(byPerson))
	for _, p := range byPerson { // in any order: sorted below
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Payload) int { return strings.Compare(a.IdentityID, b.IdentityID) })
	return out
}

// add files a recommendation under what kind of thing it gives.
func (p *Payload) add(rec access.Recommendation) {
	removal, err := rec.Removal()
	if err != nil || removal.Verdict != access.RemovalGive || len(removal.Edits) != 1 {
		p.LeftToPeople++
		return
	}
	e := removal.Edits[0]
	user, okUser := access.NativeID(rec.Source, e.AccountID)
	id, okID := access.NativeID(rec.Source, e.TargetID)
	if !okUser || !okID {
		p.LeftToPeople++
		return
	}
	item := Item{Source: rec.Source, UserID: user, ID: id, Name: rec.EntitlementName, Confidence: rec.Confidence, Score: rec.Score,
		RecommendationID: rec.RecommendationID, Rationale: rec.Rationale}
	switch {
	case e.Kind == access.AddMember:
		p.GroupsToAssign = append(p.GroupsToAssign, item)
	case e.TargetKind == "app":
		p.AppsToProvision = append(p.AppsToProvision, item)
	default:
		p.RolesToAssign = append(p.RolesToAssign, item)
	}
}

// FileName is the name of a person's file: a hash, since an identity may hold
// what no file name may.
func FileName(identity string) string { return access.Digest([]byte(identity))[:16] + ".json" }

// Write writes a file for each payload and index.json, which tells whose is
// which, and removes the files of an earlier night that hold no answer any more:
// a caller must not act on what has been withdrawn.
func Write(dir string, payloads []Payload) ([]string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("write the answers: %w", err)
	}
	index := map[string]string{}
	var paths []string
	for i := range payloads {
		name := FileName(payloads[i].IdentityID)
		index[payloads[i].IdentityID] = name
		if err := write(filepath.Join(dir, name), payloads[i]); err != nil {
			return nil, err
		}
		paths = append(paths, filepath.Join(dir, name))
	}
	if err := write(filepath.Join(dir, "index.json"), index); err != nil {
		return nil, err
	}
	return append(paths, filepath.Join(dir, "index.json")), withdraw(dir, index)
}

func write(path string, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return lake.WriteFile(path, append(b, '\n'))
}

// withdraw removes what looks like an answer and is none of this night's.
func withdraw(dir string, index map[string]string) error {
	kept := map[string]bool{"index.json": true}
	for _, name := range index {
		kept[name] = true
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("look for answers that were withdrawn: %w", err)
	}
	for _, e := range entries {
		if hash, ok := strings.CutSuffix(e.Name(), ".json"); ok && !kept[e.Name()] && len(hash) == 16 && strings.Trim(hash, "0123456789abcdef") == "" {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return fmt.Errorf("remove an answer that was withdrawn: %w", err)
			}
		}
	}
	return nil
}
