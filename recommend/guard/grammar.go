package guard

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"winnow/internal/access"
	"winnow/recommend"
)

//go:embed grammar
var builtin embed.FS

// A grammar holds what may be said in one language.
type grammar struct {
	phrases map[string]*node
	claims  map[access.ClaimCode]*rules
	verdict map[access.Action]*rules
	back    map[string]*rules // action and way back, joined by a point
	nouns   map[string]bool   // words that have an article before them somewhere
	version string
}

// rules are what may be said of one claim.
type rules struct {
	Needs []string `yaml:"needs"` // slots without which the claim is not told; "count:other" only where the number has that form
	Must  []string `yaml:"must"`  // phrases that have to stand somewhere; "a|b" for one of them, "a?slot" only where the slot has a value
	Says  []string `yaml:"says"`

	// Source is the phrase by which a sentence may say where it comes from;
	// empty where it comes from nowhere but the judgement itself.
	Source string `yaml:"source"`

	said    *node
	held    *node // what a server is asked to hold a model to; nil for none
	lexicon map[string]bool
}

// file is one file of a grammar.
type file struct {
	Phrases  map[string]string           `yaml:"phrases"`
	Claims   map[access.ClaimCode]*rules `yaml:"claims"`
	Verdicts map[access.Action][]string  `yaml:"verdicts"`
	WaysBack map[string][]string         `yaml:"ways_back"`

	// What a server is asked to hold a model to; held.yaml has it.
	Held         map[access.ClaimCode][]string `yaml:"held"`
	HeldVerdicts map[access.Action][]string    `yaml:"held_verdicts"`
	HeldWaysBack map[string][]string           `yaml:"held_ways_back"`
}

// Languages lists the languages for which there is a grammar.
func Languages() []string {
	entries, err := fs.ReadDir(builtin, "grammar")
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// load reads the files of a language.
func load(language string) (*grammar, error) {
	g := &grammar{nouns: map[string]bool{}, phrases: map[string]*node{}, claims: map[access.ClaimCode]*rules{}, verdict: map[access.Action]*rules{}, back: map[string]*rules{}}
	files, err := fs.Glob(builtin, path.Join("grammar", language, "*.yaml"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("load the grammar: there is none for language %q", language)
	}
	var all []byte
	var read []file
	for _, name := range files {
		data, err := builtin.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("load the grammar: %w", err)
		}
		all = append(all, data...)
		f, err := g.read(data)
		if err != nil {
			return nil, fmt.Errorf("load the grammar %s: %w", name, err)
		}
		read = append(read, f)
	}
	g.version = access.Digest(all)[:12]
	for _, f := range read {
		if err := g.hold(f); err != nil {
			return nil, fmt.Errorf("load the grammar: %w", err)
		}
	}
	return g, g.check()
}

// read adds the content of one file.
func (g *grammar) read(data []byte) (file, error) {
	var f file
	if err := yaml.UnmarshalWithOptions(data, &f, yaml.Strict()); err != nil {
		return f, err
	}
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(f.Phrases)) {
		n, err := parse(f.Phrases[name])
		faults = append(faults, err)
		if g.phrases[name] != nil {
			faults = append(faults, fmt.Errorf("phrase %s is given twice", name))
		}
		g.phrases[name] = n
	}
	for code, r := range f.Claims {
		faults = append(faults, r.compile(r.Says))
		r.introduce()
		g.claims[code] = r
	}
	for action, says := range f.Verdicts {
		g.verdict[action] = &rules{Says: says, Needs: []string{"entitlement"}}
		faults = append(faults, g.verdict[action].compile(says))
	}
	for back, says := range f.WaysBack {
		g.back[back] = &rules{Says: says}
		faults = append(faults, g.back[back].compile(says))
	}
	return f, errors.Join(faults...)
}

