package guard

import (
	"fmt"
	"strings"
	"unicode"
)

// A node is one part of an expression of the grammar; phrases.yaml describes the
// notation.
type node struct {
	kind  kind
	text  string   // of a word, a mark, a slot, a reference; the slot's name of a condition
	words []string // of a word: itself, or the parts of a word with hyphens
	form  string   // of a condition
	not   bool     // of a condition
	parts []*node  // of a sequence, a choice and an option
}

type kind int

const (
	word kind = iota
	article
	mark // a comma or a parenthesis, which a sentence may have anywhere; a semicolon or a colon, which it may not
	slot
	reference
	condition
	sequence
	choice
	option
)

// parse reads an expression.
func parse(text string) (*node, error) {
	p := &parser{rest: lex(text)}
	n, err := p.choice()
	if err == nil && len(p.rest) > 0 {
		err = fmt.Errorf("%q stands where nothing is expected", p.rest[0])
	}
	if err != nil {
		return nil, fmt.Errorf("read %q: %w", text, err)
	}
	return n, nil
}

// lex parts an expression into its tokens.
func lex(text string) []string {
	var out []string
	for i := 0; i < len(text); {
		end := i + 1
		switch c := text[i]; {
		case c == ' ' || c == '\n':
			i++
			continue
		case c == '{' || c == '<':
			end = i + 1 + strings.IndexAny(text[i:], "}>")
		case strings.IndexByte("()[]|,;:", c) < 0:
			end = i + strings.IndexFunc(text[i+1:]+" ", func(r rune) bool { return strings.ContainsRune("()[]|,;: {}<>", r) }) + 1
		}
		end = max(end, i+1)
		out = append(out, text[i:end])
		i = end
	}
	return out
}

type parser struct{ rest []string }

func (p *parser) peek() string {
	if len(p.rest) == 0 {
		return ""
	}
	return p.rest[0]
}

func (p *parser) choice() (*node, error) {
	n := &node{kind: choice}
	for {
		s, err := p.sequence()
		if err != nil {
			return nil, err
		}
		n.parts = append(n.parts, s)
		if p.peek() != "|" {
			break
		}
		p.rest = p.rest[1:]
	}
	if len(n.parts) == 1 {
		return n.parts[0], nil
	}
	return n, nil
}

func (p *parser) sequence() (*node, error) {
	n := &node{kind: sequence}
	for t := p.peek(); t != "" && t != "|" && t != ")" && t != "]"; t = p.peek() {
		p.rest = p.rest[1:]
		part, err := p.part(t)
		if err != nil {
			return nil, err
		}
		n.parts = append(n.parts, part)
	}
	if len(n.parts) == 0 {
		return nil, fmt.Errorf("an alternative is empty")
	}
	return n, nil
}

// part reads what begins with the token t.
func (p *parser) part(t string) (*node, error) {
	switch t[0] {
	case '(', '[':
		n, err := p.choice()
		if err != nil {
			return nil, err
		}
		if want := map[byte]string{'(': ")", '[': "]"}[t[0]]; p.peek() != want {
			return nil, fmt.Errorf("%q is missing", want)
		}
		p.rest = p.rest[1:]
		if t[0] == '[' {
			n = &node{kind: option, parts: []*node{n}}
		}
		return n, nil
	case ',', ';', ':':
		return &node{kind: mark, text: t}, nil
	case '$':
		return &node{kind: reference, text: t[1:]}, nil
	case '{':
		return &node{kind: slot, text: strings.Trim(t, "{}")}, nil
	case '<':
		name, form, _ := strings.Cut(strings.Trim(t, "<>"), ":")
		bare := strings.TrimPrefix(form, "!")
		return &node{kind: condition, text: name, form: bare, not: bare != form}, nil
	}
	return wordNode(t)
}

func wordNode(t string) (*node, error) {
	if t == "a" || t == "an" || t == "the" {
		return &node{kind: article, text: t}, nil
	}
	if strings.ContainsFunc(t, func(r rune) bool { return r != '-' && r != '\'' && r != '.' && !unicode.IsLower(r) }) {
		return nil, fmt.Errorf("%q is no word", t)
	}
	return &node{kind: word, text: t, words: strings.Split(t, "-")}, nil
}
