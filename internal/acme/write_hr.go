package acme

import "strings"

// writeHR saves what a report of the HR system gives: the column names are
// the report author's, empty fields vanish, and dates have no time.
func writeHR(w *writer) error {
	c := w.c
	return all(
		func() error {
			return w.save("hr/workers.ndjson", func(s *sink) {
				for i := range c.people {
					s.buf = c.worker(s.buf, i)
					s.line()
				}
			})
		},
		func() error { return w.save("hr/transfers.ndjson", c.transfers) },
		func() error { return w.save("hr/leaves.ndjson", c.allLeaves) },
		func() error {
			return w.save("hr/terminations.ndjson", func(s *sink) {
				for i := range c.people {
					if p := &c.people[i]; c.terminated(p) {
						s.buf = field(append(s.buf, '{'), "Employee_ID", p.number)
						s.buf = append(field(append(s.buf, ','), "Effective_Date", c.cal.date(p.end)), '}')
						s.line()
					}
				}
			})
		},
	)
}

// terminated says whether HR knows of an end; a contract that ran out is none.
func (c *Company) terminated(p *person) bool { return p.end != never && p.fate != contractorPast }

// ifAny appends a field unless its value is empty.
func ifAny(b []byte, key, value string) []byte {
	if value == "" {
		return b
	}
	return field(append(b, ','), key, value)
}

func (c *Company) worker(b []byte, i int) []byte {
	p := &c.people[i]
	pos := p.now()
	status, ended := "Active", ""
	switch {
	case p.fate == pending:
		status = "Pending"
	case c.terminated(p) && p.end < 0:
		status = "Terminated"
	case p.away():
		status = "On Leave"
	}
	if c.terminated(p) {
		ended = c.cal.date(p.end)
	}
	manager := ""
	if pos.manager >= 0 {
		manager = c.people[pos.manager].number
	}
	b = field(append(b, '{'), "Employee_ID", p.number)
	b = ifAny(b, "Legal_Name", p.display())
	b = ifAny(b, "Work_Email", p.login+"@"+domain)
	b = ifAny(b, "Department", c.spellDepartment(i, pos.dept))
	b = ifAny(b, "Job_Title", c.spellTitle(p, pos))
	b = ifAny(b, "Location", c.towns[pos.town].city)
	b = ifAny(b, "Manager_ID", manager)
	b = ifAny(b, "Worker_Type", p.worker)
	b = ifAny(b, "Status", status)
	b = ifAny(b, "Hire_Date", c.cal.date(p.hire))
	b = ifAny(b, "Termination_Date", ended)
	return append(ifAny(b, "Contract_End", c.cal.date(p.contractEnd)), '}')
}

// spellDepartment: one in fifty is spelled otherwise in HR.
func (c *Company) spellDepartment(i, dept int) string {
	name := c.depts[dept].name
	switch below(mix(c.opt.Seed, i, 55), 150) {
	case 0:
		return strings.ToUpper(name)
	case 1:
		return name + " "
	case 2:
		return " " + strings.ToLower(name)
	}
	return name
}

func (c *Company) transfers(s *sink) {
	for i := range c.people {
		p := &c.people[i]
		for k := 1; k < len(p.pos); k++ {
			from, to := &p.pos[k-1], &p.pos[k]
			b := field(append(s.buf, '{'), "Employee_ID", p.number)
			b = ifAny(b, "Effective_Date", c.cal.date(to.from))
			b = ifAny(b, "Old_Department", c.depts[from.dept].name)
			b = ifAny(b, "Old_Job_Title", c.spellTitle(p, from))
			b = ifAny(b, "Old_Location", c.towns[from.town].city)
			b = ifAny(b, "New_Department", c.depts[to.dept].name)
			b = ifAny(b, "New_Job_Title", c.spellTitle(p, to))
			b = ifAny(b, "New_Location", c.towns[to.town].city)
			if to.manager >= 0 {
				b = ifAny(b, "New_Manager_ID", c.people[to.manager].number)
			}
			s.buf = append(b, '}')
			s.line()
		}
	}
}

func (c *Company) allLeaves(s *sink) {
	for i := range c.people {
		p := &c.people[i]
		for _, l := range p.leaves {
			b := field(append(s.buf, '{'), "Employee_ID", p.number)
			b = ifAny(b, "First_Day", c.cal.date(l.first))
			b = ifAny(b, "Last_Day", c.cal.date(l.last))
			s.buf = append(ifAny(b, "Kind", p.leaveKind), '}')
			s.line()
		}
	}
}