// hold notes what a server is asked to hold a model to.
func (g *grammar) hold(f file) error {
	var faults []error
	note := func(where string, r *rules, says []string) {
		held, err := alternatives(says)
		if r == nil {
			err = fmt.Errorf("%s has no grammar", where)
		}
		if err != nil {
			faults = append(faults, err)
			return
		}
		r.held = held
	}
	for code, says := range f.Held {
		note(string(code), g.claims[code], says)
	}
	for action, says := range f.HeldVerdicts {
		note(string(action), g.verdict[action], says)
	}
	for back, says := range f.HeldWaysBack {
		note(back, g.back[back], says)
	}
	return errors.Join(faults...)
}

func (r *rules) compile(says []string) (err error) {
	r.said, err = alternatives(says)
	return err
}

// alternatives reads sentences of which each may be said.
func alternatives(says []string) (*node, error) {
	out := &node{kind: choice}
	for _, text := range says {
		n, err := parse(strings.TrimSuffix(text, "."))
		if err != nil {
			return nil, err
		}
		out.parts = append(out.parts, n)
	}
	return out, nil
}

// introduce lets a sentence on a claim begin as one of several, and say where it
// comes from.
func (r *rules) introduce() {
	before := &node{kind: option, parts: []*node{{kind: reference, text: "opening"}}}
	said := &node{kind: sequence, parts: []*node{before}}
	if r.Source != "" {
		said.parts = append(said.parts, &node{kind: option, parts: []*node{{kind: reference, text: r.Source}}})
	}
	said.parts = append(said.parts, r.said)
	r.said = said
}

// check finds references that lead nowhere or to themselves, conditions on slots
// that a claim does not have, and verdicts without a grammar, and gathers the
// lexicons. A claim without a grammar is no fault: no model is asked about it.
func (g *grammar) check() error {
	codes, err := recommend.Codes()
	if err != nil {
		return err
	}
	var faults []error
	for _, code := range slices.Sorted(maps.Keys(g.claims)) {
		if _, ok := codes[code]; !ok {
			faults = append(faults, fmt.Errorf("claim %s is not in codes.yaml", code))
		}
		faults = append(faults, g.gather("claim "+string(code), g.claims[code], codes[code].Fields))
	}
	for _, a := range access.Actions {
		for what, r := range map[string]*rules{
			"verdict": g.verdict[a], "reversible": g.back[string(a)+".reversible"],
			"irreversible": g.back[string(a)+".irreversible"], "unknown": g.back[string(a)+".unknown"],
		} {
			if r == nil {
				faults = append(faults, fmt.Errorf("%s of %s has no grammar", what, a))
				continue
			}
			faults = append(faults, g.gather(string(a)+" "+what, r, nil))
		}
	}
	return errors.Join(faults...)
}

// gather walks through all that may be said and notes its words.
func (g *grammar) gather(where string, r *rules, fields map[string]recommend.Type) error {
	r.lexicon = map[string]bool{}
	names := []string{r.Source}
	for _, must := range r.Must {
		alternatives, _, _ := strings.Cut(must, "?")
		names = append(names, strings.Split(alternatives, "|")...)
	}
	for _, name := range names {
		if name != "" && g.phrases[name] == nil {
			return fmt.Errorf("%s: there is no phrase %q", where, name)
		}
	}
	if err := g.walk(r, fields, r.said, nil); err != nil {
		return fmt.Errorf("%s: %w", where, err)
	}
	return nil
}

func (g *grammar) walk(r *rules, fields map[string]recommend.Type, n *node, within []string) error {
	switch n.kind {
	case word:
		for _, w := range n.words {
			r.lexicon[w] = true
		}
	case reference:
		next := g.phrases[n.text]
		if next == nil || slices.Contains(within, n.text) {
			return fmt.Errorf("phrase %q leads nowhere, or to itself", n.text)
		}
		return g.walk(r, fields, next, append(slices.Clone(within), n.text))
	case condition:
		if _, ok := fields[n.text]; !ok && n.text != "action" {
			return fmt.Errorf("a condition names %q, which it does not have", n.text)
		}
	case article, mark, slot, sequence, choice, option:
		// their parts follow
	}
	for i, part := range n.parts {
		if n.kind == sequence && i > 0 && n.parts[i-1].kind == article && part.kind == word {
			g.nouns[part.words[0]] = true
		}
		if err := g.walk(r, fields, part, within); err != nil {
			return err
		}
	}
	return nil
}
