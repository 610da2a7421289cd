package export

import (
	"winnow/internal/access"
)

// A Flag is a pair of user and resource that a recommendation flags for review,
// in the ids of the platform.
type Flag struct {
	Recommendation access.Recommendation
	User           string // native id of the account
	Resource       string // native id of the entitlement
	Type           string // the platform's name for the kind of resource; resources of one type may share a review
	Reviewer       string // who will decide, in any words; empty for the fall-back. Only told apart
	Apart          string // flags that differ in it never share a review, for instance since another reviewer decides
	Account        Account
	Entitlement    Entitlement
}

// Flags picks the revokes of a source that are firm enough for a reviewer, and
// resolves their ids. The sink's own function sets the Type, may change the
// Resource, and returns why a pair cannot be reviewed, or nothing. All others
// become omissions, those among them whose waiting time has not passed, and each
// rule to change a note.
//
// Only high and medium confidence leaves the house: a reviewer who is shown weak
// cases learns to wave them all through.
func Flags(in Input, sink string, source access.SourceName, resolve func(*Flag) string) ([]Flag, Proposal) {
	out := newOmissions(sink)
	var flags []Flag
	var rules []access.Recommendation
	for _, rec := range in.Recommendations {
		switch {
		case rec.Source != source || (rec.Action != access.Revoke && rec.Action != access.ChangeRule):
		case rec.Confidence != access.High && rec.Confidence != access.Medium:
			out.count("the confidence is low")
		case rec.ExportFrom > access.DayOf(in.AsOf): // days compare as texts
			out.add("the verdict is new and waits until it has lasted", rec.RecommendationID)
		case in.LeftOut[rec.RecommendationID]:
			out.add("the reviewer has enough lines that take away more risk", rec.RecommendationID)
		case in.Asked[rec.RecommendationID]:
			out.add("a reviewer is being asked already", rec.RecommendationID)
		case in.Decided[rec.RecommendationID]:
			out.add("a reviewer has decided on it lately", rec.RecommendationID)
		case rec.Action == access.ChangeRule:
			rules = append(rules, rec)
		default:
			f, reason := flag(in.Directory, source, rec)
			if reason == "" {
				reason = resolve(&f)
			}
			if reason != "" {
				out.add(reason, rec.RecommendationID)
				continue
			}
			flags = append(flags, f)
		}
	}
	return flags, Proposal{Notes: ruleNotes(sink, rules), Omitted: out.list()}
}

// flag resolves the ids of a recommendation.
func flag(dir Directory, source access.SourceName, rec access.Recommendation) (Flag, string) {
	f := Flag{Recommendation: rec, Account: dir.Accounts[rec.AccountID], Entitlement: dir.Entitlements[rec.EntitlementID]}
	var ok bool
	if f.User, ok = access.NativeID(source, rec.AccountID); !ok {
		return f, "the account has no id in this source"
	}
	if f.Resource, ok = access.NativeID(source, rec.EntitlementID); !ok {
		return f, "the entitlement has no id in this source"
	}
	if f.Account.Status == "deprovisioned" {
		return f, "the account is already deactivated"
	}
	return f, ""
}

// Grants picks the grants of a source that are firm enough to be asked for, of
// people who have an account there, and resolves their ids, as Flags does for
// revokes.
func Grants(in Input, sink string, source access.SourceName, resolve func(*Flag) string) ([]Flag, Proposal) {
	out := newOmissions(sink)
	var grants []Flag
	for _, rec := range in.Recommendations {
		switch {
		case rec.Source != source || rec.Action != access.Grant:
		case rec.Confidence != access.High && rec.Confidence != access.Medium:
			out.count("the confidence is low")
		case rec.ExportFrom > access.DayOf(in.AsOf):
			out.add("the verdict is new and waits until it has lasted", rec.RecommendationID)
		case rec.AccountID == "":
			out.add("the person has no account in this source yet", rec.RecommendationID)
		default:
			f, reason := flag(in.Directory, source, rec)
			if reason == "" {
				reason = resolve(&f)
			}
			if reason != "" {
				out.add(reason, rec.RecommendationID)
				continue
			}
			grants = append(grants, f)
		}
	}
	return grants, Proposal{Omitted: out.list()}
}
