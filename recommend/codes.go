package recommend

import (
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/goccy/go-yaml"

	"winnow/internal/access"
)

// A Section is the part of the prose to which a kind of claim belongs.
type Section string

// The sections; codes.yaml says what they mean.
const (
	Reason Section = "reason"
	Path   Section = "path"
	Stake  Section = "stake"
	Limit  Section = "limit"
)

// A Type says how a value is written in prose.
type Type string

// The types; codes.yaml says what they mean.
const (
	Count   Type = "count"
	Days    Type = "days"
	Months  Type = "months"
	Percent Type = "percent"
	Ratio   Type = "ratio"
	Date    Type = "date"
	Money   Type = "money"
	Name    Type = "name"
	Names   Type = "names"
	Word    Type = "word"
)

// A Code describes one kind of claim.
type Code struct {
	Section Section         `yaml:"section"`
	Meaning string          `yaml:"meaning"` // one line without any value
	Fields  map[string]Type `yaml:"fields"`
}

//go:embed codes.yaml
var codesYAML []byte

var loadCodes = sync.OnceValues(func() (map[access.ClaimCode]Code, error) {
	codes := map[access.ClaimCode]Code{}
	if err := yaml.UnmarshalWithOptions(codesYAML, &codes, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read codes.yaml: %w", err)
	}
	var faults []error
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		faults = append(faults, checkCode(code, codes[code])...)
	}
	return codes, errors.Join(faults...)
})

// Codes returns the closed list of claims. The map is shared: callers must not
// change it.
func Codes() (map[access.ClaimCode]Code, error) { return loadCodes() }

func checkCode(code access.ClaimCode, c Code) []error {
	var faults []error
	if !slices.Contains([]Section{Reason, Path, Stake, Limit}, c.Section) {
		faults = append(faults, fmt.Errorf("codes.yaml: %s: section %q is unknown", code, c.Section))
	}
	if c.Meaning == "" {
		faults = append(faults, fmt.Errorf("codes.yaml: %s: the meaning is missing", code))
	}
	types := []Type{Count, Days, Months, Percent, Ratio, Date, Money, Name, Names, Word}
	for _, field := range slices.Sorted(maps.Keys(c.Fields)) {
		if !slices.Contains(types, c.Fields[field]) {
			faults = append(faults, fmt.Errorf("codes.yaml: %s.%s: type %q is unknown", code, field, c.Fields[field]))
		}
		if isGlobal(field) || field == codeSlot {
			faults = append(faults, fmt.Errorf("codes.yaml: %s.%s: the name is taken by a slot of every sentence", code, field))
		}
	}
	return faults
}
