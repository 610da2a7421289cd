//go:build e2e

package e2e

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"winnow/export"
	"winnow/export/apply"
	exportokta "winnow/export/okta"
	exportscim "winnow/export/scim"
	"winnow/ingest/okta"
	"winnow/ingest/scim"
	"winnow/internal/access"
	"winnow/internal/rest"
)

// A lossy transport loses one answer in five to a request that writes, after the
// peer carried it out, and counts what was carried out.
type lossy struct {
	mu      sync.Mutex
	rng     *rand.Rand
	effects map[string]int
	lost    int
}

var errLost = errors.New("the connection was cut before the answer")

// RoundTrip implements http.RoundTripper.
func (l *lossy) RoundTrip(r *http.Request) (*http.Response, error) {
	body := ""
	if r.GetBody != nil {
		if b, err := r.GetBody(); err == nil {
			var v json.RawMessage
			if json.NewDecoder(b).Decode(&v) == nil {
				body = string(v)
			}
		}
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || r.Method == http.MethodGet {
		return resp, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if resp.StatusCode < 300 {
		l.effects[r.Method+" "+r.URL.Path+" "+body]++
	}
	if l.rng.Float64() < 0.2 {
		l.lost++
		return nil, errors.Join(errLost, resp.Body.Close())
	}
	return resp, nil
}

// A peer is a platform that others wrote, as plans see it.
type peer struct {
	source access.SourceName
	tenant apply.Tenant
	sink   export.Sink
	wire   *lossy
	pull   func() map[string]bool // "group user"
	groups []string
	users  []string
}

// TestApplyOkta plans, applies, pulls, takes back and pulls on the emulator.
func TestApplyOkta(t *testing.T) {
	seeds := org()
	base := emulator(t, seeds)
	wire := &lossy{rng: rand.New(rand.NewPCG(1, 2)), effects: map[string]int{}}
	c, err := okta.Config{OrgURL: base, APIToken: "t1", REST: rest.Options{Transport: wire}}.Client()
	if err != nil {
		t.Fatal(err)
	}
	sink, err := exportokta.NewEdit(exportokta.EditConfig{Source: "okta", OrgURL: base})
	if err != nil {
		t.Fatal(err)
	}
	p := &peer{source: "okta", tenant: apply.Tenant{Name: base, Client: c}, sink: sink, wire: wire}
	for i := range 7 {
		p.groups, p.users = append(p.groups, fmt.Sprintf("00g%03d", i)), append(p.users, fmt.Sprintf("00u%03d", i))
	}
	p.pull = func() map[string]bool {
		out := map[string]bool{}
		for _, g := range p.groups {
			items, err := get(t.Context(), base+"/api/v1/groups/"+g+"/users", "SSWS t1") // served whole
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range items {
				id, err := rest.StringField(item, "id")
				if err != nil {
					t.Fatal(err)
				}
				out[g+" "+id] = true
			}
		}
		return out
	}
	p.circles(t, 40) // the emulator answers some thousands of requests and no more
}

// TestApplySCIM does the same on the SCIM provider.
func TestApplySCIM(t *testing.T) {
	base := provider(t, directory(), "t1", "7")
	wire := &lossy{rng: rand.New(rand.NewPCG(3, 4)), effects: map[string]int{}}
	c, err := scim.Config{BaseURL: base, AccessToken: "t1", REST: rest.Options{Transport: wire}}.Client()
	if err != nil {
		t.Fatal(err)
	}
	sink, err := exportscim.New(exportscim.Config{Source: "scim", BaseURL: base})
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{"Accept": {"application/scim+json"}, "Content-Type": {"application/scim+json"}}
	p := &peer{source: "scim", tenant: apply.Tenant{Name: base, Client: c, Header: header}, sink: sink, wire: wire}
	for i := range 7 {
		p.groups, p.users = append(p.groups, fmt.Sprintf("h%02d", i)), append(p.users, fmt.Sprintf("u%02d", i))
	}
	p.pull = func() map[string]bool {
		out := map[string]bool{}
		for _, g := range p.groups {
			page, err := c.Get(t.Context(), "/Groups/"+g, header)
			if err != nil {
				t.Fatal(err)
			}
			var group struct{ Members []struct{ Value string } }
			if err := json.Unmarshal(page.Body, &group); err != nil {
				t.Fatal(err)
			}
			for _, m := range group.Members {
				out[g+" "+m.Value] = true
			}
		}
		return out
	}
	p.circles(t, 200)
}

// circles takes the peer through random plans, one after the other.
func (p *peer) circles(t *testing.T, plans int) {
	t.Helper()
	rng := rand.New(rand.NewPCG(5, 6))
	dir := filepath.Join(t.TempDir(), "apply")
	operations, doubts := 0, 0
	for n := range plans {
		first := p.pull()
		data, want := p.plan(t, rng, first, n)
		operations += len(want)
		clear(p.wire.effects)
		doubts += p.run(t, dir, data, func(e *apply.Engine) (*apply.Report, error) {
			return e.Apply(t.Context(), []apply.Approval{apply.Sign(&e.File().Plan, "ada", key, time.Now())}, true)
		})
		then := map[string]bool{}
		for k := range first {
			then[k] = true
		}
		for _, w := range want {
			if then[w[1:]] = w[0] == '+'; w[0] == '-' {
				delete(then, w[1:])
			}
		}
		if diff := cmp.Diff(then, p.pull()); diff != "" {
			t.Fatalf("plan %d: after apply (-want +got):\n%s", n, diff)
		}
		p.once(t, n)
		doubts += p.run(t, dir, data, func(e *apply.Engine) (*apply.Report, error) { return e.Rollback(t.Context(), true) })
		if diff := cmp.Diff(first, p.pull()); diff != "" {
			t.Fatalf("plan %d: after rollback (-want +got):\n%s", n, diff)
		}
		p.once(t, n)
	}
	t.Logf("%d plans, %d operations, %d answers lost, %d in doubt", plans, operations, p.wire.lost, doubts)
	if p.wire.lost == 0 || doubts < p.wire.lost {
		t.Errorf("%d answers were lost, and %d operations in doubt", p.wire.lost, doubts)
	}
}

// once demands that nothing was carried out twice, and counts anew.
func (p *peer) once(t *testing.T, n int) {
	t.Helper()
	for request, times := range p.wire.effects {
		if times > 1 {
			t.Errorf("plan %d: carried out %d times: %s", n, times, request)
		}
	}
	clear(p.wire.effects)
}

var key = ed25519.NewKeyFromSeed([]byte(strings.Repeat("k", ed25519.SeedSize)))

// run runs a command to its end and returns how many receipts say in doubt.
func (p *peer) run(t *testing.T, dir string, data []byte, command func(*apply.Engine) (*apply.Report, error)) int {
	t.Helper()
	public, _ := key.Public().(ed25519.PublicKey)
	e, err := apply.Open(data, apply.Options{Dir: dir, Settle: time.Millisecond, Looks: []time.Duration{time.Millisecond, 5 * time.Millisecond},
		Sleep:   func(ctx context.Context, _ time.Duration) error { time.Sleep(time.Millisecond); return ctx.Err() },
		Tenants: map[access.SourceName]apply.Tenant{p.source: p.tenant}, Rules: apply.Rules{Approvers: []apply.Approver{{Name: "ada", Key: public}}}})
	if err != nil {
		t.Fatal(err)
	}
	before, _ := e.Receipts()
	r, err := command(e)
	if err := errors.Join(err, e.Close()); err != nil {
		t.Fatal(err)
	}
	if done := r.Count(apply.Done); done != len(r.Operations) {
		t.Errorf("%d of %d done: %+v", done, len(r.Operations), r.Operations)
	}
	after, _ := e.Receipts()
	doubts := 0
	for _, receipt := range after[len(before):] {
		if receipt.State == apply.InDoubt {
			doubts++
		}
	}
	return doubts
}

// plan takes some out of groups and puts others in, as the sink writes it, and
// returns what is to differ.
func (p *peer) plan(t *testing.T, rng *rand.Rand, state map[string]bool, n int) (data []byte, want []string) {
	t.Helper()
	asOf := time.Now().UTC().Truncate(time.Second)
	var recs []access.Recommendation
	for range 1 + rng.IntN(6) {
		group, user := p.groups[rng.IntN(len(p.groups))], p.users[rng.IntN(len(p.users))]
		fact := group + " " + user
		if slices.Contains(want, "+"+fact) || slices.Contains(want, "-"+fact) {
			continue
		}
		edit := access.Edit{Kind: access.AddMember, AccountID: string(p.source) + ":" + user, TargetID: string(p.source) + ":" + group, Reversible: true}
		removal, action, sign := access.Removal{Verdict: access.RemovalGive}, access.Grant, "+"
		if state[fact] {
			edit.Kind, removal.Verdict, action, sign = access.RemoveMember, access.RemovalEdit, access.Revoke, "-"
		}
		removal.Edits = []access.Edit{edit}
		removability, err := json.Marshal(removal)
		if err != nil {
			t.Fatal(err)
		}
		recs = append(recs, access.Recommendation{RecommendationID: access.Digest(fmt.Append(nil, n, fact))[:16], RunID: "run-1", AsOf: asOf, Action: action,
			Confidence: access.High, Score: 0.97, IdentityID: "i-" + user, IdentityName: user, Source: p.source, AccountID: edit.AccountID,
			EntitlementID: edit.TargetID, EntitlementKind: "group", EntitlementName: group, EvidenceHash: access.Digest([]byte(fact)),
			ExportFrom: "2026-01-01", Removability: removability})
		want = append(want, sign+fact)
	}
	plan, err := export.Build(export.Header{RunID: fmt.Sprint("run-", n), AsOf: asOf, DataDigest: "d"}, recs, export.Directory{}, p.sink)
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Operations) != len(want) {
		t.Fatalf("%d operations for %d findings: %+v %+v", len(plan.Operations), len(want), plan.Notes, plan.Omitted)
	}
	if data, err = plan.Encode(); err != nil {
		t.Fatal(err)
	}
	return data, want
}
