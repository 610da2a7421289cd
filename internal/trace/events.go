package trace

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"winnow/internal/access"
	"winnow/internal/lake"
)

// An Event is one row of the typed lake.
type Event struct {
	ID          string
	At          time.Time // UTC
	Kind        string    // use, grant, revoke and so on, as the landing models say
	Outcome     string
	EventType   string // the platform's own name
	Account     string // native id
	Entitlement string // native id or alias, as the log has it
	Source      access.SourceName
	Stream      access.StreamName
	Day         access.Day
}

const eventSQL = `select event_id, "at", kind, coalesce(outcome, ''), coalesce(event_type, ''), account, entitlement, stream
	from read_parquet(?, hive_partitioning = true, hive_types = {'source': varchar, 'stream': varchar, 'day': date})
	where fault is null and kind = 'use' and account = ? and list_contains(?::varchar[], entitlement)
	order by outcome = 'success' desc, "at" desc, event_id limit ?`

// Uses returns up to most events, the newest first, in which the account used
// one of the entitlements on the day. Account and entitlements are native ids.
// A day whose events were purged has none.
func Uses(ctx context.Context, db *sql.DB, lk *lake.Lake, source access.SourceName, day access.Day, account string, entitlements []string, most int) (out []Event, err error) {
	pattern := filepath.Join(lk.Dir, "event", "source="+string(source), "stream=*", "day="+string(day), "*.parquet")
	if files, err := filepath.Glob(pattern); err != nil || len(files) == 0 {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, eventSQL, pattern, account, entitlements, most)
	if err != nil {
		return nil, fmt.Errorf("read the events of %s: %w", day, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		e := Event{Source: source, Day: day}
		if err := rows.Scan(&e.ID, &e.At, &e.Kind, &e.Outcome, &e.EventType, &e.Account, &e.Entitlement, &e.Stream); err != nil {
			return nil, fmt.Errorf("read an event of %s: %w", day, err)
		}
		out = append(out, e)
	}
	return out, rows.Err()
}
