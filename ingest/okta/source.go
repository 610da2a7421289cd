package okta

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"time"

	"winnow/ingest"
	"winnow/internal/access"
	"winnow/internal/rest"
)

// A Source is one org, read over its API.
type Source struct {
	client  *rest.Client
	auth    rest.Authorizer
	manners rest.Options
	overlap time.Duration
	now     func() time.Time

	mu  sync.Mutex
	ids map[access.StreamName][]string // containers, as their own stream listed them

	// Identity Governance, whose lists need the ids of several others.
	read    map[access.StreamName]bool // streams that were read to their end
	seen    map[string]bool            // what is in ids already
	holders []ask                      // pairs of app and user that hold an entitlement
}

// New returns the source of an org. It talks to nobody. Errors: the URL or the
// key is none, or there is no credential.
func New(c Config) (*Source, error) {
	auth, err := c.authorizer()
	if err != nil {
		return nil, err
	}
	client, err := rest.New(c.OrgURL, auth, c.options())
	if err != nil {
		return nil, fmt.Errorf("open the okta org: %w", err)
	}
	s := &Source{client: client, auth: auth, manners: c.options(), overlap: c.Overlap, now: c.REST.Now, ids: map[access.StreamName][]string{},
		read: map[access.StreamName]bool{}, seen: map[string]bool{}}
	if s.overlap == 0 {
		s.overlap = 6 * time.Hour
	}
	if s.now == nil {
		s.now = time.Now
	}
	return s, nil
}

// Streams lists what the org serves.
func (s *Source) Streams() []ingest.Stream { return Streams() }

// Records yields the items of a stream as the org serves them, in its order.
// Items of sub-resources carry their container as Parent, and come in the order
// of their containers. A refusal of an optional stream is an *ingest.Absent
// whose hint names the scope.
func (s *Source) Records(ctx context.Context, stream access.StreamName, since access.Cursor, w ingest.Window) iter.Seq2[access.Record, error] {
	switch stream {
	case SystemLog:
		return s.systemLog(ctx, since, w)
	case Users:
		return s.list(ctx, stream, usersPath, usersScope)
	case Groups:
		return s.list(ctx, stream, groupsPath, groupsScope)
	case GroupRules:
		return optional(s.list(ctx, stream, "/api/v1/groups/rules?limit=200", groupsScope), groupsScope)
	case Apps:
		return s.list(ctx, stream, appsPath, appsScope)
	case GroupMembers:
		return s.children(ctx, sub{of: Groups, path: "/api/v1/groups/%s/users?limit=200", scope: groupsScope})
	case AppUsers:
		return s.children(ctx, sub{of: Apps, path: appUsersPath, scope: appsScope})
	case AppGroups:
		return s.children(ctx, sub{of: Apps, path: "/api/v1/apps/%s/groups?limit=200", scope: appsScope})
	case UserRoles:
		return optional(s.children(ctx, sub{of: administrators, path: "/api/v1/users/%s/roles", scope: rolesScope}), rolesScope)
	case GroupRoles:
		return optional(s.children(ctx, sub{of: Groups, path: "/api/v1/groups/%s/roles", scope: rolesScope}), rolesScope)
	}
	if g, ok := s.governance(stream); ok {
		return s.once(stream, s.governed(ctx, g))
	}
	return one(&ingest.Absent{Reason: fmt.Sprintf("the okta api serves no stream %s", stream), Hint: "it exists in saved files only"})
}

// one is the sequence of a single error.
func one(err error) iter.Seq2[access.Record, error] {
	return func(yield func(access.Record, error) bool) { yield(access.Record{}, err) }
}
