//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"winnow/ingest"
	"winnow/ingest/scim"
	"winnow/ingest/sourcetest"
	"winnow/internal/access"
	"winnow/internal/rest"
)

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

// directory is the seeds of the provider: users of every kind that a filter
// might leave out, and groups with members, one without, one inside another.
func directory() map[access.StreamName][]row {
	var users, members []row
	for i := range 50 {
		id := fmt.Sprintf("u%02d", i)
		u := row{"id": id, "userName": fmt.Sprintf("user.%02d", i), "active": i%3 != 0, "displayName": hostile,
			"meta":   row{"created": "2026-02-01T08:00:00.000Z", "lastModified": "2026-03-01T08:00:00.000Z"},
			"name":   row{"givenName": "Üñï", "familyName": fmt.Sprint(i)},
			"emails": []row{{"value": id + "@acme.example", "type": "work", "primary": true}}}
		if i%2 == 0 {
			u[enterprise] = row{"employeeNumber": fmt.Sprint(1000 + i), "department": "Finance", "manager": row{"value": "u01"}}
			u["roles"] = []row{{"value": "admin", "display": "Administrator"}}
			u["externalId"] = "x" + id
		}
		users = append(users, u)
		members = append(members, row{"value": id, "type": "User"})
	}
	groups := []row{
		{"id": "g1", "displayName": "Everyone", "members": members},
		{"id": "g2", "displayName": hostile, "members": append([]row{{"value": "g1", "type": "Group"}}, members[:2]...)},
		{"id": "g3", "displayName": "Empty"},
	}
	for i := range 12 {
		groups = append(groups, row{"id": fmt.Sprintf("h%02d", i), "displayName": fmt.Sprint("Group ", i), "members": members[i : i+3]})
	}
	return map[access.StreamName][]row{scim.Users: users, scim.Groups: groups}
}

// TestSCIM pulls the provider in small pages, some of which the lists fill to
// the last place, and demands every resource with all that was seeded, once.
func TestSCIM(t *testing.T) {
	seeds := directory()
	for _, page := range []string{"1", "5", "7"} {
		s, err := scim.New(scim.Config{BaseURL: provider(t, seeds, "t1", page), AccessToken: "t1"})
		if err != nil {
			t.Fatal(err)
		}
		lk, reports := sourcetest.Pull(t, s, 0)
		for _, r := range reports {
			if r.Err != nil || r.Absent != nil || r.Quarantined > 0 {
				t.Errorf("pages of %s: %+v", page, r)
			}
			same(t, fmt.Sprintf("pages of %s: %s", page, r.Stream), seeds[r.Stream], sourcetest.Landed(t, lk, r.Stream))
		}
	}
}

// same compares what landed with the seeds, but for what the provider adds to
// every resource: its schemas and, to meta, its type and address.
func same(t *testing.T, what string, seeds []row, landed []string) {
	t.Helper()
	want, got := map[string]row{}, map[string]row{}
	for _, s := range seeds {
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		want[fmt.Sprint(s["id"])] = plain(t, b)
	}
	for _, line := range landed {
		r := plain(t, []byte(line))
		got[fmt.Sprint(r["id"])] = r
	}
	if len(landed) != len(seeds) {
		t.Errorf("%s: %d lines landed, want %d", what, len(landed), len(seeds))
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s: (-seeded +landed)\n%s", what, d)
	}
}

// plain reads a resource without what the provider adds.
func plain(t *testing.T, b []byte) row {
	t.Helper()
	var r row
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	delete(r, "schemas")
	if m, ok := r["meta"].(row); ok {
		delete(m, "resourceType")
		delete(m, "location")
		if len(m) == 0 {
			delete(r, "meta")
		}
	}
	return r
}

// TestSCIMRefusals demands that a missing or wrong token, and a wrong path, are
// told with a way out.
func TestSCIMRefusals(t *testing.T) {
	base := provider(t, directory(), "t1", "10")
	for name, c := range map[string]struct {
		config scim.Config
		status int
		hint   string
	}{
		"no token":    {scim.Config{BaseURL: base, AccessToken: "t1", REST: rest.Options{Transport: bare{}}}, 401, "token"},
		"wrong token": {scim.Config{BaseURL: base, AccessToken: "t2"}, 401, "token"},
		"wrong path":  {scim.Config{BaseURL: strings.TrimSuffix(base, "v2") + "v3", AccessToken: "t1"}, 404, "url"},
	} {
		s, err := scim.New(c.config)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = sourcetest.Lines(t, s, scim.Users, "", ingest.Window{})
		if rest.StatusOf(err) != c.status || !strings.Contains(access.HintOf(err), c.hint) {
			t.Errorf("%s: %v (%s)", name, err, access.HintOf(err))
		}
	}
}
