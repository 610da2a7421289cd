// Package guard holds what a language model wrote against what it was told. A
// model is given claims without values; its answer is accepted only when every
// sentence is bound to one claim, holds that claim's slots and no other, and is
// a sentence that the grammar of the claim can build. The grammars, one for
// each kind of claim, list the ways of saying it: since the order of the words
// is part of them, a sentence cannot be turned round with the words that it is
// allowed, and what no grammar builds, be it a figure, a name, a cause, a
// judgement, a negation or a quantity, is refused without having to be known.
//
// The guard believes nothing that a model says of itself and needs no model to
// judge. It is made of data (grammar/) and of an automaton that reads it.
package guard

import (
	"slices"
	"strings"

	"winnow/internal/access"
	"winnow/recommend"
)

// WayBack is the id, in a model's answer, of the sentence that says what happens
// if the verdict is wrong. It is never the id of a claim.
const WayBack = "way_back"

// A Guard judges the answers in one language. It may be used by many goroutines.
type Guard struct{ g *grammar }

// New returns the guard of a language, for instance "en". It fails for a
// language without a grammar (see Languages).
func New(language string) (*Guard, error) {
	g, err := load(language)
	if err != nil {
		return nil, access.WithHint(err, "a model drafts in: "+strings.Join(Languages(), ", ")+"; with llm.provider: none the sentences come from the catalogue in any of its languages")
	}
	return &Guard{g}, nil
}

// Version identifies the grammar: it changes with every change of it.
func (g *Guard) Version() string { return g.g.version }

// Knows reports whether all that a pattern tells can be judged: a newer model
// of the database may make claims that this version has no grammar for.
func (g *Guard) Knows(p recommend.Pattern) bool {
	return g.g.verdict[p.Action] != nil && g.back(p) != nil &&
		!slices.ContainsFunc(p.Claims, func(c recommend.BriefClaim) bool { return g.g.claims[c.Code] == nil })
}

func (g *Guard) back(p recommend.Pattern) *rules {
	return g.g.back[string(p.Action)+"."+string(p.WayBack)]
}

// Check judges an answer to a pattern. It returns the sentences, bound and tidy,
// or the fault that it found first.
func (g *Guard) Check(p recommend.Pattern, answer []byte) ([]recommend.Sentence, *Fault) {
	sentences, fault := decode(answer)
	if fault != nil {
		return nil, fault
	}
	return g.judge(p, sentences)
}

func (g *Guard) judge(p recommend.Pattern, sentences []recommend.Sentence) ([]recommend.Sentence, *Fault) {
	if fault := g.bound(p, sentences); fault != nil {
		return nil, fault
	}
	out := make([]recommend.Sentence, 0, len(sentences))
	for _, s := range sentences {
		text := tidy(s.Text)
		if code := g.sentence(p, s.Claim, text); code != "" {
			return nil, &Fault{Code: code, ID: s.Claim}
		}
		if s.Claim == WayBack {
			s.Claim = recommend.Verdict
		}
		out = append(out, recommend.Sentence{Claim: s.Claim, Text: text})
	}
	return out, nil
}

// Judge judges sentences that were accepted before and have been kept since, in
// the form in which Check returned them.
func (g *Guard) Judge(p recommend.Pattern, kept []recommend.Sentence) ([]recommend.Sentence, *Fault) {
	kept = slices.Clone(kept)
	if n := len(kept); n > 0 && kept[n-1].Claim == recommend.Verdict {
		kept[n-1].Claim = WayBack
	}
	return g.judge(p, kept)
}

// bound checks the ids: each of them once, the verdict first, the way back last,
// and first among the claims one of the kind that leads.
func (g *Guard) bound(p recommend.Pattern, sentences []recommend.Sentence) *Fault {
	ids := IDs(p)
	seen := map[string]bool{}
	for _, s := range sentences {
		if !slices.Contains(ids, s.Claim) {
			return &Fault{Code: UnknownID}
		}
		if seen[s.Claim] {
			return &Fault{Code: Duplicate, ID: s.Claim}
		}
		seen[s.Claim] = true
	}
	for _, id := range ids {
		if !seen[id] {
			return &Fault{Code: MissingID, ID: id}
		}
	}
	if sentences[0].Claim != recommend.Verdict || sentences[len(sentences)-1].Claim != WayBack {
		return &Fault{Code: Order}
	}
	if len(p.Claims) > 0 && sectionOf(p, sentences[1].Claim) != p.Claims[0].Section {
		return &Fault{Code: Order, ID: sentences[1].Claim}
	}
	return nil
}

