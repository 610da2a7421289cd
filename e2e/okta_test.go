//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"winnow/ingest"
	"winnow/ingest/okta"
	"winnow/ingest/sourcetest"
	"winnow/internal/access"
	"winnow/internal/lake"
	"winnow/internal/rest"
)

// The emulator serves thirty items a page whatever it is asked for: users,
// groups and apps are three pages each.
const (
	staged = 65 // users whom the emulator's filter shows
	active = 40 // users whom it does not, see TestOkta
	groups = 61
	apps   = 62
)

// hostile is the description of a group that strangers could write.
const hostile = "<b>\"x\" \\ \u202egpj.exe ' ; drop table users; -- 🙂 {c1.days}"

type row = map[string]any

// org is the seeds of the emulator. Members and assignments are spread so that
// some containers have none, and users of either status are among them.
func org() row {
	var users, inGroups, inApps, allGroups, allApps []row
	for i := range staged + active {
		status := "STAGED"
		if i >= staged {
			status = "ACTIVE"
		}
		id := fmt.Sprintf("00u%03d", i)
		users = append(users, row{"okta_id": id, "login": fmt.Sprintf("u%03d@acme.example", i), "first_name": "Üñï", "last_name": fmt.Sprint(i), "status": status})
		inGroups = append(inGroups, row{"group_okta_id": fmt.Sprintf("00g%03d", i%7), "user_okta_id": id})
		inApps = append(inApps, row{"app_okta_id": fmt.Sprintf("0oa%03d", i%11), "user_okta_id": id})
	}
	for i := range groups {
		allGroups = append(allGroups, row{"okta_id": fmt.Sprintf("00g%03d", i), "name": fmt.Sprintf("Group %03d", i), "description": hostile})
	}
	for i := range apps {
		allApps = append(allApps, row{"okta_id": fmt.Sprintf("0oa%03d", i), "name": fmt.Sprintf("app_%03d", i), "label": hostile})
	}
	return row{"okta": row{"users": users, "groups": allGroups, "apps": allApps, "group_memberships": inGroups, "app_assignments": inApps}}
}

// TestOkta pulls the emulator and demands that what landed is what it answers
// to plain requests, page after page, to the byte. Its filter reads the first
// comparison alone, so that of ours, which names every status, it serves the
// users who are staged.
func TestOkta(t *testing.T) {
	base := emulator(t, org())
	lk, reports := pullOkta(t, base)
	all := walk(t, base, "/api/v1/groups")
	if len(all) != groups+1 { // and everyone
		t.Fatalf("the emulator has %d groups", len(all))
	}
	want := map[access.StreamName][]string{
		okta.Users:        walk(t, base, "/api/v1/users?filter=status+eq+%22STAGED%22"),
		okta.Groups:       all,
		okta.GroupMembers: children(t, base, "/api/v1/groups", "users"),
		okta.Apps:         walk(t, base, "/api/v1/apps"),
		okta.AppUsers:     children(t, base, "/api/v1/apps", "users"),
	}
	least := map[access.StreamName]int{okta.Users: staged, okta.Groups: groups, okta.GroupMembers: staged + active, okta.Apps: apps, okta.AppUsers: staged + active}
	for stream, lines := range want {
		slices.Sort(lines)
		r := reports[stream]
		if r.Err != nil || r.Absent != nil || r.Quarantined > 0 || len(lines) < least[stream] {
			t.Errorf("%s: %d served, want at least %d: %+v", stream, len(lines), least[stream], r)
		}
		if got := sourcetest.Landed(t, lk, stream); !slices.Equal(got, lines) {
			t.Errorf("%s: %d lines landed, %d were served", stream, len(got), len(lines))
		}
	}
	if got := strings.Join(sourcetest.Landed(t, lk, okta.Groups), "\n"); strings.Count(got, "00g060") == 0 || !strings.Contains(got, "drop table") {
		t.Error("the last group, or what it says of itself, did not land")
	}
}

// TestOktaLacks demands that the streams which the emulator does not know are
// told: those that are optional as absent, the others as an error with a way
// out. None of them may look as if it had been read and found empty.
func TestOktaLacks(t *testing.T) {
	_, reports := pullOkta(t, emulator(t, org()))
	served := []access.StreamName{okta.Users, okta.Groups, okta.GroupMembers, okta.Apps, okta.AppUsers}
	for _, s := range okta.Streams() {
		r := reports[s.Name]
		switch {
		case slices.Contains(served, s.Name):
		case s.Optional:
			if r.Err != nil || r.Absent == nil || r.Absent.Reason == "" || r.Absent.Hint == "" {
				t.Errorf("%s: want it absent, with a hint: %+v", s.Name, r)
			}
		case rest.StatusOf(r.Err) != 404 || access.HintOf(r.Err) == "":
			t.Errorf("%s: want a 404 with a hint: %+v", s.Name, r)
		}
	}
}

// TestOktaWithoutToken demands that a refusal of the credential says so.
func TestOktaWithoutToken(t *testing.T) {
	s, err := okta.New(okta.Config{OrgURL: emulator(t, row{"okta": row{}}), APIToken: "t1", REST: rest.Options{Transport: bare{}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, stream := range []access.StreamName{okta.Users, okta.Groups, okta.Apps, okta.GroupMembers} {
		_, _, err := sourcetest.Lines(t, s, stream, "", ingest.Window{})
		if rest.StatusOf(err) != 401 || !strings.Contains(err.Error(), "E0000004") || !strings.Contains(access.HintOf(err), "token") {
			t.Errorf("%s: %v (%s)", stream, err, access.HintOf(err))
		}
	}
}

// pullOkta lands what the emulator serves.
func pullOkta(t *testing.T, base string) (*lake.Lake, map[access.StreamName]ingest.StreamReport) {
	t.Helper()
	s, err := okta.New(okta.Config{OrgURL: base, APIToken: "t1"})
	if err != nil {
		t.Fatal(err)
	}
	lk, list := sourcetest.Pull(t, s, 0)
	reports := map[access.StreamName]ingest.StreamReport{}
	for _, r := range list {
		reports[r.Stream] = r
	}
	return lk, reports
}

// walk asks for the pages of a list by their number until one is empty.
func walk(t *testing.T, base, path string) []string {
	t.Helper()
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	var out []string
	for page := 1; page < 100; page++ {
		items, err := get(t.Context(), fmt.Sprintf("%s%s%spage=%d", base, path, sep, page), "SSWS t1")
		if err != nil {
			t.Fatal(err)
		}
		if len(items) == 0 {
			return out
		}
		for _, item := range items {
			out = append(out, string(item))
		}
	}
	t.Fatalf("%s does not end", path)
	return nil
}

// children asks for a list of every container, which the emulator serves whole,
// and frames the items as they land.
func children(t *testing.T, base, path, list string) []string {
	t.Helper()
	var out []string
	for _, container := range walk(t, base, path) {
		var c struct{ ID string }
		if err := json.Unmarshal([]byte(container), &c); err != nil {
			t.Fatal(err)
		}
		items, err := get(t.Context(), base+path+"/"+c.ID+"/"+list, "SSWS t1")
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range items {
			out = append(out, fmt.Sprintf(`{"parent_id":"%s","item":%s}`, c.ID, item))
		}
	}
	return out
}
