package acme

import (
	"encoding/csv"
	"strconv"
	"strings"
)

// table saves rows below a header as CSV.
func (w *writer) table(path string, header []string, rows [][]string) error {
	s, err := newSink(w.dir, path)
	if err != nil {
		return err
	}
	out := csv.NewWriter(s.f)
	write := func(row []string) {
		if s.err == nil {
			s.err = out.Write(row)
		}
	}
	write(header)
	for _, row := range rows {
		write(row)
		for _, f := range row {
			s.file.Bytes += int64(len(f)) + 1
		}
	}
	out.Flush()
	if s.err == nil {
		s.err = out.Error()
	}
	s.file.Rows = len(rows)
	if err := s.close(); err != nil {
		return err
	}
	w.manifest.Files = append(w.manifest.Files, s.file)
	return nil
}

// writeLegacy saves the warehouse system, which has no API: five CSV files,
// of which usage.csv was written day by day.
func writeLegacy(w *writer) error {
	return all(
		func() error {
			return w.table("legacy/accounts.csv", strings.Split("account_id,login,email,display_name,kind,status,"+
				"employee_number,department,title,location,manager,created_at", ","), w.c.legacyAccounts())
		},
		func() error {
			return w.table("legacy/entitlements.csv", []string{"entitlement_id", "kind", "name", "description", "owner",
				"privileged", "monthly_cost"}, w.c.legacyRoles())
		},
		func() error {
			return w.table("legacy/assignments.csv", []string{"account_id", "entitlement_id", "since", "until", "path"},
				w.c.legacyAssignments())
		},
	)
}

func (c *Company) legacyAccounts() [][]string {
	var rows [][]string
	for i := range c.accounts {
		a := &c.accounts[i]
		if a.source != inLegacy {
			continue
		}
		p := &c.people[a.person]
		pos := p.now()
		status, manager := "active", ""
		if !a.alive() {
			status = "disabled"
		}
		if pos.manager >= 0 {
			manager = c.people[pos.manager].number
		}
		rows = append(rows, []string{a.id, a.login, a.email, a.display, a.kind, status, a.number, c.depts[pos.dept].name,
			c.spellTitle(p, pos), c.towns[pos.town].city, manager, c.cal.date(a.created)})
	}
	return rows
}

func (c *Company) legacyRoles() [][]string {
	var rows [][]string
	c.each(inLegacy, kindAppRole, func(_ int, e *entitlement) {
		rows = append(rows, []string{e.id, e.kind, e.name, e.desc, c.people[0].number, strconv.FormatBool(e.privileged), e.cost})
	})
	return rows
}

// legacyAssignments lists what is held, and what ended since history began.
func (c *Company) legacyAssignments() [][]string {
	var rows [][]string
	for i := range c.edges {
		e := &c.edges[i]
		a := &c.accounts[e.acct]
		if a.source != inLegacy || e.until < c.cal.first || e.since == e.until {
			continue
		}
		rows = append(rows, []string{a.id, c.ents[e.ent].id, c.cal.date(e.since), c.cal.date(e.until), viaDirect})
	}
	return rows
}
