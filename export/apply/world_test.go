package apply_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"winnow/export/apply"
	"winnow/internal/access"
	fakeauth0 "winnow/internal/fake/auth0"
	fakeentra "winnow/internal/fake/entra"
	"winnow/internal/fake/faulty"
	fakeokta "winnow/internal/fake/okta"
	fakeping "winnow/internal/fake/ping"
	fakescim "winnow/internal/fake/scim"
	"winnow/internal/rest"
)

var noon = time.Date(2026, 5, 31, 12, 0, 0, 0, time.UTC)

// A clock moves when somebody sleeps.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
	return ctx.Err()
}

// A gate stands between the weather and a platform: it counts what the platform
// carried out, and loses answers of requests that write.
type gate struct {
	next http.Handler
	busy atomic.Int64 // requests under way

	mu      sync.Mutex
	rng     *rand.Rand
	lose    float64        // share of the answers to writes that are lost
	arrived map[string]int // writes that reached the platform, by method and path
	effects map[string]int // those that it carried out
	lost    int
	before  func(r *http.Request) bool // called for each write; true drops the request
	after   func(r *http.Request) bool // called for each write that was carried out; true drops the answer
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.busy.Add(1)
	defer g.busy.Add(-1)
	if r.Method == http.MethodGet {
		g.next.ServeHTTP(w, r)
		return
	}
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	key := r.Method + " " + r.URL.Path + " " + string(body)
	g.mu.Lock()
	before, after := g.before, g.after
	g.mu.Unlock()
	if before != nil && before(r) {
		panic(http.ErrAbortHandler)
	}
	rec := httptest.NewRecorder()
	g.next.ServeHTTP(rec, r)
	g.mu.Lock()
	g.arrived[key]++
	if rec.Code < 300 {
		g.effects[key]++
	}
	kind := -1
	if rec.Code < 300 && g.rng.Float64() < g.lose {
		kind, g.lost = g.rng.IntN(4), g.lost+1
	}
	g.mu.Unlock()
	if rec.Code < 300 && after != nil && after(r) {
		kind = 0
	}
	switch kind {
	case 0:
		panic(http.ErrAbortHandler)
	case 1:
		w.WriteHeader(http.StatusGatewayTimeout)
	case 2:
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<html>proxy</html>")
	case 3:
		w.Header().Set("Content-Length", "400")
		_, _ = io.WriteString(w, `{"id":`)
	default:
		maps.Copy(w.Header(), rec.Header())
		w.WriteHeader(rec.Code)
		_, _ = w.Write(rec.Body.Bytes())
	}
}

// twice lists what was carried out more than once.
func (g *gate) twice() (out []string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for key, n := range g.effects {
		if n > 1 {
			out = append(out, fmt.Sprintf("%d × %s", n, key))
		}
	}
	return out
}

// forget starts to count anew.
func (g *gate) forget() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.arrived, g.effects = map[string]int{}, map[string]int{}
}

