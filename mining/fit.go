package mining

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"strings"
)

// An input is one column of marts.idle_feature, the sign that its coefficient
// must have, and its built-in coefficients for a short and for a long log.
type input struct {
	name        string
	sign        int
	short, long float64
}

// An idleModel is one branch of the idle model.
type idleModel struct {
	branch      string
	inputs      []input
	short, long float64 // built-in intercepts
}

// longLog is the number of covered days from which the built-in coefficients
// for a long log serve. On a shorter one a tool that is used once a quarter
// cannot be told from one that fell out of use, and they stay far from certain.
const longLog = 150

// idleModels are the branches. The built-in coefficients foretell use within 90
// days. They were fitted on two generated companies at five cuts each, apart
// from apps in their silent season: the long ones with 180 and 300 days of log,
// the short ones with 30 to 300 (docs/decisions/0003).
var idleModels = []idleModel{
	{"used", []input{
		{"x_active", +1, 0.98, 0.58}, {"x_quiet", -1, 0, 0}, {"x_exposure", 0, -1.63, -0.57}, {"x_pace", -1, -0.99, -1.39},
		{"x_own", -1, -0.01, -0.08}, {"x_rate", +1, 1.79, 3.88}, {"x_share", +1, 4.23, 3.93}, {"x_person", -1, 0, -0.06}}, 5.91, 1.62},
	{"never", []input{{"x_exposure", -1, -1.24, -1.24}, {"x_share", +1, 2.39, 2.39}, {"x_person", -1, -0.04, -0.04}}, 3.29, 3.29},
}

// prior returns the built-in intercept and coefficients.
func (m idleModel) prior(covered int) (float64, []float64) {
	intercept, coef := m.short, make([]float64, len(m.inputs))
	if covered >= longLog {
		intercept = m.long
	}
	for i, in := range m.inputs {
		coef[i] = in.short
		if covered >= longLog {
			coef[i] = in.long
		}
	}
	return intercept, coef
}

// The least that a fit on the tenant's own history needs; below it the
// built-in coefficients serve.
const (
	minFitCases   = 400
	minFitMinor   = 30 // of the rarer outcome
	minFitCovered = 45 // covered days
)

// fillModelFit fits each branch on marts.idle_bin and writes marts.model_fit.
func (b *Build) fillModelFit(ctx context.Context, conn *sql.Conn) error {
	var covered int
	err := conn.QueryRowContext(ctx, "select coalesce(max(covered_days), 0) from core.reference where ref = 0").Scan(&covered)
	if err != nil {
		return fmt.Errorf("read the covered days: %w", err)
	}
	for _, m := range idleModels {
		bins, err := readBins(ctx, conn, m)
		if err != nil {
			return err
		}
		if err := writeFit(ctx, conn, m, bins, covered); err != nil {
			return err
		}
	}
	return nil
}

// readBins reads the branch's training set in the order of its inputs.
func readBins(ctx context.Context, db *sql.Conn, m idleModel) ([]bin, error) {
	names := make([]string, len(m.inputs))
	for i, in := range m.inputs {
		names[i] = in.name
	}
	cols := strings.Join(names, ", ")
	rows, err := db.QueryContext(ctx, "select "+cols+", sum(n)::double, sum(used)::double from marts.idle_bin where branch = ? group by "+
		cols+" order by "+cols, m.branch)
	if err != nil {
		return nil, fmt.Errorf("read the training set: %w", err)
	}
	defer rows.Close()
	var out []bin
	for rows.Next() {
		c := bin{x: make([]float64, len(m.inputs))}
		dest := make([]any, 0, len(c.x)+2)
		for i := range c.x {
			dest = append(dest, &c.x[i])
		}
		if err := rows.Scan(append(dest, &c.n, &c.used)...); err != nil {
			return nil, fmt.Errorf("read the training set: %w", err)
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// writeFit writes one branch's coefficients, fitted or built in.
func writeFit(ctx context.Context, conn *sql.Conn, m idleModel, bins []bin, covered int) error {
	var n, used float64
	h := sha256.New()
	sign := make([]int, len(m.inputs))
	for i, in := range m.inputs {
		sign[i] = in.sign
	}
	for _, c := range bins {
		n, used = n+c.n, used+c.used
		_ = binary.Write(h, binary.LittleEndian, append(append([]float64{}, c.x...), c.n, c.used))
	}
	method := "prior"
	intercept, coef := m.prior(covered)
	if covered >= minFitCovered && n >= minFitCases && math.Min(used, n-used) >= minFitMinor {
		var err error
		if intercept, coef, err = fitLogistic(bins, sign); err != nil {
			return err
		}
		method = "fitted"
	}
	insert := func(feature string, value float64) error {
		_, err := conn.ExecContext(ctx, "insert into snapshot.marts.model_fit values (?, ?, round(?, 6), ?, ?, ?, ?)",
			"idle_"+m.branch, feature, value, method, int64(n), int64(used), hex.EncodeToString(h.Sum(nil))[:16])
		return err
	}
	if err := insert("intercept", intercept); err != nil {
		return fmt.Errorf("write the fit: %w", err)
	}
	for i, in := range m.inputs {
		if err := insert(in.name, coef[i]); err != nil {
			return fmt.Errorf("write the fit: %w", err)
		}
	}
	return nil
}
