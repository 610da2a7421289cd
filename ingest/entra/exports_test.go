package entra

import (
	"testing"

	"winnow/ingest"
	fake "winnow/internal/fake/entra"
	"winnow/internal/lake"
)

// A folder of exports serves its streams beside the tenant's own, is covered to
// its last event and no further, and leaves the others to the tenant.
func TestExportsBesideATenant(t *testing.T) {
	dir, c := t.TempDir(), newClock()
	save(t, dir, SignInsExport, `{"category":"SignInLogs","time":"2026-04-20T10:05:00Z","properties":{"id":"old","createdDateTime":"2026-04-20T10:00:00Z","userId":"u1","appId":"a1","status":{"errorCode":0}}}`,
		`{"category":"SignInLogs","time":"2026-04-22T10:05:00Z","properties":{"id":"older","createdDateTime":"2026-04-22T10:00:00Z","userId":"u1","appId":"a1","status":{"errorCode":0}}}`)
	_, src := serve(t, tenant(t), fake.Options{}, c)
	src.opt.Exports = Exports(dir)
	lk, err := lake.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	reports, err := ingest.Pull(t.Context(), lk, "e", src, ingest.Options{AsOf: asOf, Clock: c.now})
	if err != nil || len(reports) != 20 {
		t.Fatalf("%d streams, %v", len(reports), err)
	}
	for _, r := range reports {
		if r.Err != nil || (r.Absent != nil) != (r.Stream == AuditsExport) {
			t.Errorf("%s: %v, absent %v", r.Stream, r.Err, r.Absent)
		}
	}
	for stream, want := range map[string]string{string(SignInsExport): "2026-04-20 2026-04-22", string(SignIns): "2026-04-30 2026-05-02"} {
		all, err := lk.Manifests(lake.StreamID{Source: "e", Stream: endpointNamed(t, stream).Name})
		if err != nil || len(all) == 0 {
			t.Fatalf("%s: %v", stream, err)
		}
		days := all[len(all)-1].Coverage
		if got := string(days[0].Day) + " " + string(days[len(days)-1].Day); got != want {
			t.Errorf("%s covers %s, want %s", stream, got, want)
		}
	}
}

func endpointNamed(t *testing.T, name string) endpoint {
	t.Helper()
	for _, e := range endpoints {
		if string(e.Name) == name {
			return e
		}
	}
	t.Fatalf("no stream %s", name)
	return endpoint{}
}
