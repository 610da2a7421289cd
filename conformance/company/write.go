package company

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/ingest"
	"winnow/ingest/entra"
	"winnow/ingest/okta"
	"winnow/internal/access"
	"winnow/internal/lake"
)

// Since is when a test begins to write: the instant from which on it looks for
// what the logs tell.
func Since() time.Time { return time.Now().Add(-time.Second) }

// Read returns the ids of a stream as our own client reads it now, of an org
// that is no longer what its folder holds.
func (o *Org) Read(t testing.TB, stream access.StreamName) []string {
	t.Helper()
	return Items(t, o.Source, stream, keyed("id"))
}

// Read returns the ids of a stream as our own client reads it now, of a tenant
// that is no longer what its folder holds.
func (tn *Tenant) Read(t testing.TB, stream access.StreamName) []string {
	t.Helper()
	return Once(Items(t, tn.Source, stream, keyed("id")))
}

// Of returns what a list of "container/id" says of one container.
func Of(container string, all []string) []string {
	out := []string{}
	for _, id := range all {
		if rest, ok := strings.CutPrefix(id, container+"/"); ok {
			out = append(out, rest)
		}
	}
	return out
}

// Value returns the text at a path of an item as our own client reads it, or
// "gone" without the item.
func Value(t testing.TB, s ingest.Source, stream access.StreamName, id, path string) string {
	t.Helper()
	found := Items(t, s, stream, func(_ string, item []byte) string {
		if lake.TextAt(item, "id") != id {
			return ""
		}
		return "=" + lake.TextAt(item, path)
	})
	if len(found) != 1 {
		return "gone"
	}
	return found[0][1:]
}

// Told checks that our own client reads an event in the org's log: its type,
// who did it, and its targets by type, in any order.
func (o *Org) Told(t testing.TB, since time.Time, eventType, actor string, targets ...string) {
	t.Helper()
	told(t, o.Source, okta.SystemLog, since, eventType+" by "+actor, targets, func(item []byte) (string, []string) {
		var e struct {
			EventType string
			Outcome   struct{ Result string }
			Actor     struct{ ID string }
			Target    []struct{ ID, Type string }
		}
		if json.Unmarshal(item, &e) != nil || e.Outcome.Result != "SUCCESS" {
			return "", nil
		}
		var out []string
		for _, target := range e.Target {
			if target.Type != "AppUser" { // whose id is not the user's
				out = append(out, target.Type+":"+target.ID)
			}
		}
		return e.EventType + " by " + e.Actor.ID, out
	})
}

// Told checks that our own client reads an entry in the tenant's directory
// audits: its activity, and its targets by type, in any order.
func (tn *Tenant) Told(t testing.TB, since time.Time, activity string, targets ...string) {
	t.Helper()
	told(t, tn.Source, entra.DirectoryAudits, since, activity, targets, func(item []byte) (string, []string) {
		var e struct {
			Activity string `json:"activityDisplayName"`
			Result   string
			Targets  []struct{ ID, Type string } `json:"targetResources"`
		}
		if json.Unmarshal(item, &e) != nil || e.Result != "success" {
			return "", nil
		}
		var out []string
		for _, target := range e.Targets {
			out = append(out, target.Type+":"+target.ID)
		}
		return e.Activity, out
	})
}

// told looks for one event.
func told(t testing.TB, s ingest.Source, log access.StreamName, since time.Time, what string, targets []string, read func([]byte) (string, []string)) {
	t.Helper()
	slices.Sort(targets)
	want := what + " " + strings.Join(targets, " ")
	found := within(t, s, log, ingest.Window{Since: since, Until: time.Now().Add(time.Second)}, func(_ string, item []byte) string {
		name, about := read(item)
		slices.Sort(about)
		return name + " " + strings.Join(about, " ")
	})
	if !slices.Contains(found, want) {
		t.Errorf("our own client reads no %q in the log, but:\n%s", want, strings.Join(found, "\n"))
	}
}

// A Case is what a test writes about: an active user, a group that may be edited
// and does not hold the user, and an app that neither has.
type Case struct{ User, Group, App string }

// Case picks one out of the org.
func (o *Org) Case(t testing.TB) Case {
	t.Helper()
	first := func(stream access.StreamName, fits func(id string, item []byte) bool) string {
		found := Items(t, o.Source, stream, func(_ string, item []byte) string {
			if id := lake.TextAt(item, "id"); fits(id, item) {
				return id
			}
			return ""
		})
		if len(found) == 0 {
			t.Fatalf("the org has none of %s to write about", stream)
		}
		return found[0]
	}
	members, users, groups := o.Read(t, okta.GroupMembers), o.Read(t, okta.AppUsers), o.Read(t, okta.AppGroups)
	c := Case{User: first(okta.Users, func(_ string, item []byte) bool { return lake.TextAt(item, "status") == "ACTIVE" })}
	c.Group = first(okta.Groups, func(id string, item []byte) bool {
		opens := slices.ContainsFunc(groups, func(g string) bool { return strings.HasSuffix(g, "/"+id) })
		return lake.TextAt(item, "type") == "OKTA_GROUP" && !opens && !slices.Contains(members, id+"/"+c.User)
	})
	c.App = first(okta.Apps, func(id string, _ []byte) bool {
		return !slices.Contains(users, id+"/"+c.User) && !slices.Contains(groups, id+"/"+c.Group)
	})
	return c
}

// Case picks one out of the tenant: the app is a service principal that offers
// a role, which is returned beside.
func (tn *Tenant) Case(t testing.TB) (c Case, role string) {
	t.Helper()
	members, given := tn.Read(t, entra.GroupMembers), map[string]bool{}
	Items(t, tn.Source, entra.AppRoleAssignments, func(parent string, item []byte) string {
		given[parent+"/"+lake.TextAt(item, "principalId")] = true
		return ""
	})
	Items(t, tn.Source, entra.Users, func(_ string, item []byte) string {
		if c.User == "" && lake.TextAt(item, "accountEnabled") == "true" {
			c.User = lake.TextAt(item, "id")
		}
		return ""
	})
	Items(t, tn.Source, entra.Groups, func(_ string, item []byte) string {
		var g struct {
			ID                                 string
			GroupTypes                         []string
			OnPremisesSyncEnabled, MailEnabled bool
		}
		if json.Unmarshal(item, &g) == nil && c.Group == "" && len(g.GroupTypes) == 0 && !g.OnPremisesSyncEnabled && !g.MailEnabled &&
			!slices.Contains(members, g.ID+"/"+c.User) {
			c.Group = g.ID
		}
		return ""
	})
	Items(t, tn.Source, entra.ServicePrincipals, func(_ string, item []byte) string {
		var p struct {
			ID       string
			AppRoles []struct{ ID string }
		}
		if json.Unmarshal(item, &p) == nil && c.App == "" && len(p.AppRoles) > 0 && !given[p.ID+"/"+c.User] {
			c.App, role = p.ID, p.AppRoles[0].ID
		}
		return ""
	})
	if c.User == "" || c.Group == "" || c.App == "" {
		t.Fatalf("the tenant has not all that is to be written about: %+v", c)
	}
	return c, role
}