func sectionOf(p recommend.Pattern, id string) recommend.Section { return claimOf(p, id).Section }

// claimOf returns the claim of that id, and an empty one where there is none.
func claimOf(p recommend.Pattern, id string) recommend.BriefClaim {
	i := slices.IndexFunc(p.Claims, func(c recommend.BriefClaim) bool { return c.ID == id })
	if i < 0 {
		return recommend.BriefClaim{}
	}
	return p.Claims[i]
}

// IDs lists the ids for which a pattern wants a sentence, in the order in which
// the template would tell them.
func IDs(p recommend.Pattern) []string {
	ids := []string{recommend.Verdict}
	for _, c := range p.Claims {
		ids = append(ids, c.ID)
	}
	return append(ids, WayBack)
}

// rulesOf returns what may be said under an id.
func (g *Guard) rulesOf(p recommend.Pattern, id string) (*rules, recommend.BriefClaim) {
	switch id {
	case recommend.Verdict:
		return g.g.verdict[p.Action], recommend.BriefClaim{}
	case WayBack:
		return g.back(p), recommend.BriefClaim{}
	}
	c := claimOf(p, id)
	return g.g.claims[c.Code], c
}

// sentence judges one tidy sentence.
func (g *Guard) sentence(p recommend.Pattern, id, text string) Code {
	r, claim := g.rulesOf(p, id)
	if r == nil {
		return UnknownID
	}
	toks, code := tokens(text)
	if code != "" {
		return code
	}
	s := &scene{g: g.g, action: p.Action, claim: claim, tokens: toks}
	if code := s.slots(r); code != "" {
		return code
	}
	if !s.inLexicon(r) {
		return Word
	}
	if !s.said(r.said) {
		return Phrase
	}
	for _, names := range s.musts(r) {
		if !slices.ContainsFunc(names, func(name string) bool { return s.somewhere(g.g.phrases[name]) }) {
			return Phrase
		}
	}
	return ""
}

// slots checks that the sentence holds slots of its claim only, none twice, and
// those without which the claim is not told.
func (s *scene) slots(r *rules) Code {
	seen := map[string]int{}
	for _, t := range s.tokens {
		if t.slot == nil {
			continue
		}
		if !s.own(*t.slot) {
			return ForeignSlot
		}
		seen[t.slot.Name]++
		if seen[t.slot.Name] > 1 && t.slot.Claim != "" {
			return RepeatedSlot
		}
	}
	if slices.ContainsFunc(s.needs(r), func(name string) bool { return seen[name] == 0 }) {
		return MissingSlot
	}
	return ""
}

// needs lists the slots that a sentence has to hold: those that the rules demand
// and that have a value.
func (s *scene) needs(r *rules) []string {
	var out []string
	for _, need := range r.Needs {
		name, form, conditional := strings.Cut(need, ":")
		bare := strings.TrimPrefix(form, "!")
		if (!conditional || s.holds(&node{text: name, form: bare, not: bare != form})) && s.has(name) {
			out = append(out, name)
		}
	}
	return out
}

// musts lists the phrases of which a sentence has to hold one each.
func (s *scene) musts(r *rules) [][]string {
	var out [][]string
	for _, must := range r.Must {
		if names, slot, _ := strings.Cut(must, "?"); slot == "" || s.has(slot) {
			out = append(out, strings.Split(names, "|"))
		}
	}
	return out
}

// inLexicon reports whether every word is one that some sentence of the claim
// holds.
func (s *scene) inLexicon(r *rules) bool {
	return !slices.ContainsFunc(s.tokens, func(t token) bool {
		return t.slot == nil && !isArticle(t) && t.text != ";" && t.text != ":" && !r.lexicon[t.text]
	})
}
