package export

import (
	"fmt"
	"slices"
	"strings"

	"winnow/internal/access"
)

// An ask is what a person is asked to do for one or more recommendations.
type ask struct{ entitlement, name, text string }

// ask notes what no edit does well, by what has to be done.
func (e *editor) ask(rec access.Recommendation, removal access.Removal) {
	a := ask{rec.EntitlementID, name(rec.EntitlementName, rec.EntitlementID), askText(rec, removal)}
	e.asks[a] = append(e.asks[a], rec)
}

// notes returns the asks, ordered by entitlement and text.
func (e *editor) notes() []access.PlanNote {
	var keys []ask
	for a := range e.asks { // in any order: sorted below
		keys = append(keys, a)
	}
	slices.SortFunc(keys, func(a, b ask) int {
		return slices.Compare([]string{a.entitlement, a.text}, []string{b.entitlement, b.text})
	})
	var notes []access.PlanNote
	for _, a := range keys {
		text := fmt.Sprintf("%s of %s: %s", Quoted(a.name), plural(len(IDs(e.asks[a])), "account"), a.text)
		notes = append(notes, access.PlanNote{Sink: e.sink, Text: text, RecommendationIDs: IDs(e.asks[a])})
	}
	return notes
}

// askText says what has to be done: every path counts, for one that stays keeps
// the access.
func askText(rec access.Recommendation, removal access.Removal) string {
	var parts []string
	for _, edit := range removal.Edits {
		text := editText(edit)
		if edit.Kind == access.AskRule && gone(rec) {
			text = "deactivate the account: the rule " + Quoted(name(edit.ViaName, edit.ViaID)) + " fills " + Quoted(name(edit.TargetName, edit.TargetID)) + " with whom it fits, and who has left needs no rule of their own"
		}
		if !slices.Contains(parts, text) {
			parts = append(parts, text)
		}
	}
	slices.Sort(parts)
	text := strings.Join(parts, "; and ")
	switch {
	case removal.Verdict == access.RemovalEntangled:
		return text + ": this would also take away " + strings.Join(needed(removal.Effects), ", ") + ", in use; ask the owner for another way"
	case removal.Verdict == access.RemovalEdit && rec.Action == access.ChangeRule:
		return text + ", if the owner agrees: the access comes by a detour" + also(removal.Effects)
	case len(parts) > 1:
		return text + "; only all of it together ends the access"
	}
	return text
}

// gone reports whether the person has left.
func gone(rec access.Recommendation) bool {
	return slices.Contains(rec.ReasonCodes, "left") || slices.Contains(rec.ReasonCodes, "contract_ended")
}

// needed names what is in use and would go.
func needed(effects []access.Effect) []string {
	var names []string
	for _, f := range effects {
		if f.Use == "used" && !f.Follows && !f.Advised {
			names = append(names, Quoted(name(f.Name, f.EntitlementID)))
		}
	}
	return names
}

// also names what goes too.
func also(effects []access.Effect) string {
	var names []string
	for _, f := range effects {
		if !f.Follows {
			names = append(names, Quoted(name(f.Name, f.EntitlementID)))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return ", and takes away " + strings.Join(names[:min(len(names), 5)], ", ") + " too"
}

// owners are who decides on what is mastered elsewhere.
var owners = map[string]string{"synced": "the on-premises directory", "imported": "the app that owns the group", "mail": "the mail system (Exchange)"}

// editText says one part of what has to be done.
func editText(edit access.Edit) string {
	target := Quoted(name(edit.TargetName, edit.TargetID))
	switch edit.Kind {
	case access.AskRule:
		return ruleText(edit, target)
	case access.AskOwner:
		where := owners[edit.Mastering]
		if where == "" {
			where = "its owner"
		}
		return "have the membership of " + target + " ended in " + where + ": an edit here is refused" + by(edit.Owner)
	case access.AskFixed:
		return target + " holds everybody: nobody can be taken out of it"
	case access.AskByHand:
		return "take it away from " + target + " by hand: no request is known that does it" + by(edit.Owner)
	case access.AskUnknown:
		return "find out what gives " + target + ": " + Quoted(name(edit.ViaName, edit.ViaID)) + " is not among what the account is known to hold"
	case access.RemovePackage:
		return "end the assignment of the access package " + Quoted(name(edit.ViaName, edit.ViaID))
	default: // the edits themselves
		return "take the account out of " + target
	}
}

// ruleText proposes the new text of a rule to its owner.
func ruleText(edit access.Edit, target string) string {
	rule := Quoted(name(edit.ViaName, edit.ViaID))
	text := "change the rule " + rule + " that fills " + target + by(edit.Owner)
	switch {
	case edit.Proposal == "retire":
		return text + ": nobody whom it puts there should be there; an edit of the membership would not last"
	case edit.Proposed == "":
		return text + " so that it passes over the account; an edit of the membership would not last"
	}
	return text + ", for instance to: " + access.CleanName(edit.Proposed, 4000) + " — an edit of the membership would not last"
}

func by(owner string) string {
	if strings.TrimSpace(owner) == "" {
		return ""
	}
	return " (owner: " + Quoted(owner) + ")"
}
