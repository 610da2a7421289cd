package backtest

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

const (
	// MinCoveredDays is the number of covered days that must lie before a cut.
	MinCoveredDays = 45
	// MaxCuts is how many cuts are judged where none is named.
	MaxCuts = 6
)

// A Cut is an instant to stand at, or one that was left out and why.
type Cut struct {
	At      time.Time `json:"cut"`
	Covered int       `json:"covered_days_before"` // of the source that has most
	Why     string    `json:"left_out,omitempty"`
}

// Every lists the first days of the months, or of the quarters, from the first
// day to the last, both included.
func Every(months int, from, to time.Time) (out []time.Time) {
	at := time.Date(from.Year(), from.Month(), 1, 0, 0, 0, 0, time.UTC)
	for ; !at.After(to); at = at.AddDate(0, 1, 0) {
		if !at.Before(from) && (int(at.Month())-1)%months == 0 {
			out = append(out, at)
		}
	}
	return out
}

// Plan says which of the instants can be judged: those with enough covered days
// before them and the whole horizon after them. Where none is named, they are
// the first days of the last months that can, at most MaxCuts, oldest first.
func (b *Bench) Plan(ctx context.Context, named []time.Time) (out []Cut, err error) {
	chosen := len(named) > 0
	if !chosen {
		named = Every(1, b.asOf.AddDate(-10, 0, 0), b.asOf)
	}
	err = b.read(ctx, func(db *sql.DB) error {
		for _, at := range named {
			c := Cut{At: at.UTC()}
			err := db.QueryRowContext(ctx, `select coalesce(max(n), 0) from (select count(*) as n from core.covered_day
				where day < ?::timestamp::date group by source)`, c.At).Scan(&c.Covered)
			if err != nil {
				return fmt.Errorf("count the covered days before %s: %w", c.At.Format(time.DateOnly), err)
			}
			switch {
			case c.Covered < MinCoveredDays:
				c.Why = fmt.Sprintf("%d covered days before it, %d are needed", c.Covered, MinCoveredDays)
			case c.At.AddDate(0, 0, b.HorizonDays).After(b.asOf):
				c.Why = fmt.Sprintf("its %d days ahead end after %s", b.HorizonDays, b.asOf.Format(time.DateOnly))
			}
			out = append(out, c)
		}
		return nil
	})
	if err != nil || chosen {
		return out, err
	}
	out = slices.DeleteFunc(out, func(c Cut) bool { return c.Why != "" })
	return out[max(0, len(out)-MaxCuts):], nil
}
