// Package yardstick holds what benchmarks measure the product with: processor
// time, and what the engine itself needs to read a log. It is for tests.
package yardstick

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"time"

	"winnow/internal/store"
)

// Used is the user and system time that this process has cost until now.
func Used() time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		panic(err) // of one's own process it is always known
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// CPU returns the user and system time that f cost this process.
func CPU(f func()) time.Duration {
	start := Used()
	f()
	return Used() - start
}

// bare counts the events, and touches every field that the landing model of an
// Okta System Log reads.
const bare = `select count(uuid), count(published) + count(eventType) + count(legacyEventType) + count(actor.id)
	+ count(actor.type) + count(actor.alternateId) + count(outcome.result) + sum(len(target)) + count(target[1].id) + count(target[1].type)
	from read_json([%s], format = 'newline_delimited', hive_partitioning = false, columns = {
	uuid: 'VARCHAR', published: 'VARCHAR', eventType: 'VARCHAR', legacyEventType: 'VARCHAR',
	actor: 'STRUCT(id VARCHAR, "type" VARCHAR, alternateId VARCHAR)', outcome: 'STRUCT("result" VARCHAR)',
	target: 'STRUCT(id VARCHAR, "type" VARCHAR)[]'})`

// Bare reads the named segments of an Okta System Log, of which there is at
// least one, as its landing model does and does nothing more. It returns the
// number of events. Names may be patterns.
func Bare(ctx context.Context, o store.Options, files ...string) (int64, error) {
	db, err := store.Open(ctx, "", o)
	if err != nil {
		return 0, err
	}
	quoted := make([]string, len(files))
	for i, f := range files {
		quoted[i] = store.Quote(f)
	}
	var events, touched int64
	err = db.QueryRowContext(ctx, fmt.Sprintf(bare, strings.Join(quoted, ", "))).Scan(&events, &touched)
	if err = errors.Join(err, db.Close()); err != nil {
		return 0, fmt.Errorf("read the log: %w", err)
	}
	return events, nil
}
