package acceptance_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"path/filepath"
	"testing"

	"winnow/internal/access"
	"winnow/internal/store"
)

// shell opens a copy of a snapshot, since within one process two that open a
// file share their settings.
func shell(t testing.TB, snapshot string) *sql.Conn {
	t.Helper()
	alone := filepath.Join(t.TempDir(), "winnow.duckdb")
	copyTree(t, snapshot, alone)
	return analyst(t, alone)
}

// analyst opens a snapshot as a stock shell does, fenced: queries that came with
// a mail can read it and nothing else.
func analyst(t testing.TB, snapshot string) *sql.Conn {
	t.Helper()
	db, err := store.Open(context.Background(), snapshot, store.Options{ReadOnly: true, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := db.Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	do(t, conn, "set enable_external_access = false")
	do(t, conn, "set lock_configuration = true")
	return conn
}

// A advised is what a recommendation says of itself.
type advised struct {
	ID     string          `json:"recommendation_id"`
	Action access.Action   `json:"action"`
	Query  string          `json:"evidence_query"`
	Hash   string          `json:"evidence_hash"`
	Claims json.RawMessage `json:"claims"`
	Row    string          `json:"row_hash"` // of the evidence as it stands in the snapshot
}

// Every number of every recommendation can be asked for again, on the snapshot
// alone, and the evidence is the one that was sealed.
func TestEvidenceAnswersForItself(t *testing.T) {
	t.Parallel()
	conn := shell(t, secondNight(t).snapshot())
	seen := map[access.Action]int{}
	for _, text := range texts(t, conn, `select to_json(x)::varchar from (
		select r.recommendation_id, r.action, r.evidence_query, r.evidence_hash, r.claims, sha256(to_json(e)::varchar) as row_hash
		from marts.recommendation as r left join marts.evidence as e using (identity_id, entitlement_id)) as x`) {
		var a advised
		if err := json.Unmarshal([]byte(text), &a); err != nil {
			t.Fatal(err)
		}
		seen[a.Action]++
		if a.Hash != a.Row || a.Hash == "" {
			t.Errorf("%s: evidence_hash is %s, the evidence has %s", a.ID, a.Hash, a.Row)
		}
		a.ask(t, conn)
	}
	for _, action := range access.Actions {
		if seen[action] == 0 {
			t.Errorf("no %s among the recommendations: %v", action, seen)
		}
	}
}

// ask runs the evidence query and holds its one row against the claims: a
// column for each slot of each claim, with the very value.
func (a advised) ask(t *testing.T, conn *sql.Conn) {
	t.Helper()
	rows := texts(t, conn, "select to_json(x)::varchar from ("+a.Query+") as x")
	if len(rows) != 1 {
		t.Errorf("%s: %d rows of evidence", a.ID, len(rows))
		return
	}
	got, want := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	var claims []struct {
		ID     string
		Values map[string]json.RawMessage
	}
	if err := json.Unmarshal(a.Claims, &claims); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(rows[0]), &got); err != nil {
		t.Fatal(err)
	}
	for _, c := range claims {
		for slot, v := range c.Values {
			want[c.ID+"."+slot] = v
		}
	}
	if len(claims) == 0 || len(want) == 0 && len(got) != 1 || len(want) > 0 && len(got) != len(want) {
		t.Errorf("%s: %d columns for %d values of %d claims", a.ID, len(got), len(want), len(claims))
	}
	for slot, v := range want {
		if !bytes.Equal(got[slot], v) {
			t.Errorf("%s: %s is %s in the claim and %s in the evidence", a.ID, slot, v, got[slot])
		}
	}
}
