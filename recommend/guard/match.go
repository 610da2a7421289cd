package guard

import (
	"slices"
	"strings"

	"winnow/internal/access"
	"winnow/recommend"
)

// A scene is what the conditions and slots of a grammar are held against: the
// claim that a sentence is bound to, and the verdict.
type scene struct {
	g      *grammar
	action access.Action
	claim  recommend.BriefClaim // without an id where the sentence is bound to the verdict
	tokens []token
	full   bool // spell what may be left out, and every alternative
}

// holds says whether a condition is met.
func (s *scene) holds(n *node) bool {
	is := string(s.action)
	if n.text != "action" {
		is = "missing"
		if i := slices.IndexFunc(s.claim.Slots, func(b recommend.BriefSlot) bool { return b.Name == n.text }); i >= 0 {
			is = s.claim.Slots[i].Form
		}
	}
	return (is == n.form) != n.not
}

// has says whether a slot of the grammar has a value.
func (s *scene) has(name string) bool {
	return s.hasOwn(name) || slices.Contains(recommend.Globals(), name)
}

// hasOwn says whether the claim has a value of that name.
func (s *scene) hasOwn(name string) bool {
	return slices.ContainsFunc(s.claim.Slots, func(b recommend.BriefSlot) bool { return b.Name == name })
}

// own says whether a slot of a sentence is one that the claim has.
func (s *scene) own(slot recommend.Slot) bool {
	global := slices.Contains(recommend.Globals(), slot.Name)
	return s.has(slot.Name) && (global && slot.Claim == "" && slot.Unit == "" || !global && slot.Claim == s.claim.ID && s.claim.ID != "")
}

// A set holds positions between tokens, one a bit: which may be reached.
type set uint64

// step returns the positions that are reached from those of the set by what the
// node may stand for.
func (s *scene) step(n *node, from set) set {
	if from == 0 {
		return 0
	}
	switch n.kind {
	case word:
		for _, w := range n.words {
			from = s.advance(from, func(t token) bool { return t.slot == nil && t.text == w })
		}
		return from
	case article:
		return from | s.advance(from, func(t token) bool { return isArticle(t) && (t.text == "the") == (n.text == "the") })
	case mark:
		if n.text == "," {
			return from
		}
		return s.advance(from, func(t token) bool { return t.slot == nil && t.text == n.text })
	case slot:
		return s.advance(from, func(t token) bool {
			return t.slot != nil && (n.text == t.slot.Name && t.slot.Unit == "" || n.text == t.slot.Name+"|"+t.slot.Unit) && s.own(*t.slot)
		})
	case reference:
		return s.step(s.g.phrases[n.text], from)
	case condition:
		if !s.holds(n) {
			return 0
		}
		return from
	case option:
		return from | s.step(n.parts[0], from)
	case choice:
		var out set
		for _, part := range n.parts {
			out |= s.step(part, from)
		}
		return out
	case sequence:
		for _, part := range n.parts {
			from = s.step(part, from)
		}
	}
	return from
}

func (s *scene) advance(from set, fits func(token) bool) set {
	var out set
	for i, t := range s.tokens {
		if from&(1<<i) == 0 {
			continue
		}
		if fits(t) {
			out |= 1 << (i + 1)
		}
		if i+1 < len(s.tokens) && fits(s.tokens[i+1]) && s.mayStand(i) {
			out |= 1 << (i + 2)
		}
	}
	return out
}

// determiners are words after which no article stands.
var determiners = map[string]bool{"no": true, "any": true, "its": true, "this": true, "that": true, "each": true, "every": true, "other": true,
	"few": true, "more": true, "further": true, "only": true, "too": true, "'s": true, "not": true, "none": true}

// mayStand reports whether token i is an article that may stand where the
// grammar has none: before a word that has one elsewhere, of the right sound,
// and after a word that leaves room for it.
func (s *scene) mayStand(i int) bool {
	a, next := s.tokens[i], s.tokens[i+1]
	if !isArticle(a) || next.slot != nil || !s.g.nouns[next.text] || i > 0 && (determiners[s.tokens[i-1].text] || isArticle(s.tokens[i-1])) {
		return false
	}
	vowel := strings.ContainsRune("aeio", rune(next.text[0])) && !strings.HasPrefix(next.text, "one")
	return a.text == "the" || vowel == (a.text == "an")
}

func isArticle(t token) bool {
	return t.slot == nil && (t.text == "the" || t.text == "a" || t.text == "an")
}

// said reports whether the tokens as a whole are something that the node may
// stand for.
func (s *scene) said(n *node) bool {
	return s.step(n, 1)&(1<<len(s.tokens)) != 0
}

// somewhere reports whether the node stands for some part of the tokens.
func (s *scene) somewhere(n *node) bool {
	for i := range s.tokens {
		if s.step(n, 1<<i)&^(1<<i) != 0 {
			return true
		}
	}
	return false
}