// sum adds up counts.
func sum(counts map[string]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

// A platform is a fake with state, behind its gate and the weather.
type platform struct {
	gate    *gate
	weather *faulty.Server
	url     string
}

func newPlatform(t *testing.T, fake http.Handler, c *clock) *platform {
	t.Helper()
	p := &platform{gate: &gate{next: fake, rng: rand.New(rand.NewPCG(1, 1))}}
	p.gate.forget()
	p.weather = faulty.New(p.gate, faulty.Options{Now: c.now})
	web := httptest.NewUnstartedServer(p.weather)
	web.Config.ErrorLog = nil
	web.Start()
	t.Cleanup(web.Close)
	p.url = web.URL
	return p
}

// A world is one company: an Okta org, an Entra tenant, a SCIM provider, a
// PingOne environment and an Auth0 tenant, all of which take writes.
type world struct {
	t           *testing.T
	clock       *clock
	okta, entra *platform
	all         map[access.SourceName]*platform // those two and the others
	dir         string
}

// credentials are what each platform takes, and names how plans call it.
var (
	credentials = map[access.SourceName]string{"okta": "SSWS t", "entra": "Bearer t", "scim": "Bearer t", "ping": "Bearer worker", "auth0": "Bearer mgmt"}
	names       = map[access.SourceName]string{"okta": "https://acme.example", "entra": "tenant-1", "scim": "https://scim.example/scim/v2", "ping": "e1", "auth0": "https://acme.auth0.example"}
	bases       = map[access.SourceName]string{"scim": "/scim/v2", "ping": "/v1"}
)

func newWorld(t *testing.T, seed uint64) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{at: noon}, dir: filepath.Join(t.TempDir(), "apply")}
	dir := t.TempDir()
	writeCompany(t, dir, rand.New(rand.NewPCG(seed, 7)))
	o, err := fakeokta.New(filepath.Join(dir, "okta"), fakeokta.Options{APIToken: "t", Writable: true, Now: w.clock.now})
	if err != nil {
		t.Fatal(err)
	}
	e, err := fakeentra.New(filepath.Join(dir, "entra"), fakeentra.Options{AccessToken: "t", Writable: true, Now: w.clock.now,
		TenantID: "tenant-1", Roles: []string{"GroupMember.ReadWrite.All", "AppRoleAssignment.ReadWrite.All"}})
	if err != nil {
		t.Fatal(err)
	}
	provider, errSCIM := fakescim.New(filepath.Join(dir, "scim"), fakescim.Options{Token: "t", Writable: true})
	environment, errPing := fakeping.New(filepath.Join(dir, "ping"), fakeping.Options{EnvironmentID: "e1", Writable: true})
	tenant, errAuth0 := fakeauth0.New(filepath.Join(dir, "auth0"), fakeauth0.Options{Writable: true})
	if err := errors.Join(errSCIM, errPing, errAuth0); err != nil {
		t.Fatal(err)
	}
	w.okta, w.entra = newPlatform(t, o, w.clock), newPlatform(t, e, w.clock)
	w.all = map[access.SourceName]*platform{"okta": w.okta, "entra": w.entra, "scim": newPlatform(t, provider, w.clock),
		"ping": newPlatform(t, environment, w.clock), "auth0": newPlatform(t, tenant, w.clock)}
	return w
}

// urls are the addresses of the platforms, by source.
func (w *world) urls() map[access.SourceName]string {
	out := map[access.SourceName]string{}
	for source, p := range w.all {
		out[source] = p.url + bases[source]
	}
	return out
}

// tenantsAt opens platforms as an engine sees them.
func tenantsAt(t testing.TB, urls map[access.SourceName]string, now func() time.Time, sleep func(context.Context, time.Duration) error) map[access.SourceName]apply.Tenant {
	out := map[access.SourceName]apply.Tenant{}
	for source, url := range urls {
		tenant := apply.Tenant{Name: names[source], Client: client(t, url, credentials[source], now, sleep)}
		if source == "scim" {
			tenant.Header = http.Header{"Accept": {"application/scim+json"}, "Content-Type": {"application/scim+json"}}
		}
		out[source] = tenant
	}
	return out
}

// auth is a credential that does not change.
type auth string

func (a auth) Authorize(_ context.Context, r *http.Request) error {
	r.Header.Set("Authorization", string(a))
	return nil
}

