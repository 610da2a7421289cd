package mining

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

// chosen lists the models that the build makes, in order: all of the night's,
// or those that a backtest asks for.
func (b *Build) chosen(ctx context.Context) ([]Model, error) {
	if b.Past == nil {
		ordered, _, err := Graph(ctx, b.conn)
		return ordered, err
	}
	all, err := pastModels()
	if err != nil {
		return nil, err
	}
	ordered, reading, err := graph(ctx, b.conn, all)
	if err != nil {
		return nil, err
	}
	return neededBy(ordered, reading, "backtest"), nil
}

// pastModels lists the models of a past build. A model of the past stands in
// for the staging contract of its name or, where there is none, for the core
// table of its name; one of any other name is a table of its own.
func pastModels() ([]Model, error) {
	all, err := Models()
	if err != nil {
		return nil, err
	}
	var out, past []Model
	for _, m := range all {
		switch {
		case m.Schema == "past":
			past = append(past, m)
		case m.Schema != "landing":
			out = append(out, m)
		}
	}
	for _, p := range past {
		i := slices.IndexFunc(out, func(m Model) bool { return m.Schema == "staging" && m.Name == p.Name && m.Contract == p.Name })
		if i < 0 {
			i = slices.IndexFunc(out, func(m Model) bool { return m.Schema == "core" && m.Name == p.Name })
		}
		if i < 0 {
			out = append(out, p)
			continue
		}
		p.Schema, p.Contract, p.past = out[i].Schema, out[i].Contract, true
		out[i] = p
	}
	return out, nil
}

// neededBy keeps the models of a schema and everything that they read, in the
// order given.
func neededBy(ordered []Model, reading map[string][]string, schema string) []Model {
	needed := map[string]bool{}
	for _, m := range slices.Backward(ordered) {
		if m.Schema != schema && !needed[m.Table()] {
			continue
		}
		needed[m.Table()] = true
		for _, t := range reading[m.Table()] {
			needed[t] = true
		}
	}
	return slices.DeleteFunc(ordered, func(m Model) bool { return !needed[m.Table()] })
}

// ModelsDigest names the text of all models: 16 hex digits. What was judged
// under another text says nothing about these.
func ModelsDigest() (string, error) {
	all, err := Models()
	if err != nil {
		return "", err
	}
	h := sha256.New()
	for _, m := range all {
		if m.Schema != "landing" {
			fmt.Fprintln(h, m.Table(), m.SQL)
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:16], nil
}
