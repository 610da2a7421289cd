package company

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"winnow/ingest"
	"winnow/ingest/entra"
	"winnow/internal/access"
	fake "winnow/internal/fake/entra"
)

// The app registration of the fake tenant.
const (
	TenantID = "8f14e45f-0000-4000-8000-000000000001"
	AppID    = "9a1158ac-0000-4000-8000-000000000002"
	Secret   = "conformance-secret"
)

// A Tenant is a fake tenant behind https, which sign-in needs, and our own
// client for it.
type Tenant struct {
	URL       string
	Transport http.RoundTripper // trusts the server's certificate
	Fake      *fake.Server
	Source    *entra.Source
	dir       string
}

// OpenTenant serves a folder as a fake tenant to the app registration. Pages
// are short, so that every list has several.
func OpenTenant(t testing.TB, dir string, o fake.Options) *Tenant {
	t.Helper()
	o.TenantID, o.ClientID, o.ClientSecret = TenantID, AppID, Secret
	if o.MaxPage == 0 {
		o.MaxPage = 20
	}
	f, err := fake.New(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewTLSServer(f)
	t.Cleanup(web.Close)
	s := &sleeper{at: AsOf}
	if o.Writable {
		s.at = time.Now().Add(time.Second) // what is written happens now, or before it is read
	}
	own, err := entra.New(entra.Options{TenantID: TenantID, ClientID: AppID, ClientSecret: Secret,
		GraphURL: web.URL, AuthorityURL: web.URL, Transport: web.Client().Transport, Now: s.now, Sleep: s.sleep})
	if err != nil {
		t.Fatal(err)
	}
	return &Tenant{URL: web.URL, Transport: web.Client().Transport, Fake: f, Source: own, dir: dir}
}

// IDs returns the ids of a stream of the tenant as our own client reads it:
// "id", or "container/id". An event on the midnight between two days is read
// twice and named once: see Once. They must be those of the folder, or the
// fake loses items before any client sees them.
func (tn *Tenant) IDs(t testing.TB, stream access.StreamName) []string {
	t.Helper()
	own := Once(Items(t, tn.Source, stream, keyed("id")))
	SameSet(t, string(stream)+" of the folder", Once(Items(t, ingest.NewDir(tn.dir, entra.Streams(), ingest.DirOptions{Route: entra.Route, Exchange: entra.Exchange}), stream, keyed("id"))), slices.Clone(own))
	return own
}

// Once names every id once. The logs of Graph serve some events twice, and so
// does the company's.
func Once(ids []string) []string {
	seen := map[string]bool{}
	return slices.DeleteFunc(ids, func(id string) bool {
		again := seen[id]
		seen[id] = true
		return again
	})
}

// A sleeper is a clock that moves when somebody sleeps, so that our client's
// budget for reports costs no time.
type sleeper struct {
	mu sync.Mutex
	at time.Time
}

func (s *sleeper) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

func (s *sleeper) sleep(ctx context.Context, d time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = s.at.Add(d)
	return ctx.Err()
}
