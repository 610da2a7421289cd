package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"winnow/ingest"
)

// Below these the disk is too small for a night, in bytes.
const (
	spaceTight = 2 << 30
	spaceNone  = 200 << 20
)

// checkConfig tells what was read. That it could be read at all is known here.
func (a *app) checkConfig(s *site) []symptom {
	t := symptom{Area: "configuration", Check: "file", Level: ingest.OK,
		Found: fmt.Sprintf("%s: %s, digest %s", a.config, plural(len(s.Sources), "source"), s.Digest()[:8])}
	if len(s.Sources) == 0 {
		t.Level, t.Found, t.WayOut = ingest.Failure, a.config+" names no source", "winnow init writes an example"
	}
	return []symptom{t}
}

// checkFolder looks at the data folder: its space, who may read it, and who
// works in it.
func (a *app) checkFolder(s *site) (out []symptom) {
	say := func(check string, level ingest.Level, found, wayOut string) {
		out = append(out, symptom{Area: "data folder", Check: check, Level: level, Found: found, WayOut: wayOut})
	}
	info, err := os.Stat(s.DataDir)
	if errors.Is(err, fs.ErrNotExist) {
		say("folder", ingest.OK, s.DataDir+" does not exist yet; the first run makes it", "")
		return out
	}
	if err != nil || !info.IsDir() {
		say("folder", ingest.Failure, s.DataDir+" is no folder that can be opened", "data_dir in the configuration names it")
		return out
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(s.DataDir, &disk); err != nil {
		say("space", ingest.Warning, "the free space cannot be told: "+err.Error(), "look with df")
	} else {
		free := int64(disk.Bavail) * int64(disk.Bsize) //nolint:unconvert // the types differ between systems
		level, wayOut := ingest.OK, ""
		if free < spaceTight {
			level, wayOut = ingest.Warning, "free some space, or move data_dir to a larger disk"
		}
		if free < spaceNone {
			level = ingest.Failure
		}
		say("space", level, fmt.Sprintf("%.1f GB free in %s", float64(free)/(1<<30), s.DataDir), wayOut)
	}
	if n, first := readableByOthers(s.DataDir, info); n > 0 {
		say("modes", ingest.Warning, fmt.Sprintf("others can read %s, the first is %s", plural(n, "place"), first),
			"chmod -R go= "+s.DataDir)
	} else {
		say("modes", ingest.OK, "readable by its owner only", "")
	}
	return append(out, a.checkLock(s))
}

// readableByOthers counts what others than the owner may read. A folder that is closed
// to them closes everything inside.
func readableByOthers(dir string, info fs.FileInfo) (n int, first string) {
	if info.Mode().Perm()&0o077 == 0 {
		return 0, ""
	}
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // what cannot be looked at is somebody else's to find
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			if n++; first == "" {
				first = path
			}
		}
		return nil
	})
	return n, first
}

// checkLock tells whether a job is running, without taking the lock.
func (a *app) checkLock(s *site) symptom {
	t := symptom{Area: "data folder", Check: "lock", Level: ingest.OK, Found: "no job is running"}
	f, err := os.Open(filepath.Join(s.DataDir, "winnow.lock"))
	if err != nil {
		return t
	}
	defer f.Close()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		held := heldError(f, s.DataDir, err, a.now())
		t.Found = held.Error()
		var h holder
		if b, err := os.ReadFile(f.Name()); err == nil && json.Unmarshal(b, &h) == nil && a.now().Sub(h.Started) > 24*time.Hour {
			t.Level, t.WayOut = ingest.Warning, fmt.Sprintf("a job of more than a day hangs: end it with kill %d, the next run resumes", h.PID)
		}
	}
	return t
}

// checkJobs tells how the last job ended and how old the snapshot is.
func (a *app) checkJobs(ctx context.Context, s *site, asOf time.Time) (out []symptom) {
	last := symptom{Area: "last run", Check: "job", Level: ingest.Warning, Found: "there was none yet", WayOut: "winnow run"}
	var r runReport
	if b, err := os.ReadFile(s.lastJob("run")); err == nil && json.Unmarshal(b, &r) == nil {
		last.Found = fmt.Sprintf("%s %s at %s, as of %s, by winnow %s", r.Command, r.Status, r.Started.Format(time.RFC3339), r.AsOf.Format(time.RFC3339), r.Winnow)
		last.WayOut = r.Hint
		switch r.Status {
		case statusDone:
			last.Level = ingest.OK
		default:
			last.Found += ": " + r.Error
		}
	}
	return append(out, last, a.checkSnapshot(ctx, s, asOf))
}

// checkSnapshot opens the published snapshot and tells what it stands for.
func (a *app) checkSnapshot(ctx context.Context, s *site, asOf time.Time) symptom {
	t := symptom{Area: "last run", Check: "snapshot", Level: ingest.Warning}
	db, err := s.open(ctx)
	if err != nil {
		t.Found, t.WayOut = "no snapshot can be opened: "+err.Error(), "winnow run publishes one"
		return t
	}
	defer db.Close() //nolint:errcheck // read only
	var run, digest string
	var at time.Time
	if err := db.QueryRowContext(ctx, "select run_id, as_of, data_digest from core.run").Scan(&run, &at, &digest); err != nil {
		t.Found, t.WayOut = "the snapshot is of another version: "+err.Error(), "winnow mine builds it anew from what has landed"
		return t
	}
	days := int(asOf.Sub(at).Hours() / 24)
	t.Level, t.Found = ingest.OK, fmt.Sprintf("the snapshot stands at %s (%s ago), run %s, data %s", at.UTC().Format(time.RFC3339), plural(days, "day"), run, digest)
	if days > s.Policy.MaxInputAgeDays {
		t.Level, t.WayOut = ingest.Warning, "winnow run; verdicts of an old snapshot should not be exported"
	}
	return t
}
