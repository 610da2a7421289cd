package guard

import (
	"regexp"
	"slices"
	"strings"

	"winnow/recommend"
)

// maxChoices is how many alternatives of a choice a pattern spells. A server
// reads the expression anew for every question.
const maxChoices = 5

// Pattern returns a regular expression, anchored at both ends, of sentences that
// the guard accepts under an id of a pattern: what a model's server can hold the
// model to while it writes. They are those of held.yaml, or the plain ones: what
// may be left out is left out, unless it holds a slot that has to be told. The
// expression spells articles and commas as the grammar does, begins with a small
// letter where the sentence begins with a word, and has a space in front. It returns false where
// there is no grammar. That a server heeds it is never taken for granted.
func (g *Guard) Pattern(p recommend.Pattern, id string) (string, bool) {
	r, claim := g.rulesOf(p, id)
	if r == nil {
		return "", false
	}
	s := &scene{g: g.g, action: p.Action, claim: claim}
	needs := s.needs(r)
	if r.held != nil {
		s.full = true
		if body, ok := s.spell(r.held, needs); ok && body != "" {
			return "^" + body + "\\.$", true
		}
		s.full = false
	}
	for _, names := range s.musts(r) { // which the sentences of held.yaml have in words
		needs = append(needs, "$"+names[0])
	}
	body, ok := s.spell(r.said, needs)
	return "^" + body + "\\.$", ok && body != ""
}

// tells reports whether something that the node may stand for holds a need.
func (s *scene) tells(n *node, need string) bool {
	switch n.kind {
	case slot:
		name, _, _ := strings.Cut(n.text, "|")
		return name == need
	case reference:
		return "$"+n.text == need || s.tells(s.g.phrases[n.text], need)
	case word, article, mark, condition, sequence, choice, option:
	}
	return slices.ContainsFunc(n.parts, func(p *node) bool { return s.tells(p, need) })
}

// spell writes a node as a regular expression, each word and slot with a space
// before it, so that all the needs are told. It returns false for what cannot be
// said in the scene.
func (s *scene) spell(n *node, needs []string) (string, bool) {
	if slices.ContainsFunc(needs, func(need string) bool { return !s.tells(n, need) }) {
		return "", false
	}
	switch n.kind {
	case word, article:
		if n.text == "'s" {
			return n.text, true
		}
		return " " + regexp.QuoteMeta(strings.Replace(n.text, "a-", "a ", 1)), true
	case mark:
		return n.text, true
	case slot:
		return s.spellSlot(n)
	case reference:
		rest := slices.DeleteFunc(slices.Clone(needs), func(need string) bool { return need == "$"+n.text })
		return s.spell(s.g.phrases[n.text], rest)
	case condition:
		return "", s.holds(n)
	case option:
		if inner := n.parts[0]; len(needs) == 0 && (inner.kind != sequence || len(inner.parts) != 1 || inner.parts[0].kind != article) {
			text, ok := s.spell(n.parts[0], nil)
			if !s.full || !ok || text == "" {
				return "", true // but an article is kept, for it reads better
			}
			return "(" + text + ")?", true
		}
		return s.spell(n.parts[0], needs)
	case choice:
		return s.spellChoice(n, needs)
	case sequence:
		return s.spellSequence(n, needs)
	}
	return "", false
}

// spellSequence gives each need to the first part that can tell it.
func (s *scene) spellSequence(n *node, needs []string) (string, bool) {
	of := make([][]string, len(n.parts))
	for _, need := range needs {
		i := slices.IndexFunc(n.parts, func(p *node) bool { return s.tells(p, need) })
		of[i] = append(of[i], need)
	}
	var b strings.Builder
	for i, part := range n.parts {
		text, ok := s.spell(part, of[i])
		if !ok {
			return "", false
		}
		b.WriteString(text)
	}
	return b.String(), true
}

func (s *scene) spellSlot(n *node) (string, bool) {
	name, unit, counted := strings.Cut(n.text, "|")
	out := recommend.Slot{Name: name, Unit: unit}
	own := s.claim.ID != "" && s.hasOwn(name)
	if own {
		out.Claim = s.claim.ID
	}
	if !own && (counted || !s.has(name)) {
		return "", false
	}
	return " " + regexp.QuoteMeta(out.String()), true
}

// spellChoice joins the first of the alternatives that can be said.
func (s *scene) spellChoice(n *node, needs []string) (string, bool) {
	var texts []string
	for _, part := range n.parts {
		text, ok := s.spell(part, needs)
		if ok && text == "" {
			return "", true // nothing need be said
		}
		if ok && (s.full || len(texts) < maxChoices) && !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	if len(texts) <= 1 {
		return strings.Join(texts, ""), len(texts) == 1
	}
	return "(" + strings.Join(texts, "|") + ")", true
}
