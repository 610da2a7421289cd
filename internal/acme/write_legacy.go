package acme

import (
	"encoding/csv"
	"strconv"
	"strings"
)

// table saves the rows that a function writes, below a header, as CSV.
func (w *writer) table(path, header string, rows func(write func(row ...string))) error {
	s, err := newSink(w.dir, path)
	if err != nil {
		return err
	}
	out := csv.NewWriter(s.f)
	write := func(row ...string) {
		if s.err == nil {
			s.err = out.Write(row)
		}
		for _, f := range row {
			s.file.Bytes += int64(len(f)) + 1
		}
		s.file.Rows++
	}
	write(strings.Split(header, ",")...)
	s.file.Rows = 0
	rows(write)
	out.Flush()
	if s.err == nil {
		s.err = out.Error()
	}
	if err := s.close(); err != nil {
		return err
	}
	w.manifest.Files = append(w.manifest.Files, s.file)
	return nil
}

// writeLegacy saves the warehouse system, which has no API: five CSV files,
// of which usage.csv was written day by day.
func writeLegacy(w *writer) error {
	c := w.c
	return all(
		func() error {
			return w.table("legacy/accounts.csv", "account_id,login,email,display_name,kind,status,"+
				"employee_number,department,title,location,manager,created_at", c.legacyAccounts)
		},
		func() error {
			return w.table("legacy/entitlements.csv", "entitlement_id,kind,name,description,owner,privileged,monthly_cost",
				func(write func(row ...string)) {
					c.each(inLegacy, kindAppRole, func(_ int, e *entitlement) {
						write(e.id, e.kind, e.name, e.desc, c.people[0].number, strconv.FormatBool(e.privileged), e.cost)
					})
				})
		},
		func() error {
			return w.table("legacy/assignments.csv", "account_id,entitlement_id,since,until,path", c.legacyAssignments)
		},
	)
}

func (c *Company) legacyAccounts(write func(row ...string)) {
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
		write(a.id, a.login, a.email, a.display, a.kind, status, a.number, c.depts[pos.dept].name,
			c.spellTitle(p, pos), c.towns[pos.town].city, manager, c.cal.date(a.created))
	}
}

// legacyAssignments lists what is held, and what ended since history began.
func (c *Company) legacyAssignments(write func(row ...string)) {
	for i := range c.edges {
		e := &c.edges[i]
		a := &c.accounts[e.acct]
		if a.source == inLegacy && e.until >= c.cal.first && e.since != e.until {
			write(a.id, c.ents[e.ent].id, c.cal.date(e.since), c.cal.date(e.until), viaDirect)
		}
	}
}
