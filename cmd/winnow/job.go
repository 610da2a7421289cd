package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"winnow/internal/audit"
)

// A job is one locked piece of work on a data folder.
type job struct {
	app      *app
	site     *site
	asOf     time.Time
	progress progress
	report   *runReport
	trail    *audit.Log
	launch   bool // export: plan the start of scheduled campaigns too
}

// job loads the configuration, takes the lock, does the work, and tells what
// became of it, whether it went well or not.
func (a *app) job(ctx context.Context, verb string, work func(context.Context, *job) error) (err error) {
	s, err := a.site()
	if err != nil {
		return err
	}
	asOf, err := a.asOf()
	if err != nil {
		return err
	}
	release, err := a.lock(s.DataDir, "winnow "+verb)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, release()) }()
	j := &job{app: a, site: s, asOf: asOf, progress: a.progress(), report: &runReport{
		Command: verb, RunID: runID(asOf, s.Digest()), AsOf: asOf, Started: a.now().UTC(),
		Winnow: thisBuild().Version, Settings: s.Digest(), clock: a.now,
	}}
	if err = j.beginTrail(); err == nil {
		err = work(ctx, j)
	}
	if err != nil && ctx.Err() != nil {
		err = errors.Join(err, ctx.Err())
	}
	j.progress.close()
	j.report.end(err)
	err = errors.Join(err, j.endTrail())
	if told := a.tell(j.report); told != nil {
		err = errors.Join(err, fmt.Errorf("write the report: %w", told))
	}
	return errors.Join(err, j.report.keep(s.lastJob(verb)))
}
