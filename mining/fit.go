package mining

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
)

// fillModelFit fits each branch on marts.idle_bin and writes marts.model_fit.
func (b *Build) fillModelFit(ctx context.Context, conn *sql.Conn) error {
	var covered int
	err := conn.QueryRowContext(ctx, "select coalesce(max(covered_days), 0) from core.reference where ref = 0").Scan(&covered)
	if err != nil {
		return fmt.Errorf("read the covered days: %w", err)
	}
	var method string
	var horizon int
	err = conn.QueryRowContext(ctx, "select coalesce(min(idle_method), ''), coalesce(min(horizon_days), 90) from config.policy").Scan(&method, &horizon)
	if err != nil {
		return fmt.Errorf("read how idleness is judged: %w", err)
	}
	for _, m := range idleModels {
		if method == recencyMethod {
			if err := writeRecency(ctx, conn, m, horizon); err != nil {
				return err
			}
			continue
		}
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

// writeFit writes one branch's coefficients, fitted or, where too little is known
// or the fit finds no end, built in.
func writeFit(ctx context.Context, conn *sql.Conn, m idleModel, bins []bin, covered int) error {
	var n, used float64
	h := sha256.New()
	for _, c := range bins {
		n, used = n+c.n, used+c.used
		_ = binary.Write(h, binary.LittleEndian, append(append([]float64{}, c.x...), c.n, c.used))
	}
	method := "prior"
	intercept, coef := m.prior(covered)
	if enough(n, used, covered) {
		l := logit{what: "the idle model", bins: bins, sign: m.signs(), ridge: evenly(ridge, len(m.inputs))}
		// A fit that finds no end leaves the built-in coefficients, which every
		// verdict names, and not a night without a snapshot.
		if b0, b1, err := l.fit(); err == nil {
			intercept, coef, method = b0, b1, "fitted"
		}
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
