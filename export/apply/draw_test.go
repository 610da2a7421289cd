package apply_test

import (
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"winnow/export/apply"
	"winnow/internal/access"
)

// keys are those of the company's approvers, from seeds that anybody may know.
func key(name string) ed25519.PrivateKey {
	seed := make([]byte, ed25519.SeedSize)
	copy(seed, name)
	return ed25519.NewKeyFromSeed(seed)
}

func approver(name, identity string) apply.Approver {
	public, _ := key(name).Public().(ed25519.PublicKey)
	return apply.Approver{Name: name, Key: public, Identity: identity}
}

func approvers() []apply.Approver {
	return []apply.Approver{approver("ada", ""), approver("bo", "i-bo")}
}

// approve signs a plan by each of the names.
func approve(p *access.Plan, at time.Time, names ...string) (out []apply.Approval) {
	for _, n := range names {
		out = append(out, apply.Sign(p, n, key(n), at))
	}
	return out
}

// An edit is an operation, with how the state differs after it, and after it was
// taken back.
type edit struct {
	op          access.Operation
	then, later []string // "+text" or "-text" of a pulled state
}

// list is a condition on a list.
func list(want access.Want, path, key string, fields ...string) access.Condition {
	c := access.Condition{Path: path, List: key, Want: want}
	for i := 0; i < len(fields); i += 2 {
		c.Where = append(c.Where, access.Field{Key: fields[i], Value: fields[i+1]})
	}
	c.Text = strings.Join(fields, " ") + " is " + string(want) + " in " + path
	return c
}

// flip makes what removes into what grants, and the other way round.
func flip(e edit, held bool) edit {
	if held {
		return e
	}
	o := &e.op
	o.Kind, o.Note = access.OperationGrant, strings.Replace(o.Note, "remove", "add", 1)
	o.Request, o.Inverse = o.Inverse[0], []access.Request{o.Request}
	o.Preconditions, o.Verify = o.Verify, o.Preconditions
	for i, s := range e.then {
		e.then[i] = map[byte]string{'+': "-", '-': "+"}[s[0]] + s[1:]
	}
	return e
}

func operation(source access.SourceName, tenant, account, entitlement string, request, inverse access.Request) access.Operation {
	return access.Operation{Kind: access.OperationRemove, Sink: string(source) + "_test", Source: source, Tenant: tenant,
		Request: request, Inverse: []access.Request{inverse}, Reversible: true, Note: "remove " + account + " from " + entitlement,
		Subject: &access.Subject{IdentityID: "i-" + account, AccountID: string(source) + ":" + account, EntitlementID: string(source) + ":" + entitlement}}
}

func body(format string, args ...any) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(format, args...))
}

// oktaGroup edits the membership of u in g.
func oktaGroup(state map[string]bool, g, u int) edit {
	held := state[fmt.Sprintf("g%d u%d", g, u)]
	path := fmt.Sprintf("/api/v1/groups/g%d/users/u%d", g, u)
	members := fmt.Sprintf("/api/v1/groups/g%d/users?limit=200", g)
	e := edit{op: operation("okta", "https://acme.example", fmt.Sprintf("u%d", u), fmt.Sprintf("g%d", g),
		access.Request{Method: "DELETE", Path: path}, access.Request{Method: "PUT", Path: path}), then: []string{fmt.Sprintf("-g%d u%d", g, u)}}
	e.op.Preconditions = []access.Condition{list(access.Present, members, access.WholeAnswer, "id", fmt.Sprintf("u%d", u))}
	e.op.Verify = []access.Condition{list(access.Absent, members, access.WholeAnswer, "id", fmt.Sprintf("u%d", u))}
	return flip(e, held)
}

// oktaApp edits the direct assignment of an app.
func oktaApp(state map[string]bool, a, u int) edit {
	users := fmt.Sprintf("/api/v1/apps/a%d/users", a)
	e := edit{op: operation("okta", "https://acme.example", fmt.Sprintf("u%d", u), fmt.Sprintf("a%d", a),
		access.Request{Method: "DELETE", Path: fmt.Sprintf("%s/u%d", users, u)},
		access.Request{Method: "POST", Path: users, Body: body(`{"id":"u%d","scope":"USER"}`, u)}), then: []string{fmt.Sprintf("-a%d u%d USER", a, u)}}
	e.op.Preconditions = []access.Condition{list(access.Present, users+"?limit=500", access.WholeAnswer, "id", fmt.Sprintf("u%d", u), "scope", "USER")}
	e.op.Verify = []access.Condition{list(access.Absent, users+"?limit=500", access.WholeAnswer, "id", fmt.Sprintf("u%d", u))}
	return flip(e, state[fmt.Sprintf("a%d u%d USER", a, u)])
}

// ruled removes a member that a rule put there, which cannot be wholly undone.
func ruled(state map[string]bool, u int) (edit, bool) {
	e := oktaGroup(state, 4, u)
	e.op.Lost = "the rule keeps the user on its exclusion list"
	e.then, e.later = append(e.then, "rule"), []string{"rule"}
	return e, state[fmt.Sprintf("g4 u%d", u)]
}

