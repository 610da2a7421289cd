package mining

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strings"
)

// A removalInput is one input of the removal model: a column x_<name> of
// marts.removal_feature, the sign that its coefficient must have (0 where
// meaning demands none), and the built-in coefficient per standard deviation.
type removalInput struct {
	name  string
	sign  int
	prior float64
}

// removalWeight is the built-in coefficient of every input that has a sign: all
// count alike until the tenant's own history says otherwise (Dawes 1979, The
// robust beauty of improper linear models). It was not fitted to any data.
const removalWeight = 0.15

// removalInputs are the inputs of the removal model.
var removalInputs = []removalInput{
	{"support", -1, -removalWeight}, // those who hold what I hold hold it too
	{"lost", +1, removalWeight},     // those who hold what I hold have lost it
	{"alone", -1, -removalWeight},   // with the last thing goes the person, who then does not stay
	{"churn", +1, removalWeight},    // it, and what is like it, is taken from many
	{"term", -1, -removalWeight},    // it is held for long
	{"family", +1, removalWeight},   // things of that name come to an end
	{"holdings", +1, removalWeight}, // who holds much loses some of it
	{"changed", -1, -removalWeight}, // a person whose access has just changed is on the move
	{"loss", +1, removalWeight},     // a person from whom much was taken
	{"unseen", 0, 0},                // no log shows the person
}

const (
	// removalPriorIntercept is the built-in log odds of a withdrawal within
	// 180 days, about one in twenty. History outweighs it at once.
	removalPriorIntercept = -3.0
	// removalRidge draws each coefficient towards the built-in one, in units of
	// the information of a standardised input: about 10,000 pairs of which one
	// in twenty is withdrawn weigh as much.
	removalRidge = 500.0
	// removalHeldOut is the first reference whose withdrawals were over before
	// the newest one began.
	removalHeldOut = 3
)

// fillRemovalFit fits the removal model on marts.removal_bin and writes
// marts.removal_fit: once with all references for use, and once without the
// newest ones, so that marts.removal_reliability can hold it against them.
func (b *Build) fillRemovalFit(ctx context.Context, conn *sql.Conn) error {
	for _, model := range []struct {
		name string
		from int // the newest reference that is used
	}{{"now", 1}, {"held_out", removalHeldOut}} {
		bins, digest, err := readRemovalBins(ctx, conn, model.from)
		if err != nil {
			return err
		}
		fit, err := fitRemoval(bins)
		if err != nil {
			return err
		}
		if err := fit.write(ctx, conn, model.name, digest); err != nil {
			return err
		}
	}
	return nil
}

// readRemovalBins reads the training set from a reference backwards, and its
// digest.
func readRemovalBins(ctx context.Context, conn *sql.Conn, from int) (bins []bin, digest string, err error) {
	names := make([]string, len(removalInputs))
	for i, in := range removalInputs {
		names[i] = "z_" + in.name
	}
	cols := strings.Join(names, ", ")
	rows, err := conn.QueryContext(ctx, "select "+cols+", sum(n)::double, sum(removed)::double from marts.removal_bin where ref >= ? group by "+
		cols+" order by "+cols, from)
	if err != nil {
		return nil, "", fmt.Errorf("read the withdrawals of the past: %w", err)
	}
	defer rows.Close()
	h := sha256.New()
	for rows.Next() {
		c := bin{x: make([]float64, len(names))}
		dest := make([]any, 0, len(names)+2)
		for i := range c.x {
			dest = append(dest, &c.x[i])
		}
		if err := rows.Scan(append(dest, &c.n, &c.used)...); err != nil {
			return nil, "", fmt.Errorf("read the withdrawals of the past: %w", err)
		}
		fmt.Fprintln(h, c.x, c.n, c.used)
		bins = append(bins, c)
	}
	return bins, hex.EncodeToString(h.Sum(nil))[:16], rows.Err()
}

// A removalFit holds the coefficients, and how many pairs they rest on.
type removalFit struct {
	intercept    float64
	coef         []float64
	n, positives float64
}

// method says fitted once the history is long enough to be called one. The
// coefficients change smoothly on either side of it.
func (f removalFit) method() string {
	if f.n >= minFitCases && f.positives >= minFitMinor {
		return "fitted"
	}
	return "prior"
}

// write appends the fit to marts.removal_fit.
func (f removalFit) write(ctx context.Context, conn *sql.Conn, model, digest string) error {
	insert := func(feature string, value, prior float64) error {
		_, err := conn.ExecContext(ctx, "insert into snapshot.marts.removal_fit values (?, ?, round(?, 6), ?, ?, ?, ?, ?)",
			model, feature, value, prior, f.method(), int64(f.n), int64(f.positives), digest)
		if err != nil {
			return fmt.Errorf("write the removal model: %w", err)
		}
		return nil
	}
	if err := insert("intercept", f.intercept, removalPriorIntercept); err != nil {
		return err
	}
	for i, in := range removalInputs {
		if err := insert("x_"+in.name, f.coef[i], in.prior); err != nil {
			return err
		}
	}
	return nil
}
