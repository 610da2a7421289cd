package acme

import "strconv"

// writeTruth saves truth.csv, the answers that a scorer compares with.
func writeTruth(w *writer) error {
	const header = "employee_number,login,source,account_native_id,entitlement_native_id,entitlement_name,kind,action,visible,derived"
	return w.table("truth.csv", header, func(write func(row ...string)) {
		for i := range w.c.truth {
			t := &w.c.truth[i]
			write(t.EmployeeNumber, t.Login, t.Source, t.AccountID, t.EntitlementID, t.EntitlementName, t.Kind, t.Action,
				strconv.FormatBool(t.Visible), strconv.FormatBool(t.Derived))
		}
	})
}

// A stretch of days that a stream covers.
type covered struct{ source, stream, first, last string }

// writeCoverage says which days each stream covers. One stream has a hole.
func writeCoverage(w *writer) error {
	c := w.c
	first, last := c.cal.date(-c.opt.LogDays), c.cal.date(-1)
	hole := c.lostDay()
	entra := []covered{{Entra, "sign_ins", first, last}, {Entra, "directory_audits", first, last}}
	if hole > -c.opt.LogDays {
		entra = append(entra, covered{Entra, "sign_ins_noninteractive", first, c.cal.date(hole - 1)})
	}
	if hole < -1 {
		entra = append(entra, covered{Entra, "sign_ins_noninteractive", c.cal.date(hole + 1), last})
	}
	err := all(
		func() error {
			return w.save("okta/coverage.ndjson", spans([]covered{{Okta, "system_log", first, last}}, false))
		},
		func() error { return w.save("entra/coverage.ndjson", spans(entra, false)) },
		func() error {
			return w.table("legacy/coverage.csv", "stream,first_day,last_day",
				func(write func(row ...string)) { write("usage", c.cal.date(c.cal.first), last) })
		},
	)
	if err != nil || !w.remembers() {
		return err
	}
	from, to := c.cal.date(c.cal.first), c.cal.date(-c.opt.LogDays-1)
	return w.save("history/coverage.ndjson", spans([]covered{{Okta, "system_log", from, to}, {Entra, "sign_ins", from, to},
		{Entra, "sign_ins_noninteractive", from, to}, {Entra, "directory_audits", from, to}}, true))
}

func spans(list []covered, withSource bool) func(s *sink) {
	return func(s *sink) {
		for _, v := range list {
			b := append(s.buf, '{')
			if withSource {
				b = append(field(b, "source", v.source), ',')
			}
			b = field(b, "stream", v.stream)
			b = field(append(b, ','), "first_day", v.first)
			s.buf = append(field(append(b, ','), "last_day", v.last), '}')
			s.line()
		}
	}
}
