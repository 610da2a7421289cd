package export

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"winnow/internal/access"
)

// A Change is one edit that a recommendation asks for, in the ids of the platform.
type Change struct {
	Recommendation access.Recommendation
	Edit           access.Edit
	User           string // native id of the account
	Target         string // native id of the entitlement from which the account is taken, or which it is given
	Wanted         string // native id of the entitlement that is meant; the target may only lead to it
	Last           bool   // the recommendation's last edit: after it the access that is meant is gone, or there
}

// Changes writes the edits of a source's recommendations as operations. The
// sink's own function fills in the request, the conditions and what undoes it,
// or returns why it cannot: then nothing of that recommendation is done, for a
// part of the edits would leave the access standing.
//
// What no edit does well becomes a note for whoever decides; what is not to be
// done now an omission.
func Changes(in Input, sink string, source access.SourceName, write func(Change) (access.Operation, string)) Proposal {
	e := editor{in: in, sink: sink, source: source, write: write, out: newOmissions(sink), asks: map[ask][]access.Recommendation{}, byID: map[string]int{}}
	for _, rec := range in.Recommendations {
		if rec.Source == source && (rec.Action == access.Revoke || rec.Action == access.ChangeRule || rec.Action == access.Grant) {
			e.take(rec)
		}
	}
	return Proposal{Operations: e.ordered(), Notes: e.notes(), Omitted: e.out.list()}
}

// An editor gathers what a sink has to say.
type editor struct {
	in     Input
	sink   string
	source access.SourceName
	write  func(Change) (access.Operation, string)

	operations []access.Operation
	late       []bool         // beside operations: it comes after those that are not
	byID       map[string]int // index in operations
	asks       map[ask][]access.Recommendation
	out        *omissions
}

// take adds what one recommendation asks for.
func (e *editor) take(rec access.Recommendation) {
	removal, err := rec.Removal()
	switch {
	case rec.Confidence != access.High && rec.Confidence != access.Medium:
		e.out.count("the confidence is low")
	case rec.ExportFrom > access.DayOf(e.in.AsOf):
		e.out.add("the verdict is new and waits until it has lasted", rec.RecommendationID)
	case e.in.LeftOut[rec.RecommendationID]:
		e.out.add("the reviewer has enough lines that take away more risk", rec.RecommendationID)
	case err != nil || removal.Verdict == "" || len(removal.Edits) == 0:
		e.out.add("the planner has no edit for it", rec.RecommendationID)
	case removal.Verdict == access.RemovalEdit && rec.Action == access.Revoke, removal.Verdict == access.RemovalGive && rec.Action == access.Grant:
		e.edit(rec, removal)
	default:
		e.ask(rec, removal)
	}
}

// edit adds the operations of one recommendation, or none of them.
func (e *editor) edit(rec access.Recommendation, removal access.Removal) {
	var made []access.Operation
	for i, edit := range removal.Edits {
		if !edit.Reversible && !e.in.IncludeIrreversible {
			e.out.add("the change cannot be undone; ask for it by name", rec.RecommendationID)
			return
		}
		c := Change{Recommendation: rec, Edit: edit, Last: i == len(removal.Edits)-1}
		var ok [3]bool
		c.User, ok[0] = access.NativeID(e.source, edit.AccountID)
		c.Target, ok[1] = access.NativeID(e.source, edit.TargetID)
		c.Wanted, ok[2] = access.NativeID(e.source, rec.EntitlementID)
		if slices.Contains(ok[:], false) {
			e.out.add("the account or the entitlement has no id in this source", rec.RecommendationID)
			return
		}
		o, reason := e.write(c)
		if reason != "" {
			e.out.add(reason, rec.RecommendationID)
			return
		}
		made = append(made, e.complete(o, c, removal.Effects, i+1))
	}
	for i := range made {
		if removal.Edits[i].Kind == access.RemoveAppUser {
			made[i].After = before(made[:i])
		}
		e.merge(made[i], removal.Edits[i].Kind == access.RemoveAppUser)
	}
}

