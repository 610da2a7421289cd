package config

import (
	"fmt"
	"slices"

	"winnow/internal/access"
)

// typeEntra is the type of Entra's sources.
const typeEntra = "entra"

// A Scope names the people about whom anything is exported: those who have one
// of the values of each attribute that is given, without regard to case, accents
// and punctuation. An empty scope is everybody.
type Scope struct {
	Department []string `yaml:"department"`
	Title      []string `yaml:"title"`
	Location   []string `yaml:"location"`
	WorkerType []string `yaml:"worker_type"`
}

// An Attribute is one attribute of a scope, with its values.
type Attribute struct {
	Name   string
	Values []string
}

// Attributes lists the attributes that are given.
func (s Scope) Attributes() []Attribute {
	all := []Attribute{{"department", s.Department}, {"title", s.Title}, {"location", s.Location}, {"worker_type", s.WorkerType}}
	return slices.DeleteFunc(all, func(a Attribute) bool { return len(a.Values) == 0 })
}

// A ByRule is a class of revokes of low risk that a rule may approve in a
// person's place. Whatever is privileged, or cannot be undone, is left to
// people, and so is everything for which no backtest shows the precision.
type ByRule struct {
	Name      string   `yaml:"name"`
	Bases     []string `yaml:"bases"`     // idle, never_used, mover, left or contract_ended
	Kinds     []string `yaml:"kinds"`     // group, app, app_role or licence
	Precision float64  `yaml:"precision"` // the lower end of its 90 % interval must reach it; 0.9 to 1
}

// A CustomData says for which systems files are written that Microsoft Entra
// takes as custom data of an access review. It is off while Source is empty.
type CustomData struct {
	Source string   `yaml:"source"` // name of the Entra source in which the reviews take place: principals are its accounts
	Of     []string `yaml:"of"`     // names of the sources whose access is reviewed there
}

// Packages says by which policy each access package of an Entra source is asked
// for. It is off while Source is empty.
type Packages struct {
	Source   string            `yaml:"source"`   // name of the Entra source
	Policies map[string]string `yaml:"policies"` // id of the policy, by the package's id
}

// checkPackages demands an Entra source and at least one package.
func (f *faults) checkPackages(c *Config) {
	p, path := c.Export.EntraPackages, "export.entra_packages"
	if _, given := f.at[path]; !given {
		return
	}
	if s, ok := c.Source(access.SourceName(p.Source)); !ok || s.Type != typeEntra {
		f.add(path+".source", p.Source, "must name a source of type entra", "")
	}
	if len(p.Policies) == 0 {
		f.add(path+".policies", "", "is missing", "the id of each package with the id of the policy by which it is asked for")
	}
}

// checkCustomData demands an Entra source, and other sources to ask about.
func (f *faults) checkCustomData(c *Config) {
	d, path := c.Export.CustomData, "export.custom_data"
	if d.Source == "" {
		if _, given := f.at[path]; given {
			f.add(path+".source", "", "is missing", "the name of the Entra source in which the reviews take place")
		}
		return
	}
	if s, ok := c.Source(access.SourceName(d.Source)); !ok || s.Type != typeEntra {
		f.add(path+".source", d.Source, "must name a source of type entra", "")
	}
	if len(d.Of) == 0 {
		f.add(path+".of", "", "is missing", "the names of the sources whose access is reviewed there")
	}
	for i, name := range d.Of {
		if _, ok := c.Source(access.SourceName(name)); !ok || name == d.Source {
			f.add(fmt.Sprintf("%s.of.%d", path, i+1), name, "must name another source", "")
		}
	}
	if c.Export.Files == "" {
		f.add(path, "", "needs export.files", "the folder into which the files are written")
	}
}

// What a rule may approve.
var (
	ruleBases = []string{"idle", "never_used", "mover", "left", "contract_ended"}
	ruleKinds = []string{"group", "app", "app_role", "licence"}
)

// checkRollout refuses a scope that would let nobody in by mistake, and rules
// that approve nothing, or more than rules may.
func (f *faults) checkRollout(e Export) {
	given := e.Scope.Attributes()
	for _, name := range []string{"", ".department", ".title", ".location", ".worker_type"} {
		_, stands := f.at["export.scope"+name]
		if stands && !slices.ContainsFunc(given, func(a Attribute) bool { return name == "" || "."+a.Name == name }) {
			f.add("export.scope"+name, "", "names nobody, and nobody named would be everybody", "take it out, or name whom the pilot is about")
		}
	}
	for _, a := range given {
		for i, v := range a.Values {
			if v == "" {
				f.add(fmt.Sprintf("export.scope.%s.%d", a.Name, i+1), "", "must not be empty", "leave the attribute out to ask for nothing")
			}
		}
	}
	for i, r := range e.ByRule {
		path := fmt.Sprintf("export.by_rule.%d", i+1)
		if r.Name == "" {
			f.add(path, "", "has no name", "what it approves is told by it")
		} else if slices.ContainsFunc(e.ByRule[:i], func(o ByRule) bool { return o.Name == r.Name }) {
			f.add(path+".name", r.Name, "is given twice", "")
		}
		f.checkWords(path+".bases", r.Bases, ruleBases)
		f.checkWords(path+".kinds", r.Kinds, ruleKinds)
		if !(r.Precision >= 0.9 && r.Precision <= 1) {
			f.add(path+".precision", fmt.Sprint(r.Precision), "must be between 0.9 and 1", "of a hundred revokes that nobody looks at, so many must be right")
		}
	}
}

// checkWords demands at least one of the known words.
func (f *faults) checkWords(path string, given, known []string) {
	if len(given) == 0 {
		f.add(path, "", "is missing", fmt.Sprintf("one or more of %v", known))
	}
	for _, w := range given {
		if !slices.Contains(known, w) {
			f.add(path, w, "is not among them", fmt.Sprintf("one or more of %v", known))
		}
	}
}