// graphMember edits the membership of e in h.
func graphMember(state map[string]bool, h, u int) edit {
	group := fmt.Sprintf("/v1.0/groups/h%d/members", h)
	e := edit{op: operation("entra", "tenant-1", fmt.Sprintf("e%d", u), fmt.Sprintf("h%d", h),
		access.Request{Method: "DELETE", Path: fmt.Sprintf("%s/e%d/$ref", group, u)},
		access.Request{Method: "POST", Path: group + "/$ref", Body: body(`{"@odata.id":"https://graph.microsoft.com/v1.0/directoryObjects/e%d"}`, u)}),
		then: []string{fmt.Sprintf("-h%d e%d", h, u)}}
	e.op.Preconditions = []access.Condition{list(access.Present, group, "value", "id", fmt.Sprintf("e%d", u))}
	e.op.Verify = []access.Condition{list(access.Absent, group, "value", "id", fmt.Sprintf("e%d", u))}
	return flip(e, state[fmt.Sprintf("h%d e%d", h, u)])
}

// graphRole takes an app role away; its inverse makes another assignment, with
// another id.
func graphRole(state map[string]bool, u int, reversible bool) (edit, bool) {
	const of = "/v1.0/servicePrincipals/s0/appRoleAssignedTo"
	e := edit{op: operation("entra", "tenant-1", fmt.Sprintf("e%d", u), "s0",
		access.Request{Method: "DELETE", Path: fmt.Sprintf("%s/as%d", of, u)},
		access.Request{Method: "POST", Path: of, Body: body(`{"principalId":"e%d","resourceId":"s0","appRoleId":"role0"}`, u)}),
		then: []string{fmt.Sprintf("-s0 e%d role0", u)}}
	e.op.Preconditions = []access.Condition{list(access.Present, of, "value", "principalId", fmt.Sprintf("e%d", u), "appRoleId", "role0")}
	e.op.Verify = []access.Condition{list(access.Absent, of, "value", "principalId", fmt.Sprintf("e%d", u), "appRoleId", "role0")}
	if !reversible {
		e.op.Reversible, e.op.Inverse, e.op.Lost, e.later = false, nil, "the app forgets what it knew of the user", e.then
	}
	return e, state[fmt.Sprintf("s0 e%d role0", u)]
}

// campaign asks for a review.
func campaign(n uint64) edit {
	name := fmt.Sprintf("winnow review %d", n)
	const path = "/governance/api/v1/campaigns"
	return edit{op: access.Operation{Kind: access.OperationReview, Sink: "okta_campaign", Source: "okta", Tenant: "https://acme.example",
		Request: access.Request{Method: "POST", Path: path, Body: body(`{"name":%q,"campaignType":"RESOURCE","scheduleSettings":{"type":"ONE_OFF","startDate":"2026-07-01T00:00:00.000Z","durationInDays":5,"timeZone":"UTC"},
			"resourceSettings":{"targetTypes":["GROUP"],"targetResources":[{"resourceId":"g1","resourceType":"GROUP"}]},"principalScopeSettings":{"type":"USERS","userIds":["u1"]},
			"reviewerSettings":{"type":"USER","reviewerId":"u2"},"remediationSettings":{"accessApproved":"NO_ACTION","accessRevoked":"NO_ACTION","noResponse":"NO_ACTION"}}`, name)},
		Note: "ask for " + name, Reversible: true,
		Inverse: []access.Request{{Method: "DELETE", Path: path + "/{answer.id}"}, {Method: "POST", Path: path + "/{answer.id}/end", Body: body(`{"skipRemediation":true}`)}},
		Probe:   &access.Probe{Path: path + "?limit=200", List: "data", Field: "name", Value: name}}, then: []string{"+campaign " + name}}
}

// draw makes a plan of up to ten random edits, each of another access.
func draw(rng *rand.Rand, state map[string]bool) []edit {
	byNote := map[string]edit{}
	add := func(e edit, ok bool) {
		if key := e.op.Note[strings.Index(e.op.Note, " "):]; ok && byNote[key].op.Note == "" {
			byNote[key] = e
		}
	}
	for range 1 + rng.IntN(10) {
		u := rng.IntN(people)
		switch rng.IntN(8) {
		case 0, 1:
			add(oktaGroup(state, rng.IntN(oktaGroups-1), u), true)
		case 2:
			add(oktaApp(state, 1+rng.IntN(oktaApps-1), u), true)
		case 3:
			add(ruled(state, u))
		case 4, 5:
			add(graphMember(state, rng.IntN(graphGroup), u), true)
		case 6:
			add(graphRole(state, u, rng.IntN(3) > 0))
		case 7:
			add(campaign(rng.Uint64()), true)
		}
	}
	out := []edit{}
	for _, k := range slices.Sorted(maps.Keys(byNote)) {
		e := byNote[k]
		e.op.Wave = 1 + rng.IntN(3)
		out = append(out, e)
	}
	return out
}

// seal makes the plan of the edits, as the bytes of its file.
func seal(t testing.TB, edits []edit, change func(*access.Plan)) (*access.Plan, []byte) {
	t.Helper()
	p := &access.Plan{RunID: "run-1", AsOf: noon.Add(-6 * time.Hour), DataDigest: "d", People: people}
	for _, e := range edits {
		p.Operations = append(p.Operations, e.op)
	}
	if change != nil {
		change(p)
	}
	if err := p.Seal(); err != nil {
		t.Fatal(err)
	}
	data, err := p.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return p, data
}