// complete fills in what every operation of an edit has.
func (e *editor) complete(o access.Operation, c Change, effects []access.Effect, step int) access.Operation {
	rec := c.Recommendation
	o.Kind = access.OperationRemove
	if rec.Action == access.Grant {
		o.Kind = access.OperationGrant
	}
	o.Source, o.RecommendationIDs = e.source, []string{rec.RecommendationID}
	o.Privileged = o.Privileged || c.Edit.Privileged
	o.Subject = &access.Subject{IdentityID: rec.IdentityID, AccountID: c.Edit.AccountID, EntitlementID: c.Edit.TargetID, ManagerID: rec.Manager}
	ends := func(f access.Effect) bool { return f.EntitlementID == c.Edit.TargetID }
	switch {
	case c.Edit.TargetID == rec.EntitlementID:
	case !slices.ContainsFunc(effects, ends): // the target is held in another way too, which stays
		o.Subject.EntitlementID = rec.EntitlementID
	case c.Last:
		o.Collateral = append(o.Collateral, access.Collateral{IdentityID: rec.IdentityID, AccountID: c.Edit.AccountID, EntitlementID: rec.EntitlementID,
			Text: Quoted(name(rec.EntitlementName, rec.EntitlementID)) + " ends with it, which is what is meant"})
	}
	for _, f := range effects {
		if f.Step == step && f.EntitlementID != c.Edit.TargetID {
			o.Collateral = append(o.Collateral, access.Collateral{IdentityID: rec.IdentityID, AccountID: f.AccountID, EntitlementID: f.EntitlementID, Text: effectText(f, o.Kind)})
		}
	}
	return o
}

// merge adds an operation. Two recommendations may need the same one.
func (e *editor) merge(o access.Operation, late bool) {
	id, err := access.OperationID(o.Tenant, o.Request)
	if err != nil {
		e.out.add("its request cannot be written", o.RecommendationIDs...)
		return
	}
	i, there := e.byID[id]
	if !there {
		e.byID[id] = len(e.operations)
		e.operations, e.late = append(e.operations, o), append(e.late, late)
		return
	}
	same := &e.operations[i]
	same.RecommendationIDs = append(same.RecommendationIDs, o.RecommendationIDs...)
	for _, c := range o.Collateral {
		known := func(k access.Collateral) bool {
			return k.AccountID == c.AccountID && k.EntitlementID == c.EntitlementID
		}
		if c.EntitlementID != same.Subject.EntitlementID && !slices.ContainsFunc(same.Collateral, known) {
			same.Collateral = append(same.Collateral, c)
		}
	}
	for _, v := range o.Verify {
		if !slices.ContainsFunc(same.Verify, func(k access.Condition) bool { return k.Path == v.Path && slices.Equal(k.Where, v.Where) }) {
			same.Verify = append(same.Verify, v)
		}
	}
}

// ordered returns the operations, those that wait for others behind them.
func (e *editor) ordered() []access.Operation {
	var first, last []access.Operation
	for i, o := range e.operations {
		if e.late[i] {
			last = append(last, o)
		} else {
			first = append(first, o)
		}
	}
	return append(first, last...)
}

// before returns the ids of the operations, which their requests decide.
func before(operations []access.Operation) []string {
	var ids []string
	for _, o := range operations {
		if id, err := access.OperationID(o.Tenant, o.Request); err == nil { // merge tells of the error
			ids = append(ids, id)
		}
	}
	return ids
}

// effectText says what goes, or comes, with an access.
func effectText(f access.Effect, kind access.OperationKind) string {
	what := Quoted(name(f.Name, f.EntitlementID))
	if kind == access.OperationGrant {
		return what + " comes with it"
	}
	text := what + " goes too"
	if f.WithOthers {
		text += ", once the other removals of this night are made"
	}
	return text + map[string]string{"used": "; it is in use", "idle": "; it lies idle"}[f.Use]
}

// Note says in one sentence what an edit does.
func (c Change) Note(verb string) string {
	who := name(c.Recommendation.IdentityName, c.Edit.AccountID)
	what := Quoted(name(c.Edit.TargetName, c.Edit.TargetID))
	text := fmt.Sprintf(verb, Quoted(who), what)
	if c.Edit.TargetID != c.Recommendation.EntitlementID {
		text += ", which gives " + Quoted(name(c.Recommendation.EntitlementName, c.Recommendation.EntitlementID))
	}
	return text
}

// name is the name that people know, or the id.
func name(text, id string) string { return cmp.Or(strings.TrimSpace(text), id) }

// Quote sets a name in quotation marks, or the id where there is none. Percent
// signs are doubled, so that it can stand in the verb of a Change's Note.
func Quote(text, id string) string { return strings.ReplaceAll(Quoted(name(text, id)), "%", "%%") }
