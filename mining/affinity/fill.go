package affinity

import (
	"bufio"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"winnow/internal/store"
)

// How many ranks a person gets: every night a short list, and where a backtest
// has to tell a late rank from a missing one, more, as far as a large tenant's
// rows allow.
const (
	NightRanks = 20
	PastRanks  = 200

	leastRanks = 20
	rankRows   = 2_000_000 // in all, beyond the least
)

// Fill chooses the way to rank on the tenant's own past and writes
// marts.grant_method and marts.grant_rank, which stand empty in the attached
// snapshot. A person gets at most most ranks. Rows pass through a file in dir. Errors are those of the database
// and of the file, and a fit that finds no solution.
func Fill(ctx context.Context, conn *sql.Conn, dir string, most int) error {
	a, err := load(ctx, conn)
	if err != nil {
		return err
	}
	cases, err := a.choices()
	if err != nil {
		return err
	}
	methods, err := judge(cases)
	if err != nil {
		return err
	}
	if err := writeMethods(ctx, conn, methods, cases); err != nil {
		return err
	}
	s, err := a.stand(a.at)
	if err != nil {
		return err
	}
	keep := max(leastRanks, min(most, rankRows/max(1, len(a.hopeful))))
	list, err := s.ranking(rounded(chosen(methods)), keep, a.holds())
	if err != nil {
		return err
	}
	return writeRanks(ctx, conn, dir, list)
}

// holds is everything that people hold now, opened or not.
func (a *affinity) holds() *bipartite {
	return newBipartite(a.people, a.items, mergeEdges(a.heldAt(a.at), a.hidden))
}

// mergeEdges joins two ordered lists, each pair once.
func mergeEdges(a, b []edge) []edge {
	out := make([]edge, 0, len(a)+len(b))
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].before(b[0]):
			out, a = append(out, a[0]), a[1:]
		case len(a) == 0 || b[0].before(a[0]):
			out, b = append(out, b[0]), b[1:]
		default:
			b = b[1:]
		}
	}
	return out
}

func (e edge) before(f edge) bool {
	return e.person < f.person || e.person == f.person && e.item < f.item
}

// rounded is how weights are published, and used.
func rounded(w vector) vector {
	for j := range w {
		w[j], _ = strconv.ParseFloat(strconv.FormatFloat(w[j], 'f', 6, 64), 64)
	}
	return w
}

// writeMethods writes marts.grant_method.
func writeMethods(ctx context.Context, conn *sql.Conn, methods []method, cases []choice) error {
	h := sha256.New()
	for _, c := range cases {
		_ = binary.Write(h, binary.LittleEndian, []int32{int32(c.cut), c.person, int32(c.got)})
		_ = binary.Write(h, binary.LittleEndian, c.items)
	}
	digest := hex.EncodeToString(h.Sum(nil))[:16]
	for _, m := range methods {
		on := 0
		if m.name == "fitted" && len(cases) >= minChoices {
			on = len(cases)
		}
		args := []any{m.name, m.cases, m.hit5, m.mrr, m.ln, m.chosen, on}
		for _, w := range rounded(m.weights) {
			args = append(args, w)
		}
		const row = "insert into snapshot.marts.grant_method values (?, ?, round(?, 6), round(?, 6), round(?, 6), ?, ?, ?, ?, ?, ?, ?, ?, ?)"
		if _, err := conn.ExecContext(ctx, row, append(args, digest)...); err != nil {
			return fmt.Errorf("write the ways to rank: %w", err)
		}
	}
	return nil
}

// writeRanks writes marts.grant_rank through a file that DuckDB reads.
func writeRanks(ctx context.Context, conn *sql.Conn, dir string, list []ranked) error {
	path := filepath.Join(dir, "grant_rank.csv")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write the ranking: %w", err)
	}
	defer os.Remove(path)
	w := bufio.NewWriterSize(f, 1<<20)
	var line []byte
	for k := range list {
		line = list[k].append(line[:0])
		if _, err := w.Write(line); err != nil {
			return errors.Join(fmt.Errorf("write the ranking: %w", err), f.Close())
		}
	}
	if err := errors.Join(w.Flush(), f.Close()); err != nil {
		return fmt.Errorf("write the ranking: %w", err)
	}
	_, err = conn.ExecContext(ctx, "insert into snapshot.marts.grant_rank select * from read_csv("+store.Quote(path)+", columns = "+rankColumns+
		", header = false, auto_detect = false) order by identity_key, rank")
	if err != nil {
		return fmt.Errorf("write the ranking: %w", err)
	}
	return nil
}

// rankColumns are the columns of the file, as DuckDB reads them.
var rankColumns = func() string {
	var b strings.Builder
	b.WriteString("{'identity_key': 'INTEGER', 'entitlement_key': 'INTEGER', 'rank': 'INTEGER', 'score': 'DOUBLE'")
	for _, n := range inputNames {
		b.WriteString(", '" + n + "': 'DOUBLE'")
	}
	b.WriteString(`, 'similar_people': 'INTEGER', 'similar_holders': 'INTEGER', 'similar_users': 'INTEGER', 'use_holders': 'INTEGER',
		'implied_by': 'INTEGER', 'implied_share': 'DOUBLE', 'peer_share': 'DOUBLE', 'recent_grants': 'INTEGER'}`)
	return b.String()
}()

// append writes the row as a line of CSV.
func (r *ranked) append(line []byte) []byte {
	whole := func(n int) { line = append(strconv.AppendInt(line, int64(n), 10), ',') }
	fraction := func(v float64) { line = append(strconv.AppendFloat(line, v, 'f', 6, 64), ',') }
	whole(int(r.person))
	whole(int(r.item))
	whole(r.rank)
	fraction(r.score)
	for _, v := range r.x {
		fraction(v)
	}
	whole(r.similarN)
	whole(int(r.tie.similarK))
	whole(r.useN)
	whole(int(r.tie.useK))
	if r.tie.by >= 0 {
		line = strconv.AppendInt(line, int64(r.tie.by), 10)
	}
	line = append(line, ',')
	fraction(float64(r.tie.implied))
	fraction(float64(r.tie.share))
	return append(strconv.AppendInt(line, int64(r.recent), 10), '\n')
}