// client opens a platform, with time that passes while it waits.
func client(t testing.TB, url, credential string, now func() time.Time, sleep func(context.Context, time.Duration) error) *rest.Client {
	t.Helper()
	c, err := rest.New(url, auth(credential), rest.Options{Once: true, Now: now, Sleep: sleep})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// tenants are the world's platforms.
func (w *world) tenants() map[access.SourceName]apply.Tenant {
	return tenantsAt(w.t, w.urls(), w.clock.now, w.clock.sleep)
}

// options let the company's two approvers approve.
func (w *world) options() apply.Options {
	return apply.Options{Dir: w.dir, Tenants: w.tenants(), Now: w.clock.now, Sleep: w.clock.sleep, Rules: apply.Rules{Approvers: approvers(), MaxRefused: 3}}
}

// pull reads the state of both platforms past weather and gates: one text for
// each access.
func (w *world) pull() map[string]bool {
	w.t.Helper()
	out := map[string]bool{}
	list := func(p *platform, token, path, key, format string, fields ...string) {
		for _, o := range w.objects(p, token, path, key) {
			args := []any{}
			for _, f := range fields {
				args = append(args, o[f])
			}
			out[fmt.Sprintf(format, args...)] = true
		}
	}
	for g := range oktaGroups {
		list(w.okta, "SSWS t", fmt.Sprintf("/api/v1/groups/g%d/users?limit=200", g), "", fmt.Sprintf("g%d %%v", g), "id")
	}
	for a := range oktaApps {
		list(w.okta, "SSWS t", fmt.Sprintf("/api/v1/apps/a%d/users?limit=500", a), "", fmt.Sprintf("a%d %%v %%v", a), "id", "scope")
	}
	list(w.okta, "SSWS t", "/governance/api/v1/campaigns?limit=200", "data", "campaign %v", "name")
	for _, o := range w.objects(w.okta, "SSWS t", "/api/v1/groups/rules?limit=200", "") {
		conditions, _ := json.Marshal(o["conditions"])
		out["rule "+string(conditions)] = true
	}
	for g := range graphGroup {
		list(w.entra, "Bearer t", fmt.Sprintf("/v1.0/groups/h%d/members", g), "value", fmt.Sprintf("h%d %%v", g), "id")
	}
	list(w.entra, "Bearer t", "/v1.0/servicePrincipals/s0/appRoleAssignedTo", "value", "s0 %v %v", "principalId", "appRoleId")
	list(w.entra, "Bearer t", "/v1.0/users", "value", "user %v", "id")
	w.pullOthers(out)
	return out
}

// pullOthers reads the other platforms.
func (w *world) pullOthers(out map[string]bool) {
	w.t.Helper()
	values := func(of any, format string) {
		list, _ := of.([]any)
		for _, v := range list {
			if o, ok := v.(map[string]any); ok {
				out[fmt.Sprintf(format, o["value"])] = true
			}
		}
	}
	for _, o := range w.objects(w.all["scim"], "Bearer t", "/scim/v2/Groups?startIndex=1&count=100", "Resources") {
		values(o["members"], fmt.Sprint(o["id"])+" %v")
	}
	for _, o := range w.objects(w.all["scim"], "Bearer t", "/scim/v2/Users?startIndex=1&count=100", "Resources") {
		values(o["roles"], fmt.Sprint(o["id"])+" role %v")
	}
	for i := range people {
		for q := range 2 {
			r := httptest.NewRequest(http.MethodGet, fmt.Sprintf("/v1/environments/e1/users/v%d/memberOfGroups/q%d", i, q), nil)
			r.Header.Set("Authorization", "Bearer worker")
			rec := httptest.NewRecorder()
			if w.all["ping"].gate.next.ServeHTTP(rec, r); rec.Code == http.StatusOK {
				out[fmt.Sprintf("q%d v%d", q, i)] = true
			}
		}
		for _, o := range w.objects(w.all["auth0"], "Bearer mgmt", fmt.Sprintf("/api/v2/users/auth0%%7C%d/roles", i), "") {
			out[fmt.Sprintf("%v auth0|%d", o["id"], i)] = true
		}
	}
}

// objects asks a platform directly.
func (w *world) objects(p *platform, token, path, key string) []map[string]any {
	w.t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://"+strings.TrimPrefix(p.url, "http://")+path, nil)
	r.Header.Set("Authorization", token)
	r.Header.Set("Accept", "application/scim+json, application/json")
	rec := httptest.NewRecorder()
	p.gate.next.ServeHTTP(rec, r)
	if rec.Code != http.StatusOK {
		w.t.Fatalf("pull %s: %d %s", path, rec.Code, rec.Body)
	}
	var list []map[string]any
	body := rec.Body.Bytes()
	if key != "" {
		var of map[string]json.RawMessage
		if err := json.Unmarshal(body, &of); err != nil {
			w.t.Fatal(err)
		}
		body = of[key]
	}
	if err := json.Unmarshal(body, &list); err != nil {
		w.t.Fatalf("pull %s: %v in %s", path, err, body)
	}
	return list
}

// differ tells how two states differ.
func differ(before, after map[string]bool) (out []string) {
	for k := range before {
		if !after[k] {
			out = append(out, "-"+k)
		}
	}
	for k := range after {
		if !before[k] {
			out = append(out, "+"+k)
		}
	}
	return out
}
