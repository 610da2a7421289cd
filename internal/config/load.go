package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"winnow/internal/access"
)

// maxFile bounds the configuration: a larger file is a mistake.
const maxFile = 1 << 20

// Load reads the file at path, fills in defaults and makes paths absolute. For
// a file that it can read but not accept the error is a *Faults with every
// fault in it. Secrets are not looked up yet: see Ready and Secret.Reveal.
func Load(path string) (*Config, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, access.WithHint(fmt.Errorf("read configuration: %w", err),
			"winnow init writes a commented one, --config names another")
	}
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	if len(b) > maxFile {
		return nil, fmt.Errorf("read configuration %s: %d bytes are more than a configuration can be", path, len(b))
	}
	c, err := parse(path, b)
	if err != nil {
		return nil, err
	}
	c.digest = c.compute()
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("find the folder of %s: %w", path, err)
	}
	c.resolve(dir)
	return c, nil
}

func parse(path string, b []byte) (*Config, error) {
	f := &faults{at: map[string]int{}}
	c := Defaults()
	root, fault := document(b)
	if fault != nil {
		f.list = append(f.list, *fault)
		return nil, f.err(path)
	}
	if root != nil {
		f.decode(root, reflect.ValueOf(&c).Elem(), "")
	}
	f.check(&c)
	if err := f.err(path); err != nil {
		return nil, err
	}
	return &c, nil
}

// document returns the one document of the file; nil when it is empty.
func document(b []byte) (ast.Node, *Fault) {
	file, err := parser.ParseBytes(b, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, syntaxFault(b, err)
	}
	if len(file.Docs) > 1 {
		return nil, &Fault{Reason: "the file holds several documents", Hint: "winnow reads one: remove the lines ---"}
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		return nil, nil
	}
	switch root := file.Docs[0].Body.(type) {
	case *ast.CommentGroupNode, *ast.NullNode:
		return nil, nil
	default:
		return root, nil
	}
}

// syntaxFault keeps the parser's message and place and drops its excerpt of
// the file, which could hold a credential.
func syntaxFault(b []byte, err error) *Fault {
	f := &Fault{Reason: "is not valid YAML"}
	var syntax yaml.Error
	if errors.As(err, &syntax) {
		f.Line = syntax.GetToken().Position.Line
		f.Reason += ": " + syntax.GetMessage()
	}
	lines := strings.Split(string(b), "\n")
	if f.Line > 0 && f.Line <= len(lines) && strings.Contains(lines[f.Line-1], "${") {
		f.Hint = `inside braces write "${NAME}" with its quotes`
	}
	return f
}

// resolve makes every path absolute, against the folder of the file.
func (c *Config) resolve(dir string) {
	abs := func(p *string) {
		if *p != "" && !filepath.IsAbs(*p) {
			*p = filepath.Join(dir, *p)
		}
	}
	abs(&c.DataDir)
	abs(&c.History)
	abs(&c.Export.Files)
	for i := range c.Sources {
		s := &c.Sources[i]
		abs(&s.Dir)
		abs(&s.ExportsDir)
		abs(&s.TokenFile)
		for _, secret := range []*Secret{&s.APIToken, &s.PrivateKey, &s.ClientSecret, &s.Certificate, &s.CertificatePassword,
			&s.AccessToken, &s.Password, &s.APIKey} {
			secret.resolve(dir)
		}
	}
}
