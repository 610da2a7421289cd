package recommend

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"winnow/internal/access"
)

//go:embed catalogue/*.yaml
var builtin embed.FS

// A Catalogue holds the sentences of one language.
type Catalogue struct {
	messages
	codes   map[access.ClaimCode]Code
	version string
}

// messages is the content of a language's file. The file catalogue/en.yaml
// describes its keys.
type messages struct {
	Language string                               `yaml:"language"`
	Quotes   []string                             `yaml:"quotes"`
	Plurals  []plural                             `yaml:"plurals"`
	Units    map[string]message                   `yaml:"units"`
	Lists    lists                                `yaml:"lists"`
	Kinds    map[string]string                    `yaml:"kinds"`
	Words    map[string]map[string]string         `yaml:"words"`
	Verdicts map[access.Action]message            `yaml:"verdicts"`
	WaysBack map[access.Action]map[string]message `yaml:"ways_back"`
	Unknown  message                              `yaml:"unknown_claim"`
	Claims   map[access.ClaimCode]claimTexts      `yaml:"claims"`
}

// lists says how a language strings names together.
type lists struct {
	Comma string  `yaml:"comma"`
	Last  string  `yaml:"last"` // between the last two
	More  message `yaml:"more"` // the number of those left out
}

// claimTexts are the sentences of one kind of claim: one's own for an action
// where there are any, else those for any action. The first serves whose slots
// all have a value.
type claimTexts struct {
	Label      string    `yaml:"label"` // a few words for lists and summaries
	Any        []message `yaml:"any"`
	Revoke     []message `yaml:"revoke"`
	ChangeRule []message `yaml:"change_rule"`
	Grant      []message `yaml:"grant"`
	Abstain    []message `yaml:"abstain"`
}

func (c claimTexts) of(a access.Action) []message {
	own := map[access.Action][]message{
		access.Revoke: c.Revoke, access.ChangeRule: c.ChangeRule, access.Grant: c.Grant, access.Abstain: c.Abstain,
	}[a]
	// The general ones follow, for a claim that lacks a value that all of the
	// action's own sentences need.
	return append(slices.Clone(own), c.Any...)
}

// Languages lists the languages that are built in.
func Languages() []string {
	files, err := fs.Glob(builtin, "catalogue/*.yaml")
	if err != nil {
		return nil // the pattern is well formed
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(path.Base(f), ".yaml")
	}
	return files
}

// Load returns the catalogue of a language that is built in, for instance "en".
func Load(language string) (*Catalogue, error) {
	if !slices.Contains(Languages(), language) {
		return nil, access.WithHint(fmt.Errorf("load the catalogue: there is none for language %q", language),
			"built in are: "+strings.Join(Languages(), ", "))
	}
	data, err := builtin.ReadFile("catalogue/" + language + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("load the catalogue %s: %w", language, err)
	}
	return Parse(data)
}

// Parse reads a language's file. It reports all its faults at once: a claim or
// an action without a sentence, a slot that does not exist, a digit outside a
// slot, a plural form that is missing.
func Parse(data []byte) (*Catalogue, error) {
	codes, err := Codes()
	if err != nil {
		return nil, err
	}
	c := &Catalogue{codes: codes}
	if err := yaml.UnmarshalWithOptions(data, &c.messages, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read a catalogue: %w", err)
	}
	if faults := c.check(); len(faults) > 0 {
		return nil, fmt.Errorf("check the catalogue %q: %w", c.messages.Language, errors.Join(faults...))
	}
	c.version = access.Digest(slices.Concat(codesYAML, data))[:12]
	return c, nil
}

// Language returns the language's tag, for instance "en".
func (c *Catalogue) Language() string { return c.messages.Language }

// Version identifies the wording: it changes with every change of a sentence.
func (c *Catalogue) Version() string { return c.version }

// Label returns a few words that name a kind of claim. A code that is not known
// is its own label, cleaned.
func (c *Catalogue) Label(code access.ClaimCode) string {
	if t, ok := c.Claims[code]; ok {
		return t.Label
	}
	return access.CleanName(strings.ReplaceAll(string(code), "_", " "), access.NameLimit)
}
