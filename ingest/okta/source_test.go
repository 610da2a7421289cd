package okta

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"winnow/ingest"
	"winnow/internal/access"
	fake "winnow/internal/fake/okta"
	"winnow/internal/lake"
	"winnow/internal/rest"
)

// year is a window that holds every saved event.
var year = ingest.Window{Since: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Until: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}

// clock is a time that passes only while somebody sleeps.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept time.Duration
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now, c.slept = c.now.Add(d), c.slept+d
	return ctx.Err()
}

// orgDir holds the answers of a small org.
const orgDir = "testdata/org"

// org starts a fake org on the folder and opens it with an API token, or with
// the credential that o accepts instead.
func org(t *testing.T, o fake.Options, c Config) (*Source, *fake.Server) {
	t.Helper()
	if c.ClientID == "" {
		o.APIToken, c.APIToken = "00token", "00token"
	}
	f, err := fake.New(orgDir, o)
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(f)
	t.Cleanup(srv.Close)
	c.OrgURL = srv.URL
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s, f
}

// lines reads a stream as it would land.
func lines(t *testing.T, s ingest.Source, stream access.StreamName, since access.Cursor) (out []string, err error) {
	t.Helper()
	for r, err := range s.Records(t.Context(), stream, since, year) {
		if err != nil {
			return out, err
		}
		body := r.Body
		if r.Parent != "" {
			if body, err = lake.Frame(r.Parent, body); err != nil {
				t.Fatal(err)
			}
		}
		if r.Origin.Place == "" || r.Origin.Line == 0 {
			t.Errorf("%s: no origin: %+v", stream, r.Origin)
		}
		out = append(out, string(body))
	}
	return out, nil
}

// saved reads the lines of a file of the folder.
func saved(t *testing.T, stream access.StreamName) []string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(orgDir, string(stream)+".ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(b)), "\n")
}

func TestAPullOverHTTPGivesTheFolderByteForByte(t *testing.T) {
	for name, o := range map[string]fake.Options{"whole pages": {}, "pages of two": {MaxPage: 2}, "joined links": {MaxPage: 1, JoinLinks: true}} {
		s, _ := org(t, o, Config{})
		for _, stream := range s.Streams() {
			got, err := lines(t, s, stream.Name, "")
			if stream.Name == SystemLogFlat {
				var absent *ingest.Absent
				if !errors.As(err, &absent) {
					t.Errorf("%s: %s: %v", name, stream.Name, err)
				}
				continue
			}
			if err != nil {
				t.Fatalf("%s: %s: %v", name, stream.Name, err)
			}
			want := saved(t, stream.Name)
			if stream.Name == UserRoles { // in the order of the administrators, not of the file
				slices.Sort(got)
				slices.Sort(want)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %s: got %d lines\n%s\nwant %d\n%s", name, stream.Name, len(got), strings.Join(got, "\n"), len(want), strings.Join(want, "\n"))
			}
			for _, line := range got {
				if err := stream.Shape.Check([]byte(line)); err != nil {
					t.Errorf("%s: %v", stream.Name, err)
				}
			}
		}
	}
}

func TestTheFolderServesTheSame(t *testing.T) {
	s := Saved(orgDir, nil)
	for _, stream := range s.Streams() {
		got, err := lines(t, s, stream.Name, "")
		var absent *ingest.Absent
		if stream.Name == SystemLogFlat && errors.As(err, &absent) && stream.Optional {
			continue
		}
		if err != nil || !slices.Equal(got, saved(t, stream.Name)) {
			t.Errorf("%s: %d lines, %v", stream.Name, len(got), err)
		}
	}
}

func TestContainersAreListedOnce(t *testing.T) {
	s, f := org(t, fake.Options{}, Config{})
	for _, stream := range []access.StreamName{Groups, GroupMembers, GroupRoles, AppUsers, AppGroups} {
		if _, err := lines(t, s, stream, ""); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]int{"/api/v1/groups": 1, "/api/v1/apps": 1, "/api/v1/groups/{id}/users": 4, "/api/v1/apps/{id}/groups": 5} {
		if got := f.Asked(path); got != want {
			t.Errorf("%s was asked %d times, want %d", path, got, want)
		}
	}
}

