package trace_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/trace"
)

// land seals one batch of lines and returns its manifest.
func land(t *testing.T, lk *lake.Lake, m lake.Manifest, day access.Day, lines ...string) lake.Manifest {
	t.Helper()
	b, err := lk.Begin(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		if err := b.Append(day, []byte(l), ""); err != nil {
			t.Fatal(err)
		}
	}
	sealed, err := b.Seal(func(s *lake.Manifest) { s.Complete = true })
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestRecordsFindsLinesVerbatim(t *testing.T) {
	lk, err := lake.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	logs := lake.StreamID{Source: "okta", Stream: "system_log"}
	land(t, lk, lake.Manifest{Source: "okta", Stream: "system_log", Pull: "p000001", Events: true}, "2026-08-31",
		`{"uuid": "e1","n":1.0}`, `{"uuid":"e10"}`, `{"uuid":"e1","again":true}`)
	land(t, lk, lake.Manifest{Source: "okta", Stream: "system_log", Pull: "p000002", Events: true}, "2026-08-31", `{"uuid":"e1","third":1}`)
	land(t, lk, lake.Manifest{Source: "okta", Stream: "system_log", Pull: "p000002", Batch: 1, Events: true}, "2026-08-30", `{"uuid":"e1","day":30}`)

	got, err := trace.Records(context.Background(), lk, trace.Want{StreamID: logs, Day: "2026-08-31", IDs: []string{"e1"}, Most: 9})
	if err != nil {
		t.Fatal(err)
	}
	var bodies []string
	for _, r := range got {
		bodies = append(bodies, string(r.Body))
	}
	if want := `{"uuid": "e1","n":1.0} {"uuid":"e1","again":true} {"uuid":"e1","third":1}`; strings.Join(bodies, " ") != want {
		t.Errorf("found %q\nwant  %q", bodies, want)
	}
	if got[1].Line != 3 || len(got[1].SHA256) != 64 {
		t.Errorf("the second hit lies at %+v, want line 3 and a seal", got[1])
	}
	if few, err := trace.Records(context.Background(), lk, trace.Want{StreamID: logs, Day: "2026-08-31", IDs: []string{"e1"}, Most: 2}); err != nil || len(few) != 2 {
		t.Errorf("asked for two: %d, %v", len(few), err)
	}
}

func TestRecordsBelievesTheNewestGoodInventory(t *testing.T) {
	lk, err := lake.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	id := lake.StreamID{Source: "okta", Stream: "users"}
	land(t, lk, lake.Manifest{Source: "okta", Stream: "users", Pull: "p000001"}, "", `{"id":"u1","old":1}`)
	land(t, lk, lake.Manifest{Source: "okta", Stream: "users", Pull: "p000002"}, "", `{"id":"u1","new":1}`)
	land(t, lk, lake.Manifest{Source: "okta", Stream: "users", Pull: "p000003", Held: "it shrank"}, "", `{"id":"u1","held":1}`)
	got, err := trace.Records(context.Background(), lk, trace.Want{StreamID: id, IDs: []string{"u1"}, Most: 9})
	if err != nil || len(got) != 1 || string(got[0].Body) != `{"id":"u1","new":1}` {
		t.Errorf("found %v, %v; want the second generation only", got, err)
	}
}

func TestRecordsRefusesABrokenSeal(t *testing.T) {
	lk, err := lake.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	m := land(t, lk, lake.Manifest{Source: "okta", Stream: "users", Pull: "p000001"}, "", `{"id":"u1"}`)
	if err := os.Truncate(filepath.Join(lk.Dir, m.Segments[0].Path), m.Segments[0].Bytes-1); err != nil {
		t.Fatal(err)
	}
	_, err = trace.Records(context.Background(), lk, trace.Want{StreamID: lake.StreamID{Source: "okta", Stream: "users"}, IDs: []string{"u1"}, Most: 1})
	if err == nil || access.HintOf(err) == "" {
		t.Errorf("Records = %v, want an error with a hint", err)
	}
}
