package forget

import (
	"regexp"
	"slices"
	"strings"
)

// blot takes the person out where a record mentions them, and says whether it
// did, and whether it was as the one who did what the record tells of.
func (m *matcher) blot(v any) (mentioned, did bool) {
	switch v := v.(type) {
	case map[string]any:
		here := false
		for name, inner := range v {
			f := fold(name)
			isMention, isDoer := mention.MatchString(f), doer.MatchString(f)
			if (isMention || isDoer) && m.holds(inner, f, true, false) {
				mentioned, did, here = mentioned || isMention, did || isDoer, true
				v[name] = m.rest(inner, f)
				continue
			}
			a, b := m.blot(inner)
			mentioned, did = mentioned || a, did || b
		}
		if here {
			m.unname(v)
		}
	case []any:
		for _, inner := range v {
			a, b := m.blot(inner)
			mentioned, did = mentioned || a, did || b
		}
	}
	return mentioned, did
}

// unname empties the names beside a mention, such as manager beside managerId.
func (m *matcher) unname(o map[string]any) {
	for name, v := range o {
		text, _ := v.(string)
		if f := fold(name); (mention.MatchString(f) || doer.MatchString(f)) && slices.Contains(m.names, strings.ToLower(strings.TrimSpace(text))) {
			o[name] = nil
		}
	}
}

// rest is what stays of a mention: of a list its other elements.
func (m *matcher) rest(v any, field string) any {
	if list, ok := v.([]any); ok {
		return slices.DeleteFunc(list, func(inner any) bool { return m.holds(inner, field, true, false) })
	}
	return nil
}

// targets are the names under which logs list what something was done to.
var targets = []string{"target", "targets", "targetresources", "resources"}

// concernsAnother says whether what somebody did was done to another person, or
// to a group, role or rule.
func concernsAnother(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			f := fold(name)
			text, _ := inner.(string)
			if text != "" && (f == "accountid" || f == "userid" || f == "principalid") || slices.Contains(targets, f) && changesOthers(inner) {
				return true
			}
			if (f == "item" || f == "properties") && concernsAnother(inner) {
				return true
			}
		}
	}
	return false
}

// changedKinds are the types of targets that outlive who changed them.
var changedKinds = regexp.MustCompile(`^(microsoftgraph)?(user|group|usergroup|appgroup|role|rule|grouprule|serviceprincipal|population)$`)

func changesOthers(v any) bool {
	list, _ := v.([]any)
	return slices.ContainsFunc(list, func(target any) bool {
		o, _ := target.(map[string]any)
		kind, _ := o["type"].(string)
		return changedKinds.MatchString(strings.TrimPrefix(fold(kind), "#"))
	})
}

// withoutCircumstances empties what says where and with what it was done.
func withoutCircumstances(v any) {
	o, _ := v.(map[string]any)
	for name, inner := range o {
		if slices.Contains(circumstances, name) {
			o[name] = nil
		} else if name == "item" || name == "properties" {
			withoutCircumstances(inner)
		}
	}
}
