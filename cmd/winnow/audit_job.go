package main

import "errors"

// entered does the work of a command that writes no report of its own, between
// the two entries of the audit trail that say that it began and how it ended.
// The caller holds the site's lock.
func (a *app) entered(s *site, verb string, work func(*job) error) error {
	j := &job{app: a, site: s, report: &runReport{Command: verb, Settings: s.Digest(), Started: a.now(), clock: a.now}}
	if err := j.beginTrail(); err != nil {
		return err
	}
	err := work(j)
	j.report.end(err)
	err = errors.Join(err, j.endTrail())
	for _, w := range j.report.Warnings {
		a.say("warning: " + printableLines(w))
	}
	return err
}
