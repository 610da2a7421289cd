//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"testing"

	"winnow/ingest"
	"winnow/ingest/okta"
	"winnow/ingest/scim"
	"winnow/ingest/sourcetest"
	"winnow/internal/access"
)

// The models read what the peers served, on a real DuckDB, and find as many
// accounts, entitlements and memberships as were seeded, without a fault.

func TestSCIMModels(t *testing.T) {
	seeds := directory()
	s, err := scim.New(scim.Config{BaseURL: provider(t, seeds, "t1", "7"), AccessToken: "t1"})
	if err != nil {
		t.Fatal(err)
	}
	users, grps := len(seeds[scim.Users]), len(seeds[scim.Groups])
	members, roles := users+2+3*(grps-3), users/2
	modelled(t, "scim", s, scim.Streams(), map[string]int{
		"account":         users,
		"entitlement":     grps + 1, // and the one role
		"assignment_edge": members + roles,
		"nesting":         1,
	})
}

func TestOktaModels(t *testing.T) {
	s, err := okta.New(okta.Config{OrgURL: emulator(t, org()), APIToken: "t1"})
	if err != nil {
		t.Fatal(err)
	}
	modelled(t, "okta", s, okta.Streams(), map[string]int{
		"account":         staged,
		"entitlement":     groups + 1 + apps + 1, // the emulator adds everyone, and an app of its own
		"assignment_edge": 2*(staged+active) + 1, // and its own user in everyone
	})
}

// modelled lands a source, runs the landing models over what landed, and counts
// the rows of staging models.
func modelled(t *testing.T, typ string, s ingest.Source, streams []ingest.Stream, want map[string]int) {
	t.Helper()
	lk, _ := sourcetest.Pull(t, s, 0)
	t.Chdir("../ingest/" + typ) // where the models are looked for from
	d := sourcetest.Open(t, typ)
	for _, stream := range streams {
		table := "landed." + typ + "_" + string(stream.Name)
		lines := sourcetest.Landed(t, lk, stream.Name)
		d.Land(stream.Name, "s", lines...)
		d.Same(table, "select count(*), count(fault) from "+table, fmt.Sprintf("%d|0", len(lines)))
	}
	for name, rows := range want {
		statement, err := os.ReadFile("../../mining/models/staging/" + name + "/" + typ + ".sql")
		if err != nil {
			t.Fatal(err)
		}
		d.Same(name, "select count(*) from ("+string(statement)+")", fmt.Sprint(rows))
	}
}

// The doctor's checks of either peer say what works and what is missing.

func TestOktaCheck(t *testing.T) {
	s, err := okta.New(okta.Config{OrgURL: emulator(t, org()), APIToken: "t1"})
	if err != nil {
		t.Fatal(err)
	}
	found, err := s.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	levels := map[access.StreamName]ingest.Level{}
	for _, f := range found {
		t.Logf("%+v", f)
		if f.Level != ingest.OK && f.Hint == "" {
			t.Errorf("no way out: %+v", f)
		}
		levels[f.Stream] = f.Level
	}
	for stream, want := range map[access.StreamName]ingest.Level{"": ingest.OK, okta.SystemLog: ingest.Failure, okta.Users: ingest.OK,
		okta.Groups: ingest.OK, okta.Apps: ingest.OK, okta.UserRoles: ingest.Warning, okta.Campaigns: ingest.Warning} {
		if levels[stream] != want {
			t.Errorf("%q: %q, want %q", stream, levels[stream], want)
		}
	}
}
