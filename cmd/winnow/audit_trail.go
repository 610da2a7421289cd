package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"winnow/internal/audit"
	"winnow/internal/store"
)

func (s *site) auditDir() string { return filepath.Join(s.DataDir, "audit") }

// enter appends to the audit trail. What cannot be entered ends the job.
func (j *job) enter(facts ...audit.Fact) error {
	for i := range facts {
		facts[i].Run = j.report.RunID
	}
	_, err := j.trail.Append(facts...)
	return err
}

// beginTrail opens the audit trail and enters that the job began.
func (j *job) beginTrail() (err error) {
	if j.trail, err = audit.Open(j.site.auditDir(), j.app.now); err != nil {
		return err
	}
	return j.enter(audit.Fact{Kind: audit.Run, Verb: j.report.Command, State: "begun", Config: j.report.Settings})
}

// endTrail enters how the job ended, and puts the head where the configuration
// says. A place that is not there is worth a warning, and no reason to fail:
// the next job's head fixes this one's entries too.
func (j *job) endTrail() error {
	if j.trail == nil {
		return nil
	}
	err := j.enter(audit.Fact{Kind: audit.Run, Verb: j.report.Command, State: j.report.Status, Config: j.report.Settings})
	if path := j.site.Audit.Anchor; err == nil && path != "" {
		if _, missed := anchor(j.trail, path, j.app.now()); missed != nil {
			j.report.Warnings = append(j.report.Warnings, "the head of the audit trail was not put elsewhere: "+missed.Error())
		}
	}
	return err
}

// anchor enters that the head is put elsewhere, and puts the head of that entry
// there.
func anchor(l *audit.Log, path string, at time.Time) (audit.Head, error) {
	entries, err := l.Append(audit.Fact{Kind: audit.Anchor})
	if err != nil {
		return audit.Head{}, err
	}
	h := audit.Head{Seq: entries[0].Seq, Hash: entries[0].Hash}
	return h, audit.WriteAnchor(path, h, at)
}

// draftPatterns are what the drafts of a run have in common: for each verdict,
// its reasons, who wrote it and in which words, with a hash of all the evidence
// behind them.
const draftPatterns = `select sha256(concat_ws('|', u.action, u.reason_codes::varchar))[:32], d.drafted_by, coalesce(d.guard, ''), d.draft_hash, count(*),
	sha256(string_agg(u.evidence_hash, ',' order by u.recommendation_id))
	from marts.draft as d join marts.undrafted as u using (recommendation_id) group by all order by all`

// enterDrafts enters the drafts of a run, one entry a pattern.
func (j *job) enterDrafts(ctx context.Context, conn *sql.Conn) error {
	facts, err := collect(ctx, conn, draftPatterns, func(rows *sql.Rows, f *audit.Fact) error {
		f.Kind = audit.Draft
		var by string
		err := rows.Scan(&f.Pattern, &by, &f.Guard, &f.Draft, &f.N, &f.Evidence)
		f.By, f.Model, f.Prompt = draftedBy(by)
		f.Guard = audit.Word(f.Guard)
		return err
	})
	if err != nil {
		return fmt.Errorf("gather the drafts for the audit trail: %w", err)
	}
	return j.enter(facts...)
}

// byModel is how drafted_by names a model: ollama:<model>@<digest>/prompt@<version>.
var byModel = regexp.MustCompile(`^(.+)@([0-9a-f]+)/prompt@(.+)$`)

// draftedBy takes apart who drafted: the name, and of a model its digest and
// the prompt's version.
func draftedBy(text string) (by, model, prompt string) {
	if m := byModel.FindStringSubmatch(text); m != nil {
		return audit.Word(m[1]), m[2], audit.Word(m[3])
	}
	return audit.Word(text), "", ""
}

// readSnapshot reads what the audit trail says of a snapshot before it gets its
// name.
func readSnapshot(ctx context.Context, conn *sql.Conn) (audit.Fact, error) {
	f := audit.Fact{Kind: audit.Snapshot}
	err := conn.QueryRowContext(ctx, "select data_digest, (select count(*) from marts.recommendation) from core.run").Scan(&f.Data, &f.N)
	if err != nil {
		return f, fmt.Errorf("read what is published: %w", err)
	}
	return f, nil
}

// enterSnapshot enters that a snapshot was published.
func (j *job) enterSnapshot(f audit.Fact) (err error) {
	f.Config = j.report.Settings
	if f.File, err = hashFile(j.site.snapshot()); err != nil {
		return err
	}
	return j.enter(f)
}

// enterExport enters the files that were written.
func (j *job) enterExport(recommendations int64) error {
	var facts []audit.Fact
	for _, w := range j.report.Files {
		sum, err := hashFile(w.Path)
		if err != nil {
			return err
		}
		facts = append(facts, audit.Fact{Kind: audit.Export, Verb: filepath.Base(w.Path), File: sum, N: recommendations})
	}
	return j.enter(facts...)
}

// hashFile is the SHA-256 of a file, as sha256sum prints it.
func hashFile(path string) (_ string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("hash what was written: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("hash %s: %w", path, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// fillAudit fills marts.audit. A trail that was changed is no reason to publish
// nothing: the report says where it breaks.
func (j *job) fillAudit(ctx context.Context, conn *sql.Conn) (err error) {
	path := filepath.Join(j.site.workDir(), "audit.ndjson")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write the rows of the audit trail: %w", err)
	}
	defer func() { err = errors.Join(err, os.Remove(path)) }()
	fault, err := audit.WriteRows(j.site.auditDir(), f)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if fault != nil {
		j.report.Warnings = append(j.report.Warnings, "the audit trail is not as it was written: "+fault.Error()+"; winnow audit verify says more")
	}
	_, err = conn.ExecContext(ctx, `insert into snapshot.marts.audit by name select * replace (strptime("at", '%Y-%m-%dT%H:%M:%S.%fZ') as "at") from read_json(`+
		store.Quote(path)+", columns = "+audit.Columns+", format = 'newline_delimited') order by seq")
	if err != nil {
		return fmt.Errorf("fill marts.audit: %w", err)
	}
	return nil
}
