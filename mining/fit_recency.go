package mining

import (
	"context"
	"database/sql"
	"fmt"
	"math"
)

// recencyMethod is the value of idle.method that turns the model off.
const recencyMethod = "recency"

// The convention that stands in for a fit: at the configured horizon of silence
// one in ten is used again, and the odds fall with the square of the silence.
const (
	recencyAtHorizon = 0.1
	recencySlope     = -2.0
)

// writeRecency writes coefficients with which nothing but the quiet days speaks.
func writeRecency(ctx context.Context, conn *sql.Conn, m idleModel, horizonDays int) error {
	quiet := math.Round(math.Log(1+float64(horizonDays))*100) / 100 // as marts.idle_feature has it
	intercept := math.Log(recencyAtHorizon/(1-recencyAtHorizon)) - recencySlope*quiet
	for _, c := range []struct {
		feature string
		value   float64
	}{{"intercept", intercept}, {"x_quiet", recencySlope}} {
		_, err := conn.ExecContext(ctx, "insert into snapshot.marts.model_fit values (?, ?, round(?, 6), ?, 0, 0, '')",
			"idle_"+m.branch, c.feature, c.value, recencyMethod)
		if err != nil {
			return fmt.Errorf("write the convention of recency: %w", err)
		}
	}
	return nil
}
