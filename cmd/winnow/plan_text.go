package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"winnow/internal/access"
)

// planText tells a plan to a person: what changes, by person and app, what goes
// with it, and what stands out.
func planText(p *access.Plan) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Plan %.12s of data as of %s: %s", p.ID, p.AsOf.UTC().Format(time.RFC3339), counted(len(p.Operations), "operation"))
	if p.Expires != nil {
		fmt.Fprintf(&b, ", good until %s", p.Expires.UTC().Format(time.RFC3339))
	}
	if p.Scope != "" {
		fmt.Fprintf(&b, "; about %s", cell(p.Scope, 200))
	}
	b.WriteString("\n")
	for _, t := range p.Tenants {
		fmt.Fprintf(&b, "  in %s (source %s)\n", cell(t.Tenant, 120), cell(string(t.Source), 40))
	}
	writeOperations(&b, p)
	writeByPerson(&b, p)
	for _, n := range p.Notes {
		fmt.Fprintf(&b, "for a person to do: %s\n", cell(n.Text, 1000))
	}
	for _, o := range p.Omitted {
		fmt.Fprintf(&b, "left out, %d: %s\n", o.Count, cell(o.Reason, 200))
	}
	return b.String()
}

// writeOperations lists the operations, each with its number.
func writeOperations(b *strings.Builder, p *access.Plan) {
	for i := range p.Operations {
		o := &p.Operations[i]
		fmt.Fprintf(b, "%4d. %s", i+1, cell(o.Note, 400))
		var marks []string
		if o.Wave > 1 {
			marks = append(marks, fmt.Sprintf("wave %d", o.Wave))
		}
		if o.Privileged {
			marks = append(marks, "PRIVILEGED")
		}
		if !o.Reversible {
			marks = append(marks, "CANNOT BE UNDONE")
		}
		if marks != nil {
			b.WriteString(" [" + strings.Join(marks, ", ") + "]")
		}
		b.WriteString("\n")
		for _, c := range o.Collateral {
			fmt.Fprintf(b, "      %s\n", cell(c.Text, 400))
		}
		if o.Lost != "" {
			fmt.Fprintf(b, "      not brought back by a rollback: %s\n", cell(o.Lost, 400))
		}
	}
}

// writeByPerson counts the changes of those whose access changes the most, and
// of the apps to which it does.
func writeByPerson(b *strings.Builder, p *access.Plan) {
	people, apps := map[string]int{}, map[string]int{}
	for i := range p.Operations {
		o := &p.Operations[i]
		if !o.Kind.Changes() || o.Subject == nil {
			continue
		}
		person := cmp.Or(o.Subject.IdentityID, o.Subject.AccountID)
		people[person]++
		apps[o.Subject.EntitlementID]++
		for _, c := range o.Collateral {
			people[person]++
			apps[c.EntitlementID]++
		}
	}
	if len(people) == 0 {
		return
	}
	fmt.Fprintf(b, "%s of %s to %s; most: %s; %s\n", counted(sumOf(people), "access change"), counted(len(people), "person"),
		counted(len(apps), "app or group"), topOf(people), topOf(apps))
}

func sumOf(counts map[string]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

// topOf names the three with the most.
func topOf(counts map[string]int) string {
	keys := make([]string, 0, len(counts))
	for k := range counts { // in any order: sorted below
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
	var out []string
	for _, k := range keys[:min(3, len(keys))] {
		out = append(out, fmt.Sprintf("%s (%d)", cell(k, 60), counts[k]))
	}
	return strings.Join(out, ", ")
}

// counted writes a number with its noun.
func counted(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case noun == "person":
		return fmt.Sprintf("%d people", n)
	case noun == "app or group":
		return fmt.Sprintf("%d apps or groups", n)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