func TestAContainerThatVanishedIsEmpty(t *testing.T) {
	o := fake.Options{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "00g00000000000000002/users") {
			return false
		}
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"errorCode":"E0000007","errorSummary":"Not found: Resource not found: 00g00000000000000002 (UserGroup)"}`))
		return true
	}}
	s, _ := org(t, o, Config{})
	if got, err := lines(t, s, GroupMembers, ""); err != nil || len(got) != 8 {
		t.Errorf("%d members, %v", len(got), err)
	}
}

func TestRateLimitsAreWaitedFor(t *testing.T) {
	k := &clock{now: time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC)}
	c := Config{REST: rest.Options{Now: k.Now, Sleep: k.Sleep, MaxWait: time.Hour}}
	s, _ := org(t, fake.Options{PerMinute: 3, MaxPage: 2, Now: k.Now}, c)
	got, err := lines(t, s, SystemLog, "")
	if want := len(saved(t, SystemLog)); err != nil || len(got) != want {
		t.Errorf("%d events, want %d: %v", len(got), want, err)
	}
	// Twelve pages and the tail at three a minute: four pauses of a minute, and
	// little more.
	if k.slept < 4*time.Minute || k.slept > 4*time.Minute+20*time.Second {
		t.Errorf("slept %s", k.slept)
	}
}

func TestARefusalNamesTheScope(t *testing.T) {
	o := fake.Options{Intercept: func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`{"errorCode":"E0000006","errorSummary":"You do not have permission"}`))
		return true
	}}
	s, _ := org(t, o, Config{})
	for _, stream := range s.Streams() {
		if stream.Name == SystemLogFlat {
			continue
		}
		_, err := lines(t, s, stream.Name, "")
		var absent *ingest.Absent
		switch {
		case stream.Optional && (!errors.As(err, &absent) || !strings.Contains(absent.Hint, "okta.") || !strings.Contains(absent.Reason, "E0000006")):
			t.Errorf("%s: %v", stream.Name, err)
		case !stream.Optional && (rest.StatusOf(err) != 403 || !strings.Contains(access.HintOf(err), "okta.")):
			t.Errorf("%s: %v (%s)", stream.Name, err, access.HintOf(err))
		}
	}
}

// service returns a service app for the fake and for the source.
func service(t *testing.T, key any, public any) (fake.Options, Config) {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	text := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	return fake.Options{ClientID: "0oaClient", KeyID: "k1", PublicKey: public}, Config{ClientID: "0oaClient", KeyID: "k1", PrivateKey: text}
}

func TestServiceAppsSignIn(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, curve := range map[string]elliptic.Curve{"RS256": nil, "ES256": elliptic.P256(), "ES384": elliptic.P384(), "ES512": elliptic.P521()} {
		o, c := service(t, rsaKey, &rsaKey.PublicKey)
		if curve != nil {
			key, err := ecdsa.GenerateKey(curve, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			o, c = service(t, key, &key.PublicKey)
		}
		s, f := org(t, o, c)
		if got, err := lines(t, s, GroupMembers, ""); err != nil || len(got) == 0 || f.Asked("/oauth2/v1/token") != 1 {
			t.Errorf("%s: %d members after %d tokens, %v", name, len(got), f.Asked("/oauth2/v1/token"), err)
		}
	}
}

func TestTokensAreRenewedBeforeTheyExpire(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	k := &clock{now: time.Date(2026, 3, 10, 0, 0, 0, 0, time.UTC)}
	refused := 0
	o, c := service(t, key, &key.PublicKey)
	o.Now = k.Now
	c.REST = rest.Options{Now: k.Now, Sleep: k.Sleep, Observe: func(_ *http.Request, status int, _ http.Header) {
		if status == http.StatusUnauthorized {
			refused++
		}
	}}
	s, f := org(t, o, c)
	for range 5 {
		if _, err := lines(t, s, Users, ""); err != nil {
			t.Fatal(err)
		}
		_ = k.Sleep(t.Context(), 30*time.Minute)
	}
	if f.Asked("/oauth2/v1/token") != 3 || refused != 0 {
		t.Errorf("%d tokens, %d refusals", f.Asked("/oauth2/v1/token"), refused)
	}
	_ = k.Sleep(t.Context(), -2*time.Hour) // our clock is late: the token is refused before it is renewed
	if _, err := lines(t, s, Users, ""); err != nil {
		t.Error(err)
	}
}

func TestAScopeThatWasNotGrantedIsDoneWithout(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	o, c := service(t, key, &key.PublicKey)
	o.Granted = []string{logsScope, usersScope, groupsScope, appsScope}
	s, _ := org(t, o, c)
	if _, err := lines(t, s, Users, ""); err != nil {
		t.Fatal(err)
	}
	_, err = lines(t, s, UserRoles, "")
	var absent *ingest.Absent
	if !errors.As(err, &absent) || !strings.Contains(absent.Hint, rolesScope) {
		t.Errorf("got %v", err)
	}
	o.Granted = []string{logsScope}
	s, _ = org(t, o, c)
	if _, err = lines(t, s, Users, ""); err == nil || !strings.Contains(err.Error(), "invalid_scope") || !strings.Contains(access.HintOf(err), usersScope) {
		t.Errorf("got %v (%s)", err, access.HintOf(err))
	}
}

func TestWrongCredentialsAreExplained(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	o, c := service(t, key, &key.PublicKey)
	c.KeyID = "k2"
	s, f := org(t, o, c)
	if _, err := lines(t, s, Users, ""); err == nil || !strings.Contains(access.HintOf(err), "key_id") || f.Asked("/oauth2/v1/token") != 1 {
		t.Errorf("got %v (%s)", err, access.HintOf(err))
	}
	s, _ = org(t, fake.Options{}, Config{})
	s.client, err = rest.New(s.client.Base(), ssws("wrong"), Config{}.options())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lines(t, s, Users, ""); rest.StatusOf(err) != 401 || !strings.Contains(err.Error(), "E0000011") || access.HintOf(err) == "" || strings.Contains(err.Error(), "wrong") {
		t.Errorf("got %v", err)
	}
	for _, c := range []Config{{}, {ClientID: "c"}, {ClientID: "c", KeyID: "k", PrivateKey: "-----BEGIN secret"}, {APIToken: "t", OrgURL: "acme"}} {
		if _, err := New(c); err == nil || access.HintOf(err) == "" || strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
