package sample

import (
	"encoding/json"

	"winnow/internal/access"
)

// Planned gives a recommendation what the planner found of it: the edits on its
// own account and entitlement where they name none.
func Planned(rec access.Recommendation, verdict access.RemovalVerdict, effects []access.Effect, edits ...access.Edit) access.Recommendation {
	for i := range edits {
		e := &edits[i]
		if e.AccountID == "" {
			e.AccountID = rec.AccountID
		}
		if e.TargetID == "" {
			e.TargetID, e.TargetName, e.TargetKind = rec.EntitlementID, rec.EntitlementName, rec.EntitlementKind
		}
		e.Reversible = e.Kind != access.RemoveAppUser
	}
	raw, err := json.Marshal(access.Removal{Verdict: verdict, Edits: edits, Effects: effects, EffectCount: len(effects)})
	if err != nil {
		panic(err) // plain values marshal
	}
	rec.Removability = raw
	if verdict == access.RemovalGive {
		rec.Action = access.Grant
	}
	return rec
}
