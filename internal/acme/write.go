package acme

import (
	"errors"
	"fmt"
	"sort"
)

// A writer saves one company. It plays the days once: days before the raw log
// become rows of the roll-up, later ones events; the inventory comes last,
// because it tells when each account was last seen.
type writer struct {
	c    *Company
	t    tuning
	dir  string
	out  map[string]*sink // the open files of the logs
	seen []seen           // by account
	log  oktaLog
	sign entraLog

	change   int // index of the next of Company.changes
	manifest Manifest
}

// seen is when an account last signed in, as day and milliseconds; day is
// longAgo when it never did.
type seen struct{ day, ms, silentDay, silentMs, triedDay, triedMs int }

// The files of the logs, which are written side by side.
const (
	fileSystemLog = "okta/system_log.ndjson.gz"
	fileSignIns   = "entra/sign_ins.ndjson.gz"
	fileSilent    = "entra/sign_ins_noninteractive.ndjson.gz"
	fileAudits    = "entra/directory_audits.ndjson.gz"
	fileUsage     = "legacy/usage.csv"
	fileUsageDay  = "history/usage_day.ndjson.gz"
	fileChange    = "history/change.ndjson.gz"
)

// Write saves the answers that the APIs would give below dir, as NDJSON, and
// the truth as truth.csv. Files are created 0600, folders 0700; what is there
// is overwritten. Errors: a file cannot be created or written.
func (c *Company) Write(dir string) (Manifest, error) {
	w := &writer{c: c, t: c.tune(), dir: dir, out: map[string]*sink{}, seen: make([]seen, len(c.accounts))}
	for i := range w.seen {
		w.seen[i] = seen{day: longAgo, silentDay: longAgo, triedDay: longAgo}
	}
	err := w.openLogs()
	if err == nil {
		w.playDays()
	}
	err = errors.Join(err, w.closeLogs())
	if err != nil {
		return Manifest{}, fmt.Errorf("write the logs of the company: %w", err)
	}
	for _, part := range []func(*writer) error{
		writeOkta, writeEntra, writeHR, writeLegacy, writeCoverage, writeTruth,
	} {
		if err := part(w); err != nil {
			return Manifest{}, fmt.Errorf("write the inventory of the company: %w", err)
		}
	}
	sort.Slice(w.manifest.Files, func(i, j int) bool { return w.manifest.Files[i].Path < w.manifest.Files[j].Path })
	return w.manifest, nil
}

func (w *writer) openLogs() error {
	paths := []string{fileSystemLog, fileSignIns, fileSilent, fileAudits, fileUsage}
	if w.remembers() {
		paths = append(paths, fileUsageDay, fileChange)
	}
	for _, p := range paths {
		s, err := newSink(w.dir, p)
		if err != nil {
			return err
		}
		w.out[p] = s
	}
	s := w.out[fileUsage]
	s.buf = append(s.buf, "at,account_id,entitlement_id,count,outcome\n"...)
	w.log.prepare(w.c)
	w.sign.prepare(w.c)
	return nil
}

// remembers says whether there is a past before the raw log.
func (w *writer) remembers() bool { return w.c.opt.HistoryDays > w.c.opt.LogDays }

func (w *writer) closeLogs() error {
	var errs []error
	for _, p := range []string{fileSystemLog, fileSignIns, fileSilent, fileAudits, fileUsage, fileUsageDay, fileChange} {
		s := w.out[p]
		if s == nil {
			continue
		}
		errs = append(errs, s.close())
		w.manifest.Files = append(w.manifest.Files, s.file)
		switch p {
		case fileSystemLog, fileSignIns, fileSilent, fileAudits:
			w.manifest.Events += s.file.Rows
		}
	}
	return errors.Join(errs...)
}

// save writes one whole file by rows.
func (w *writer) save(path string, rows func(s *sink)) error {
	s, err := newSink(w.dir, path)
	if err != nil {
		return err
	}
	rows(s)
	if err := s.close(); err != nil {
		return err
	}
	w.manifest.Files = append(w.manifest.Files, s.file)
	return nil
}
