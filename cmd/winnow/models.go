package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"winnow/internal/access"
	"winnow/mining"
)

func modelsCommand(a *app) *cobra.Command {
	var dot, text bool
	cmd := &cobra.Command{
		Use: "models [NAME]", Short: "say what every table means", Args: cobra.MaximumNArgs(1),
		Long: `models lists the tables with their sentence; with a name, such as core.assignment, it adds grain, columns
and checks. --dot writes the graph of who reads whom: winnow models --dot | dot -Tsvg > models.svg`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if dot {
				return a.modelsDot(cmd.Context())
			}
			all, err := mining.Models()
			if err != nil {
				return err
			}
			if len(args) == 1 {
				if all, err = pick(all, args[0]); err != nil {
					return err
				}
			}
			switch {
			case a.json:
				return writeModelsJSON(a.stdout, all)
			case len(args) == 1:
				return writeModel(a.stdout, all, text)
			}
			return writeModels(a.stdout, all)
		},
	}
	cmd.Flags().BoolVar(&dot, "dot", false, "write the graph in Graphviz's language")
	cmd.Flags().BoolVar(&text, "sql", false, "with NAME: print the statement too")
	return cmd
}

// pick finds a model by its qualified name or, where that is unambiguous
// enough, by its bare one.
func pick(all []mining.Model, name string) ([]mining.Model, error) {
	var found []mining.Model
	for _, m := range all {
		if m.Table() == name || m.Name == name {
			found = append(found, m)
		}
	}
	if len(found) == 0 {
		return nil, usage(access.WithHint(fmt.Errorf("there is no model %q", name), "winnow models lists them"))
	}
	return found, nil
}

func writeModels(out io.Writer, all []mining.Model) error {
	g := &grid{head: []string{"table", "meaning"}, width: 100}
	for _, m := range all {
		g.add(m.Table(), m.Doc)
	}
	_, err := io.WriteString(out, g.String())
	return err
}

func writeModel(out io.Writer, found []mining.Model, text bool) error {
	var b strings.Builder
	for _, m := range found {
		fmt.Fprintf(&b, "%s: %s\nfile: mining/%s\n", m.Table(), m.Doc, m.Path)
		if len(m.Grain) > 0 {
			fmt.Fprintf(&b, "grain: %s\n", strings.Join(m.Grain, ", "))
		}
		if len(m.Columns) > 0 {
			g := &grid{head: []string{"column", "meaning"}, width: 120}
			for _, c := range m.Columns {
				g.add(c.Name, c.Doc)
			}
			b.WriteString(g.String())
		}
		for _, c := range m.Checks {
			fmt.Fprintf(&b, "check: %s\n", c.Name)
		}
		if text {
			fmt.Fprintf(&b, "\n%s\n", m.SQL)
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// A modelDoc is one model as --json writes it.
type modelDoc struct {
	Table   string            `json:"table"`
	Doc     string            `json:"doc"`
	Grain   []string          `json:"grain"`
	Columns map[string]string `json:"columns"`
	Checks  []string          `json:"checks"`
	Path    string            `json:"path"`
}

func writeModelsJSON(out io.Writer, all []mining.Model) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for _, m := range all {
		d := modelDoc{Table: m.Table(), Doc: m.Doc, Grain: slices.Clone(m.Grain), Columns: map[string]string{}, Path: "mining/" + m.Path}
		for _, c := range m.Columns {
			d.Columns[c.Name] = c.Doc
		}
		for _, c := range m.Checks {
			d.Checks = append(d.Checks, c.Name)
		}
		if err := enc.Encode(d); err != nil {
			return fmt.Errorf("write a model: %w", err)
		}
	}
	return nil
}
